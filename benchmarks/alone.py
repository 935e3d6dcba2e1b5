"""Whether a visitor's curve is the one its race would have had alone: the same losses, bit for bit."""

import numpy as np
import torch

from benchmarks.visitor import Visit, settings
from rnncore.cells import CELLS as KINDS
from rnncore.config import RunConfig
from rnncore.training.run import Run
from tests.support.train_page import curves


def same_as_alone(visit: Visit) -> bool:
    """Train the visitor's race again, by itself and in this process, and compare all points of its last chart."""
    torch.set_num_threads(1)  # as in the app: PyTorch's sums depend on it
    chart = visit.chart
    if chart is None:
        return False
    asked = settings(visit.seed, light=visit.light)
    for cell in str(asked["cell"]).split(","):
        name = KINDS[cell].label
        shown = {
            (kind, column): curves(chart, kind, column).get(name, np.empty(0))
            for kind in ("train", "held")
            for column in ("x", "y")
        }
        steps = int(shown["train", "x"][-1]) if len(shown["train", "x"]) else 0
        run = Run(RunConfig.from_flat({**asked, "cell": cell}))
        run.advance(steps=steps)
        loss, held = run.history.updates["loss"], run.history.held_out
        alone = dict(zip(held["step"].astype(int).tolist(), held["loss"].tolist(), strict=True))
        expected = [loss[int(x) - 1] for x in shown["train", "x"]]
        if not np.array_equal(np.array(expected, np.float32), shown["train", "y"].astype(np.float32)):
            return False
        if [alone.get(int(x)) for x in shown["held", "x"]] != shown["held", "y"].tolist():
            return False
    return True
