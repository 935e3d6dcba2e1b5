"""Texts: downloads against a local server, a visitor's own bytes, Python's own code."""

import hashlib
import http.server
import threading

import pytest

from rnncore.errors import ConfigError, DownloadError
from rnncore.text import corpora
from rnncore.text.own import LONGEST, MOST_BYTES, MOST_SYMBOLS, clean, decode

GOOD = b"To be, or not to be.\n" * 200


@pytest.fixture
def server(tmp_path, monkeypatch):
    """A server that gives, by path, the text, another one, half of one, or nothing; and an empty folder."""
    asked = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(self.path)
            body = {"/good": GOOD, "/wrong": b"another text", "/cut": GOOD[:100]}.get(self.path)
            self.send_response(200 if body else 404)
            self.send_header("Content-Length", str(len(GOOD) if self.path == "/cut" else len(body or b"")))
            self.end_headers()
            self.wfile.write(body or b"")

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        monkeypatch.setenv(corpora.FOLDER, str(tmp_path))
        monkeypatch.setattr(corpora, "SHAKESPEARE_HASH", f"sha256:{hashlib.sha256(GOOD).hexdigest()}")
        made.asked = asked
        yield made
        made.shutdown()


def url(server, path):
    return f"http://127.0.0.1:{server.server_port}/{path}"


def test_a_text_is_fetched_once_and_then_taken_from_the_folder(server):
    assert not corpora.has_shakespeare()
    assert corpora.shakespeare(url(server, "good")) == GOOD.decode()
    assert corpora.has_shakespeare()
    assert corpora.shakespeare(url(server, "good")) == GOOD.decode() and server.asked == ["/good"]


def test_a_file_put_there_by_hand_is_taken_without_asking(server, tmp_path):
    (tmp_path / corpora.SHAKESPEARE_FILE).write_bytes(GOOD)
    assert corpora.shakespeare(url(server, "absent")) == GOOD.decode() and not server.asked


@pytest.mark.parametrize("path", ["wrong", "cut", "absent"])
def test_what_is_wrong_cut_off_or_absent_is_refused_with_one_sentence_and_can_be_tried_again(server, path):
    with pytest.raises(DownloadError, match=r"could not be fetched: .*Try again") as caught:
        corpora.shakespeare(url(server, path))
    assert "127.0.0.1" not in str(caught.value) and not corpora.has_shakespeare()
    assert corpora.shakespeare(url(server, "good")) == GOOD.decode()


def test_without_a_network_it_says_so(server):
    server.shutdown()
    server.server_close()
    with pytest.raises(DownloadError, match="the network gave no answer"):
        corpora.shakespeare(url(server, "good"))


def test_a_damaged_file_in_the_folder_is_replaced(server, tmp_path):
    (tmp_path / corpora.SHAKESPEARE_FILE).write_bytes(GOOD[:-1])
    assert not corpora.has_shakespeare()
    assert corpora.shakespeare(url(server, "good")) == GOOD.decode()


def test_python_itself_is_a_text():
    text = corpora.python_library()
    assert len(text) == corpora.SOURCE_CHARACTERS and text.isascii() and "def " in text and "\r" not in text


@pytest.mark.parametrize("name", corpora.CORPORA)
def test_every_text_is_described(name):
    corpus = corpora.CORPORA[name]
    assert corpus.label and corpus.about.endswith(".") and callable(corpus.read)


# --- a visitor's own


LONG = "Some words of mine, again and again.\n" * 60


def test_a_text_comes_back_as_it_was_with_a_report():
    text, report = clean(decode(LONG.encode()))
    assert text == LONG and report.characters == len(LONG) and report.lines == 61 and report.removed == 0
    assert report.symbols == len(set(LONG)) and report.commonest.split()[0] == "␣" and report.rare == ""


def test_rare_characters_are_named_rarest_first():
    _, report = clean(LONG + "##" + "@" * 9 + "!" * 10)
    assert report.rare == "# @"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marks_of_the_encoding_are_understood(encoding):
    assert decode(("é" + LONG).encode(encoding)) == "é" + LONG


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02" * 900, "zero bytes"),
        (b"plain" + b"\xff" * 3000, "byte 6 "),
        (("é" * 2000).encode() + ("é" * 2000).encode("latin-1"), "byte 4,001"),
        (b"\xff\xfe" + b"\xd8" * 3001, "not UTF-8"),
        (b"a" * (MOST_BYTES + 1), "MB"),
        (b"a" * 50_000_000, "50.0 MB"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_one_sentence(data, said):
    with pytest.raises(ConfigError, match=said) as caught:
        decode(data)
    assert len(str(caught.value)) < 200 and "\x00" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "this one has 0: add to it"),
        ("a", "this one has 1: add to it"),
        ("\x07" * 5000, "this one has 0"),
        ("ab" * LONGEST, "cut it"),
        ("a" * 3000, "this one has 1: choose"),
        ("".join(chr(0x4E00 + i) for i in range(3000)), f"2 to {MOST_SYMBOLS}"),
    ],
)
def test_texts_that_nothing_can_be_learned_from_are_refused(text, said):
    with pytest.raises(ConfigError, match=said):
        clean(text)


def test_control_characters_are_taken_out_and_counted_and_tags_stay_text():
    text, report = clean(LONG.replace("\n", "\r\n") + "\x00\x1b[31m\u202e\u200b<script>alert(1)</script>\t")
    assert text == LONG + "[31m<script>alert(1)</script>\t" and report.removed == 4
