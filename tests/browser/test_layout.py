"""What every page shows at every width: its title, uncovered; and letters that grow with the screen."""

import pytest

pytestmark = pytest.mark.browser

PAGES = ("/", "/gradients", "/shakespeare", "/learning", "/tasks", "/reference")
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
