"""What races really hold, as the operating system counts it, against what the pool reckons with."""

import json
import subprocess
import sys

import pytest

MEASURE = """
import ctypes, gc, json, sys, torch
from rnncore.config import RunConfig
from rnncore.training.race import Race

torch.set_num_threads(1)

def resident():
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)
    with open("/proc/self/statm") as statm:
        return int(statm.read().split()[1]) * 4096

def trained(seed):
    cells = json.loads(sys.argv[1])
    race = Race.of([RunConfig.from_flat({"cell": cell, "seed": seed, **json.loads(sys.argv[2])}) for cell in cells])
    race.start()
    for _ in range(11):
        race.advance_one()
    return race

trained(0)
before = resident()
races = [trained(seed) for seed in range(20)]
moving = resident() - before
reckoned = sum(race.memory for race in races)
for race in races:
    race.put_aside()
aside = resident() - before
reckoned_aside = sum(race.memory_aside for race in races)
for race in races:
    race.take_back()
    race.advance_one()
print(json.dumps([moving / reckoned, aside / reckoned_aside, (resident() - before) / reckoned]))
"""
SET_UPS = [
    (["lstm"], {"hidden_size": 200, "seq_len": 10, "batch_size": 4}),
    (["rnn", "lstm", "gru"], {"hidden_size": 100, "seq_len": 10, "batch_size": 4, "optimizer": "sgd", "momentum": 0.5}),
]


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize(("cells", "settings"), SET_UPS)
def test_what_races_hold_is_what_the_pool_reckons_with(cells, settings):
    done = subprocess.run([sys.executable, "-c", MEASURE, json.dumps(cells), json.dumps(settings)], check=True,
                          capture_output=True, text=True, timeout=300)  # fmt: skip
    moving, aside, again = json.loads(done.stdout)
    assert 0.8 < moving < 1.2 and 0.8 < again < 1.2
    assert aside < 1.2
