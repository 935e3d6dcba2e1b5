"""The style of the answers: lists that share what room there is, so that every network is seen at any width."""

CSS = """<style>
.example {font-size: .9rem}
.example .asked {margin-top: .35rem; line-height: 1.4; overflow-wrap: anywhere}
.example .rows-box {margin-top: .35rem; container-type: inline-size}
.example .note + .note {margin-top: .2rem}
img.forecast {display: block; width: 100%; max-width: 26rem; margin: .1rem 0}
.images figure:only-child.square, .images figure.moving {width: 7rem}
ol.answers .images figure:only-child.square, ol.answers .images figure.moving {width: 3.4rem}
.images figure.still {display: none}
@media (prefers-reduced-motion: reduce) {.images figure.moving {display: none} .images figure.still {display: block}}
.meaning {color: var(--quiet); margin-left: .4rem}
.answers-title {font-size: .82rem; font-weight: 600; margin-bottom: .3rem}
.answers-box:has(> ol.answers) {container-type: inline-size; overflow: visible}
ol.answers, ol.answers ul {list-style: none; margin: 0; padding: 0}
ol.answers {font-size: .82rem; font-variant-numeric: tabular-nums}
ol.answers > li {border-top: 1px solid #8884; padding: .3rem 0 .35rem; margin: 0; min-width: 0}
ol.answers li {margin: 0; padding-left: 0; min-width: 0; font-size: inherit}
ol.answers ul {display: grid; gap: .1rem 2px}
ol.answers ul > li {overflow-wrap: anywhere; line-height: 1.3}
ol.answers .q {line-height: 1.35; margin-bottom: .15rem; overflow-wrap: anywhere}
ol.answers .a {display: block; font-family: "Source Code Pro", monospace; font-size: .76rem}
ol.answers .who {display: block; font-size: .68rem; white-space: nowrap; line-height: 1.45}
ol.answers .who b {font-weight: 600}
ol.answers .who > span {display: inline-block; width: .7rem}
ol.answers .truth .who, ol.answers .q .who {color: var(--quiet)}
ol.answers .no .a {color: var(--quiet)}
ol.answers.cells ul {grid-template-columns: repeat(auto-fit,
  minmax(min(100%, max(var(--names) * .38rem + .8rem, var(--letters) * .47rem)), 1fr))}
ol.answers.pictures ul {grid-template-columns: repeat(auto-fill, minmax(min(100%, 3.8rem), 1fr))}
ol.answers.tunes ul {grid-template-columns: repeat(auto-fill, minmax(min(100%, 7rem), 1fr)); column-gap: .5rem}
ol.answers.tunes .images figure, ol.answers.tunes .images figure:only-child.square {width: 100%}
ol.answers.tunes .images img {height: 3.4rem; object-fit: fill}
ol.answers.tunes .words {display: block; min-height: 2lh}
@container (max-width: 400px) {ol.answers.tunes .words {min-height: 3lh}}
ol.answers.rows .no .a {color: inherit}
ol.answers.rows .a:has(.meaning) {display: flex}
ol.answers.rows ul > li, ol.answers.rows .q:has(> .columns) {display: grid; align-items: baseline;
  grid-template-columns: 3.4rem minmax(0, 1fr)}
ol.answers.rows .columns {font-size: min(.76rem, calc((100cqw - 3.5rem) / var(--n) * 1.45))}
.columns {display: grid; grid-template-columns: repeat(var(--n), minmax(0, .68em)); line-height: 1.25;
  min-height: calc(var(--lines) * 1.25em);
  font-family: "Source Code Pro", monospace; font-size: .74rem}
.columns > * {white-space: pre; text-align: center; font-style: normal; overflow: visible}
.asked mark, ol.answers mark, .columns mark {background: var(--marked); color: var(--on-marked); border-radius: 2px;
  padding: 0}
ol.answers u, .columns u {color: var(--wrong); text-decoration: underline 2px; text-underline-offset: 2px}
ol.answers .images {margin: .1rem 0 .2rem; gap: .3rem}
ol.answers .images figcaption {display: none}
ol.answers .images figure {width: 2.7rem}
ol.answers .images figure.wide {width: 100%; max-width: 11rem}
ol.answers .images figure.wide img {height: 2.6rem}
ol.answers.pictures .images figure:only-child.square {width: 100%; max-width: 5.5rem}
@media (min-width: 1600px) {
  ol.answers, ol.answers .a, ol.answers .who, .columns, .answers-title, ol.answers.rows .columns, .example .asked {
    font-size: .92rem}
  ol.answers.cells ul {grid-template-columns: repeat(auto-fit,
    minmax(min(100%, max(var(--names) * .52rem + 1.1rem, var(--letters) * .57rem)), 1fr))}
  ol.answers.rows ul > li, ol.answers.rows .q:has(> .columns) {grid-template-columns: 4.6rem minmax(0, 1fr)}
  ol.answers.rows .columns {font-size: min(.92rem, calc((100cqw - 4.7rem) / var(--n) * 1.45))}
}
</style>"""
