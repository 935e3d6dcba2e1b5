"""The command line: what it prints for a person and for a script, and how it refuses."""

import io
import json
import math
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from rnncore.analysis.gradients import gradient_flow
from rnncore.cells import CELLS
from rnncore.cli import app, printing
from rnncore.config import RunConfig, all_settings
from rnncore.files import checkpoints
from rnncore.number_text import number
from rnncore.tasks import TASKS
from rnncore.training.run import Run

torch.set_num_threads(1)

ROOT = Path(__file__).parents[3]
SMALL = ("--set", "seq_len=8", "--set", "hidden_size=4", "--set", "batch_size=4")
BLOWS_UP = ("--set", "optimizer=sgd", "--set", "lr=10", "--set", "clip_norm=0", "--set", "seq_len=8")


@pytest.fixture
def run(capsys):
    """Call the command line in this process; returns its exit code, stdout and stderr."""

    def call(*arguments):
        code = app.main(arguments)
        return code, *capsys.readouterr()

    return call


@pytest.fixture
def lines(run):
    """Call the command line with --json; returns every line it printed, each parsed strictly."""

    def call(*arguments, code=0):
        found, out, err = run(*arguments, "--json")
        assert (found, err) == (code, "")
        return [strict(line) for line in out.splitlines()]

    return call


def strict(line):
    def refuse(word):
        raise AssertionError(f"{word} is not JSON")

    return json.loads(line, parse_constant=refuse)


def outside(*arguments, **options):
    return subprocess.run(
        [sys.executable, "-W", "error", "-m", "rnncore", *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        **options,
    )


# --- lists ------------------------------------------------------------------------------------------------


def test_tasks_as_json(lines):
    found = lines("tasks")
    assert [line["name"] for line in found] == list(TASKS)
    for line in found:
        task = TASKS[line["name"]]
        assert (line["label"], line["summary"]) == (task.label, task.summary)
        assert (line["loss"], line["metric"]) == (task.loss_label, task.metric_label)
        assert (line["sequence_type"], line["recommended"]) == (str(task.sequence_type), dict(task.recommended))
        assert [b["name"] for b in line["baselines"]] == [
            b.name for b in RunConfig(task=task.name).build_task().baselines()
        ]
        assert all(b.keys() == {"kind", "name", "loss", "metric", "reason"} for b in line["baselines"])


def test_cells_as_json(lines):
    found = lines("cells")
    assert [line["name"] for line in found] == list(CELLS)
    for line in found:
        cell = CELLS[line["name"]]
        assert line["equations"] == list(cell.equations) and line["states"] == list(cell.state_names)
        assert line["parameters"] == sum(p.numel() for p in cell(2, 32).parameters())
        assert line["parameters_for"] == {"input_size": 2, "hidden_size": 32}
    assert {line["name"]: line["parameters"] for line in found}["lstm"] == 4 * 32 * (2 + 32 + 2)


@pytest.mark.parametrize(("command", "registry"), [("tasks", TASKS), ("cells", CELLS)])
def test_lists_for_a_person(run, command, registry):
    code, out, err = run(command)
    assert (code, err) == (0, "")
    assert all(name in out for name in registry)


# --- training ---------------------------------------------------------------------------------------------


def test_train_reports_what_the_run_measured(lines):
    *reports, final = lines("train", *SMALL, "--set", "steps=33", "--every", "5", "--cell", "gru")
    alone = Run(RunConfig(cell="gru", seq_len=8, hidden_size=4, batch_size=4, steps=33))
    alone.advance()
    updates, held = alone.history.updates, dict(zip(alone.history.held_out["step"], alone.history.held_out.rows(),
                                                     strict=True))  # fmt: skip
    assert [report["step"] for report in reports] == [5, 10, 15, 20, 25, 30, 33]
    for report in reports:
        row, measured = report["step"] - 1, held.get(report["step"])
        expected = {name: updates[name][row] for name in ("loss", "metric", "grad_norm", "lr")}
        expected |= {"val_loss": None, "val_metric": None}
        if measured is not None:
            expected |= {"val_loss": measured[1], "val_metric": measured[2]}
        assert {name: report[name] for name in expected} == pytest.approx(expected, rel=1e-6)
        assert report.keys() == {"step", *expected, "seconds"}
    assert [report["seconds"] for report in reports] == sorted(report["seconds"] for report in reports)
    assert reports[0]["lr"] == 0.01  # not 0.009999999776, what float32 makes of it

    assert final["final"] is True and final["status"] == "finished"
    assert (final["steps"], final["examples"], final["parameters"]) == (33, 132, alone.parameters())
    assert final["val_loss"] == pytest.approx(held[33][1], rel=1e-6)
    assert final["val_metric"] == pytest.approx(held[33][2], rel=1e-6)
    names = ("kind", "name", "loss", "metric", "reason")
    assert final["baselines"] == [{name: getattr(line, name) for name in names} for line in alone.task.baselines()]
    assert RunConfig.from_flat(final["config"]) == alone.config
    assert not any("final" in report for report in reports)


def test_the_same_command_twice_gives_the_same_figures(lines):
    command = ("train", *SMALL, "--set", "steps=12", "--every", "1")
    first, again = (
        [{k: v for k, v in line.items() if k != "seconds"} for line in lines(*command)] for _ in range(2)
    )  # fmt: skip
    assert first == again and len(first) == 13


def text_of(value):
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


# texts that must mean something to their task
READABLE = {"data": "\n".join(f"{i % 7};{i * i}" for i in range(90)), "column": "government"}


@pytest.mark.parametrize("task", TASKS)
def test_every_setting_can_be_set(monkeypatch, lines, task):
    """Each to a value that is not its default, checked in the config that is reported back."""
    monkeypatch.setattr(Run, "start", lambda self: None)  # the settings matter here, not the training
    for name, s in all_settings(task).items():
        if name == "task":
            continue
        value = {
            "int": s.low if s.default != s.low else s.high,
            "float": s.high if s.default != s.high else s.low,
            "bool": not s.default,
            "choice": next((choice for choice in s.choices if choice != s.default), None),
            "text": "rnn" if name == "cell" else READABLE.get(name, "what was, will be = again! " * 60),
        }[s.kind]
        small = () if name in ("hidden_size", "seq_len") else ("--set", "hidden_size=2")
        if (name, value) == ("hidden_size", s.high):
            value = 3
        (final,) = lines("train", "--task", task, *small, "--set", f"{name}={text_of(value)}", code=130)
        assert final["config"][name] == value and final["config"]["task"] == task, name


def test_the_last_of_repeated_settings_counts_and_flags_count_most(lines):
    *_, final = lines("train", *SMALL, "--set", "lr=1", "--set", "lr=0.5", "--set", "cell=gru", "--cell", "rnn",
                      "--set", "steps=1")  # fmt: skip
    assert (final["config"]["lr"], final["config"]["cell"]) == (0.5, "rnn")


def test_training_for_a_person(run):
    code, out, err = run("train", *SMALL, "--set", "steps=30")
    assert code == 0
    assert "finished: 30 updates, 120 examples" in out
    assert "held-out examples" in out and all(b.name in out for b in RunConfig().build_task().baselines())
    assert "30/30" in err and "held-out" in err  # the bar is not in the way of the results
    assert "{" not in out


def test_every_line_is_flushed_when_it_is_written(monkeypatch):
    class Stream(io.StringIO):
        flushed = ()

        def flush(self):
            self.flushed = (*self.flushed, self.getvalue().count("\n"))

    monkeypatch.setattr(sys, "stdout", Stream())
    app.main(["train", *SMALL, "--set", "steps=4", "--every", "1", "--json"])
    assert {1, 2, 3, 4, 5} <= set(sys.stdout.flushed)


def test_divergence_is_a_status_and_an_exit_code(lines, run):
    *reports, final = lines("train", *BLOWS_UP, "--every", "1", code=1)
    assert final["status"] == "diverged"
    assert [report["step"] for report in reports] == list(range(1, final["steps"] + 1))
    blown = final["divergence"]
    assert blown["step"] == final["steps"] + 1 and blown["lr"] == 10
    code, out, _ = run("train", *BLOWS_UP)
    said = " ".join(out.split())
    figures = f"LSTM diverged at update {blown['step']:,}: loss {number(blown['loss'])}, gradient norm"
    assert code == 1 and " ".join(figures.split()) in said
    assert said.endswith(" ".join(final["advice"].split())) and "clipping gradients at 1" in said, (
        "figures and advice, as on the page"
    )


def test_what_is_not_a_number_is_null(lines):
    """A ReLU network that overflows before its first update: nothing was measured."""
    start = ("--set", "init=identity", "--set", "gain=5", "--set", "seq_len=1000", "--set", "hidden_size=4")
    (final,) = lines("train", "--cell", "rnn_relu", *start, code=1)
    assert (final["status"], final["val_loss"], final["val_metric"], final["steps"]) == ("diverged", None, None, 0)


def test_numbers_without_a_json_word_become_null():
    values = {"a": math.nan, "b": [math.inf, 1.5, {"c": -math.inf}], "d": "nan", "e": None, "f": (0.0, math.nan)}
    expected = {"a": None, "b": [None, 1.5, {"c": None}], "d": "nan", "e": None, "f": [0.0, None]}
    assert printing.finite(values) == expected


# --- saving and going on ----------------------------------------------------------------------------------


@pytest.mark.parametrize("optimizer", ["adam", "adamw", "sgd", "rmsprop"])
def test_resuming_equals_never_having_stopped(lines, tmp_path, optimizer):
    settings = (*SMALL, "--set", f"optimizer={optimizer}", "--set", "num_layers=2", "--set", "dropout=0.3")
    file = tmp_path / "run.safetensors"

    def told(*arguments):
        return [{k: v for k, v in line.items() if k != "seconds"} for line in lines("train", *arguments)]

    *whole, whole_final = told(*settings, "--set", "steps=40", "--every", "1")
    *first, _ = told(*settings, "--set", "steps=17", "--every", "1", "--save", str(file))
    *second, final = told("--resume", str(file), "--set", "steps=40", "--every", "1")
    for line in (*whole, *first):
        if line["step"] == 17:  # the last update of a run is measured, the same update on the way is not
            line["val_loss"] = line["val_metric"] = None
    assert first + second == whole
    assert final == whole_final


def test_a_diverged_run_goes_on_from_its_last_good_state(lines, tmp_path):
    file = tmp_path / "run.safetensors"
    *_, blown = lines("train", *BLOWS_UP, "--save", str(file), code=1)
    *reports, final = lines("train", "--resume", str(file), "--set", "lr=0.01", "--set", "clip_norm=1", "--set",
                            "steps=20", "--every", "1")  # fmt: skip
    assert final["status"] == "finished" and final["steps"] == 20
    assert reports[0]["step"] <= blown["steps"] + 1


def test_a_file_that_is_there_is_replaced_as_a_whole(lines, tmp_path, monkeypatch):
    file = tmp_path / "run.safetensors"
    lines("train", *SMALL, "--set", "steps=3", "--save", str(file))
    before = file.read_bytes()

    def fail(*_):
        raise OSError(28, "No space left on device", str(file))

    monkeypatch.setattr(Path, "replace", fail)
    assert app.main(["train", *SMALL, "--set", "steps=4", "--save", str(file)]) == 2
    assert file.read_bytes() == before


# --- Ctrl-C -----------------------------------------------------------------------------------------------


def test_ctrl_c_stops_after_the_update_in_hand(lines, tmp_path, monkeypatch):
    file = tmp_path / "run.safetensors"
    update = Run._update

    def interrupted(self, *_):
        if self.step == 6:
            signal.raise_signal(signal.SIGINT)
        update(self)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Run, "_update", interrupted)
    *reports, final = lines("train", *SMALL, "--save", str(file), "--every", "5", code=130)
    assert [report["step"] for report in reports] == [5, 7]
    assert (final["status"], final["steps"]) == ("paused", 7)
    assert signal.getsignal(signal.SIGINT) is before
    (saved,) = checkpoints.load(file.read_bytes())
    assert saved.step == 7


def test_a_second_ctrl_c_ends_at_once(run, monkeypatch):
    def interrupted(self, *_):
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    before = signal.getsignal(signal.SIGINT)
    monkeypatch.setattr(Run, "_update", interrupted)
    assert run("train", *SMALL, "--json") == (130, "", "")
    assert signal.getsignal(signal.SIGINT) is before


def test_ctrl_c_from_outside():
    command = [sys.executable, "-m", "rnncore", "train", *SMALL, "--set", "steps=100000", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        first = strict(process.stdout.readline())  # comes while the run goes on: every line is flushed
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    *_, final = [strict(line) for line in out.splitlines()]
    assert first["step"] == 25
    assert (process.returncode, err, final["status"]) == (130, "", "paused")
    assert 25 <= final["steps"] < 100_000


# --- bad input --------------------------------------------------------------------------------------------

BAD = {
    "no such command": (["fly"], "fly"),
    "no such flag": (["train", "--bogus"], "--bogus"),
    "a flag of another command": (["cells", "--task", "adding"], "--task"),
    "a word too many": (["train", "adding"], "adding"),
    "a flag without its value": (["train", "--task"], "--task"),
    "not a whole number": (["train", "--every", "x"], "--every"),
    "no update between reports": (["train", "--every", "0"], "--every"),
    "a line break": (["fl\ny\r\nx"], "fl"),
    "no such task": (["train", "--task", "addin"], "no task called 'addin'"),
    "no such cell": (["train", "--cell", "lstn"], "no cell called 'lstn'"),
    "no such setting": (["train", "--set", "hiden_size=3"], "no setting called 'hiden_size'"),
    "no equals sign": (["train", "--set", "lr"], "name=value"),
    "not in range": (["train", "--set", "lr=11"], "'lr' must be"),
    "too short for the task": (["gradients", "--length", "2"], "'--length' of Adding problem must be 4 to 1000"),
    "a length twice": (["gradients", "--set", "seq_len=20"], "give '--length'"),
    "a cell twice": (["gradients", "--set", "cell=gru"], "give '--cells'"),
    "not finite": (["train", "--set", "lr=nan"], "'lr' must be"),
    "no file to go on from": (["train", "--resume", "missing.safetensors"], "missing.safetensors"),
    "a folder to go on from": (["train", "--resume", "."], "."),
    "no folder to save in": (["train", "--save", "missing/run"], "--save"),
    "a folder to save to": (["train", "--save", "."], "--save"),
}


@pytest.mark.parametrize(("arguments", "word"), BAD.values(), ids=BAD.keys())
def test_bad_input_is_one_line_and_exit_code_2(run, tmp_path, monkeypatch, arguments, word):
    monkeypatch.chdir(tmp_path)
    code, out, err = run(*arguments)
    assert (code, out) == (2, "")
    assert err.startswith("Error: ") and err.endswith("\n") and err.count("\n") == 1 and "\r" not in err
    assert word in err and "Traceback" not in err
    assert list(tmp_path.iterdir()) == []


def test_a_file_of_something_else(run, tmp_path):
    file = tmp_path / "photo.png"
    file.write_bytes(b"\x89PNG" * 100)
    code, _, err = run("train", "--resume", str(file))
    assert code == 2 and "not a file of this playground" in err and err.count("\n") == 1


def test_only_live_settings_when_going_on(run, tmp_path):
    file = tmp_path / "run"
    run("train", *SMALL, "--set", "steps=2", "--save", str(file))
    for change in (("--cell", "gru"), ("--task", "adding"), ("--set", "hidden_size=5")):
        code, _, err = run("train", "--resume", str(file), *change)
        assert code == 2 and "cannot change during a run" in err and "lr" in err


def test_a_race_is_not_one_run(run, tmp_path):
    file = tmp_path / "race"
    config = RunConfig(seq_len=8, hidden_size=4)
    file.write_bytes(checkpoints.save([Run(config), Run(config.with_(cell="rnn"))]))
    code, _, err = run("train", "--resume", str(file))
    assert code == 2 and "race of 2 runs" in err


# --- as a process of its own ------------------------------------------------------------------------------


def test_from_outside():
    done = outside("train", *SMALL, "--set", "steps=3", "--every", "2", "--json")
    found = [strict(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr, len(found)) == (0, "", 3)
    refused = outside("train", "--set", "lr=-1")
    assert (refused.returncode, refused.stdout, refused.stderr.count("\n")) == (2, "", 1)


def test_whoever_stops_reading_sees_no_traceback():
    command = [sys.executable, "-m", "rnncore", "tasks", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        process.stdout.close()
        assert (process.stderr.read(), process.wait()) == (b"", 0)


def test_help_names_every_flag(run):
    code, out, _ = run("train", "--help")
    assert code == 0
    assert all(flag in out for flag in ("--task", "--cell", "--set", "--every", "--json", "--save", "--resume"))


# --- gradients --------------------------------------------------------------------------------------------


def test_gradients_are_one_object_per_cell(lines):
    rows = lines("gradients", "--cells", "rnn,lstm", "--length", "30", "--set", "hidden_size=16", "--batch", "4")
    assert [row["cell"] for row in rows] == ["rnn", "lstm"]
    for row in rows:
        assert row["lags"] == list(range(30)) and len(row["norm_h"]) == 30 and row["seconds"] > 0
        flow = gradient_flow(RunConfig(cell=row["cell"], seq_len=30, hidden_size=16), batch_size=4)
        assert row["norm_h"] == flow.top.norm_h.mean.tolist()
        assert (row["decay_per_step"], row["horizon"]) == (flow.top.decay.per_step, flow.top.decay.horizon)
        assert row["largest_singular_value"] > row["spectral_radius"] > 0
    assert rows[0]["norm_c"] is None and len(rows[1]["norm_c"]) == 30


def test_dropout_without_effect_and_a_schedule_that_jumps_are_told(run, lines, tmp_path):
    file = tmp_path / "run.safetensors"
    settings = (*SMALL, "--set", "schedule=cosine", "--set", "steps=10")
    code, _, err = run("train", *settings, "--set", "dropout=0.3", "--save", str(file))
    assert code == 0 and "Note: Dropout of 0.3 has no effect" in err
    *_, final = lines("train", "--resume", str(file), "--set", "steps=40")
    assert any("Dropout" in said for said in final["notes"])
    (jump,) = (said for said in final["notes"] if "schedule (cosine)" in said)
    at_end, after = 0.01 * 0.5 * (1 + math.cos(0.9 * math.pi)), 0.01 * 0.5 * (1 + math.cos(math.pi * 9 / 40))
    assert f"from {number(at_end, 2)} to {number(after, 2)} at update 11" in jump
    *_, final = lines("train", *SMALL, "--set", "steps=2", "--set", "dropout=0.3", "--set", "num_layers=2")
    assert "notes" not in final


def test_a_table_comes_from_a_file(tmp_path, capsys):
    file = tmp_path / "rain.csv"
    rows = "\n".join(f"{i};{15 + i % 97 / 7 + i % 5:.2f}".replace(".", ",") for i in range(3650))
    file.write_text(f"day;rain\n{rows}", encoding="utf-8-sig")
    arguments = ["train", "--task", "own_series", "--set", f"data=@{file}", "--set", "steps=2", "--json"]
    assert app.main(arguments) == 0
    final = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert final["config"]["data"].startswith("sha256:") and final["steps"] == 2
    assert app.main(["train", "--task", "own_series", "--set", f"data=@{tmp_path}/none.csv"]) == 2
    assert "none.csv" in capsys.readouterr().err
