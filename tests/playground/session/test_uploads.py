"""Files handed over to pages: read once, then forgotten by Streamlit, in a session of their own."""

import mmap

from streamlit.testing.v1 import AppTest

DATA = bytes(range(256)) * 20


def page():
    import streamlit as st

    from playground.session import uploads
    from playground.streamlit_internals.sessions import script

    def take():
        taken = uploads.taken_to_disk("place") if st.session_state.to_disk else uploads.taken("place")
        again = uploads.taken("place")
        st.session_state.taken.append((type(taken), None if taken is None else taken[:], again))
        st.session_state.left = len(script().uploaded_file_mgr.get_files(script().session_id, ["1"]))

    for name, first in (("taken", []), ("to_disk", False), ("left", None)):
        st.session_state.setdefault(name, first)
    st.file_uploader("A file", key="place", on_change=take)


def hand_over(data, **state):
    app = AppTest.from_function(page)
    for name, value in state.items():
        app.session_state[name] = value
    app.run()
    app.file_uploader[0].set_value(("a.bin", data, "text/plain"))
    app.file_uploader[0]._files = [("1", *each[1:]) for each in app.file_uploader[0]._files]
    app.run()
    assert not app.exception
    return app


def test_a_file_is_read_once_and_forgotten():
    app = hand_over(DATA)
    assert app.session_state.taken == [(bytes, DATA, None)] and app.session_state.left == 0
    app.run()
    assert not app.exception


def test_a_large_file_lies_on_disk():
    app = hand_over(DATA, to_disk=True)
    assert app.session_state.taken == [(mmap.mmap, DATA, None)] and app.session_state.left == 0


def test_a_large_file_that_is_empty_is_no_fault():
    assert hand_over(b"", to_disk=True).session_state.taken == [(bytes, b"", b"")]
