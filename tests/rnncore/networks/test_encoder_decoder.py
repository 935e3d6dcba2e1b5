"""Networks that read first and write then: against PyTorch's modules, formulas, and themselves."""

import pytest
import torch
from torch import nn

from rnncore.analysis.gradients import gradient_flow
from rnncore.analysis.outcomes import report
from rnncore.config import RunConfig
from rnncore.networks.build import build_network
from rnncore.networks.encoder_decoder import Attention
from rnncore.seeding import generator
from rnncore.training.run import Run

torch.set_num_threads(1)

SMALL = {"task": "dates", "hidden_size": 12, "batch_size": 8}


def network(**settings):
    config = RunConfig.from_flat({**SMALL, **settings})
    task = config.build_task()
    return build_network(config, task, generator(3, "init")), task


def copied(module, cells):
    for layer, cell in enumerate(cells):
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh"):
            getattr(module, f"{name}_l{layer}").data.copy_(getattr(cell, name))
    return module.double()


@pytest.mark.parametrize(("cell", "kind"), [("lstm", nn.LSTM), ("gru", nn.GRU), ("rnn", nn.RNN)])
@pytest.mark.parametrize("layers", [1, 2])
def test_without_attention_it_is_two_modules_of_pytorch_in_a_row(cell, kind, layers):
    model, task = network(cell=cell, num_layers=layers)
    reading = copied(kind(task.input_size, 12, layers), [layer[0] for layer in model.layers])
    writing = copied(kind(task.feed_size, 12, layers), model.writers)
    model = model.double()
    batch = task.batch(5, generator(0, "data"))
    _, state = reading(nn.functional.one_hot(batch.inputs, task.input_size).double())
    fed = nn.functional.one_hot(batch.targets, task.feed_size).double()
    outputs, _ = writing(torch.cat([torch.zeros_like(fed[:1]), fed[:-1]]), state)
    expected = outputs @ model.readout.weight.T + model.readout.bias
    assert torch.allclose(model.answer(batch)[0], expected, atol=1e-10, rtol=0)


def test_attention_is_the_published_formula():
    look = Attention(6, 10, generator(0, "init")).double()
    s, read = torch.randn(3, 6, dtype=torch.float64), torch.randn(7, 3, 10, dtype=torch.float64)
    context, weights = look(s, read, look.keys(read))
    for b in range(3):
        scores = torch.stack([
            look.score.weight[0]
            @ torch.tanh(look.query.weight @ s[b] + look.query.bias + look.key.weight @ h + look.key.bias)
            for h in read[:, b]
        ])  # fmt: skip
        alpha = scores.exp() / scores.exp().sum()
        assert torch.allclose(weights[:, b], alpha)
        assert torch.allclose(context[b], sum(a * h for a, h in zip(alpha, read[:, b], strict=True)))


@pytest.mark.parametrize("settings", [
    {}, {"attention": True}, {"attention": True, "bidirectional": True, "num_layers": 2}, {"bidirectional": True},
    {"cell": "lstm_peephole", "attention": True}, {"cell": "feedforward", "attention": True},
])  # fmt: skip
def test_fed_with_what_it_wrote_it_gives_the_same_outputs_as_in_training(settings):
    """Feeding the answer it wrote as if it were the right one must lead to the outputs from which it was written."""
    model, task = network(**{"cell": "lstm", **settings})
    batch = task.batch(6, generator(0, "data"))
    with torch.no_grad():
        written = model.write(batch.inputs, task, generator(0, "writing"))
        outputs, hidden = model.answer(type(batch)(batch.inputs, written.targets))
    assert torch.allclose(outputs, written.outputs, atol=1e-5)
    assert torch.equal(outputs.argmax(-1), written.targets)
    assert hidden.shape == (task.answer_steps, 6, 12)
    if task.attention:
        assert written.attention.shape == (task.answer_steps, 6, task.input_steps)
        assert torch.allclose(written.attention.sum(-1), torch.ones(()))
    else:
        assert written.attention is None


def test_without_attention_a_feed_forward_network_writes_whatever_it_reads_the_same():
    model, task = network(cell="feedforward")
    batch = task.batch(6, generator(0, "data"))
    written = model.write(batch.inputs, task, generator(0, "writing")).targets
    assert (written == written[:, :1]).all()


@pytest.mark.parametrize("attention", [False, True])
def test_gradients_are_those_of_finite_differences(attention):
    model, task = network(cell="gru", attention=attention, bidirectional=True, hidden_size=4)
    model = model.double()
    batch = task.batch(3, generator(0, "data"))
    task.loss(model.answer(batch)[0], batch).backward()
    for parameter in model.parameters():
        place = (0,) * parameter.dim()
        eps, found = 1e-6, []
        for sign in (1, -1):
            with torch.no_grad():
                parameter[place] += sign * eps
                found.append(task.loss(model.answer(batch)[0], batch).item())
                parameter[place] -= sign * eps
        expected = (found[0] - found[1]) / (2 * eps)
        assert parameter.grad[place].item() == pytest.approx(expected, abs=1e-7, rel=1e-5)


def test_flawless_answers_are_the_same_with_either_feeding():
    run = Run(RunConfig(**{**SMALL, "cell": "lstm", "hidden_size": 64, "batch_size": 32, "lr": 0.01}))
    run.advance(steps=700)
    found = report(run)
    assert 0.05 < found["exact_free"] < 1  # some are, some are not
    assert found["exact_free"] == pytest.approx(float(run.history.held_out["metric"][-1]))
    assert found["characters_free"] <= found["characters"]


def test_attention_gives_the_first_symbols_a_short_way_to_the_loss():
    """The gradient that reaches the first symbol read, from the loss at the last one written."""
    without, with_ = (
        gradient_flow(RunConfig.from_flat({**SMALL, "cell": "rnn", "attention": attention})).top.norm_h.mean
        for attention in (False, True)
    )
    assert len(without) == len(with_) == RunConfig(task="dates").seq_len
    assert with_[-1] / with_[0] > 10 * without[-1] / without[0]
