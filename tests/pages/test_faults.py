"""No error takes the place of a page: thrown into every callback, every part of every page, and a live view."""

import ast
import asyncio
import dataclasses
import importlib
import logging
import re
import sys
import time
from pathlib import Path

import pytest

from playground.session import faults
from playground.session.visit import Visit
from tests.support.server import running
from tests.support.tab.client import Session

ROOT = Path(__file__).parents[2]
PAGES = sorted(file.stem for file in (ROOT / "pages").glob("*.py"))
NUMBER = re.compile(r"\bE-[0-9a-f]{6}\b")
PATIENCE = 60.0
LISTENING = {"train", "gradients", "shakespeare", "learning", "tasks", "memory"}  # have controls with callbacks
STILL = {"reference"}  # has none


class UnexpectedError(Exception):
    """What nobody has thought of."""


def explode(*args, **kwargs):
    raise UnexpectedError("boom 17")


@pytest.fixture(autouse=True)
def nothing_known():
    faults._known.clear()


def open_app(open_page, page):
    app = open_page()
    return app if page == "train" else app.switch_page(str(ROOT / "pages" / f"{page}.py")).run()


def numbers(app):
    assert not app.exception, [box.value for box in app.exception]
    return [found for box in app.error for found in NUMBER.findall(box.value)]


def tracebacks(caplog):
    return [record for record in caplog.records if record.exc_info and record.levelno >= logging.ERROR]


def widgets(app):
    """Return what Streamlit knows of the widgets that the page has drawn, by their ids."""
    return app._session_state._state._new_widget_state.widget_metadata


def use_what_listens(app, listening):
    """Change every widget that has a callback, without knowing what it is for."""

    def of(kind):
        return [widget for widget in kind if widget.id in listening and not widget.proto.disabled]

    for button in of(app.button):
        button.click()
    for toggle in of([*app.toggle, *app.checkbox]):
        toggle.set_value(not toggle.value)
    for box in of(app.selectbox):
        box.select_index((box.index + 1) % len(box.options))
    for number in of(app.number_input):
        number.increment()
    for slider in of(app.slider):
        slider.set_value(slider.max if slider.value != slider.max else slider.min)
    for text in of([*app.text_input, *app.text_area]):
        text.set_value(f"{text.value}a")


@pytest.mark.parametrize("page", PAGES)
def test_what_callbacks_raise_is_said_once_and_the_page_goes_on(open_page, page, caplog):
    app = open_app(open_page, page)
    known, raised = widgets(app), []
    listening = {name for name, widget in known.items() if widget.callback is not None}
    for name in listening:
        known[name] = dataclasses.replace(known[name], callback=lambda *args: raised.append(args) or explode())
    titles, buttons = [box.value for box in app.title], [button.label for button in app.button]
    use_what_listens(app, listening)
    app.run()
    assert page not in LISTENING | STILL or bool(raised) == (page in LISTENING)
    assert len(app.title) == len(titles) == 1
    if page != "tasks":  # whose buttons lead to another page
        assert [box.value for box in app.title] == titles
        assert [button.label for button in app.button] == buttons
    assert len(app.error) == len(set(numbers(app))) == len(tracebacks(caplog)) == bool(raised)
    assert all(number in tracebacks(caplog)[0].getMessage() for number in numbers(app))
    if raised and page != "tasks":
        for name in listening & set(widgets(app)):
            widgets(app)[name] = dataclasses.replace(widgets(app)[name], callback=lambda *args: None)
        app.run()
        assert numbers(app), "a run of the page by itself takes the sentence away"
        use_what_listens(app, listening)
        app.run()
        assert not numbers(app)


def parts(page):
    """Yield the functions of ours that a page calls for what they draw, as module and name."""
    tree = ast.parse((ROOT / "pages" / f"{page}.py").read_text(encoding="utf-8"))
    origin = {
        alias.asname or alias.name: (node.module, alias.name)
        for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) for alias in node.names
    }  # fmt: skip

    def named(func):
        if isinstance(func, ast.Name):
            yield origin[func.id]
        elif isinstance(func, ast.Attribute) and isinstance(func.value, ast.Name):
            module, name = origin.get(func.value.id, ("streamlit", ""))
            if (ROOT / module.replace(".", "/") / f"{name}.py").exists():
                yield f"{module}.{name}", func.attr

    for node in ast.walk(tree):
        call = node.value if isinstance(node, ast.Expr) else None
        if not isinstance(call, ast.Call):
            continue
        several = isinstance(call.func, ast.Name) and call.func.id == "parts"
        for func in call.args[1:] if several else [call.func]:
            yield from named(func)


def test_the_parts_of_the_train_page_are_found_one_by_one():
    found = {name for _, name in parts("train")}
    assert {"transport", "watch", "main_choices", "inspect_drawer", "reference_lines", "drawers"} <= found


@pytest.mark.parametrize("page", PAGES)
def test_what_the_parts_of_a_page_raise_stands_in_their_places(open_page, page, caplog, monkeypatch):
    app = open_app(open_page, page)
    drawn = list(parts(page))
    assert drawn
    for module, name in drawn:
        monkeypatch.setattr(importlib.import_module(module), name, explode)
    app.run()
    assert len(numbers(app)) == len(drawn) and len(app.title) == 1
    monkeypatch.undo()
    logged = [record.getMessage() for record in tracebacks(caplog)]
    assert len(logged) == len(set(numbers(app))), "each once"
    assert all(any(number in line for line in logged) for number in numbers(app))
    app.run()
    assert not numbers(app)


@pytest.mark.parametrize("page", sorted({"train", "gradients", "shakespeare", "learning", "memory"} & set(PAGES)))
def test_a_page_that_cannot_even_begin_says_so(open_page, page, caplog, monkeypatch):
    app = open_app(open_page, page)
    monkeypatch.setattr(Visit, "setup", explode)
    app.run()
    app.run()
    assert len(numbers(app)) == 1 and len(tracebacks(caplog)) == 1


def test_the_same_error_has_the_same_number_and_another_has_another():
    def number(error):
        with faults.caught(found.append):
            raise error
        return faults.number(found[-1])

    found = []
    assert number(ValueError("at update 17")) == number(ValueError("at update 18"))
    assert len({number(ValueError("a")), number(KeyError("a")), number(ValueError("b"))}) == 3


def test_a_log_does_not_grow_without_end(monkeypatch, caplog):
    monkeypatch.setattr(faults, "MOST_KNOWN", 3)
    for name in "abcdef":
        faults.report(ValueError(name))
    assert len(faults._known) == 3


FAULTY = """
import logging, runpy, sys
from playground.race import verdicts

logging.getLogger("playground").addHandler(logging.FileHandler({log!r}))
right, told = verdicts.finding, []

def finding(runs):
    told.append(runs)
    if runs[0].step >= 3 and runs[0].config.hidden_size == 4:  # a live one, not the recorded one
        raise RuntimeError("a view that nobody expected to fail")
    return right(runs)

verdicts.finding = finding
sys.argv[1:] = ["--server.port", "{{port}}", "--server.address", "127.0.0.1"]
runpy.run_module("playground", run_name="__main__")
"""


def test_a_live_view_that_fails_says_so_once_and_the_page_can_be_used(tmp_path):
    log = tmp_path / "log"
    start = (sys.executable, "-c", FAULTY.format(log=str(log)))

    async def until(true, what):
        deadline = time.monotonic() + PATIENCE
        while not true():
            assert time.monotonic() < deadline, f"never came: {what}"
            await asyncio.sleep(0.05)

    async def visit():
        async with running(None, start) as server, Session(server.url, "/?cell=lstm&hidden_size=4&steps=5000") as tab:
            await tab.click("Start")
            said = lambda: [node.proto.body for node in tab.elements.of_kind("alert") if "E-" in node.proto.body]  # noqa: E731
            await until(said, "the sentence")
            await asyncio.sleep(1)
            assert len(said()) == 1 and not tab.errors()
            number = NUMBER.search(said()[0])[0]
            written = log.read_text()
            assert written.count("Traceback") == written.count(number) == 1
            await tab.click("Pause")
            labels = [node.proto.label for node in tab.elements.of_kind("button")]
            assert "Resume" in labels and not tab.errors()

    asyncio.run(asyncio.wait_for(visit(), 2 * PATIENCE))
