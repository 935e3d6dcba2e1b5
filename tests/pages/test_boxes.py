"""What the boxes of a page can hold fits into one message of a browser; a longer one would end its tab."""

import pytest

from playground.components.controls import LONGEST_BOX
from playground.door.settings import DoorSettings

BYTES_EACH = 3  # browsers count an emoji, of four bytes, as two characters
EVERYTHING_ELSE = 300_000  # bytes


@pytest.mark.parametrize(
    ("page", "query"),
    [("", {}), ("train", {"task": "own_series"}), ("train", {"task": "text"}), ("train", {"task": "digits"}),
     ("gradients", {"task": "own_series"}), ("gradients", {"task": "text"}), ("shakespeare", {}),
     ("learning", {"text": "own"}), ("tasks", {})],
)  # fmt: skip
def test_all_boxes_of_a_page_together_fit_into_one_message(open_page, page, query):
    app = open_page(f"pages/{page}.py" if page else "playground/app.py", **query)
    boxes = [*app.text_area, *app.text_input]
    assert all(0 < box.proto.max_chars <= LONGEST_BOX for box in boxes), [box.label for box in boxes]
    needed = BYTES_EACH * sum(box.proto.max_chars for box in boxes) + EVERYTHING_ELSE
    assert needed <= DoorSettings().frame_bytes
