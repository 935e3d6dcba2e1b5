"""What every page shows at every width: its title, uncovered; and letters that grow with the screen."""

import itertools

import pytest

pytestmark = pytest.mark.browser

PAGES = ("/", "/gradients", "/shakespeare", "/learning", "/cell", "/tasks", "/reference")
TITLE = """() => {
  const title = document.querySelector('[data-testid=stMain] h1').getBoundingClientRect();
  const covered = [.1, .5, .9].some(share => {
    const at = document.elementFromPoint(title.left + 12, title.top + share * title.height);
    return !at || !at.closest('[data-testid=stMain] [data-testid=stHeading]');
  });
  return {covered, wide: document.documentElement.scrollWidth > innerWidth};
}"""


@pytest.mark.parametrize("path", PAGES)
def test_the_title_is_uncovered_with_the_sidebar_open_and_closed(visitors, path):
    visitor = visitors(viewport={"width": 1280, "height": 800})
    page = visitor.page
    page.goto(visitor.url + path)
    visitor.settled_again()
    page.wait_for_selector("[data-testid=stMain] h1")
    assert page.evaluate(TITLE) == {"covered": False, "wide": False}
    page.locator("[data-testid=stSidebar]").hover()
    page.locator("[data-testid=stSidebarCollapseButton] button").click()
    page.wait_for_selector("[data-testid=stExpandSidebarButton]")
    for width, height in ((1920, 1080), (1280, 800), (1024, 768), (390, 844)):
        page.set_viewport_size({"width": width, "height": height})
        visitor.until(lambda: page.evaluate(TITLE) == {"covered": False, "wide": False}, f"the title at {width}")


def test_text_and_chart_grow_with_the_screen(visitors):
    seen = []
    for width, height in ((1280, 800), (1920, 1080)):
        visitor = visitors(viewport={"width": width, "height": height}).open("/")
        seen.append(
            visitor.page.evaluate("""() => ['h1', '.finding', '[data-testid=stVegaLiteChart] .mark-text text']
                .map(what => parseFloat(getComputedStyle(document.querySelector(what)).fontSize))
                .concat(document.querySelector('[data-testid=stVegaLiteChart] svg').getBoundingClientRect().height)""")
        )
    assert all(large >= 1.2 * small for small, large in zip(*seen, strict=True)), seen


NAMES = """() => {
  const chart = document.querySelector('[data-testid=stVegaLiteChart]');
  const box = part => { const r = part.getBoundingClientRect(); return [r.left, r.right, r.top, r.bottom]; };
  const names = [...chart.querySelectorAll('.mark-text.role-mark text')].filter(text => text.textContent).map(box);
  const lines = [...chart.querySelectorAll('.mark-line.role-mark path')].map(box);
  return {names: names.sort((a, b) => a[2] - b[2]), lines, right: box(chart)[1]};
}"""


@pytest.mark.parametrize("width", [1280, 390])
@pytest.mark.parametrize("query", ["task=co2", "task=sines&scale=linear"])
def test_names_of_reference_lines_stand_right_of_the_curves_and_apart(visitors, width, query):
    visitor = visitors(viewport={"width": width, "height": 844})
    visitor.open(f"/?{query}&cell=gru&hidden_size=4&steps=60&batch_size=8")
    visitor.press("Start")
    visitor.says("Finished", 60)
    visitor.until(visitor.curves, "a curve")
    seen = visitor.page.evaluate(NAMES)
    names, lines = seen["names"], seen["lines"]
    assert len(names) == 4 and lines
    assert all(left >= right - 1 for left, *_ in names for _, right, *_ in lines)
    assert all(right <= seen["right"] + 1 for _, right, *_ in names)
    assert all(above[3] <= below[2] + 1 for above, below in itertools.pairwise(names)), names


PLACES = """() => ['table.figures', '.health', '.st-key-train-drawer-lines'].map(what => Math.round(
  document.querySelector(what).getBoundingClientRect().top + document.querySelector('[data-testid=stMain]').scrollTop))
"""


@pytest.mark.parametrize("width", [1280, 390])
def test_what_stands_below_the_finding_stays_where_it_is_while_networks_learn(visitors, width):
    visitor = visitors(viewport={"width": width, "height": 844})
    visitor.open("/?cell=rnn,gru,lstm&hidden_size=16&batch_size=8&steps=5000&speed=full")
    visitor.press("Start")
    visitor.reached(60)
    places, sentences = set(), set()

    def looked():
        places.add(tuple(visitor.page.evaluate(PLACES)))
        sentences.add(len(visitor.page.locator(".finding").inner_text()))
        return visitor.update() >= 450

    visitor.until(looked, "update 450")
    assert len(sentences) > 1, "the finding changed"
    assert len(places) == 1, places


def test_what_helps_a_run_that_blew_up_is_read_in_full_on_a_phone(visitors):
    visitor = visitors(viewport={"width": 390, "height": 844})
    visitor.open("/train?lr=10&optimizer=sgd&clip_norm=0&gain=3&init=orthogonal")
    visitor.press("Start")
    buttons = visitor.main.locator(".st-key-diverged button")
    visitor.until(lambda: buttons.count() >= 2, "what helps")
    cut = buttons.evaluate_all("""all => all.flatMap(button => [button, ...button.querySelectorAll('*')])
        .filter(part => part.clientWidth && part.scrollWidth > part.clientWidth + 1).map(part => part.textContent)""")
    assert not cut


def test_replies_stand_below_the_pad_where_beside_it_they_would_be_cut(visitors):
    for width, below in ((1024, True), (1280, False)):
        visitor = visitors(viewport={"width": width, "height": 800}).open("/train?task=digits")
        visitor.main.locator(".replies-box table").wait_for()
        box = visitor.main.locator(".replies-box")
        pad = visitor.main.locator("canvas.pad").bounding_box()
        assert (box.bounding_box()["y"] >= pad["y"] + pad["height"]) == below
        assert box.evaluate("e => e.scrollWidth <= e.clientWidth + 1")
