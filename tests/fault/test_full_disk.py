"""Downloads on a disk that does not take them: the sentence names the disk and not the network."""

import contextlib
import errno
import hashlib
import http.server
import os
import subprocess
import sys
import threading

import pytest

from rnncore.errors import DownloadError
from rnncore.text import corpora
from rnncore.text.disk import disk_said

BODY = b"To be, or not to be.\n" * 20_000
PROGRAM = """
import resource, sys
from rnncore.text import corpora
from rnncore.errors import DownloadError
corpora.SHAKESPEARE_HASH = sys.argv[2]
resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, 10_000))
try:
    corpora.shakespeare(sys.argv[1])
except DownloadError as error:
    print(error)
"""


@pytest.fixture
def address():
    """The address of a server that gives the text."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Length", str(len(BODY)))
            self.end_headers()
            with contextlib.suppress(OSError):  # who cannot keep it does not listen to its end
                self.wfile.write(BODY)

        def log_message(self, *_):
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler) as made:
        threading.Thread(target=made.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{made.server_port}/text"
        made.shutdown()


HASH = f"sha256:{hashlib.sha256(BODY).hexdigest()}"


@pytest.mark.skipif(sys.platform == "win32", reason="the limit is one of Unix")
def test_a_disk_that_is_full_is_called_so_and_leaves_nothing_behind(address, tmp_path):
    done = subprocess.run([sys.executable, "-c", PROGRAM, address, HASH], capture_output=True, text=True, check=True,
                          env={**os.environ, corpora.FOLDER: str(tmp_path)})  # fmt: skip
    assert "could not be kept on this server: its disk is full" in done.stdout and done.stdout.count("\n") == 1
    assert "network" not in done.stdout and not list(tmp_path.iterdir())


@pytest.mark.parametrize("inside", ["", "deeper"])
def test_a_file_in_place_of_the_folder_is_called_so(address, tmp_path, monkeypatch, inside):
    (tmp_path / "data").write_text("a file")
    monkeypatch.setenv(corpora.FOLDER, str(tmp_path / "data" / inside))
    monkeypatch.setattr(corpora, "SHAKESPEARE_HASH", HASH)
    assert not corpora.has_shakespeare()
    with pytest.raises(DownloadError, match="a file stands where its data folder should be") as caught:
        corpora.shakespeare(address)
    assert str(tmp_path) not in str(caught.value) and "network" not in str(caught.value)


@pytest.mark.parametrize(("number", "said"), [
    (errno.ENOSPC, "disk is full"), (errno.EACCES, "may not be written to"), (errno.EROFS, "may not be written to"),
    (errno.EIO, "its disk gave an error"), (None, "its disk gave an error"),
])  # fmt: skip
def test_each_fault_of_a_disk_has_its_words(number, said):
    error = OSError("odd") if number is None else OSError(number, "odd", "/secret/place")
    assert said in disk_said(error) and "secret" not in disk_said(error)


def test_a_refusal_that_a_library_raises_anew_is_one_of_permission():
    assert "may not be written to" in disk_said(PermissionError("no number"))
