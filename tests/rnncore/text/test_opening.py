"""The opening that suits a text: it occurs there, whatever the text is."""

import pytest

from rnncore.errors import CheckpointError
from rnncore.text import records
from rnncore.text.corpora import play, python_library
from rnncore.text.opening import LONGEST, opening

PERSIAN = (
    "\u0627\u0648 \u0645\u06cc\u200c\u0631\u0648\u062f \u0648 \u06a9\u062a\u0627\u0628\u200c\u0647\u0627 \u0631\u0627. "
)


@pytest.mark.parametrize(
    "text",
    [play(), python_library(), "acgtta" * 500, PERSIAN * 90, f"{PERSIAN}\n" * 90, " \n\n \n", "\n", "a", "x\n\n" * 300],
    ids=["play", "python", "dna", "persian", "persian lines", "blank", "line breaks", "one", "short"],
)
def test_it_occurs_in_the_text_and_is_short(text):
    found = opening(text)
    assert found and found in text and len(found) <= LONGEST


def test_it_is_a_speaker_in_a_play_and_a_definition_in_code():
    assert opening(play()).endswith(":\n") and opening(play())[:-2].isupper()
    assert opening(python_library()).strip() in ("def", "class", "import", "from", "@property", "#")
    assert (
        opening("One.\n\nTHE OTHER:\nhm\n\nTHE OTHER:\nyes\n\nThe third says more than that.\n\nx\n") == "THE OTHER:\n"
    )


def test_a_damaged_record_is_refused(tmp_path):
    for data in (b"", b"\0" * 100, b"{}"):
        (tmp_path / "record").write_bytes(data)
        with pytest.raises(CheckpointError):
            records.restore(None, str(tmp_path / "record"))
