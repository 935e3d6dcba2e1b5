"""The Train page as a tab without a browser reads it: its labels, how far its race is, and the data of its chart."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tests.support.tab.client import Session

START, PAUSE, SCALE = "Start", "Pause", "Scale"
PROGRESS = re.compile(r"at update ([\d,]+)(?: of [\d,]+)? · seed (\d+)")  # in the line above the chart
TAG = re.compile(r"<[^>]*>")  # in one stands the longest text that may come, to keep room for it


@dataclass(frozen=True)
class Progress:
    """What the page says of the race it shows: how far it is, and its seed, which no two visitors share."""

    update: int
    seed: int


def progress_of(session: Session) -> Progress | None:
    """Read the progress that the page shows; None while it shows none."""
    for text in texts(session):
        if found := PROGRESS.search(text):
            return Progress(int(found[1].replace(",", "")), int(found[2]))
    return None


def texts(session: Session) -> Iterator[str]:
    """Yield every text of the page, without its tags."""
    return (TAG.sub("", text) for text in session.elements.texts())


def loss_chart(session: Session) -> pa.Table | None:
    """Return the data of the loss chart, the first chart whose rows name a series; None while there is none."""
    for node in session.elements.of_kind("vega_lite_chart"):
        data = node.proto.data.data or (node.proto.datasets[0].data.data if node.proto.datasets else b"")
        table = pa.ipc.open_stream(data).read_all() if data else None
        if table is not None and "series" in table.column_names:
            return table
    return None


def curves(chart: pa.Table, kind: str = "train", column: str = "x") -> dict[str, np.ndarray]:
    """Return one column of the chart for each cell: `kind` is "train" for updates, "held" for held-out examples."""
    rows = chart.filter(pc.equal(chart["kind"], kind))
    names = pc.unique(rows["series"]).to_pylist()
    return {name: rows.filter(pc.equal(rows["series"], name))[column].to_numpy() for name in names}
