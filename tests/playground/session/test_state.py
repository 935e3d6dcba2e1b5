"""What widgets are told: once, and again only if the browser may have missed it."""

import asyncio

import pytest
from streamlit.testing.v1 import AppTest

from tests.support.server import running
from tests.support.tab.client import Session


def script():
    import streamlit as st

    from playground.session import state

    with state.page_run():
        state.set_widget_value("letter", st.session_state.get("wanted", "b"))
        st.selectbox("Letter", ["a", "b", "c"], key="letter")
        if st.session_state.get("cut_short"):
            st.stop()


def told(app, **changes):
    for name, value in changes.items():
        app.session_state[name] = value
    return app.run().selectbox(key="letter").proto.set_value


def test_a_widget_is_told_its_value_once():
    app = AppTest.from_function(script)
    assert told(app) and app.selectbox(key="letter").value == "b"
    assert not told(app)
    assert told(app, wanted="c") and app.selectbox(key="letter").value == "c"
    assert not told(app)


def test_a_widget_is_told_again_what_it_was_told_in_a_run_that_was_cut_off():
    app = AppTest.from_function(script)
    assert told(app) and told(app, wanted="c", cut_short=True)
    assert told(app) and told(app, cut_short=False), "nobody knows what has come"
    assert not told(app)


def test_a_run_that_is_cut_off_gives_no_orders_about_what_is_known():
    """An order that comes late would undo what the visitor has chosen since."""
    app = AppTest.from_function(script)
    assert told(app)
    assert not told(app, cut_short=True) and not told(app)
    assert not told(app, cut_short=False)


@pytest.mark.parametrize(("page", "widget", "click"), [("shakespeare", "shakespeare.seed", "Write"),
                                                       ("learning", "learning.seed", "Start")])  # fmt: skip
def test_a_widget_is_told_again_until_the_browser_has_named_it(page, widget, click):
    """A click may be sent before the last elements of a page have come; Streamlit then leaves them out."""

    async def visit():
        path = f"/{page}?{widget.split('.')[1]}=11&length=20&steps=50&hidden_size=4"
        async with running(None) as server, Session(server.url, path) as tab:
            tab.elements.values.clear()  # a browser that has not got them sends none
            await tab.click(click)
            seen = tab.elements.find(widget).proto
            assert seen.set_value and seen.value == 11
            await tab.rerun()
            assert not tab.elements.find(widget).proto.set_value, "it has been named, so that an order could do harm"
            assert not tab.errors()

    asyncio.run(asyncio.wait_for(visit(), 90))
