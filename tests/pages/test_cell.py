"""The Cell page, opened cold in every way of looking at every kind of network."""

import pytest

from playground.cell.settings import LOOKS, SOURCES

PAGE = "pages/cell.py"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("source", SOURCES)
def test_every_look_at_every_source_opens_cold(open_page, look, source):
    app = open_page(PAGE, look=look, source=source)
    assert not app.exception and not app.error
    assert app.segmented_control(key="cell.look").value == look
    assert app.query_params["source"] == source
