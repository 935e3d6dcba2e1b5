"""Melodies against a naive reading of the grammar, note by note."""

import math
from collections import Counter

import pytest
import torch

from rnncore.analysis.outcomes import report
from rnncore.config import RunConfig
from rnncore.seeding import generator
from rnncore.tasks import TASKS
from rnncore.tasks.writing.melody import METRES, RULES
from rnncore.tasks.writing.notes import BOTTOM, END, LENGTHS, RATE, TOP, notes_of, roll, sound
from rnncore.tasks.writing.tunes import CHORDS, EIGHTHS, KEYS, SCALES, chords, compose
from rnncore.tasks.writing.tunes import METRES as BARS
from rnncore.training.run import Run

torch.set_num_threads(1)


def asked(batch, i):
    tonic, mode, metre = (int(part.argmax()) for part in batch.inputs[0, i].split([6, 2, 3]))
    return f"{'ACDEFG'[tonic]} {('major', 'minor')[mode]}", METRES[metre]


def probabilities(notes, key, metre, bars):
    """The probability of each note of a tune, by the rules of the grammar written out."""
    tonic, scale = KEYS[key]
    allowed = [tonic + 12 * (step // 7) + SCALES[scale][step % 7] for step in range(-3, 8)]
    found, eighths, before, bar = [], 0, tonic, []
    for pitch, length in notes:
        number, place = divmod(eighths, EIGHTHS[metre])
        bar = [] if place == 0 else bar
        if number == bars - 1:
            rhythm = float(length == EIGHTHS[metre])
        else:
            fits = {r: w for r, w in BARS[metre].items() if r[: len(bar)] == tuple(bar)}
            rhythm = sum(w for r, w in fits.items() if r[len(bar)] == length) / sum(fits.values())
        weights = []
        for other in allowed:
            weight = {0: 2, 1: 6, 2: 2, 3: 0.5}.get(abs(allowed.index(other) - allowed.index(before)), 0.1)
            degree = SCALES[scale].index((other - tonic) % 12)
            in_chord = degree in CHORDS[chords(bars)[number]]
            if number == bars - 1:
                weight *= degree == 0
            elif place == 0:
                weight *= in_chord
            else:
                weight *= 2 if in_chord else 1
            weights.append(weight)
        found.append(rhythm * weights[allowed.index(pitch)] / sum(weights))
        eighths, before = eighths + length, pitch
        bar.append(length)
    assert eighths == bars * EIGHTHS[metre]
    return found


@pytest.mark.parametrize("bars", [2, 4, 7])
def test_the_surprise_of_every_note_is_that_of_the_grammar(bars):
    metres = torch.arange(60) % 3
    tunes = compose(metres, bars, generator(0, "tunes"))
    key, (tonic, scale) = next((k, v) for k, v in KEYS.items() if v[1] == "minor")
    for i in range(60):
        known = tunes.lengths[:, i] > 0
        steps = [step - 3 for step in tunes.steps[known, i].tolist()]
        pitches = [tonic + 12 * (step // 7) + SCALES[scale][step % 7] for step in steps]
        notes = list(zip(pitches, tunes.lengths[known, i].tolist(), strict=True))
        nats = [-math.log(p) for p in probabilities(notes, key, METRES[metres[i]], bars)]
        assert tunes.nats[known, i].tolist() == pytest.approx(nats)
        assert (tunes.nats[~known, i] == 0).all()


def test_notes_come_as_often_as_the_grammar_says():
    """Each note's probability, summed over tunes, against how often it came: both are counts."""
    task = TASKS["melody"](3)
    batch = task.sample(3000, generator(1, "data"))
    seen, total = Counter(), Counter()
    for i in range(batch.size):
        key, metre = asked(batch, i)
        notes = notes_of(batch.targets[:, i])
        probability = probabilities(notes, key, metre, 3)
        seen[metre, notes[0][1]] += 1
        total[metre] += 1
        assert all(p > 0 for p in probability) and batch.mask[:, i].sum() == len(notes) + 1
    for metre, bars in BARS.items():
        for length in {rhythm[0] for rhythm in bars}:
            share = sum(w for rhythm, w in bars.items() if rhythm[0] == length) / sum(bars.values())
            assert seen[metre, length] / total[metre] == pytest.approx(share, abs=0.05)


def test_the_optimum_is_the_mean_surprise_of_held_out_tunes():
    task = TASKS["melody"](4)
    batch = task.held_out(1500, generator(2, "held-out"))
    nats = 0.0
    for i in range(batch.size):
        nats -= sum(map(math.log, probabilities(notes_of(batch.targets[:, i]), *asked(batch, i), 4)))
    assert nats / int(batch.mask.sum()) == pytest.approx(task.baselines()[2].loss, abs=0.02)


def naive_rules(notes, ended, key, metre, bars):
    tonic, scale = KEYS[key]
    eighths, total = 0, bars * EIGHTHS[metre]
    kept = dict.fromkeys(RULES, True)
    for pitch, length in notes:
        above = (pitch - tonic) % 12
        number, place = divmod(eighths, EIGHTHS[metre])
        kept["in_key"] &= above in SCALES[scale]
        kept["full_bars"] &= place + length <= EIGHTHS[metre] and number < bars
        if place == 0:
            chord = CHORDS[chords(bars)[min(number, bars - 1)]]
            kept["chords"] &= above in [SCALES[scale][degree] for degree in chord]
        eighths += length
        kept["tonic"] &= eighths < total or above == 0
    kept["full_bars"] &= ended and eighths == total
    return kept


def test_rules_are_found_kept_or_broken_as_by_a_naive_reading():
    task = TASKS["melody"](2)
    batch = task.sample(400, generator(3, "data"))
    assert task.rules(batch.inputs, batch.targets).all()
    noise = torch.rand(batch.targets.shape, generator=generator(3, "noise")) < 0.1
    other = torch.randint(0, END + 1, batch.targets.shape, generator=generator(4, "noise"))
    changed = torch.where(noise, other, batch.targets)
    found = task.rules(batch.inputs, changed)
    assert 0 < found.float().mean() < 1
    for i in range(batch.size):
        notes, ended = notes_of(changed[:, i]), bool((changed[:, i] == END).any())
        assert dict(zip(RULES, found[:, i].tolist(), strict=True)) == naive_rules(notes, ended, *asked(batch, i), 2)


def test_six_pairs_of_key_and_metre_are_kept_for_the_test():
    task = TASKS["melody"](2)
    assert {asked(batch, i) for batch in [task.held_out(300, generator(0, "data"))] for i in range(300)} == {
        ("D minor", "3/4"), ("F major", "3/4"), ("A minor", "4/4"), ("C major", "4/4"), ("E minor", "6/8"),
        ("G major", "6/8"),
    }  # fmt: skip
    batch = task.batch(2000, generator(0, "data"))
    assert len({asked(batch, i) for i in range(batch.size)}) == 30


def test_a_piano_roll_and_a_sound_last_as_long_as_the_tune():
    notes = [(60, 2), (64, 1), (60, 3)]
    rows = roll(notes, 6)
    assert len(rows) == TOP - BOTTOM + 1 and all(len(row) == 6 for row in rows)
    assert [v > 0 for v in rows[TOP - 60]] == [True, True, False, True, True, True]
    assert [row[2] for row in rows].index(1.0) == TOP - 64
    assert rows[TOP - 60].count(1.0) == 2  # two notes begin
    assert roll([(60, 8), (60, 8)], 6)[TOP - 60].count(0.0) == 0
    heard = torch.tensor(sound([(69, 8)], 8))
    assert len(heard) <= 8 * RATE and heard.abs().max() < 0.9
    assert abs(heard[0]) < 0.01 and heard.diff().abs().max() < 0.4 and heard[-5:].abs().max() < 0.01
    loudest = torch.fft.rfft(heard).abs().argmax() * RATE / len(heard)
    assert float(loudest) == pytest.approx(440, abs=1)
    assert len(sound(notes * 40, 64)) / RATE <= 8
    assert all(length in LENGTHS for bars in BARS.values() for bar in bars for length in bar)


@pytest.mark.slow
def test_a_gru_learns_the_rules_and_a_window_does_not_know_the_key():
    run = Run(RunConfig(task="melody", cell="gru", steps=700))
    run.advance()
    _, last, optimum = run.task.baselines()
    assert optimum.loss - 0.02 < run.history.held_out["loss"][-1] < optimum.loss + 0.7 < last.loss
    found = report(run)
    assert found["in_key"] > 0.7 and found["full_bars"] > 0.5 and found["tonic"] > 0.4
    blind = Run(RunConfig(task="melody", cell="feedforward", steps=150))
    blind.advance()
    assert report(blind)["all_rules"] < 0.1
