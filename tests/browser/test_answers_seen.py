"""The answers in a real Chromium: every network is seen, on every task, at every width."""

import pytest

from playground.race.answers import table
from rnncore.config import RunConfig
from rnncore.tasks import TASKS
from rnncore.training.race import Race

pytestmark = pytest.mark.browser
CELLS = ("rnn", "lstm_peephole_full", "gru_cho", "feedforward")
SHORTS = ("RNN", "Peep. F", "GRU sl.", "Feed-f.")
SIZES = {"a laptop": (1280, 800), "an old projector": (1024, 768), "a phone": (390, 844)}
# what lies outside of the box or is cut off at an edge, and which networks' cells of one example overlap
FAULTS = """shorts => {
  const box = document.querySelector('.side .answers-box'), frame = box.getBoundingClientRect(), faults = [];
  const name = e => `${e.tagName}.${e.className} “${e.textContent.slice(0, 20)}”`;
  const visible = e => { const r = e.getBoundingClientRect(); return r.width > 0 && r.height > 0; };
  if (frame.right > innerWidth || frame.left < 0) faults.push('the box itself');
  for (const e of [box, ...box.querySelectorAll('*')]) {
    const r = e.getBoundingClientRect();
    if (!visible(e)) continue;
    if (r.left < frame.left - 1 || r.right > frame.right + 1) faults.push('outside: ' + name(e));
    if (getComputedStyle(e).display != 'inline' && e.clientWidth && e.scrollWidth > e.clientWidth + 1)
      faults.push(`cut off at ${e.clientWidth} of ${e.scrollWidth}: ` + name(e));
  }
  for (const list of box.querySelectorAll('ol > li > ul')) {
    const cells = [...list.children], seen = cells.filter(visible).map(e => e.querySelector('b').textContent);
    if (seen.length != 1 + shorts.length || seen.slice(1).join() != shorts.join()) faults.push('networks: ' + seen);
    const places = cells.map(e => e.getBoundingClientRect());
    places.forEach((a, i) => places.slice(i + 1).forEach(b => {
      if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1)
        faults.push('one on another: ' + name(cells[i]));
    }));
  }
  if (!box.querySelector('ol > li > ul')) faults.push('no answers');
  return [...new Set(faults)].slice(0, 4);
}"""


def faults(visitor, shorts=SHORTS):
    return visitor.page.evaluate(FAULTS, list(shorts))


def at(visitor, size):
    visitor.page.set_viewport_size({"width": SIZES[size][0], "height": SIZES[size][1]})
    visitor.wait(0.3)


@pytest.fixture(scope="module")
def every_task():
    """The answers on every task, of four networks with long names that have hardly learned anything."""
    html = {}
    for task in TASKS:
        race = Race.of([RunConfig(task=task, cell=cell, hidden_size=4, batch_size=4) for cell in CELLS])
        race.advance_one(even_if_paused=True)
        html[task] = table(race.view(answers=True), dark=False)
    return html


def test_every_network_is_seen_of_the_recorded_run_and_on_every_task(visitor, every_task):
    visitor.open("/")
    visitor.main.locator(".side .answers-box").wait_for()
    assert "Recorded" in visitor.text()
    for size in SIZES:
        at(visitor, size)
        assert not faults(visitor, ("RNN", "LSTM", "GRU")), size
    for size in SIZES:
        at(visitor, size)
        for task, html in every_task.items():
            # in place of the answers on screen: a page, a font and a style of the app's own, and no 31 visits
            visitor.page.evaluate("html => document.querySelector('.side .answers-box').outerHTML = html", html)
            assert not faults(visitor), (task, size)


@pytest.mark.parametrize("task", ["sentiment", "melody"])
def test_every_network_is_seen_while_it_learns_and_when_it_has(visitor, task):
    visitor.open(f"/train?task={task}&cell={','.join(CELLS)}&steps=12&hidden_size=4&batch_size=4&speed=slow")
    visitor.page.evaluate("document.querySelector('.example').seen = true")
    visitor.press("Start")
    # of the recorded run, which stands there until the new one is drawn, not all of these networks are known
    visitor.main.locator(".side .answers-box").filter(has_text=SHORTS[-1]).wait_for()
    at(visitor, "an old projector")
    assert not faults(visitor)
    visitor.says("Finished", 12)
    # the example was never drawn anew: what is played of it has played on
    assert visitor.page.evaluate("document.querySelector('.example').seen === true")
    for size in SIZES:
        at(visitor, size)
        assert not faults(visitor), size
