"""The few style rules that Streamlit's theme has no setting for."""

import streamlit as st

from playground.components import answers_style, next_steps_row, palette, terms, writing_style

CSS = """<style>
[data-testid=stMainBlockContainer] {padding: 2.4rem 2.5rem 3rem; max-width: 1500px}
[data-testid=stMainBlockContainer] h1 {font-size: 1.5rem; padding: 0 0 .3rem; line-height: 1.25}
[data-testid=stMainBlockContainer] h2 {font-size: 1.25rem; padding: .6rem 0 .2rem; line-height: 1.25}
pre.equations {background: var(--box); border-radius: 6px; padding: .8rem 1rem; margin: 0; overflow-x: auto;
  font-family: "Source Code Pro", monospace; font-size: .875rem; line-height: 1.6}
[data-testid=stApp] {--shade: light-dark(#3336, #FFF6);
  /* for what can be scrolled sideways: a shade at the edge behind which there is more, covered at the end */
  --edges: linear-gradient(90deg, var(--paper) 40%, transparent) left / 3rem 100% no-repeat local,
    linear-gradient(270deg, var(--paper) 40%, transparent) right / 3rem 100% no-repeat local,
    linear-gradient(90deg, var(--shade), transparent) left / .9rem 100% no-repeat scroll,
    linear-gradient(270deg, var(--shade), transparent) right / .9rem 100% no-repeat scroll}
/* the Train page's bench: the curve and what is read with it, beside it the answers; in the left part one live element
   whose parts stand above and below the chart */
.st-key-bench {display: grid; grid-template-columns: minmax(0, 1.65fr) minmax(0, 1fr); gap: .7rem 2rem;
  align-items: start}
.st-key-course {display: grid; grid-template-columns: minmax(0, 1fr); row-gap: .7rem;
  grid-template-areas: "where" "chart" "axes" "said" "below" "lines"}
.st-key-course > div:first-child, .st-key-course > div:first-child > [data-testid=stHtml] {display: contents}
.st-key-train-back {margin-top: -1rem}
.st-key-train-back button {min-height: 1.7rem; text-align: left}
.st-key-course .where {grid-area: where; font-size: .875rem; font-variant-numeric: tabular-nums}
.where > div:last-child {color: var(--quiet)}
.st-key-course .said {grid-area: said; container-type: inline-size}
.st-key-course .below {grid-area: below; container-type: inline-size}
.st-key-course > div:nth-child(2) {grid-area: chart; min-width: 0}
.st-key-course > div:has(> .st-key-axes) {grid-area: axes}
.st-key-course > .st-key-train-drawer-lines {grid-area: lines}
.replies-box {overflow-x: auto}
table.replies {border-collapse: collapse; width: 100%; font-size: .8rem; font-variant-numeric: tabular-nums}
table.replies th, table.replies td {padding: .22rem .3rem; text-align: left; border-bottom: 1px solid #8884}
table.replies th[scope=row] {font-weight: 500; overflow-wrap: anywhere}
table.replies.wide {width: auto}
table.replies.wide td, table.replies.wide th {text-align: center; white-space: nowrap}
table.replies .number {font-size: 1rem; font-weight: 600}
table.replies .chosen .bar {font-weight: 700}
table.replies code {padding: 0; background: none; color: inherit; letter-spacing: .05em; white-space: nowrap}
table.replies.even {table-layout: fixed}
table.replies .made {vertical-align: top; overflow-wrap: anywhere; font-size: .74rem}
table.replies.heard td {vertical-align: top; overflow-wrap: anywhere}
table.replies.heard .images img {height: 3.6rem}
table.replies.heard td:nth-child(2) {width: 34%}
table.replies .words {display: block; min-height: 2lh}
table.replies .images {margin: 0}
table.replies .images figure {width: 100%}
table.replies .images img {height: 5.5rem}
table.replies figcaption {display: none}
.st-key-ask-pad table.replies {font-size: .72rem}
.st-key-ask-pad table.replies th, .st-key-ask-pad table.replies td {padding: .22rem .12rem}
.st-key-ask-pad .bar {min-width: 0; padding: .05rem 0}
.bar {display: block; min-width: 2.6rem; padding: .05rem .2rem; border-radius: 2px; white-space: nowrap;
  background: linear-gradient(var(--ink), var(--ink)) no-repeat left bottom / calc(100% * var(--share)) 3px}
.st-key-ask-pad {display: grid; grid-template-columns: 10.5rem minmax(0, 1fr); gap: .4rem .9rem; align-items: start;
  grid-template-areas: "title title" "pad replies" "clear replies"; grid-template-rows: auto minmax(10.5rem, auto) auto}
.st-key-ask-pad > :nth-child(1) {grid-area: title}
.st-key-ask-pad > :nth-child(2) {grid-area: pad}
.st-key-ask-pad > :nth-child(n+3) {grid-area: replies}
.st-key-ask-pad > [class*=pad-clear] {grid-area: clear}
@media (min-width: 641px) {
  .st-key-beside > :has(> .st-key-ask-pad, > .st-key-ask-box) {order: -1}
  .replies-box {max-height: 24rem; overflow-y: auto}
}
.written {border-left: 4px solid; padding-left: .6rem; margin-top: .5rem}
.written .paper {height: 7.4rem; overflow-y: auto; font-size: .8rem; line-height: 1.5}
.refused {margin: 0; font-size: .84rem; border-left: 3px solid var(--warm); padding-left: .5rem}
.side .answers-box {margin-top: 1.4rem}
.example-picture {display: block; width: 100%; height: 3rem; margin-top: .8rem}
.images {display: flex; flex-wrap: wrap; gap: .5rem; margin-top: .7rem}
.images figure {margin: 0; width: 4.6rem}
.images figure.wide {width: 100%}
.images figure.wide img {object-fit: fill; height: 4.5rem}
.images img {display: block; width: 100%; max-height: 8rem; object-fit: contain; image-rendering: pixelated;
  border: 1px solid #8884; border-radius: 3px}
.images figcaption {font-size: .68rem; color: var(--quiet); line-height: 1.25; margin-top: .15rem}
.sound {display: block; width: 100%; max-width: 22rem; height: 2.2rem; margin-top: .2rem}
details.note {margin-top: .5rem}
details.note summary {cursor: pointer}
details.note ul {margin: .3rem 0 0; padding-left: 1.1rem}
.type-picture {display: block; width: 100%; max-width: 11rem}
table.answers {border-collapse: collapse; width: 100%; font-size: .82rem; font-variant-numeric: tabular-nums}
table.answers caption {text-align: left; padding: 0 0 .35rem; font-weight: 600; caption-side: top}
table.answers th, table.answers td {padding: .26rem .3rem; border-bottom: 1px solid #8884; text-align: left;
  white-space: nowrap}
table.answers th {font-weight: 500; color: var(--quiet)}
.answers-box {overflow-x: auto}
:is(.answers-box:not(:has(> ol.answers)), .replies-box, .stages, .st-key-learning-next, [data-testid=stTable]) {
  background: var(--edges)}
table.grid {border-collapse: collapse; font-size: .74rem; margin-bottom: .8rem; font-variant-numeric: tabular-nums}
.grid-title {font-weight: 600; font-size: .82rem; margin-bottom: .35rem}
table.grid th {font-weight: 500; padding: .1rem .3rem; text-align: center; white-space: nowrap}
table.grid th[scope=row] {text-align: right; position: sticky; left: 0; background: var(--paper)}
table.grid td {min-width: 1.5rem; height: 1.4rem; padding: 0 .2rem; text-align: center;
  color: var(--on-shade); border: 1px solid #8883}
table.grid tr:first-child td {background: none; border: 0; color: var(--quiet); white-space: nowrap; font-size: .68rem}
table.grid td.full {color: var(--on-full-shade)}
table.grid td.framed {outline: 2px solid var(--warm); outline-offset: -2px}
canvas.pad {display: block; border: 1px solid #8886; border-radius: 4px; width: 10.5rem; height: 10.5rem;
  cursor: crosshair}
.strip {font-size: .74rem; margin-top: .3rem; line-height: 1.35; overflow-wrap: anywhere}
.strip span {color: var(--quiet)}
.paper {font-family: "Source Code Pro", monospace; font-size: .9rem; line-height: 1.55; white-space: pre-wrap;
  overflow-wrap: anywhere; min-height: 14rem}
.paper.small {min-height: 0}
.clickable i {cursor: pointer}
.clickable i:hover {outline: 1px solid currentColor}
.clickable .chosen {outline: 2px solid var(--accent); outline-offset: 1px}
.paper i, .note i {font-style: normal; border-radius: 2px}
.note i {padding: 0 .35em; color: var(--text)}
.finding {font-size: 1rem; line-height: 1.55; margin: 0 0 .7rem}
.said .finding {margin: 0}
.answers-box:has(> table.figures) {margin-bottom: .6rem}
table.figures th[scope=row] {color: inherit}
.health {font-size: .84rem; line-height: 1.55}
.health ul, .health ul > li {list-style: none; margin: 0; padding: 0; font-size: .84rem}
/* room for the longest text that may come, see `held.py` */
.held {display: grid; grid-template-columns: minmax(0, 1fr)}
.held > * {grid-area: 1 / 1; min-width: 0}
.held.bounded > :first-child {height: 0; min-height: 100%; overflow-y: auto; scrollbar-width: thin}
.held > .room {visibility: hidden}
.held > .room::before {content: attr(data-longest)}
.no-bar, progress {display: block; height: .25rem; margin: .1rem 0 .25rem}
progress {appearance: none; width: 100%; border: 0; border-radius: 2px; background: #8883; color: var(--blue);
  overflow: hidden}
progress::-webkit-progress-bar {background: #8883}
progress::-webkit-progress-value {background: var(--blue)}
progress::-moz-progress-bar {background: var(--blue)}
@container (max-width: 640px) {.health li {min-height: 2lh}}
.note {font-size: .78rem; color: var(--quiet)}
/* what Streamlit writes too faintly to be read by everybody: captions, and letters on its first button and beside */
[data-testid=stCaptionContainer] {opacity: 1; color: var(--quiet)}
[data-testid=stWidgetLabel][disabled] p {color: var(--quiet)}
[data-testid=stBaseButton-primary]:not(:disabled) {color: var(--on-accent)}
[data-testid=stBaseButton-primary]:not(:disabled):is(:hover, :active, :focus) {
  color: var(--on-accent); background: var(--pointed); border-color: var(--pointed)}
.stButton kbd {color: inherit; opacity: 1}
/* Drawers open and close at once. Streamlit lets them grow for half a second, and for an instant at the end of that
   they have their old height: what is pressed just then is not what is let go of, and the click is lost. */
[data-testid=stExpander] > details {height: auto !important}
[data-testid=stExpanderDetails][inert] {display: none}
/* with the sidebar closed, the bar with the logo lies over the top of the page */
[data-testid=stApp]:has([data-testid=stSidebar][data-collapsed=true]) [data-testid=stMainBlockContainer] {
  padding-top: 4.2rem}
/* a projector is read from the last row; the letters of charts follow in `charts.py` */
@media (min-width: 1600px) {
  html {font-size: clamp(18px, 1.042vw, 32px) !important}
  [data-testid=stMainBlockContainer] {max-width: 94rem}
  .st-key-bench {grid-template-columns: minmax(0, 1.35fr) minmax(0, 1fr)}
  .note, .health ul > li, table.answers, table.grid, table.replies, .st-key-ask-pad table.replies, .strip, .refused,
  table.replies .made, table.grid tr:first-child td, .images figcaption, .grid-title, .written .paper,
  .next-reason, .st-key-course .where {font-size: .92rem}
  [data-testid=stCaptionContainer] code, .chosen-line code, .note code {font-size: .9rem}
  .images figure {width: 6rem}
  [data-testid=stElementContainer]:has([data-testid=stVegaLiteChart]) {min-height: 22rem}
  .st-key-choice [data-testid=stElementContainer]:has([data-testid=stVegaLiteChart]) {min-height: 15rem}
  :is(.st-key-train-chart, .st-key-learning-chart) {min-height: max(26rem, 46vh)}
}
@media (min-width: 641px) {
  .st-key-train-start button {min-width: 10.6rem}
  [data-testid=stColumn]:has(.st-key-train-task) {min-width: 18.5rem}
}
@media (max-width: 640px) {
  pre.equations {background: var(--edges)}
  .st-key-bench {grid-template-columns: minmax(0, 1fr)}
  [data-testid=stMainBlockContainer] {padding: 4.2rem 1rem 5rem}
  [data-testid=stMainBlockContainer] h1 {font-size: 1.25rem}
  [data-testid=InputInstructions] {display: none}  /* it would lie on the end of what is typed */
  [data-testid=stLayoutWrapper]:has(> :is(.st-key-transport, .st-key-writing-transport)) {
    position: sticky; top: 3.75rem; z-index: 9}
  :is(.st-key-transport, .st-key-writing-transport) {backdrop-filter: blur(14px); padding: .4rem 0; gap: .35rem;
    background: color-mix(in srgb, var(--paper) 80%, transparent)}
  :is(.st-key-transport, .st-key-writing-transport) button {min-height: 2.3rem; padding: .1rem .6rem}
  :is(.st-key-transport, .st-key-writing-transport) .stButton button span:has(> [data-testid=stIconMaterial]) {
    display: none}
  :is(.st-key-transport, .st-key-writing-transport) kbd {display: none}
}
</style>"""

# Space starts and pauses from anywhere on the page, except where it already means something: on a control in focus.
KEYS = """
if (!window.rnnPlaygroundKeys) {
  window.rnnPlaygroundKeys = true;
  window.addEventListener("keydown", event => {
    const own = event.target.closest && event.target.closest("button, summary, a, input, textarea, [role=button]");
    if (event.code === "Space" && own && !own.closest(".st-key-train-start")) event.stopPropagation();
  }, true);
}
"""


def use_style() -> None:
    """Apply the rules to the page."""
    rules = f"<style>{palette.variables()}{next_steps_row.CSS}{terms.CSS}</style>"
    st.html(f"{CSS}{answers_style.CSS}{writing_style.CSS}{rules}")


def use_scripts() -> None:
    """Keep Space for the control in focus, and explain words; called last, since a script takes a line of the page."""
    st.html(f"<script>{KEYS}{terms.SCRIPT}</script>", unsafe_allow_javascript=True)
