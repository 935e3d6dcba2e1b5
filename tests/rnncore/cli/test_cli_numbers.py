"""Every number behind a flag of every command: a wrong one is refused in one sentence, none is rounded."""

import inspect
import re
from typing import get_args, get_type_hints

import pytest

from rnncore.cli import app

NEEDED = {"text-train": ["text.txt", "--save", "model"]}
COMMANDS = {name: app.app[name].default_command for name in app.app if not name.startswith("-")}
FLAGS = [
    (command, f"--{name.replace('_', '-')}", kind)
    for command, function in COMMANDS.items()
    for name, hint in get_type_hints(function).items()
    if name in inspect.signature(function).parameters
    for kind in {hint, *get_args(hint)} & {int, float}
]


def test_the_flags_are_found():
    named = {(command, flag) for command, flag, _ in FLAGS}
    assert {("train", "--every"), ("gradients", "--batch"), ("sample", "--top-k"), ("text-train", "--threads")} <= named


@pytest.mark.parametrize(("command", "flag", "kind"), FLAGS)
@pytest.mark.parametrize("value", ["1.5", "x", "0x10", "1e3", "nan", "-1e9", "", "true"])
def test_a_wrong_number_is_refused_in_one_sentence(capsys, tmp_path, monkeypatch, command, flag, kind, value):
    if kind is float and value in ("1.5", "1e3"):
        pytest.skip("is a number")
    monkeypatch.chdir(tmp_path)
    code = app.main([command, *NEEDED.get(command, []), f"{flag}={value}"])
    out, err = capsys.readouterr()
    assert (code, out) == (2, "")
    number = "a whole number" if kind is int else "a number"
    assert re.fullmatch(rf"Error: '{flag}' must be {number} from [-\d,.]+( to [\d,.]+)?, not '{value}'\.\n", err)


def test_what_is_a_whole_number_is_taken(capsys):
    for length in ("12", "12.0", "+12"):
        assert app.main(["sample", "--prime", "A", "--length", length]) == 0
        assert len(capsys.readouterr().out) == len("A") + 12 + len("\n")
