"""The spoken sounds against a plain synthesiser, a plain spectrum, and what order-free listeners can reach."""

import math

import pytest
import torch

from rnncore.analysis.outcomes import stretched
from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.perception import voices
from rnncore.tasks.perception.sounds import HELD_OUT_VOICES, TRAINING_VOICES
from rnncore.tasks.perception.voices import BANDS, HOP, RATE, SOUNDS, WINDOW
from rnncore.training.run import Run

torch.set_num_threads(1)
FRAMES = 20


def build(frames=FRAMES):
    return TASKS["sounds"](frames)


def test_every_voice_says_every_sound_once_and_held_out_voices_are_others():
    task = build()
    heard = task.recordings
    assert heard.sounds.tolist() == list(range(9)) * (TRAINING_VOICES + HELD_OUT_VOICES)
    pitch = heard.pitch.view(-1, 9)
    assert (pitch == pitch[:, :1]).all() and len(pitch[:, 0].unique()) == len(
        pitch
    )  # one pitch per voice, no two alike
    every = task.held_out(task.held_out_size, generator(0, "held-out"))
    rows = {column.numpy().tobytes() for column in every.inputs.unbind(1)}
    assert rows == {column.numpy().tobytes() for column in task.inputs[:, task.border :].unbind(1)}
    assert torch.bincount(every.targets).tolist() == [HELD_OUT_VOICES] * 9
    training = task.batch(4000, generator(0, "data"))
    assert torch.bincount(training.targets).double().div(4000).numpy() == pytest.approx(1 / 9, abs=0.02)


def test_what_is_heard_is_what_the_network_gets():
    task = build()
    example = task.held_out(1, generator(3, "held-out"))
    shown = task.show(example)
    (sound,) = shown.sounds
    assert sound.rate == RATE and len(sound.samples) == (FRAMES - 1) * HOP + WINDOW
    assert max(map(abs, sound.samples)) < 0.9 and max(map(abs, (*sound.samples[:5], *sound.samples[-5:]))) < 0.002
    again = voices.band_energies((torch.tensor(sound.samples) * 32767).round().short()[None])
    assert ((again - task.mean) / task.deviation).numpy() == pytest.approx(example.inputs.numpy(), abs=1e-5)
    (picture,) = shown.pictures
    assert len(picture.rows) == BANDS and all(len(row) == FRAMES and min(row) >= 0 for row in picture.rows)
    assert max(max(row) for row in picture.rows) == 1
    loudest = torch.tensor(picture.rows).flip(0).argmax(dim=0)
    assert voices.centres()[loudest].round().tolist() == list(shown.tracks[0].values)


def test_sounds_are_soft_at_both_ends_and_not_too_loud():
    waves = voices.wave_forms(TRAINING_VOICES + HELD_OUT_VOICES, 40).float() / 32767
    assert waves.abs().max() < 0.9 and waves[:, [0, -1]].abs().max() < 1e-3
    assert (waves.square().mean(dim=1).sqrt() > 0.04).all()


def test_bands_are_energies_of_a_plain_spectrum():
    rate = torch.arange(WINDOW) / RATE
    centres = voices.centres()
    tones = torch.stack([(2 * math.pi * hz * rate).cos() for hz in centres[2::3].tolist()])
    energies = voices.band_energies((10_000 * tones).short())
    assert energies.shape == (1, len(tones), BANDS)
    assert energies[0].argmax(dim=1).tolist() == list(range(2, BANDS, 3))
    wave = (10_000 * tones[1]).short()
    window = [0.5 - 0.5 * math.cos(2 * math.pi * i / WINDOW) for i in range(WINDOW)]
    signal = [w * x / 32767 for w, x in zip(window, wave.tolist(), strict=True)]
    mel = [2595 * math.log10(1 + hz / 700) for hz in (RATE / WINDOW * k for k in range(WINDOW // 2 + 1))]
    corners = torch.linspace(150, mel[-1], BANDS + 2).tolist()
    naive = [1e-6] * BANDS
    for k in range(WINDOW // 2 + 1):
        turned = sum(x * complex(math.cos(2 * math.pi * k * i / WINDOW), -math.sin(2 * math.pi * k * i / WINDOW))
                     for i, x in enumerate(signal))  # fmt: skip
        for band in range(BANDS):
            low, middle, high = corners[band : band + 3]
            rising, falling = (mel[k] - low) / (middle - low), (high - mel[k]) / (high - middle)
            naive[band] += abs(turned) ** 2 * max(0, min(rising, falling))
    assert energies[0, 1].tolist() == pytest.approx([math.log(x) for x in naive], abs=2e-3)


def test_pulses_come_at_the_pitch_and_between_samples():
    pulses = voices._pulses(torch.full((RATE, 1), 123.4), torch.zeros(1))[:, 0]
    assert float(pulses.sum()) == pytest.approx(123, abs=1)
    assert (pulses >= -1e-4).all()
    moments = [i for i in range(1, RATE) if pulses[i] > 0 and pulses[i - 1] <= 1e-6]
    gaps = torch.tensor(moments).diff()
    assert gaps.min() >= 63 and gaps.max() <= 66  # 64.8 samples


def test_resonators_are_those_of_a_naive_filter():
    source = torch.randn(200, 2, generator=generator(0, "noise"))
    formants = torch.tensor([[500.0, 700.0], [1500.0, 1100.0], [2500.0, 2600.0]])
    fast = voices._resonate(source, formants.expand(4, 3, 2))
    for which in range(2):
        signal = source[:, which].tolist()
        for hz in (0.0, *formants[:, which].tolist()):
            width = 100 + hz / 20
            c = -math.exp(-2 * math.pi * width / RATE)
            b = 2 * math.exp(-math.pi * width / RATE) * math.cos(2 * math.pi * hz / RATE)
            out = [0.0, 0.0]
            for x in signal:
                out.append((1 - b - c) * x + b * out[-1] + c * out[-2])
            signal = [0.0, *out[2:-1]] if hz < 2000 else out[2:]  # heard by the next one a sample later
        naive = torch.tensor([0, 0, *(now - then for now, then in zip(signal[2:], signal[:-2], strict=True))])
        assert fast[:, which].numpy() == pytest.approx(naive.numpy(), abs=1e-5)


def test_glides_are_each_other_backwards_and_neither_end_nor_average_tells():
    task = build(30)
    by_sound = task.inputs.unflatten(1, (-1, len(SOUNDS))).mean(dim=1)  # (frames, sounds, bands)
    ah_ee, ee_ah = (by_sound[:, SOUNDS.index(name)] for name in ("ah-ee", "ee-ah"))
    ah, ee = (by_sound[:, SOUNDS.index(name)] for name in ("ah", "ee"))
    assert (ah_ee - ee_ah.flip(0)).abs().mean() < 0.1 < 0.5 < (ah_ee - ee_ah).abs().mean()
    assert (ah_ee[-4:] - ee[-4:]).abs().mean() < 0.1 and (ah_ee[:4] - ah[:4]).abs().mean() < 0.1
    chance, last, together = task.baselines()
    assert chance.loss == math.log(9)
    assert 0.4 < last.metric < 5 / 9 + 0.03 and 0.65 < together.metric < 7 / 9 + 0.03
    assert last.loss > (3 * math.log(3) + 4 * math.log(2)) / 9 - 0.03 and together.loss > 4 * math.log(2) / 9 - 0.03


@pytest.mark.slow
def test_a_gru_names_the_sounds_of_new_voices_and_a_window_of_ten_frames_hears_the_end_only():
    run = Run(RunConfig(task="sounds", cell="gru", seed=1))
    run.advance(steps=600)
    in_no_order = run.task.baselines()[-1].metric
    assert run.history.held_out["metric"][-1] > 0.97 > 7 / 9 > in_no_order
    window = Run(RunConfig(task="sounds", cell="feedforward", seed=1))
    window.advance(steps=600)
    assert window.history.held_out["metric"][-1] < 0.7


def test_sounds_of_more_than_a_second_are_refused():
    with pytest.raises(ConfigError, match="at most 64 frames, not 120: choose fewer"):
        build(120)
    run = Run(RunConfig(task="sounds", cell="rnn", seq_len=24, hidden_size=4))
    assert [each.seq_len for each in stretched(run)] == [12, 24, 48]
