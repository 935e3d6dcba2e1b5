"""What widgets are told: once, and again only if the browser may have missed it."""

from streamlit.testing.v1 import AppTest


def script():
    import streamlit as st

    from playground import state

    with state.page_run():
        state.show("letter", "b")
        st.selectbox("Letter", ["a", "b"], key="letter")
        if st.session_state.get("cut_short"):
            st.stop()


def told(app):
    return app.selectbox(key="letter").proto.set_value


def test_a_widget_is_told_its_value_once_but_again_after_a_run_that_was_cut_off():
    app = AppTest.from_function(script).run()
    assert told(app) and app.selectbox(key="letter").value == "b"
    assert not told(app.run())
    app.session_state["cut_short"] = True
    assert not told(app.run())
    app.session_state["cut_short"] = False
    assert told(app.run())
    assert not told(app.run())
