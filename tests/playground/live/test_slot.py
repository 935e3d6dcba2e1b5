"""A slot draws what is new, and only that. That it also stays on the screen is for the browser tests."""

from streamlit.testing.v1 import AppTest


def test_the_same_thing_is_drawn_once():
    def app():
        import streamlit as st

        from playground.live.slot import Slot

        slot, drawn = Slot(), []

        def draw(what):
            drawn.append(what)
            return st.text(what)

        for what in ("one", "one", "two", "two", "one"):
            slot.show(what, lambda what=what: draw(what))
        st.caption(str(len(drawn)))

    page = AppTest.from_function(app).run()
    assert not page.exception
    assert [text.value for text in page.text] == ["one"], "a slot holds one element, the last"
    assert page.caption[0].value == "3"
