"""The commands `sample` and `text-train`."""

import io
import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from rnncore.cli import app
from rnncore.text.corpora import play
from rnncore.text.language import load
from rnncore.text.learning import Recipe, split
from rnncore.text.sampling import Writing, write

ROOT = Path(__file__).parents[3]


@pytest.fixture
def run(capsys):
    """Call the command line in this process; returns its exit code, stdout and stderr."""
    threads = torch.get_num_threads()

    def call(*arguments):
        code = app.main(arguments)
        return code, *capsys.readouterr()

    yield call
    torch.set_num_threads(threads)


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A small model, trained by the command; returns its file and the card it printed."""
    folder = tmp_path_factory.mktemp("text")
    text, file = folder / "play.txt", folder / "model.safetensors"
    text.write_text(play()[:12_000], encoding="utf-8")
    sets = ["cell=gru", "hidden_size=16", "num_layers=1", "epochs=2", "batch_size=8", "seq_len=32", "lr=0.02"]
    arguments = [part for each in sets for part in ("--set", each)]
    assert app.main(["text-train", str(text), "--save", str(file), *arguments, "--json"]) == 0
    return file


def test_the_card_says_what_the_file_holds(trained):
    language = load(trained)
    card, (_, held_out) = language.card, split(play()[:12_000])
    assert card["held_out_nats"] == pytest.approx(language.nats(held_out), abs=1e-6), "measured on rounded weights"
    assert card["characters"] == {"training": 10_800, "held_out": 1_200}
    assert Recipe.model_validate(card["recipe"]).hidden_size == 16 and "--set hidden_size=16" in card["command"]


def test_sample_writes_what_the_engine_writes(run, trained):
    code, out, err = run("sample", "--model", str(trained), "--prime", "FENN:", "--length", "50", "--seed", "3")
    expected = "".join(each.character for each in write(load(trained), Writing(prime="FENN:", length=50, seed=3)))
    assert (code, out, err) == (0, f"FENN:{expected}\n", "")


def test_sample_as_json_says_probability_and_surprise(run, trained):
    code, out, _ = run("sample", "--model", str(trained), "--prime", "A", "--length", "5", "--json")
    rows = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and len(rows) == 5
    assert all(0 < row["probability"] <= 1 and row["surprise"] >= 0 and len(row["character"]) == 1 for row in rows)


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--model", "nobody"], "There is no model 'nobody'"),
        (["--prime", "\u2603"], "it has never seen"),
        (["--temperature", "-1"], "'--temperature' must be a number from 0 to 3, not '-1'"),
        (["--length", "0"], "'--length' must be a whole number from 1 to 5,000"),
        (["--top-p", "2"], "'--top-p'"),
    ],
)
def test_bad_input_is_one_line(run, trained, arguments, words):
    given = ["--model", str(trained)] if "--model" not in arguments else []
    code, _, err = run("sample", *given, *arguments)
    assert code == 2 and words in err and err.count("\n") == 1


def test_a_bad_recipe_is_one_line(run, tmp_path):
    text = tmp_path / "text.txt"
    text.write_text(play()[:5000], encoding="utf-8")
    for bad in ("hidden_size=many", "nothing=1", "cell=abacus"):
        code, _, err = run("text-train", str(text), "--save", str(tmp_path / "m"), "--set", "cell=gru",
                           "--set", "hidden_size=8", "--set", bad)  # fmt: skip
        assert code == 2 and err.count("\n") == 1, bad
    assert not (tmp_path / "m").exists()


# --- a person's own file, through the real command line ------------------------------------------------------


TINY = ("cell=rnn", "hidden_size=4", "num_layers=1", "epochs=1", "batch_size=4", "seq_len=16")
SENTENCE = "It’s late, she said.\u00a0We’ll go home.\n"


def outside(*arguments, **environment):
    return subprocess.run([sys.executable, "-W", "error", "-m", "rnncore", *map(str, arguments)], cwd=ROOT,
                          capture_output=True, env={**os.environ, **environment}, timeout=300)  # fmt: skip


def sets(*settings):
    return [part for each in settings for part in ("--set", each)]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"gattacacgt" * 200, ""),
        (SENTENCE.encode("utf-8-sig") * 40, "40 spaces of other kinds"),
        (SENTENCE.encode("cp1252") * 40, "read as Windows-1252"),
        ((SENTENCE * 40).encode("utf-16"), "40 spaces"),
        (("می\u200cرود\r" * 200).encode("utf-16-le"), "read as UTF-16"),
    ],
    ids=["no line break", "utf-8 with a mark", "windows-1252", "utf-16", "persian, utf-16 without a mark"],
)
def test_a_file_is_learned_and_sampled_from_nothing(run, tmp_path, data, said):
    text, model = tmp_path / "text.txt", tmp_path / "model.safetensors"
    text.write_bytes(data)
    code, out, err = run("text-train", str(text), "--save", str(model), *sets(*TINY), "--json")
    notes = json.loads(out.splitlines()[-1]).get("notes", [])
    assert (code, err) == (0, "") and said in " ".join(notes) and "control" not in " ".join(notes)
    code, out, err = run("sample", "--model", str(model), "--prime", "", "--length", "30")
    assert (code, err, len(out)) == (0, "", 31)
    assert "\r" not in load(model).vocabulary.symbols


def test_a_text_that_is_too_short_says_how_long_it_must_be(tmp_path):
    text = tmp_path / "ten.txt"
    text.write_text("abcdefghij")
    for settings, needed in ((TINY, "76"), ((*TINY, "batch_size=1", "seq_len=4"), "11")):
        done = outside("text-train", text, "--save", tmp_path / "m", *sets(*settings))
        assert done.returncode == 2 and done.stderr.count(b"\n") == 1 and f"need {needed},".encode() in done.stderr
    assert not (tmp_path / "m").exists()


@pytest.fixture
def play_file(tmp_path):
    file = tmp_path / "play.txt"
    file.write_text(play()[:12_000], encoding="utf-8")
    return file


def test_ctrl_c_saves_what_was_reached(play_file, tmp_path):
    model = tmp_path / "model.safetensors"
    settings = (*TINY, "epochs=1000")
    command = [sys.executable, "-m", "rnncore", "text-train", play_file, "--save", model, "--json", *sets(*settings)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    first = json.loads(process.stdout.readline())
    assert not model.exists(), "nothing is written before the end"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=300)
    final = json.loads(out.splitlines()[-1])
    assert (process.returncode, err) == (130, "") and first["step"] == 100
    assert "Stopped by Ctrl-C after update" in final["notes"][-1] and str(model) in final["notes"][-1]
    assert load(model).card["held_out_nats"] == final["held_out_nats"]
    assert [file.name for file in tmp_path.iterdir() if file.suffix == ".part"] == []


def test_a_loss_that_blows_up_stops_the_training_with_its_figures_and_advice(run, play_file, tmp_path):
    model = tmp_path / "model.safetensors"
    model.write_bytes(b"an older one")
    blows_up = (*TINY, "cell=rnn_relu", "lr=10", "clip_norm=0", "hidden_size=64", "seq_len=64")
    code, out, err = run("text-train", str(play_file), "--save", str(model), *sets(*blows_up), "--json")
    assert (code, err.count("\n")) == (1, 1) and "final" not in out
    assert "diverged at update" in err and "loss" in err and "clipping gradients at 1" in err and "Nothing was" in err
    assert model.read_bytes() == b"an older one"


@pytest.mark.parametrize(
    ("place", "said"),
    [("", "is a folder"), ("absent/model", "folder that exists"), ("play.txt", "the text itself"),
     ("play.txt/model", "folder that exists"), ("m" * 300, "cannot: File name too long")],
)  # fmt: skip
def test_where_the_model_goes_is_checked_before_the_training(run, play_file, tmp_path, place, said):
    code, out, err = run("text-train", str(play_file), "--save", str(tmp_path / place), "--json",
                         *sets(*TINY, "epochs=1000"))  # fmt: skip
    assert (code, out, err.count("\n")) == (2, "", 1) and "'--save' must" in err and said in err
    assert play_file.read_text(encoding="utf-8") == play()[:12_000] and len(list(tmp_path.iterdir())) == 1


def test_a_link_stays_a_link_and_a_device_a_device(run, play_file, tmp_path):
    (tmp_path / "link").symlink_to(tmp_path / "target")
    for place in (tmp_path / "link", Path(os.devnull)):
        assert run("text-train", str(play_file), "--save", str(place), "--json", *sets(*TINY))[0] == 0
    assert (tmp_path / "link").is_symlink() and load(tmp_path / "target") and Path(os.devnull).is_char_device()


@pytest.mark.parametrize(
    ("setting", "said"),
    [
        ("lr=nan", "'lr' must be a number from 0.000001 to 10, not 'nan'"),
        ("lr=1e9", "'lr' must be a number"),
        ("hidden_size=many", "'hidden_size' must be a whole number from 1 to 1,024, not 'many'"),
        ("dropout=1", "'dropout' must be a number from 0 to 0.9"),
        ("cell=feedforward", "'cell' must be recurrent"),
        ("nothing=1", "no setting called 'nothing': choose from cell"),
    ],
)
def test_settings_are_refused_in_the_words_of_every_setting(run, play_file, tmp_path, setting, said):
    code, _, err = run("text-train", str(play_file), "--save", str(tmp_path / "m"), "--set", setting)
    assert (code, err.count("\n")) == (2, 1) and said in err


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("text-train", "absent.txt", "--save", "m"), "absent.txt: No such file"),
        (("text-train", ".", "--save", "m"), "Is a directory"),
        (("text-train", "empty.txt", "--save", "m"), "0 different characters"),
        (("text-train", "noise.bin", "--save", "m"), "not a text"),
        (("text-train", "noise.bin", "--save", "m", "--threads", "0"), "'--threads' must be a whole number from 1"),
        (("sample", "--model", "noise.bin"), "is not a language model"),
        (("sample", "--model", "."), "There is no model"),
        (("train", "--resume", "."), "Is a directory"),
        (("train", "--save", "absent/m"), "folder that exists"),
        (("gradients", "--batch", "100000000000"), "'--batch' must be"),
    ],
)
def test_a_file_or_a_number_that_will_not_do_is_one_line(run, tmp_path, monkeypatch, arguments, said):
    monkeypatch.chdir(tmp_path)
    Path("empty.txt").touch()
    Path("noise.bin").write_bytes(b"\0\1\2\3" * 300)
    code, out, err = run(*arguments)
    assert (code, out, err.count("\n")) == (2, "", 1) and said in err


# --- terminals -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def curly(tmp_path_factory):
    """A model of a text whose characters few terminals' encodings have."""
    folder = tmp_path_factory.mktemp("curly")
    (folder / "text.txt").write_text("“Ça va?” – “Ναι…” ✓\n" * 60, encoding="utf-8")
    done = outside("text-train", folder / "text.txt", "--save", folder / "m", *sets(*TINY), PYTHONIOENCODING="ascii")
    assert done.returncode == 0 and b"Traceback" not in done.stderr and done.stdout.isascii()
    return folder / "m"


def test_output_works_where_the_terminal_is_not_utf_8(curly):
    done = outside("sample", "--model", curly, "--prime", "“Ναι", "--length", 40, PYTHONIOENCODING="cp1252", LC_ALL="C")
    assert (done.returncode, done.stderr) == (0, b"") and done.stdout.startswith("“\\u039d".encode("cp1252"))


@pytest.mark.parametrize("encoding", ["ascii", "cp1252"])
@pytest.mark.parametrize(
    ("arguments", "code"),
    [(("tasks",), 0), (("tasks", "--json"), 0), (("cells",), 0), (("gradients", "--length", "10"), 0), (("--help",), 0),
     (("train", "--set", "steps=2"), 0), (("sample", "--prime", "☃"), 2)],
)  # fmt: skip
def test_every_command_works_there(monkeypatch, arguments, code, encoding):
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding=encoding) for _ in range(2))
    monkeypatch.setattr(sys, "stdout", out)
    monkeypatch.setattr(sys, "stderr", err)
    assert app.main(arguments) == code
    err.flush()
    assert (out.buffer.getvalue() if code == 0 else err.buffer.getvalue()).decode(encoding)


def test_a_reader_that_leaves_ends_the_command_quietly():
    with subprocess.Popen([sys.executable, "-m", "rnncore", "sample", "--length", "5000"], cwd=ROOT,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:  # fmt: skip
        assert process.stdout.read(6) == b"ROMEO:"
        process.stdout.close()
        assert (process.wait(timeout=300), process.stderr.read()) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no such device here")
def test_a_full_disk_is_one_line():
    with open("/dev/full", "wb") as full:
        done = subprocess.run([sys.executable, "-m", "rnncore", "cells"], cwd=ROOT, stdout=full, stderr=subprocess.PIPE)
    assert (done.returncode, done.stderr.count(b"\n")) == (2, 1) and b"No space left" in done.stderr
