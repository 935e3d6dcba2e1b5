#!/usr/bin/env python3
"""Take the README's pictures anew: `.venv/bin/python scripts/pictures.py` starts the app and photographs every page.

Needs what the browser tests need (Chromium and requirements-dev.txt). Pictures go to docs/pictures/ as WebP files.
"""

import io
import re
import shutil
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import create_server

from PIL import Image
from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "pictures"
PAGES = {"train": "/?speed=full", "inside": "/?beside=inside", "gradients": "/gradients", "shakespeare": "/shakespeare",
         "learning": "/learning", "cell": "/cell", "memory": "/memory?look=space", "tasks": "/tasks",
         "reference": "/reference"}  # fmt: skip
VIEW = {"width": 1280, "height": 800}
PATIENCE = 120.0
TRAINED = re.compile(r"update ([\d,]+) of")
FAR_ENOUGH = 400  # updates: the curves of the first two networks have parted
QUALITY = 80


@contextmanager
def app() -> Iterator[str]:
    """Serve the app until the end of the block; the address of its first page."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    address = f"http://127.0.0.1:{port}"
    process = subprocess.Popen([sys.executable, "-m", "playground", "--server.port", str(port)], cwd=ROOT)  # noqa: S603
    try:
        until = time.monotonic() + PATIENCE
        while not _healthy(address):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("The app did not start: see above.")
            time.sleep(0.2)
        yield address
    finally:
        process.terminate()
        process.wait(20)


def _healthy(address: str) -> bool:
    try:
        return urllib.request.urlopen(f"{address}/_stcore/health", timeout=5).read() == b"ok"  # noqa: S310
    except OSError:
        return False


def settle(page: Page) -> None:
    """Wait until a page is complete and its charts are drawn."""
    page.wait_for_selector("[data-testid=stApp][data-test-connection-state=CONNECTED]")
    page.wait_for_selector("[data-test-script-state=notRunning]")
    page.wait_for_function("!document.querySelector('[data-testid=stSkeleton]')")
    page.wait_for_timeout(1500)


def train(page: Page) -> None:
    """Press Start and wait until there is something to see."""
    page.get_by_role("button", name="Start").first.click()
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        found = TRAINED.search(page.locator("[data-testid=stMain]").inner_text())
        if found and int(found[1].replace(",", "")) >= FAR_ENOUGH:
            return
        page.wait_for_timeout(250)
    raise RuntimeError(f"The race did not come to update {FAR_ENOUGH} within {PATIENCE:.0f} s.")


def main() -> None:
    """Photograph every page."""
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("Chromium is missing: scripts/test installs it where it may.")
    FOLDER.mkdir(exist_ok=True)
    with app() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        for name, path in PAGES.items():
            page = browser.new_context(viewport=VIEW, color_scheme="light").new_page()
            page.goto(address + path)
            settle(page)
            if name == "train":
                train(page)
            picture = Image.open(io.BytesIO(page.screenshot()))
            picture.save(FOLDER / f"{name}.webp", quality=QUALITY, method=6)
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
