"""Texts made to be slow: every reader takes time in proportion to their length, little memory, and never fails."""

import time
import tracemalloc

import pytest

from playground.catalogue import task_search
from rnncore.caching.by_text import CacheByText
from rnncore.cli.printing import MOST_BYTES, pair
from rnncore.errors import ConfigError
from rnncore.tables import read_table
from rnncore.tables.reading import LONGEST_LINE
from rnncore.text.opening import opening
from tests.support.awkward_text import KINDS, READERS, outcome, seconds

SIZE = 130_000  # characters
NOTICED = 0.05  # seconds of processor time, below which no ratio means anything
MOST_RATIO = 3.5  # 2 is linear, 4 quadratic
MOST_MEMORY = 100e6


@pytest.fixture(scope="module", autouse=True)
def warm():
    for reader in READERS.values():
        outcome(reader, "a,b\n" + "1,2\n2,1\n" * 40)


def ratio(reader, kind):
    """How much longer twice the text takes, at its best of a few tries; 0 where it is too quick to tell."""
    short, long = KINDS[kind](SIZE // 2), KINDS[kind](SIZE)
    found = 0.0
    for _ in range(4):
        if (taken := seconds(reader, long)) < NOTICED:
            return 0.0
        found = min(found or 1e9, taken / max(seconds(reader, short), 1e-9))
        if found < MOST_RATIO:
            break
    return found


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_takes_time_in_proportion(kind):
    slow = {name: found for name, reader in READERS.items() if (found := ratio(reader, kind)) >= MOST_RATIO}
    assert not slow


@pytest.mark.parametrize("kind", KINDS)
def test_every_reader_takes_little_memory(kind):
    text, most = KINDS[kind](SIZE), {}
    for name in ("table", "tidied text", "opening", "file"):
        tracemalloc.start()
        outcome(READERS[name], text)
        most[name] = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
    assert max(most.values()) < MOST_MEMORY, most


def test_a_quadratic_reader_would_be_caught():
    def quadratic(text):
        end = time.thread_time() + (len(text) / SIZE) ** 2 * 0.2
        while time.thread_time() < end:
            pass

    assert ratio(quadratic, "only digits") >= MOST_RATIO


@pytest.mark.parametrize("at", [1, 7])
def test_a_line_that_no_row_needs_is_refused_before_it_is_read(at):
    lines = ["1,2"] * 90
    lines[at - 1] = "1 " * LONGEST_LINE
    with pytest.raises(ConfigError, match=rf"Line {at} of 'data' has 100,000 characters, and a row may have 50,000"):
        read_table("\n".join(lines))


def test_numbers_of_thousands_of_digits_are_cells_like_any_other():
    assert len(read_table(("1" * 20_000 + ",1\n") * 80).lines) == 80


def test_a_refused_text_is_not_read_again():
    kept, read = CacheByText(4), []

    def refuse():
        read.append(1)
        raise ConfigError("No.")

    for _ in range(3):
        with pytest.raises(ConfigError, match=r"No\."):
            kept.get("text", None, refuse)
    assert len(read) == 1


def test_a_file_of_any_size_is_read_up_to_its_limit(tmp_path):
    file = tmp_path / "large.csv"
    with file.open("wb") as opened:
        opened.truncate(20 * MOST_BYTES)  # a hole, which takes no room on the disk
    tracemalloc.start()
    with pytest.raises(ConfigError, match="a text may have"):
        pair(f"data=@{file}")
    assert tracemalloc.get_traced_memory()[1] < 2.5 * MOST_BYTES
    tracemalloc.stop()


def test_only_the_beginning_of_a_long_search_is_looked_at():
    assert task_search.found("music " + "y" * 10**6) == []
    assert task_search.found("music" + " " * 10**6) == task_search.found("music")


def test_paragraphs_of_a_single_line_all_count():
    assert opening("A\n\nB\n\nB\n\nB\n\nC\n") == "B\n"
    assert opening(" " * 10_000) == " "


def upload(app, key, data):
    (field,) = [each for each in app.get("file_uploader") if each.key == key]
    field.upload("awkward.txt", data, "text/plain")
    return app.run()


@pytest.mark.parametrize("kind", ["digits and a letter", "one quote at the start", "only NULs", "ragged rows"])
def test_an_awkward_upload_is_answered_in_a_sentence_or_read(open_page, kind):
    data = KINDS[kind](SIZE).encode("utf-8", "surrogatepass")
    app = upload(open_page("pages/train.py", task="own_series"), "train.table", data)
    assert not app.exception and not app.error
    app = upload(open_page("pages/train.py", task="text"), "train.text.upload", data)
    assert not app.exception and not app.error
