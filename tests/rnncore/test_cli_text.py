"""The commands `sample` and `text-train`."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from rnncore import cli
from rnncore.text.corpora import play
from rnncore.text.language import load
from rnncore.text.learning import Recipe, split
from rnncore.text.sampling import Writing, write

ROOT = Path(__file__).parents[2]


@pytest.fixture
def run(capsys):
    """Call the command line in this process; returns its exit code, stdout and stderr."""
    threads = torch.get_num_threads()

    def call(*arguments):
        code = cli.main(arguments)
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
    assert cli.main(["text-train", str(text), "--save", str(file), *arguments, "--json"]) == 0
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
        (["--temperature", "-1"], "'temperature'"),
        (["--length", "0"], "'length'"),
        (["--top-p", "2"], "'top_p'"),
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
    code, _, err = run("text-train", str(text), "--save", str(model), *sets(*TINY), "--json")
    assert code == 0 and said in err and "control" not in err
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
