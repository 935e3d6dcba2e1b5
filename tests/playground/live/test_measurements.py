"""Measurements that pages share: each is made once, and what they are kept by is small."""

from playground.live import measurements
from rnncore.caching.by_text import LONG
from rnncore.config import RunConfig

TABLE = "level\n" + "\n".join(str(i * i % 17) for i in range(20_000))


def config(task="own_series", **changes):
    return RunConfig.from_flat({"task": task, "hidden_size": 2, "seq_len": 4, **changes})


def leaves(key):
    return [leaf for part in key for leaf in leaves(part)] if isinstance(key, tuple) else [key]


def test_no_key_holds_a_long_text():
    mine = [config(data=TABLE)]
    for measure in (measurements.flows, measurements.triangles, measurements.stretches):
        measure(mine)
    keys = [
        key
        for kept in (measurements._flows, measurements._triangles, measurements._stretches)
        for key in kept._latest._places
    ]
    texts = [leaf for key in keys for leaf in leaves(key) if isinstance(leaf, str)]
    assert len(keys) >= 3 and "own_series" in texts and max(map(len, texts)) <= LONG


def test_equal_configs_share_a_measurement_and_others_do_not():
    flow = measurements.flows([config(data=TABLE)])[0]
    same = "".join(TABLE[:50] + TABLE[50:])
    assert measurements.flows([config(data=same, lr=0.02)])[0] is flow  # the learning rate decides nothing at the start
    for changes in ({"data": TABLE + "\n5"}, {"data": TABLE, "seed": 1}, {"data": TABLE, "missing_code": 3}):
        assert measurements.flows([config(**changes)])[0] is not flow
    assert measurements.flows([config(data=TABLE)], every_step=True)[0] is not flow
