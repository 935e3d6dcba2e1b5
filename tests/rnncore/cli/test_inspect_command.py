"""The command `inspect`: its numbers are those of the network, of a saved run too."""

import json

import pytest
import torch

from rnncore.analysis.probes import probe
from rnncore.analysis.states import Network, Place
from rnncore.analysis.unrolled import held_out_example, unrolled
from rnncore.cli.app import main
from rnncore.config import RunConfig
from rnncore.files import checkpoints
from rnncore.training.run import Run


@pytest.fixture
def trained():
    run = Run(RunConfig.from_flat({"task": "temporal_order", "cell": "lstm", "hidden_size": 8}))
    run.advance(steps=3)
    return run


def printed(capsys, *arguments):
    assert main(["inspect", *arguments, "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_saved_run_is_looked_into(trained, tmp_path, capsys):
    file = tmp_path / "run.safetensors"
    file.write_bytes(checkpoints.save([trained]))
    rows = printed(capsys, str(file), "--example", "4", "--step", "7", "--unit", "3", "--value", "f")
    judge = unrolled(trained, held_out_example(trained, 3)).layers[0]
    assert [row["step"] for row in rows] == list(range(1, len(judge.h) + 1)) and {row["update"] for row in rows} == {3}
    for name in ("i", "f", "g", "o", "c", "h"):
        found = torch.tensor([row["values"][name] for row in rows])
        torch.testing.assert_close(found, torch.from_numpy(judge.values[name]), rtol=1e-5, atol=1e-5)
    assert [row["before"]["c"] for row in rows[1:]] == [row["values"]["c"] for row in rows[:-1]]
    (made,) = [row["sum"] for row in rows if "sum" in row]
    assert made["number"] == rows[6]["values"]["f"][2] and made["function"] == "sigmoid"
    assert sum(term["product"] for term in made["terms"]) == pytest.approx(made["total"])
    assert torch.sigmoid(torch.tensor(made["total"], dtype=torch.float64)).item() == pytest.approx(made["number"])


@pytest.mark.parametrize("layer, at", [((), 0), (("--layer", "1"), 0), (("--layer", "2"), 1), (("--layer", "9"), 1)])
def test_a_layer_is_chosen(layer, at, capsys):
    settings = {"task": "parity", "cell": "gru", "num_layers": 2, "hidden_size": 4}
    rows = printed(capsys, *(f"--set={name}={value}" for name, value in settings.items()), *layer)
    judge = unrolled(run := Run(RunConfig.from_flat(settings)), held_out_example(run)).layers[at]
    found = torch.tensor([row["values"]["h"] for row in rows])
    torch.testing.assert_close(found, torch.from_numpy(judge.h), rtol=1e-5, atol=1e-5)


def test_the_way_back_is_that_of_the_layer_chosen_and_the_memory_that_of_the_last(capsys):
    settings = ["--set=task=parity", "--set=num_layers=2", "--set=cell=gru"]
    last, second, first = (printed(capsys, *settings, "--backward", *layer)
                           for layer in ((), ("--layer", "2"), ("--layer", "1")))  # fmt: skip
    assert last == second != first
    assert "added_readout.weight" in last[0] and "added_readout.weight" not in first[0]
    assert main(["inspect", *settings, "--memory", "probe", "--layer", "1"]) == 2
    assert "last layer" in capsys.readouterr().err


def test_a_person_reads_a_table_and_the_sum(capsys):
    assert main(["inspect", "--set", "cell=gru_cho", "--set", "task=parity", "--input", "1011", "--step", "99"]) == 0
    said = capsys.readouterr().out
    assert "GRU (slides), step 4 of 4: reads 1" in said and "h of unit 1: " in said


@pytest.mark.parametrize(
    "arguments, said",
    [(["--value", "q"], "one of a, h"), (["--unit", "99"], "at most 32"), (["--step", "0"], "--step"),
     (["--set", "cell"], "name=value"), (["--input", "x y"], "Error")],
)  # fmt: skip
def test_what_cannot_be_shown_is_said_in_one_line(arguments, said, capsys):
    assert main(["inspect", "--set", "cell=rnn", *arguments]) == 2
    error = capsys.readouterr().err
    assert said in error and error.count("\n") == 1


def test_settings_beside_a_file_and_a_network_that_is_not_in_it_are_refused(trained, tmp_path, capsys):
    file = tmp_path / "run.safetensors"
    file.write_bytes(checkpoints.save([trained]))
    assert main(["inspect", str(file), "--set", "cell=rnn"]) == 2 and main(["inspect", str(file), "--number", "2"]) == 2
    said = capsys.readouterr().err
    assert "has no place beside a file" in said and "at most 1" in said


def test_what_is_remembered_is_printed_as_it_is_measured(trained, tmp_path, capsys):
    file = tmp_path / "run.safetensors"
    file.write_bytes(checkpoints.save([trained]))
    rows = printed(capsys, str(file), "--memory", "probe")
    judge = probe(Network(trained.config, list(trained.model.parameters())), Place())
    assert [row["steps_later"] for row in rows] == list(judge.lags)
    assert [row["score"] for row in rows] == pytest.approx(judge.score.tolist())
    assert main(["inspect", str(file), "--memory", "probe"]) == 0
    assert "steps later" in capsys.readouterr().out


def test_the_eigenvalues_are_those_of_the_saved_matrix(trained, tmp_path, capsys):
    file = tmp_path / "run.safetensors"
    file.write_bytes(checkpoints.save([trained]))
    rows = printed(capsys, str(file), "--memory", "eigenvalues", "--step", "999")
    candidate = trained.model.layers[0][0].weight_hh.detach().chunk(4)[2].double()
    sizes = torch.linalg.eigvals(candidate).abs().sort(descending=True).values
    of_matrix = [row["absolute"] for row in rows if row["matrix"] == "recurrent"]
    assert of_matrix == pytest.approx(sizes.tolist(), rel=1e-5)
    assert {row["step"] for row in rows if row["matrix"] == "jacobian"} == {
        len(unrolled(trained, held_out_example(trained)).read)
    }


def test_a_network_without_recurrence_has_no_eigenvalues(capsys):
    assert main(["inspect", "--set", "cell=feedforward", "--memory", "eigenvalues"]) == 2
    assert "no recurrence" in capsys.readouterr().err
