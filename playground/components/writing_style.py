"""Style rules of the two pages on which networks write: texts in boxes that keep their size, samples side by side."""

CSS = """<style>
.paper.box {height: 21rem; min-height: 0; overflow-y: auto; border: 1px solid #8884; border-radius: 6px;
  padding: .5rem .8rem; box-sizing: border-box}
.paper.stream {display: flex; flex-direction: column-reverse}  /* stays at its end while it grows */
.whose {font-size: .875rem; line-height: 1.45; min-height: 2.9em; margin: 0; padding: .15rem .6rem;
  border-left: 3px solid #8886; box-sizing: border-box}
.whose.old {border-left-color: var(--warm); background: color-mix(in srgb, var(--warm) 14%, transparent)}
.st-key-choice {min-height: 21rem}
.chosen-line {font-size: .875rem; line-height: 1.45; min-height: 5.8em}
.chosen-line code {font-size: .8rem; padding: 0; background: none; color: inherit; white-space: pre-wrap}
.chosen-line mark {background: var(--marked); color: var(--on-marked); border-radius: 2px; padding: 0 .1em}
.stages {display: grid; grid-template-columns: repeat(4, minmax(0, 1fr)); gap: .9rem}
.stages figure {margin: 0; min-width: 0}
.stages figcaption {font-size: .84rem; font-weight: 600; padding-bottom: .25rem}
.stages .paper {height: 16.5rem; overflow-x: hidden; overflow-y: auto;
  border: 1px solid #8884; border-radius: 6px; padding: .4rem .5rem;
  box-sizing: border-box; font-size: .74rem; line-height: 1.42}
.swipe {display: none}
/* room for what comes when there is more than one sample, and when a study has finished */
.st-key-sample-slider {min-height: 4.6rem}
.st-key-next-steps {min-height: 2.8rem; max-height: 2.8rem; overflow: hidden}
.st-key-learning-next {flex-wrap: nowrap; overflow-x: auto; padding: 2px}
.st-key-learning-next > * {flex: none; max-width: none; width: auto}
@media (max-width: 640px) {
  .stages {grid-template-columns: repeat(4, 78%); overflow-x: auto; scroll-snap-type: x mandatory;
    padding-bottom: .4rem}
  .stages figure {scroll-snap-align: start}
  .swipe {display: inline; font-weight: 600}
  .st-key-next-steps {min-height: 3.4rem; max-height: 3.4rem}
  .paper.box {height: 12rem; font-size: .82rem}
  .whose {min-height: 4.4em}
  .st-key-choice {min-height: 23rem}
}
@media (min-width: 1600px) {
  .stages .paper {font-size: .9rem; height: 20rem}
  .stages figcaption, .whose, .chosen-line, .chosen-line code {font-size: .92rem}
}
</style>"""
