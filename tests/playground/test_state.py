"""What widgets are told: once, and again only if the browser may have missed it."""

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from playground import state

    with state.page_run():
        state.show("letter", st.session_state.get("wanted", "b"))
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
