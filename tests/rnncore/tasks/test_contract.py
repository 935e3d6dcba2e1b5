"""What every registered task promises, whichever it is."""

import math
import re

import pytest
import torch
from torch.nn import functional as F

from rnncore.cells import CELLS
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.build import build_network
from rnncore.seeding import generator
from rnncore.settings import settings
from rnncore.tasks import TASKS
from rnncore.tasks.base import Batch
from rnncore.tasks.series.windows import WindowTask

torch.set_num_threads(1)

PADDED = ("parity", "brackets", "anbn", "anbncn")
# the smallest space of inputs each task can have; only there would the two sides collide if nothing kept them apart
TINY = {"copy_memory": {"memorize": 2}, "brackets": {"depth": 1}}
every_task = pytest.mark.parametrize("name", TASKS)


def build(name):
    return RunConfig(task=name).build_task()


def build_tiny(name):
    kind = TASKS[name]
    return kind(kind.seq_len_range[0], kind.Options(**TINY.get(name, {})))


def perfect(task, batch):
    if task.loss_kind == "density":
        pytest.skip("no output is certain: the answer is drawn from a density")
    if task.loss_kind == "mse":
        return batch.targets
    if task.loss_kind == "binary":
        return 60 * (2 * batch.targets - 1)
    return 60.0 * F.one_hot(batch.targets, task.output_size)


def model_for(task, name, **settings):
    config = RunConfig(task=name, cell="gru", **{"hidden_size": 7, **settings})
    return build_network(config, task, generator(1, "init"))


def shown_output(task, outputs):
    """Return what `show` takes, given what `answer` returned for one example."""
    if task.writes:
        return task.choose(outputs.flatten(0, 1), generator(0, "choose"))
    return outputs[0] if task.many_to_one else outputs[:, 0]


def input_steps(task):
    return task.input_steps if task.writes else task.total_steps


def ideal(task, example):
    """Return what `show` would be given by a network without fault."""
    if task.writes:
        return example.targets[:, 0]
    return shown_output(task, perfect(task, example))


def examples(batch):
    return {batch.inputs[:, i].contiguous().numpy().tobytes() for i in range(batch.size)}


def same(one, other):
    pairs = [(getattr(one, part), getattr(other, part)) for part in ("inputs", "targets", "mask", "lengths")]
    return all(a is b if a is None or b is None else torch.equal(a, b) for a, b in pairs)


def test_the_tasks_are_registered_in_order():
    expected = "adding copy_memory temporal_order clue parity brackets sines temperature text"
    assert [name for name in TASKS if name in expected.split()] == expected.split()


@every_task
@pytest.mark.parametrize("side", ["sample", "batch", "held_out"])
@pytest.mark.parametrize("make", [build, build_tiny])
def test_batches_have_the_documented_shapes(name, side, make):
    task = make(name)
    batch = getattr(task, side)(5, generator(0, "data"))
    time = input_steps(task)
    if batch.inputs.dtype == torch.int64:
        assert batch.inputs.shape == (time, 5)
        assert batch.inputs.min() >= 0 and batch.inputs.max() < task.input_size
    else:
        assert batch.inputs.dtype == torch.float32
        assert batch.inputs.shape == (time, 5, task.input_size)
    classes = task.loss_kind == "cross_entropy"
    steps = task.answer_steps if task.writes else time
    leading = (5,) if task.many_to_one else (steps, 5)
    size = task.feed_size if task.writes else task.output_size
    assert batch.targets.shape == (leading if classes else (*leading, size))
    assert batch.targets.dtype == (torch.int64 if classes else torch.float32)
    if classes:
        assert batch.targets.min() >= 0 and batch.targets.max() < task.output_size
    assert batch.size == 5 and torch.isfinite(batch.inputs.double()).all()
    if batch.lengths is not None:
        assert batch.lengths.dtype == torch.int64 and batch.lengths.shape == (5,)
        assert batch.lengths.min() >= 1 and batch.lengths.max() <= time
        if not task.many_to_one:
            assert torch.equal(batch.mask, torch.arange(time)[:, None] < batch.lengths)
    if batch.mask is not None:
        assert batch.mask.dtype == torch.bool and batch.mask.shape == (steps, 5)


@every_task
@pytest.mark.parametrize("side", ["batch", "held_out"])
def test_the_generator_decides_the_batch(name, side):
    task = build(name)
    draw = getattr(task, side)
    assert same(draw(6, generator(3, "data")), draw(6, generator(3, "data")))
    assert not same(draw(6, generator(3, "data")), draw(6, generator(4, "data")))


@every_task
def test_drawing_leaves_the_global_random_state_alone(name):
    before = torch.random.get_rng_state()
    task = build(name)
    task.batch(4, generator(0, "data"))
    task.held_out(4, generator(0, "data"))
    task.baselines()
    assert torch.equal(torch.random.get_rng_state(), before)


@every_task
def test_held_out_inputs_never_occur_in_training(name):
    task = build_tiny(name)
    if isinstance(task, WindowTask):
        pytest.skip("split by place: see the next test")
    training = examples(task.batch(4000, generator(0, "data")))
    held_out = examples(task.held_out(1000, generator(0, "held-out")))
    assert training and held_out and not training & held_out


@pytest.mark.parametrize("name", [name for name in TASKS if issubclass(TASKS[name], WindowTask)])
def test_windows_stay_on_their_side_of_the_border(name, monkeypatch):
    task = build(name)
    # the same windows of places instead of values: what is drawn tells where it came from
    total = len(task.training_windows) + len(task.held_out_windows) + 2 * task.seq_len
    border = len(task.training_windows) + task.seq_len
    places = torch.arange(total)
    task.split(places[:border], places[border:])
    monkeypatch.setattr(task, "as_batch", lambda windows: Batch(windows, windows))
    training = task.batch(50_000, generator(0, "data")).inputs
    held_out = task.held_out(5000, generator(0, "held-out")).inputs
    assert training.max() == border - 1 and training.min() == 0
    assert held_out.min() == border and held_out.max() == total - 1
    assert (training.diff(dim=1) == 1).all() and (held_out.diff(dim=1) == 1).all()
    every = task.held_out(len(task.held_out_windows), generator(1, "held-out")).inputs
    assert len(every[:, 0].unique()) == len(task.held_out_windows)  # none twice


@every_task
@pytest.mark.parametrize("make", [build, build_tiny])
def test_a_network_gets_a_finite_loss_and_metric(name, make):
    task = make(name)
    batch = task.batch(5, generator(0, "data"))
    outputs, _ = model_for(task, name).answer(batch)
    loss = task.loss(outputs, batch)
    loss.backward()
    assert loss.shape == () and loss.isfinite()
    assert task.metric(outputs.detach(), batch).shape == () and task.metric(outputs, batch).isfinite()


@every_task
@pytest.mark.parametrize("make", [build, build_tiny])
def test_baselines_are_ordered_and_explained(name, make):
    task = make(name)
    lines = task.baselines()
    by_kind = {line.kind: line for line in lines}
    assert {"chance", "memoryless"} & by_kind.keys()
    better = (lambda a, b: a >= b) if task.metric_higher_is_better else (lambda a, b: a <= b)
    for line in lines:
        assert len(line.reason) > 10 and line.reason.endswith(".") and line.name
        assert all(x is None or math.isfinite(x) for x in (line.loss, line.metric))
        if "optimum" in by_kind:
            assert line.loss >= by_kind["optimum"].loss and better(by_kind["optimum"].metric, line.metric)
    if {"chance", "memoryless"} <= by_kind.keys():
        assert by_kind["memoryless"].loss <= by_kind["chance"].loss
        assert better(by_kind["memoryless"].metric, by_kind["chance"].metric)
    for line, again in zip(lines, task.baselines(), strict=True):
        assert (line.kind, line.name, line.reason) == (again.kind, again.name, again.reason)
        for a, b in ((line.loss, again.loss), (line.metric, again.metric)):
            assert a == b or a == pytest.approx(b, rel=1e-9)  # least squares wobbles; None where not known


@every_task
def test_show_describes_an_example(name):
    task = build(name)
    for seed in range(20):
        example = task.held_out(1, generator(seed, "held-out"))
        shown = task.show(example)
        assert shown.answer is None and shown.right is None
        assert {track.role for track in shown.tracks} >= {"input"}
        outputs = model_for(task, name).answer(example)[0].detach()
        for output in (shown_output(task, outputs), ideal(task, example)):
            full = task.show(example, output)
            assert (full.question, full.truth) == (shown.question, shown.truth)
            assert isinstance(full.answer, str) and isinstance(full.right, bool)
            assert all(0 < len(text) <= (60 if task.writes else 24) for text in (full.question, full.truth))
            assert 0 < len(full.answer) <= 24 or task.writes
            for track in full.tracks:
                assert track.values and all(type(v) is type(track.values[0]) for v in track.values)
                assert isinstance(track.values[0], float | str)
                assert all(0 <= i < len(track.values) for i in track.marked)
                assert track.start + len(track.values) <= task.total_steps + 1
            for picture in full.pictures:
                assert picture.rows and len({len(row) for row in picture.rows}) == 1
                assert all(
                    re.fullmatch("#[0-9A-F]{6}", v) if isinstance(v, str) else 0 <= v <= 1
                    for row in picture.rows
                    for v in row
                )
            for clip in full.clips:
                sizes = {(len(frame), *map(len, frame)) for frame in clip.frames}
                assert clip.seconds > 0 and len(clip.frames) > 1 and len(sizes) == 1
                assert all(0 <= v <= 1 for frame in clip.frames for row in frame for v in row)
            for painting in full.paintings:
                assert all(re.fullmatch("#[0-9A-F]{6}", colour) for colour, _ in painting.areas)
                points = [point for _, outlines in painting.areas for line in outlines for point in line]
                assert points and all(0 <= v <= painting.size for point in points for v in point)
            for drawing in full.drawings:
                assert all(math.isfinite(v) for stroke in drawing.strokes for point in stroke for v in point)
            for sound in full.sounds:
                assert sound.samples and max(map(abs, sound.samples)) <= 1 and 4000 <= sound.rate <= 48_000
        assert full.right is True


@every_task
@pytest.mark.parametrize("make", [build, build_tiny])
def test_a_perfect_output_scores_perfectly(name, make):
    task = make(name)
    batch = task.held_out(50, generator(0, "held-out"))
    outputs = perfect(task, batch)
    assert task.loss(outputs, batch) < 1e-6
    assert float(task.metric(outputs, batch)) == pytest.approx(float(task.metric_higher_is_better), abs=1e-6)


@every_task
def test_right_agrees_with_the_metric_where_answers_are_right_or_wrong(name):
    task = build(name)
    if task.metric_unit != "share":
        pytest.skip("the metric is a distance")
    for seed in range(40):
        example = task.held_out(1, generator(seed, "held-out"))
        outputs = perfect(task, example).float()
        if seed % 2:
            noise = torch.randn(outputs.shape, generator=generator(seed, "noise"))
            outputs = outputs + (0.05 if task.loss_kind == "mse" else 60) * noise
        shown = task.show(example, shown_output(task, outputs))
        assert shown.right == (float(task.metric(outputs, example)) == 1)


@every_task
def test_recommended_settings_are_a_valid_config(name):
    config = RunConfig(task=name)
    recommended = TASKS[name].recommended
    assert recommended.keys() <= RunConfig.model_fields.keys()
    assert {key: getattr(config, key) for key in recommended} == dict(recommended)
    assert config.build_task().seq_len == config.seq_len


@every_task
def test_own_options_do_not_hide_common_settings(name):
    options = TASKS[name].Options
    assert not options.model_fields.keys() & RunConfig.model_fields.keys()
    assert settings(options).keys() == options.model_fields.keys()  # all declared with `setting`, so all have widgets


@every_task
def test_a_task_says_what_it_is(name):
    kind = TASKS[name]
    for text in (
        kind.label,
        kind.question,
        kind.summary,
        kind.loss_label,
        kind.metric_label,
        kind.metric_unit,
        kind.data,
    ):
        assert text and text == text.strip()
    assert kind.__doc__ and "time, batch" in kind.__doc__
    words = vars(kind)["keywords"].split()  # of its own, not its parent's
    assert len(words) >= 5 and len({word.lower() for word in words}) == len(words)


@every_task
def test_the_cells_known_to_fail_exist_and_are_explained(name):
    for cell, sentence in TASKS[name].fails.items():
        assert cell in CELLS and len(sentence) > 20 and sentence.endswith(".")


@pytest.mark.parametrize("name", [name for name in TASKS if TASKS[name].ask and TASKS[name].ask_kind == "text"])
def test_what_a_person_types_becomes_inputs_and_nonsense_one_sentence(name):
    task = build(name)
    kind = TASKS[name]
    typed = [*re.findall("“(.+?)”", kind.ask), task.first_question]
    assert all(typed), "`ask` shows an example between “ and ”, or the task makes one of its data"
    for text in typed:
        inputs = task.parse_text(text)
        assert inputs.dtype in (torch.int64, torch.float32) and inputs.shape[1] == 1
        assert len(task.steps(inputs)) == len(inputs) and all(task.steps(inputs))
        assert model_for(task, name).read(inputs)[0].isfinite().all()
    for nonsense in ("", "   ", "☃" * 5, "<b>zzqx</b>" * 3, typed[0] + " zzqx ☃", (typed[0] + " ") * 400):
        with pytest.raises(ConfigError) as caught:
            task.parse_text(nonsense)
        assert len(str(caught.value)) > 20


@every_task
def test_whether_and_how_a_network_writes_stands_on_the_task(name):
    task = build(name)
    assert task.writes == (task.answer_steps > 0) == (task.feed_size > 0)
    assert task.writes >= task.attention and task.writes >= task.writes_symbols == (len(task.symbols) > 1)
    assert (task.ask_kind == "opening") == bool(task.vocabulary)
    if not task.writes:
        for asked in (
            lambda: task.feed(torch.zeros(1)),
            lambda: task.choose(torch.zeros(1, 1), generator(0, "choose")),
        ):
            with pytest.raises(NotImplementedError, match=name):
                asked()


@every_task
def test_every_further_measure_is_described(name):
    task = build(name)
    with torch.no_grad():
        found = task.report(model_for(task, name), task.held_out(2, generator(0, "held-out")))
    assert found.keys() == task.reported.keys()


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", PADDED)
def test_what_stands_in_the_padding_changes_nothing(name, bidirectional):
    task = build(name)
    model = model_for(task, name, bidirectional=bidirectional, num_layers=2).double()
    batch = task.batch(20, generator(0, "data"))
    assert (batch.lengths < task.total_steps).any()
    other = torch.randint(0, task.input_size, batch.inputs.shape, generator=generator(1, "noise"))
    changed = torch.where(batch.mask, batch.inputs, other)
    assert not torch.equal(changed, batch.inputs)
    before, after = model(batch.inputs, batch.lengths), model(changed, batch.lengths)
    assert torch.equal(before[batch.mask], after[batch.mask])
    to64 = type(batch)(batch.inputs, batch.targets.to(before.dtype) if task.loss_kind == "binary" else batch.targets,
                       batch.mask, batch.lengths)  # fmt: skip
    assert task.loss(before, to64) == task.loss(after, to64)
    assert task.metric(before, to64) == task.metric(after, to64)
    assert task.metric(torch.where(batch.mask[..., None], before, -before), to64) == task.metric(before, to64)
