"""What stands below a live chart stays where it is, from before Start until after Reset, frame by frame."""

import pytest

pytestmark = pytest.mark.browser

PARTS = (
    ".where", "[data-testid=stVegaLiteChart]", ".st-key-axes", ".finding", "table.figures", ".health",
    ".st-key-train-drawer-lines", ".st-key-train-drawer-inspect", ".st-key-ask-box", ".example", ".side .answers-box",
)  # fmt: skip
OF_LEARNING = (
    ".stages", ".st-key-next-steps", "[data-testid=stVegaLiteChart]", "table.figures", ".st-key-sample-slider",
)  # fmt: skip
RECORD = """parts => {
  const main = document.querySelector('[data-testid=stMain]'), seen = {};
  const look = () => {
    for (const part of parts) {
      const found = document.querySelector(part);
      if (found) (seen[part] ??= new Set()).add(Math.round(found.getBoundingClientRect().top + main.scrollTop));
    }
    requestAnimationFrame(look);
  };
  window.moved = () => Object.fromEntries(Object.entries(seen).map(([part, tops]) => [part, [...tops]]));
  look();
}"""
MOST = 4  # pixels
OWN = "It was a dark and stormy night; the rain fell in torrents. " * 12


def moved(visitor):
    """Return the parts that have stood at places more than a few pixels apart, with all their places."""
    seen = visitor.page.evaluate("window.moved()")
    assert len(seen) > 3
    return {part: tops for part, tops in seen.items() if max(tops) - min(tops) > MOST}


@pytest.mark.parametrize(
    ("query", "width"),
    [
        ("task=adding", 1280),
        ("task=sentiment", 1280),
        ("task=text", 1280),
        (f"task=text&text={OWN}", 1280),
        ("task=captions", 1280),
        ("task=entities", 1280),
        ("task=brackets", 1280),
        ("task=melody", 1280),
        ("task=stocks", 1280),
        ("task=own_series", 1280),
        ("task=adding", 390),
        ("task=captions", 390),
    ],
)
def test_nothing_moves_from_before_start_until_after_reset(visitors, query, width):
    visitor = visitors(viewport={"width": width, "height": 844}).open(f"/?{query}&steps=40&hidden_size=16&batch_size=8")
    visitor.wait(0.5)
    visitor.page.evaluate(RECORD, list(PARTS))
    visitor.press("Start")
    visitor.says("Finished", 40)
    visitor.settled()
    visitor.wait(1.5)  # the last words and answers
    assert not moved(visitor)
    visitor.press("Reset")
    visitor.says("Ready", 0)
    visitor.settled()
    visitor.wait(1.5)
    assert not moved(visitor)


@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_moves_while_a_network_learns_to_write(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 844}).open("/learning?steps=40&hidden_size=32")
    visitor.wait(0.5)
    visitor.page.evaluate(RECORD, list(OF_LEARNING))
    visitor.press("Start")
    visitor.until(lambda: "Finished at update 40" in visitor.text(), "its end")
    visitor.main.get_by_text("Next:").wait_for()
    visitor.press("Reset")
    visitor.until(lambda: "Ready at update 0" in visitor.text(), "a new beginning")
    visitor.settled()
    visitor.wait(1)
    assert not moved(visitor)


@pytest.mark.parametrize("width", [1920, 1280, 390])
def test_a_sentence_on_sharing_comes_and_goes_without_moving_the_chart(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 844}).open("/")
    heights = visitor.page.evaluate(
        """() => ['Ready', '40 people are training here, each gets a 40th of the 2 cores'].map(more => {
            document.querySelector('.where .held > :first-child').textContent =
              `Training live at update 55 of 1,500 · seed 0 · about 40 s to go · ${more}`;
            return document.querySelector('.where').getBoundingClientRect().height;
        })"""
    )
    assert heights[0] == heights[1]


@pytest.mark.parametrize("path", ["/?cell=lstm&hidden_size=16&batch_size=8&speed=medium&steps=400", "/learning"])
def test_a_bar_shows_how_far_a_run_is_and_moves_with_it(visitor, path):
    visitor.open(path)
    bar = visitor.main.locator("progress")
    assert not bar.count()
    visitor.press("Start")
    bar.wait_for()

    def place():
        return visitor.page.evaluate(
            "(r => [r.x, r.y, r.width, r.height])(document.querySelector('progress').getBoundingClientRect())"
        )

    box = place()

    def told():
        return bar.evaluate("e => [e.value, e.max, e.getAttribute('aria-valuetext'), e.getAttribute('aria-label')]")

    visitor.until(lambda: told()[0] > 5, "updates on the bar")
    value, most, said, name = told()
    assert most >= 400 and said == f"{value:,} of {most:,} updates" and name
    visitor.until(lambda: told()[0] > value + 5, "the bar moving")
    assert place() == box and box[3] < 8
    visitor.press("Pause")


SIDEWAYS = """() => [...document.querySelectorAll('[data-testid=stMain] *')].filter(e => {
    const style = getComputedStyle(e);
    return ['auto', 'scroll'].includes(style.overflowX) && e.scrollWidth > e.clientWidth + 1
      && !['CANVAS', 'TEXTAREA'].includes(e.tagName);
  }).map(e => [e.className || e.dataset.testid, getComputedStyle(e).backgroundAttachment])"""


@pytest.mark.parametrize(
    "path", ["/", "/?task=entities", "/?task=captions", "/gradients", "/shakespeare", "/learning", "/reference"]
)
def test_on_a_phone_whatever_can_be_scrolled_sideways_shows_it(visitors, path):
    visitor = visitors(viewport={"width": 390, "height": 844})
    visitor.page.goto(visitor.url + path)
    visitor.settled_again()
    visitor.page.wait_for_selector("[data-test-script-state=notRunning]")
    visitor.wait(2)
    found = visitor.page.evaluate(SIDEWAYS)
    assert found or path not in ("/", "/learning")
    assert all("local" in shade and "scroll" in shade for _, shade in found), found


def test_on_a_phone_the_buttons_of_a_race_stay_in_reach(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844}).open("/")
    start = visitor.button("Start")
    visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo({top: 1200, behavior: 'instant'})")
    visitor.until(lambda: 0 < start.bounding_box()["y"] < 120, "the transport stays in reach")
    rows = {round(button.bounding_box()["y"]) for button in visitor.main.locator(".st-key-transport .stButton").all()}
    assert len(rows) == 1
    start.click()
    visitor.reached(1)
