"""Saved runs: they go on as if nothing had happened, and a bad file is refused in one sentence."""

import io
import json
import math
import pickle
import random
import struct

import numpy as np
import pytest
import torch
from safetensors.torch import load as read_tensors
from safetensors.torch import save as write_tensors

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import CheckpointError
from rnncore.files import checkpoints
from rnncore.files.checkpoints import MAX_BYTES, load, read_configs, save
from rnncore.tasks import TASKS
from rnncore.training.race import Race
from rnncore.training.run import Run

torch.set_num_threads(1)

DEEP = {"num_layers": 2, "bidirectional": True, "dropout": 0.3}


def small(**changes) -> RunConfig:
    return RunConfig.from_flat({"seq_len": 10, "hidden_size": 4, "batch_size": 4, "steps": 200, **changes})


def trained(steps=7, **changes) -> Run:
    run = Run(small(**changes))
    run.advance(steps=steps)
    return run


def blown() -> Run:
    run = trained(20, optimizer="sgd", clip_norm=0, seq_len=20)
    run.set(lr=10)
    run.advance(steps=150)
    assert run.status == "diverged" and run.good_step < run.step
    return run


def everything(run):
    """All that a run is and will be, but for its number and its speed."""
    held = np.nan_to_num(run.history.held_out.rows(), nan=-1).tolist()
    state = run.copies.now().optimizer
    slots = {i: {name: value.tolist() for name, value in kept.items()} for i, kept in state.items()}
    return {
        "config": run.config,
        "step": run.step,
        "status": run.status,
        "events": run.events,
        "divergence": repr(run.divergence),
        "updates": run.history.updates.rows()[:, :5].tolist(),
        "held_out": held,
        "weights": [p.tolist() for p in run.model.parameters()],
        "optimizer": slots,
        "generators": {name: g.get_state().tolist() for name, g in run.generators.items()},
        "shown": list(run.shown()),
        "health": run.health(),
    }


def content(data):
    """What a file holds; the order of its parts differs from one writing to the next."""
    metadata = json.loads(data[8 : header_end(data)])["__metadata__"]
    return metadata, {
        name: (value.dtype, value.shape, value.numpy().tobytes()) for name, value in read_tensors(data).items()
    }


def again(run) -> Run:
    (loaded,) = load(save([run]))
    return loaded


# --- going on ---------------------------------------------------------------------------------------------

KINDS = [
    *[{"optimizer": name, "schedule": "cosine", **DEEP} for name in ("adam", "adamw", "sgd", "rmsprop")],
    {"optimizer": "sgd", "momentum": 0},
    *[{"cell": cell} for cell in CELLS if cell != "lstm"],
    *[
        {"task": task, "seq_len": min(max(10, TASKS[task].seq_len_range[0]), TASKS[task].seq_len_range[1])}
        for task in TASKS
        if task != "adding"
    ],
    {"bias": False, "target": 0.99},
]
each_kind = pytest.mark.parametrize("changes", KINDS, ids=lambda c: " ".join(str(v) for v in c.values()))


@each_kind
def test_a_loaded_run_is_the_run_that_was_saved(changes):
    run = trained(**changes)
    run.set(lr=0.02)
    loaded = again(run)
    assert everything(loaded) == everything(run)
    assert loaded.seconds == run.seconds and loaded.number != run.number
    assert (loaded.answered_at, loaded.good_step) == (7, 7)


@each_kind
def test_going_on_equals_never_having_stopped(changes):
    run = trained(**changes)
    run.set(lr=0.02, clip=0.5)
    loaded = again(run)
    for each in (run, loaded):
        each.advance(steps=20)
        each.set(lr=0.005)
        each.advance(steps=5)
    assert everything(loaded) == everything(run)
    assert run.events[-1] == (27, "lr", 0.005)


def test_saving_changes_nothing():
    run, witness = trained(**DEEP), trained(**DEEP)
    before = torch.get_rng_state()
    save([run])
    assert torch.equal(torch.get_rng_state(), before)
    run.advance(steps=9)
    witness.advance(steps=9)
    assert everything(run) == everything(witness)


def test_saving_what_was_loaded_gives_the_same_file():
    data = save([trained(**DEEP)])
    assert content(save(load(data))) == content(data)


@pytest.mark.parametrize("steps", [0, 1, 200])
def test_a_fresh_and_a_finished_run(steps):
    run = trained(steps)
    loaded = again(run)
    assert everything(loaded) == everything(run)
    assert loaded.status == ("ready" if steps == 0 else "finished" if steps == 200 else "paused")
    assert loaded.advance(steps=3) == run.advance(steps=3)
    assert everything(loaded) == everything(run)


def test_a_running_run_is_loaded_paused():
    run = trained()
    run.start()
    assert again(run).status == "paused"


def test_rewinding_after_loading():
    loaded = again(trained(33))
    assert loaded.rewind() == 33
    loaded.advance(steps=10)
    assert loaded.rewind() == 40
    assert loaded.history.held_out["step"][-1] == 40 == len(loaded.history)


def test_a_diverged_run_can_be_rewound_after_loading():
    """Was lost: the file held the weights that had blown up, and going on from them blew up at once."""
    run = blown()
    loaded = again(run)
    assert loaded.status == "diverged" and loaded.divergence.step == run.divergence.step
    assert (loaded.step, loaded.good_step) == (run.step, run.good_step)
    assert loaded.history.updates.rows().tolist() == run.history.updates.rows().tolist()
    assert content(save([loaded])) == content(save([run]))
    for each in (run, loaded):
        assert each.rewind() == each.good_step
        each.set(lr=0.01, clip=1)
        assert each.advance(steps=20) == 20
    assert everything(loaded) == everything(run)


def test_a_run_that_blew_up_before_its_first_update():
    run = Run(RunConfig(cell="rnn_relu", init="identity", gain=5, seq_len=1000, hidden_size=4))
    loaded = again(run)
    assert (loaded.status, loaded.step) == ("diverged", 0)
    assert math.isnan(loaded.divergence.loss) or math.isinf(loaded.divergence.loss)


def test_a_race():
    runs = [trained(steps, cell=cell) for steps, cell in ((3, "rnn"), (3, "lstm"), (0, "gru"), (2, "feedforward"))]
    loaded = load(save(runs))
    assert [everything(run) for run in loaded] == [everything(run) for run in runs]
    assert [run.config for run in loaded] == read_configs(save(runs)) == [run.config for run in runs]


# --- what a file may look like ----------------------------------------------------------------------------


def refused(data, *, configs=True) -> str:
    """The sentence with which a file is refused; reading only its configs either works or says so too."""
    with pytest.raises(CheckpointError) as error:
        load(data)
    message = str(error.value)
    assert message.isprintable() and message.endswith(".") and len(message) < 300 and "Traceback" not in message
    if configs:
        survives(lambda: read_configs(data))
    return message


def survives(action):
    """Do something that may be refused, but in no other way than by a CheckpointError."""
    try:
        return action()
    except CheckpointError as error:
        assert str(error).endswith(".") and len(str(error)) < 300
        return None


def is_sound(runs):
    for run in runs:
        shapes = [p.shape for p in Run(run.config).model.parameters()]
        assert [p.shape for p in run.model.parameters()] == shapes
        assert all(p.isfinite().all() and p.dtype == torch.float32 for p in run.model.parameters())
        run.view(20)
        list(run.shown())
        run.advance(steps=2)  # whatever the numbers are now, training does not raise
        run.rewind()


@pytest.fixture(scope="module")
def file():
    data = save([trained(hidden_size=2, **{"num_layers": 2, "dropout": 0.2}), trained(cell="rnn", hidden_size=2)])
    is_sound(load(data))
    return data


def header_end(data):
    return 8 + struct.unpack("<Q", data[:8])[0]


def test_a_file_cut_off_anywhere(file):
    for share in range(50):
        refused(file[: len(file) * share // 50])
    for end in (1, 7, 8, 9, header_end(file) - 1, header_end(file), header_end(file) + 1, len(file) - 1):
        refused(file[:end])


@pytest.mark.parametrize("part", ["header", "numbers"])
def test_a_byte_changed_anywhere_in_a_file_without_a_checksum(file, part):
    """Each change is either harmless or refused; never another error, never weights that are not numbers."""
    chance = random.Random(part)
    file = rewritten(file, lambda tensors, metadata: None)
    low, high = (0, header_end(file)) if part == "header" else (header_end(file), len(file))
    outcomes = set()
    for _ in range(120):
        place, bit = chance.randrange(low, high), chance.randrange(256)
        data = file[:place] + bytes([file[place] ^ (1 << bit % 8) if bit % 2 else bit]) + file[place + 1 :]
        survives(lambda data=data: read_configs(data))
        runs = survives(lambda data=data: load(data))
        outcomes.add(runs is not None)
        is_sound(runs or [])
    assert (part == "numbers") in outcomes


def rewritten(data, change):
    """The same file after `change(tensors, metadata)`, where metadata["runs"] is parsed."""
    length = header_end(data)
    metadata = json.loads(data[8:length])["__metadata__"]
    metadata["runs"] = json.loads(metadata["runs"])
    metadata.pop("checksum")  # as earlier versions wrote it; what follows must be noticed without
    tensors = read_tensors(data)
    change(tensors, metadata)
    if not isinstance(metadata["runs"], str):
        metadata["runs"] = json.dumps(metadata["runs"])
    return write_tensors(tensors, metadata)


def test_rewriting_without_a_change_is_harmless(file):
    assert len(load(rewritten(file, lambda tensors, metadata: None))) == 2


def put(name, value):
    return lambda tensors, metadata: tensors.__setitem__(name, value(tensors[name]))


def rename(name, other):
    return lambda tensors, metadata: tensors.__setitem__(other, tensors.pop(name))


def tell(name, value):
    return lambda tensors, metadata: metadata["runs"][0].__setitem__(name, value)


def configure(**changes):
    return lambda tensors, metadata: metadata["runs"][0]["config"].update(changes)


def spoil(value, index=0):
    def spoiled(tensor):
        tensor = tensor.clone()
        tensor.view(-1)[index] = value
        return tensor

    return spoiled


WEIGHT, KEPT = "0.model.layers.0.0.weight_hh", "0.optimizer.0.exp_avg"
SPOILED = {
    "a weight is NaN": put(WEIGHT, spoil(math.nan)),
    "a weight is infinite": put(WEIGHT, spoil(-math.inf)),
    "a weight of another kind": put(WEIGHT, lambda w: w.double()),
    "a whole-number weight": put(WEIGHT, lambda w: w.int()),
    "a complex weight": put(WEIGHT, lambda w: w.to(torch.complex64)),
    "a weight of another shape": put(WEIGHT, lambda w: w.T.contiguous()),
    "a weight that is missing": rename(WEIGHT, "spare"),
    "a weight too many": lambda tensors, metadata: tensors.__setitem__("0.model.spare", torch.zeros(1)),
    "the optimiser's state is NaN": put(KEPT, spoil(math.nan)),
    "the optimiser's state is a number": put(KEPT, lambda v: v.sum()),
    "the optimiser's step has a shape": put("0.optimizer.0.step", lambda v: v.expand(8, 2).contiguous()),
    "the optimiser's state has another name": rename(KEPT, "0.optimizer.0.exp_avf"),
    "the optimiser's state is of a weight that is not": rename(KEPT, "0.optimizer.99.exp_avg"),
    "the optimiser's state has no number": rename(KEPT, "0.optimizer.x.exp_avg"),
    "the optimiser's state has a number too many": rename(KEPT, "0.optimizer.0.0.exp_avg"),
    "the optimiser's state is gone": rename(KEPT, "spare"),
    "a generator is too short": put("0.generator.data", lambda g: g[:-1].clone()),
    "a generator of another kind": put("0.generator.data", lambda g: g.float()),
    "a generator is missing": rename("0.generator.dropout", "spare"),
    "the history is too short": put("0.history.updates", lambda h: h[:-1].clone()),
    "the history has another column": put("0.history.updates", lambda h: h[:, :-1].contiguous()),
    "the history is NaN": put("0.history.updates", spoil(math.nan)),
    "the history is of another kind": put("0.history.updates", lambda h: 1e300 * h.double()),
    "the held-out history is empty": put("0.history.held_out", lambda h: h[:0]),
    "the held-out history is out of order": put("0.history.held_out", lambda h: h.flip(0).contiguous()),
    "the held-out history is ahead": put("0.history.held_out", spoil(99.0, -5)),
    "the held-out history is NaN": put("0.history.held_out", spoil(math.nan, 1)),
    "the held-out history is of another kind": put("0.history.held_out", lambda h: h.bfloat16()),
    "the step is another": tell("step", 6),
    "the step is below zero": tell("step", -1),
    "the step is no number": tell("step", "many"),
    "the good step is ahead": tell("good_step", 8),
    "the good step is below zero": tell("good_step", -1),
    "the seconds are infinite": tell("seconds", math.inf),
    "the seconds are more than float32 holds": tell("seconds", 1e300),
    "the seconds are below zero": tell("seconds", -1.0),
    "the events are none": tell("events", None),
    "an event is no event": tell("events", [[1, 2]]),
    "there is something else": tell("pickle", "gASVAAAA"),
    "another network": configure(hidden_size=3),
    "another cell": configure(cell="gru"),
    "no such cell": configure(cell="lstn"),
    "no such task": configure(task="\udcff\n"),
    "another optimiser": configure(optimizer="rmsprop"),
    "a setting out of range": configure(hidden_size=0),
    "a setting that is not": configure(nonsense=1),
    "a length that the task cannot have": configure(seq_len=1),
    "a config of lists": configure(hidden_size=[4]),
    "no runs": lambda tensors, metadata: metadata.update(runs=[]),
    "too many runs": lambda tensors, metadata: metadata.update(runs=metadata["runs"] * 3),
    "runs of another kind": lambda tensors, metadata: metadata.update(runs={"a": 1}),
    "runs are a number": lambda tensors, metadata: metadata.update(runs="3"),
    "runs are not JSON": lambda tensors, metadata: metadata.update(runs="[{"),
    "runs are deep": lambda tensors, metadata: metadata.update(runs="[" * 100_000),
    "runs are missing": lambda tensors, metadata: (metadata.pop("runs"), metadata.update(runs="null")),
    "another format": lambda tensors, metadata: metadata.update(format="rnn-playground-0"),
}  # fmt: skip


@pytest.mark.parametrize("change", SPOILED.values(), ids=SPOILED.keys())
def test_a_file_that_was_changed(file, change):
    refused(rewritten(file, change))


def test_no_runs_key(file):
    refused(write_tensors(read_tensors(file), {"format": checkpoints.FORMAT}))


def test_a_file_without_a_good_step_is_of_an_earlier_version(file):
    def change(tensors, metadata):
        for meta in metadata["runs"]:
            meta.pop("good_step")

    first, second = load(rewritten(file, change))
    assert (first.good_step, second.good_step) == (7, 7)


# --- files of others --------------------------------------------------------------------------------------


def test_a_safetensors_file_of_somebody_else():
    for metadata in (None, {"format": "pt"}, {"format": checkpoints.FORMAT + "x", "runs": "[]"}):
        data = write_tensors({"weight": torch.zeros(3)}, metadata)
        assert "not a file of this playground" in refused(data)


class Bomb:
    """Unpickling this would be noticed."""

    def __reduce__(self):
        return (pytest.fail, ("a file was unpickled",))


def as_torch_save():
    buffer = io.BytesIO()
    torch.save({"weight": torch.zeros(3)}, buffer)
    return buffer.getvalue()


FOREIGN = {
    "empty": b"",
    "zeros": bytes(1000),
    "text": b"hello, world\n" * 100,
    "JSON": json.dumps({"__metadata__": {"format": "rnn-playground-1", "runs": "[]"}}).encode(),
    "a pickle": pickle.dumps(Bomb()),
    "an old pickle": pickle.dumps(Bomb(), 0),
    "a pickle in a header": struct.pack("<Q", 100) + pickle.dumps(Bomb()).ljust(100),
    "torch.save": as_torch_save(),
    "a picture": b"\x89PNG\r\n\x1a\n" + bytes(13) + b"IHDR" * 100,
    "a header as long as can be declared": b"\xff" * 8 + b"{}",
    "a header of 2 GB": struct.pack("<Q", 2**31) + b'{"__metadata__": {"format": "rnn-playground-1"}}',
    "a header of brackets": struct.pack("<Q", 200_000) + b"[" * 200_000,
    "a header of a list": struct.pack("<Q", 2) + b"[]",
    "a header of lists": struct.pack("<Q", 21) + b'{"__metadata__": [1]}',
    "a header of no text": struct.pack("<Q", 4) + b"\xff\xfe\xff\xfe",
    "noise": random.Random(1).randbytes(5000),
}  # fmt: skip


@pytest.mark.parametrize("data", FOREIGN.values(), ids=FOREIGN.keys())
def test_a_file_of_something_else(data):
    refused(data)


def test_a_tensor_that_claims_more_than_there_is(file):
    length = header_end(file)
    header = json.loads(file[8:length])
    header[WEIGHT]["shape"] = [2**40, 2**20]
    for offsets in ([0, 2**62], header[WEIGHT]["data_offsets"]):
        header[WEIGHT]["data_offsets"] = offsets
        text = json.dumps(header).encode()
        refused(struct.pack("<Q", len(text)) + text + file[length:])


def test_a_file_that_is_too_large(file):
    message = refused(file + bytes(MAX_BYTES), configs=False)
    assert "64 MB" in message
    assert "1 MB" in refused_at(file + bytes(2**20), 2**20)
    assert len(load(file, max_bytes=None)) == len(load(file, max_bytes=len(file))) == 2


def refused_at(data, most):
    with pytest.raises(CheckpointError) as error:
        load(data, max_bytes=most)
    return str(error.value)


def test_a_long_table_stands_once_in_the_file_and_comes_back():
    data = "v\n" + "\n".join(f"{i % 97 + i % 7}" for i in range(3650)) + "\né"
    configs = [RunConfig(task="own_series", cell=cell, steps=2, options={"data": data}) for cell in ("rnn", "gru")]
    race = Race.of(configs)
    for run in race.runs:
        run.start()
        run.advance(steps=2)
    saved = save(race.runs)
    assert saved.count("é".encode()) == 1
    assert [config.options["data"] for config in read_configs(saved)] == [data, data]
    loaded = load(saved)
    assert [run.config for run in loaded] == configs and [run.step for run in loaded] == [2, 2]
