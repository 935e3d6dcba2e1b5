"""axe-core finds nothing serious or critical on any page, idle or at work, in either theme, wide or narrow.

What Streamlit itself draws wrongly is listed by name, so that it is seen when a new version has mended it.
"""

import pytest
from axe_playwright_python.sync_playwright import Axe

pytestmark = pytest.mark.browser
# rule -> what Streamlit draws that breaks it, as a selector
STREAMLIT = {
    "list": "[data-testid=stSidebarNavItems]",  # its headings of groups are children of the list
    "listitem": "[data-testid=stSidebarNavItems] li",  # and make these orphans
}
WIDTHS = (1280, 390)
# the page, its address, and the button with which work begins
PAGES = [
    ("train", "task=adding", "Start"),
    ("train", "task=digits", None),
    ("train", "task=captions", None),
    ("train", "task=sine", "Start"),
    ("train", "task=adding&beside=inside", "Start"),
    ("gradients", "look=share", None),
    ("gradients", "look=length", "Measure"),
    ("gradients", "look=clip", "Train"),
    ("gradients", "look=every&task=text&seq_len=20", None),
    ("shakespeare", "", "Write"),
    ("shakespeare", "many=temperatures", None),
    ("learning", "text=own", None),
    ("learning", "", "Start"),
    ("cell", "look=backward&cell=lstm", None),
    ("cell", "look=backward&source=mine&task=adding&cell=rnn", None),
    ("cell", "", None),
    ("cell", "source=own&cell=lstm_peephole&units=4", None),
    ("cell", "source=mine&task=temporal_order&step=9&value=f", None),
    ("cell", "look=fold&source=own&copies=5", None),
    ("cell", "look=weights&source=mine", None),
    ("memory", "", None),
    ("memory", "look=cut&task=temporal_order", None),
    ("memory", "look=space", None),
    ("memory", "look=eigen", None),
    ("tasks", "", None),
    ("reference", "", None),
]
DOCUMENT = """known => axe.run({resultTypes: ["violations"], runOnly: ["wcag2a", "wcag2aa", "wcag21a",
  "wcag21aa", "wcag22aa", "best-practice"]}).then(found => found.violations
    .filter(each => ["serious", "critical"].includes(each.impact))
    .flatMap(each => each.nodes
      .filter(node => !(each.id in known && document.querySelector(node.target[0])?.matches(known[each.id])))
      .map(node => `${each.id}: ${node.html.slice(0, 160)} (${node.any[0]?.message ?? each.help})`)))"""
AT_REST = """() => document.querySelector("[data-testid=stApp]").dataset.testScriptState === "notRunning"
  && !document.querySelector("[data-stale=true]") && !document.querySelector("[data-testid=stSkeleton]")"""


def faults(visitor):
    """Return what is wrong with the page as it stands; it is judged once nothing on it is faded by a page run."""
    visitor.page.mouse.move(0, 0)
    visitor.page.wait_for_function(AT_REST)
    visitor.page.wait_for_timeout(300)  # transitions of colours
    return visitor.page.evaluate(DOCUMENT, STREAMLIT)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("page, query, button", PAGES, ids=[f"{page}-{query}" for page, query, _ in PAGES])
def test_nothing_serious_on_any_page(visitors, page, query, button, scheme):
    visitor = visitors(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    visitor.page.goto(f"{visitor.url}/{page}?{query}")
    visitor.main.locator("h1").first.wait_for()
    visitor.page.evaluate(Axe().axe_script)
    found = []
    for at_work in (False, True):
        if at_work and button:
            visitor.page.set_viewport_size({"width": WIDTHS[0], "height": 800})
            visitor.main.locator("[data-testid=stBaseButton-primary]").filter(has_text=button).first.click()
        if at_work <= bool(button):
            for width in WIDTHS:
                visitor.page.set_viewport_size({"width": width, "height": 800})
                found += [f"{width} px, {'at work' if at_work else 'idle'}: {each}" for each in faults(visitor)]
    assert found == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("look", ["Step by step", "Mix-ups"])
def test_nothing_serious_where_networks_are_looked_at_more_closely(visitors, look, scheme):
    visitor = visitors(viewport={"width": 1280, "height": 800}, color_scheme=scheme)
    visitor.page.goto(f"{visitor.url}/train?task=clue&cell=gru")
    visitor.main.get_by_text("Look closer").click()
    visitor.main.get_by_text(look, exact=True).click()
    visitor.main.locator("[data-testid=stPlotlyChart] .heatmaplayer image").wait_for()
    visitor.page.evaluate(Axe().axe_script)
    for width in WIDTHS:
        visitor.page.set_viewport_size({"width": width, "height": 800})
        visitor.page.evaluate("document.querySelector('[data-testid=stMain]').scrollTo(0, 0)")  # nothing under the bar
        assert faults(visitor) == [], width


def test_every_page_is_among_them(visitor):
    visitor.page.goto(visitor.url)
    links = visitor.page.locator("[data-testid=stSidebarNavLink]")
    links.first.wait_for()
    there = {link.get_attribute("href").rsplit("/", 1)[-1] or "train" for link in links.all()}
    assert there == {page for page, _, _ in PAGES}
