"""The check for known vulnerabilities: asked of a service on this machine, and of one that is not there."""

import http.server
import json
import subprocess
import sys
import threading
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PATIENCE = 120
NOWHERE = "http://127.0.0.1:9/v1/query"
FLAW = {
    "id": "TEST-2026-1", "modified": "2026-01-01T00:00:00Z", "published": "2026-01-01T00:00:00Z",
    "summary": "A flaw.", "aliases": [],
    "affected": [{"package": {"name": "requests", "ecosystem": "PyPI"}, "versions": ["2.34.2"],
                  "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}, {"fixed": "99.0"}]}]}],
}  # fmt: skip


@pytest.fixture
def service():
    """A function that starts a service of advisories which knows a flaw of the packages it is given."""
    servers = []

    def start(*flawed):
        class Advisories(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                asked = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                answer = json.dumps({"vulns": [FLAW]} if asked["package"]["name"] in flawed else {}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

            def log_message(self, *args):
                pass

        server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Advisories)
        threading.Thread(target=server.serve_forever, daemon=True).start()
        servers.append(server)
        return f"http://127.0.0.1:{server.server_port}/v1/query"

    yield start
    for server in servers:
        server.shutdown()
        server.server_close()


def audit(address):
    command = [sys.executable, "scripts/audit.py", "-s", "osv", "--osv-url", address]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=PATIENCE)


def test_a_known_vulnerability_fails_with_its_name(service):
    done = audit(service("requests"))
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.splitlines()[1:] == ["requests 2.34.2: TEST-2026-1, fixed in 99.0"]


def test_without_one_it_says_how_many_packages_were_asked_about(service):
    done = audit(service())
    assert done.returncode == 0 and done.stdout.startswith("No known vulnerability in ")


def test_without_a_service_it_says_so_in_one_line():
    done = audit(NOWHERE)
    assert (done.returncode, done.stderr) == (0, "") and done.stdout.count("\n") == 1
    assert "not looked for" in done.stdout


def test_an_index_without_advisories_is_no_clean_bill():
    from scripts.audit import CANNOT, verdict

    skipped = {"dependencies": [{"name": "altair", "skip_reason": "Dependency not found on PyPI"}] * 3, "fixes": []}
    code, said = verdict(0, json.dumps(skipped), "No known vulnerabilities found")
    assert code == 0 and said.startswith(CANNOT)


def test_an_audit_that_fails_otherwise_fails():
    from scripts.audit import verdict

    assert verdict(2, "", "usage: ...\npip-audit: error: unrecognized arguments: --x") == (
        1, "pip-audit failed (exit code 2): pip-audit: error: unrecognized arguments: --x"
    )  # fmt: skip
