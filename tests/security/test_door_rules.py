"""The rules of the door, one by one: names, origins, messages, settings, measures."""

import asyncio
import math
import re
import time
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from playground.door import connections, frames, hosts, uploads
from playground.door import runs as runs_module
from playground.door.addresses import Open, Rates, place
from playground.door.bucket import Bucket
from playground.door.descriptors import EACH_TAB, fitted, raise_limit
from playground.door.runs import AllRuns, Runs
from playground.door.settings import DoorSettings, settings, variable

ROOT = Path(__file__).parents[2]
USUAL = DoorSettings()


# --- names and origins ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "host",
    ["localhost:8501", "127.0.0.1", "[::1]:8501", "192.168.178.20:8501", "8.8.8.8", "classroom-pc:8501", "rnn.local",
     "box.home.arpa", "LOCALHOST", "localhost."],
)  # fmt: skip
def test_a_name_that_nobody_elsewhere_can_have_is_known(host):
    assert hosts.known_host(host, USUAL)


@pytest.mark.parametrize(
    "host",
    ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "a@localhost", "localhost:99999", "", None,
     "evil.example:8501", "localhost/evil.example", "evil.example#.local", "[::1"],
)  # fmt: skip
def test_any_other_is_not(host):
    assert not hosts.known_host(host, USUAL)


def test_a_host_can_allow_its_names():
    given = DoorSettings(hosts="rnn.example.org, *.school.example")
    assert hosts.known_host("RNN.example.org:443", given) and hosts.known_host("a.school.example", given)
    assert not hosts.known_host("school.example.evil.example", given)
    assert hosts.known_host("anything.example", DoorSettings(hosts="*"))


@pytest.mark.parametrize(
    ("origin", "host"),
    [(None, "localhost:8501"), ("http://localhost:8501", "localhost:8501"), ("https://a.example", "a.example"),
     ("https://rnn.example.org", "rnn.example.org:443"), ("http://LocalHost:8501", "localhost:8501")],
)  # fmt: skip
def test_pages_of_this_server_may_connect(origin, host):
    assert hosts.known_origin(origin, host, USUAL)


@pytest.mark.parametrize(
    "origin",
    ["http://evil.example", "null", "", "http://localhost:1", "http://localhost", "file://", "http://localhost:8501@evil.example",
     "http://evil.example/localhost:8501", "http://localhost:8501.evil.example", "\x00"],
)  # fmt: skip
def test_pages_of_others_may_not(origin):
    assert not hosts.known_origin(origin, "localhost:8501", USUAL)


def test_a_host_can_allow_another_site():
    given = DoorSettings(origins="https://course.example/, http://localhost:3000")
    assert hosts.known_origin("https://course.example", "localhost:8501", given)
    assert not hosts.known_origin("https://other.example", "localhost:8501", given)


# --- messages ---------------------------------------------------------------------------------------------


def run_with(**values):
    ask = BackMsg()
    for name, (kind, value) in values.items():
        state = ask.rerun_script.widget_states.widgets.add(id=name)
        if kind == "double_array_value":
            state.double_array_value.data.extend(value)
        else:
            setattr(state, kind, value)
    return ask


@pytest.mark.parametrize(
    "ask",
    [BackMsg(clear_cache=True), BackMsg(set_run_on_save=True), BackMsg(load_git_info=True), BackMsg(),
     BackMsg(debug_disconnect_websocket=True), BackMsg(debug_shutdown_runtime=True)],
)  # fmt: skip
def test_a_message_that_no_page_sends_goes_no_further(ask):
    with pytest.raises(frames.RefusedError) as refused:
        frames.parse_frame(ask.SerializeToString(), USUAL)
    assert not refused.value.code, "the tab stays"


def test_the_two_bytes_that_empty_everybodys_caches_go_no_further():
    with pytest.raises(frames.RefusedError):
        frames.parse_frame(b"\x28\x01", USUAL)


def test_what_installs_something_goes_no_further():
    ask = BackMsg()
    ask.backend_operation_request.install_skills.SetInParent()
    with pytest.raises(frames.RefusedError):
        frames.parse_frame(ask.SerializeToString(), USUAL)


@pytest.mark.parametrize("data", [b"\xff" * 50, b"\x0a", b"hello"])
def test_a_message_that_cannot_be_read_ends_its_connection(data):
    with pytest.raises(frames.RefusedError) as refused:
        frames.parse_frame(data, USUAL)
    assert refused.value.code == frames.MALFORMED


def test_more_than_any_page_sends_ends_its_connection():
    many = run_with(**{f"w{number}": ("int_value", 1) for number in range(USUAL.widgets + 1)})
    long_address, many_names, many_words = BackMsg(), BackMsg(), BackMsg()
    long_address.rerun_script.query_string = "a=" + "x" * frames.MOST_QUERY
    many_names.rerun_script.cached_message_hashes.extend(["abc"] * (frames.MOST_MESSAGES_KEPT + 1))
    many_words.rerun_script.page_name = "x" * (frames.MOST_WORDS + 1)
    for ask in (many, long_address, many_names, many_words):
        with pytest.raises(frames.RefusedError) as refused:
            frames.parse_frame(ask.SerializeToString(), USUAL)
        assert refused.value.code == frames.POLICY


def test_files_are_announced_by_the_handful():
    ask = BackMsg()
    ask.file_urls_request.file_names.extend(["a"] * USUAL.files_named)
    assert frames.parse_frame(ask.SerializeToString(), USUAL) == ask
    ask.file_urls_request.file_names.append("a")
    with pytest.raises(frames.RefusedError):
        frames.parse_frame(ask.SerializeToString(), USUAL)


def test_values_that_are_none_are_left_out_and_the_others_stay():
    ask = run_with(
        a=("double_value", math.nan), b=("double_value", 0.5), c=("double_array_value", [1, math.inf]),
        d=("json_value", "NaN"), e=("json_value", '{"ink": [0.5]}'), f=("json_trigger_value", "[" * 100_000),
        g=("json_value", "{"), h=("string_value", "NaN"), i=("double_array_value", [1, 2]),
    )  # fmt: skip
    kept = frames.parse_frame(ask.SerializeToString(), USUAL).rerun_script.widget_states.widgets
    assert [each.id for each in kept] == ["b", "e", "h", "i"]


def test_of_requests_for_a_page_that_wait_the_newest_will_do_unless_a_button_was_pressed():
    older = run_with(a=("int_value", 1), b=("string_value", "x"))
    newer = run_with(a=("int_value", 2), b=("string_value", "y"), c=("int_value", 3))
    pressed = run_with(a=("int_value", 1), b=("string_value", "x"), go=("trigger_value", True))
    assert frames.replaces(newer, older) and frames.replaces(pressed, older)
    assert not frames.replaces(newer, pressed) and not frames.replaces(pressed, pressed)
    assert not frames.replaces(older, newer), "it does not tell of all widgets"
    assert not frames.replaces(BackMsg(stop_script=True), older) and not frames.replaces(
        older, BackMsg(stop_script=True)
    )
    told = run_with(a=("int_value", 1), c=("json_trigger_value", "7"))
    assert frames.replaces(told, told) and not frames.replaces(older, told), "what only a component has told once"
    for name, value in (("fragment_id", "f"), ("page_name", "p"), ("page_script_hash", "h")):
        elsewhere = run_with(a=("int_value", 1), b=("string_value", "x"))
        setattr(elsewhere.rerun_script, name, value)
        assert not frames.replaces(elsewhere, older)


# --- measures ---------------------------------------------------------------------------------------------


def test_a_bucket_gives_its_burst_at_once_and_its_rate_for_long():
    bucket = Bucket(rate=10, burst=3)
    assert [bucket.take(100.0) for _ in range(3)] == [0, 0, 0]
    assert bucket.take(100.0) == pytest.approx(0.1) and bucket.take(100.0) == pytest.approx(0.2)
    assert bucket.take(101.0) == 0 and not bucket.full(101.0) and bucket.full(110.0)


def test_one_place_cannot_take_all_the_room_and_leaving_makes_room():
    room = Open(in_all=5, from_one=3)
    assert [room.enter("a") for _ in range(4)] == [True, True, True, False]
    assert [room.enter("b") for _ in range(3)] == [True, True, False], "five in all"
    room.leave("a")
    assert room.enter("b") and not room.enter("a")


def test_a_household_counts_as_one_place():
    assert place("2001:db8:1:2::1") == place("2001:db8:1:2:ffff::9") != place("2001:db8:1:3::1")
    assert place("::ffff:10.0.0.1") == place("10.0.0.1") != place("10.0.0.2")
    assert place(None) == place("nonsense") == ""


def test_what_is_charged_uses_up_what_is_left_and_costs_nobody_more_than_half_of_the_patience():
    rates = Rates(rate=1, burst=3, patience=10)
    told = []
    for _ in range(4):
        told.append(rates.spent("a"))
        rates.charge("a")
    assert told == [False, False, False, True]
    for _ in range(5):
        rates.charge("a", 10)
    now = time.monotonic()
    assert 5 < rates._bucket("a", now).wait(now) <= 6, "half of ten seconds, and one for the next"
    assert not rates.spent("b")


async def _called(prompt, busy):
    """Return which of the first page runs of a tab came while another page was being run, and after it."""
    of_all = AllRuns(USUAL)
    runs = Runs(of_all, prompt=prompt)
    first = asyncio.ensure_future(runs.turn())
    await asyncio.sleep(0.05)
    at_once = first.done()
    busy.clear()
    await asyncio.wait_for(first, 5)
    return at_once


@pytest.mark.parametrize("prompt", [True, False])
def test_the_first_page_run_of_too_many_new_tabs_waits_until_no_other_page_is_run(prompt, monkeypatch):
    busy = ["somebody's page"]
    monkeypatch.setattr(runs_module, "pages_running", lambda: len(busy))
    assert asyncio.run(_called(prompt, busy)) == prompt


def test_a_new_tab_that_stays_has_waited_only_for_its_first_page_runs(monkeypatch):
    busy = []
    monkeypatch.setattr(runs_module, "pages_running", lambda: len(busy))

    async def use():
        runs = Runs(AllRuns(DoorSettings(runs_burst=50)), prompt=False)
        for _ in range(runs_module.FEW):
            await asyncio.wait_for(runs.turn(), 5)
        busy.append("somebody's page")
        runs._asked = Bucket(rate=1, burst=50)  # as after a while without a run
        later = asyncio.ensure_future(runs.turn())
        await asyncio.sleep(0.05)
        return later.done()

    assert asyncio.run(use())


def test_who_asks_much_goes_after_the_others_even_if_little_was_given(monkeypatch):
    busy = ["somebody's page"]
    monkeypatch.setattr(runs_module, "pages_running", lambda: len(busy))

    async def use(asked):
        runs = Runs(AllRuns(USUAL))
        for _ in range(asked):
            runs.asked()
        turn = asyncio.ensure_future(runs.turn())
        await asyncio.sleep(0.05)
        at_once = turn.done()
        turn.cancel()
        return at_once, runs.asked()

    assert asyncio.run(use(0))[0] and not asyncio.run(use(5))[0]
    assert asyncio.run(use(1000))[1] >= -USUAL.runs_burst, "it is forgotten within the usual time"


def test_who_waits_for_a_page_run_goes_by_how_few_he_had_and_who_left_is_passed_over(monkeypatch):
    busy, order = ["somebody's page"], []
    monkeypatch.setattr(runs_module, "pages_running", lambda: len(busy))

    async def wait(of_all, level, name):
        await of_all.when_calm(level)
        order.append(name)

    async def use():
        of_all = AllRuns(USUAL)
        waiting = [asyncio.ensure_future(wait(of_all, level, name))
                   for level, name in ((2, "many"), (9, "few"), (5, "gone"))]  # fmt: skip
        await asyncio.sleep(0.03)
        waiting.pop().cancel()
        busy.clear()
        await asyncio.wait_for(asyncio.gather(*waiting), 5)

    asyncio.run(use())
    assert order[-1] == "many" and sorted(order) == ["few", "many"]


def test_files_are_read_no_faster_than_all_together_may_be(monkeypatch):
    waits = []

    async def sleep(seconds):
        waits.append(seconds)

    pieces = [{"type": "http.request", "body": bytes(600), "more_body": True}, {"type": "http.disconnect"}]

    async def receive():
        return pieces[0]

    monkeypatch.setattr(uploads.asyncio, "sleep", sleep)
    taken = uploads.Uploads(DoorSettings(upload_read_per_second=1000), Rates(1, 1, 1))
    one, other = taken.paced(receive), taken.paced(receive)

    async def use():
        return [await one(), await other(), await one()]

    assert asyncio.run(use()) == [pieces[0]] * 3
    assert waits == pytest.approx([0.2, 0.8], abs=0.05)
    pieces.pop(0)
    assert asyncio.run(one()) == {"type": "http.disconnect"}


# --- settings ---------------------------------------------------------------------------------------------


def test_the_environment_may_say_otherwise():
    given = {"RNN_PLAYGROUND_SOCKETS": "7", "RNN_PLAYGROUND_HOSTS": " a.example ", "RNN_PLAYGROUND_METRICS": "1",
             "RNN_PLAYGROUND_HEADER_SECONDS": "0.5", "OTHER": "x"}  # fmt: skip
    assert settings(given) == DoorSettings(sockets=7, hosts="a.example", metrics=True, header_seconds=0.5)
    assert settings({}) == USUAL


@pytest.mark.parametrize(
    ("name", "value"),
    [("SOCKETS", "many"), ("SOCKETS", "0"), ("SOCKETS", "1.5"), ("METRICS", "yes"), ("HEADER_SECONDS", "nan"),
     ("HEADER_SECONDS", "inf"), ("BYTES_BURST", "-1")],
)  # fmt: skip
def test_a_setting_that_makes_no_sense_is_refused_in_a_sentence(name, value):
    with pytest.raises(ValueError, match=f"RNN_PLAYGROUND_{name} must be .*such as"):
        settings({f"RNN_PLAYGROUND_{name}": value})


def test_the_documentation_has_every_setting_with_its_unit_and_default():
    text = (ROOT / "docs" / "hosting.md").read_text(encoding="utf-8")
    rows = {
        found[0]: found[1:] for found in re.findall(r"^\| `(RNN_\w+)` \| (.*?) \| (.*?) \| .*\|$", text, re.MULTILINE)
    }
    for each in fields(DoorSettings):
        shown = (
            f"`{int(each.default) if isinstance(each.default, bool) else each.default}`"
            if each.default != ""
            else "none"
        )
        assert rows[variable(each)] == (shown, each.metadata["unit"])
    assert len(rows) == len(fields(DoorSettings))


def test_the_largest_file_that_streamlit_takes_comes_through_the_door():
    largest = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["server"][
        "maxUploadSize"
    ]
    assert largest * 2**20 + 10_000 <= USUAL.upload_bytes <= USUAL.upload_bytes_per_address <= USUAL.upload_bytes_in_all


def test_visitors_never_use_up_the_files_that_may_be_open():
    for descriptors in (256, 1024, 4096, 20_000, 10**6):
        given = fitted(USUAL, descriptors)
        assert (EACH_TAB - 1) * given.sockets + given.connections <= descriptors
        assert 1 <= given.sockets <= USUAL.sockets and 1 <= given.connections <= USUAL.connections
    assert fitted(USUAL, 10**6) == USUAL


def test_as_many_files_may_be_open_as_the_system_allows():
    resource = pytest.importorskip("resource")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert raise_limit() >= min(soft, 65_536)
    assert resource.getrlimit(resource.RLIMIT_NOFILE)[1] == hard


def test_what_is_used_of_uvicorn_exists():
    for owner, names in connections.USED.items():
        assert all(callable(getattr(owner, name)) for name in names)
