"""Texts: downloads against a local server, a visitor's own bytes, Python's own code."""

import codecs
import hashlib
import http.server
import sys
import threading
import unicodedata

import pytest

from rnncore.errors import ConfigError, DownloadError
from rnncore.text import corpora
from rnncore.text.decoding import MOST_BYTES, decode, encoding_of, read_as
from rnncore.text.own import LONGEST, MOST_SYMBOLS, changes, clean

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


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_marks_of_the_encoding_are_understood(encoding):
    data = ("é" + LONG).encode(encoding)
    assert decode(data) == "é" + LONG and read_as(encoding_of(data)) == ""


@pytest.mark.parametrize("mark", [codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE])
def test_big_endian_marks_are_understood(mark):
    encoding = "utf-16-be" if mark == codecs.BOM_UTF16_BE else "utf-32-be"
    assert decode(mark + LONG.encode(encoding)) == LONG


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be"])
@pytest.mark.parametrize(
    "text", ["Ça va? " * 20, "gattaca" * 300, "Привет, мир.\n" * 99, "می\u200cرود. " * 50, "你好，世界。 再见。\n" * 50]
)
def test_wide_characters_without_a_mark_are_told_by_the_one_reading_that_is_text(encoding, text):
    data = text.encode(encoding)
    assert (encoding_of(data), decode(data)) == (encoding, text)
    assert read_as(encoding).endswith(f"read as {encoding[:6].upper()}.")


def test_windows_1252_is_read_and_said():
    text = "It’s late – she said “we’ll go”, naïve.\n" * 60
    data = text.encode("cp1252")
    assert decode(data) == text and "read as Windows-1252" in read_as(encoding_of(data))


def test_damaged_utf_8_is_not_taken_for_windows_1252():
    """Read as Windows-1252 it would hold two wrong letters for each accent."""
    with pytest.raises(ConfigError, match="not UTF-8 text: byte 5"):
        decode(b"Ah, \xe9 " + "déjà vu, très bien. ".encode() * 20)


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"\x00\x01\x02" * 900, "zero bytes"),
        (b"plain" + b"\xff" * 3000, "byte 6 "),
        (("é" * 2000).encode() + ("é" * 2000).encode("latin-1"), "byte 4,001"),
        (b"\xff\xfe" + b"\xd8" * 3001, "says at its beginning that it is UTF-16, but byte 3"),
        (LONG.encode("utf-16-le")[1:], "zero bytes"),
        (b"\0\1\2\3" * 300, "zero bytes"),
        (bytes(range(1, 32)) * 100, "control characters"),
        ("Привет, мир. ".encode("cp1251") * 200, "Windows-1252"),
        (b"a" * (MOST_BYTES + 1), "MB"),
        (b"a" * 50_000_000, "50.0 MB"),
    ],
)
def test_bytes_that_are_no_text_are_refused_with_one_sentence(data, said):
    with pytest.raises(ConfigError, match=said) as caught:
        decode(data)
    assert len(str(caught.value)) < 200 and "\n" not in str(caught.value) and "\x00" not in str(caught.value)


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
    text, report = clean(LONG.replace("\n", "\r\n") + "\x00\x1b[31m\u202e\x9b\x07<script>alert(1)</script>\t")
    assert text == LONG + "[31m<script>alert(1)</script>\t" and report.removed == 5
    assert changes(report) == ["5 control characters were taken out."]


def test_every_space_is_a_space_and_every_line_separator_a_line_end():
    spaces = [chr(c) for c in range(sys.maxunicode + 1) if unicodedata.category(chr(c)) == "Zs"]
    assert len(spaces) == 17
    text, report = clean(LONG + "a".join(spaces))
    assert text == LONG + "a".join(" " * 17) and report.removed == 0 and report.spaces == 16
    assert "plain spaces" in changes(report)[0]
    ends = ["\n", "\r\n", "\r", "\x85", "\u2028", "\u2029", "\v", "\f"]
    text, report = clean(LONG + "a".join(ends))
    assert text == LONG + "a".join("\n" * 8) and report.removed == 0 and report.lines == 69


@pytest.mark.parametrize(
    "word",
    [
        "می\u200cرود",  # Persian: a joiner decides the letters' form
        "क्\u200dष",
        "\U0001f468\u200d\U0001f469\u200d\U0001f467",  # a family: three people and two joiners
        "\U0001f3f4\U000e0067\U000e0062\U000e0073\U000e0063\U000e0074\U000e007f",  # Scotland's flag, in tags
        "❤\ufe0f \U0001f44d\U0001f3fd 1\ufe0f\u20e3",
        "cafe\u0301 café",  # decomposed, and composed
        "ไป\u200bมา, co\u00adoperate, \u200fשלום",
        "\U0001fae9\ue000",  # an emoji younger than this Python, and somebody's own sign
    ],
)
def test_words_stay_as_they_are(word):
    text, report = clean(LONG + word)
    assert text == LONG + word and report.removed == report.spaces == 0


def test_what_cannot_be_seen_is_named_in_the_report():
    _, report = clean("a\u200c" * 2000)
    assert report.commonest == "a U+200C"


def test_size_is_checked_before_content():
    with pytest.raises(ConfigError, match="has 50,000,000: cut it"):
        clean("\x07" * 50_000_000)
