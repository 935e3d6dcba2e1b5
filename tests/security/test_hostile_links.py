"""Links made to do harm: two thousand read, twenty opened. None raises, none gets through, none is repeated."""

import math
import random
import re

import pytest

from playground.live.process import LIMITS
from playground.race.setup import read_setup, setup_settings
from rnncore.cells import CELLS
from rnncore.tasks import TASKS
from rnncore.training.limits import check
from rnncore.training.race import MAX_CELLS

PAYLOADS = [
    "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "javascript:alert(1)", "{{7*7}}", "${7*7}", "%s%n",
    "'; DROP TABLE runs; --", "__import__('os').system('id')", "../../../../etc/passwd", "file:///etc/passwd",
    "http://169.254.169.254/latest/meta-data", "\x00", "\ud7ff\u202e\u200b", "🦕" * 50, "𝟙𝟚", "١٢٣", "1_0", " 12 ",
    "1e308", "1e309", "-1e309", "nan", "inf", "-0", "0x7f", "1e-400", "9" * 400, "9" * 5000, "-" + "9" * 4301, "True",
    "null", "undefined", "[]", "{}", "a" * 20_000, "**bold** $\\frac{1}{0}$ :red[x] [l](javascript:1)", "\n\n# h\n---",
    "rnn,lstm,gru,rnn_relu,feedforward", "rnn" + ",rnn" * 3000, ",", "lstm;gru", "__class__", "../rnn", "LSTM", "",
]  # fmt: skip
NAMES = sorted({name for task in TASKS for name in setup_settings(task)})
STRAYS = ["__class__", "constructor", "zzz", "<b>", "a" * 3000, "task ", "options", "model_config", "text", "é", ""]
FOREIGN = re.compile(r"script|alert|onerror|passwd|DROP|import|frac|169\.254|🦕|\x00|<|\$|\{")


def hostile(number: int) -> dict[str, str]:
    """A query that wants to break something; the same one for the same number."""
    rng = random.Random(number)

    def value() -> str:
        kind = rng.random()
        if kind < 0.6:
            return rng.choice(PAYLOADS)
        if kind < 0.75:
            return str(rng.choice([-1, 1]) * rng.random() * 10 ** rng.randint(-12, 30))
        if kind < 0.85:
            return str(rng.randint(-(2**70), 2**70))
        return "".join(chr(rng.randrange(1, 0xD7FF)) for _ in range(rng.randint(0, 30)))

    query = {name: value() for name in rng.sample(NAMES, rng.randint(1, len(NAMES)))}
    query |= {stray: value() for stray in rng.sample(STRAYS, rng.randint(0, 3))}
    if rng.random() < 0.7:
        query["task"] = rng.choice(list(TASKS))  # or the rest would never be reached
    if rng.random() < 0.4:
        query["cell"] = ",".join(rng.sample(list(CELLS), rng.randint(1, 6)))
    if rng.random() < 0.2:  # as large as it may be, all at once
        query |= dict.fromkeys(("hidden_size", "num_layers", "seq_len", "batch_size", "steps"), "999999999")
    return query


@pytest.mark.parametrize("hundred", range(20))
def test_a_hundred_hostile_links_give_a_set_up_within_bounds(hundred):
    for number in range(100 * hundred, 100 * hundred + 100):
        setup, notices = read_setup(hostile(number), LIMITS)
        known, values = setup_settings(setup.config.task), setup.flat()
        assert 1 <= len(setup.cells) <= MAX_CELLS and set(setup.cells) <= set(CELLS), number
        assert values.keys() == known.keys(), number
        for name, s in known.items():
            value = values[name]
            if s.kind in ("int", "float") and value is not None:
                assert math.isfinite(value) and s.low <= value <= s.high, (number, name, value)
            elif s.kind == "choice":
                assert value in s.choices, (number, name)
            elif s.kind == "text" and name not in ("task", "cell"):
                assert len(value) <= s.max_length, (number, name)
        for config in setup.configs:
            check(config, LIMITS)
        assert len(notices) <= len(known) + 3 and all(len(said) < 400 for said in notices), number
        assert not any(FOREIGN.search(said) for said in notices), (number, notices)


@pytest.mark.parametrize("number", range(20))
def test_a_hostile_link_opens_a_page_that_works(open_page, number):
    app = open_page("pages/train.py", **hostile(number))
    assert not app.exception and not app.error and len(app.title) == 1
    said = [box.value for box in [*app.info, *app.title, *app.caption, *app.markdown]]
    assert not any(re.search(r"<script|<img|onerror|passwd", text) for text in said)
    assert not any(
        re.search(r'<(script|img(?! class="(?:example-picture|example-image|forecast)" alt="))', block.proto.body)
        for block in app.get("html")
    )
    app.button(key="train.step").click().run()
    assert not app.exception and not app.error
