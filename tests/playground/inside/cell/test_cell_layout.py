"""The places of a cell's picture: no two boxes overlap, and no edge meets a box that it does not belong to."""

from itertools import combinations, pairwise

import pytest

from playground.inside.cell.layout import placed
from rnncore.cells import CELLS


def overlap(one, other, gap=0.0):
    (x, y, width, height), (u, v, wide, high) = one, other
    return abs(x - u) < (width + wide) / 2 + gap and abs(y - v) < (height + high) / 2 + gap


@pytest.mark.parametrize("cell", CELLS)
def test_no_two_boxes_overlap_and_all_lie_inside(cell):
    made = placed(cell)
    for one, other in combinations(made.boxes.values(), 2):
        assert not overlap(one, other, gap=5)
    for x, y, width, height in made.boxes.values():
        assert x - width / 2 >= 0 and y - height / 2 >= 0
        assert x + width / 2 <= made.width and y + height / 2 <= made.height


@pytest.mark.parametrize("cell", CELLS)
def test_no_edge_meets_a_box_on_its_way(cell):
    made = placed(cell)
    for edge, points in made.lines:
        for (x, y), (u, v) in pairwise(points):
            for at in range(21):  # along the curve, whose tangents are level at both ends
                share = at / 20
                across = 3 * share * (1 - share) * (x + u) / 2 + (1 - share) ** 3 * x + share**3 * u
                down = (1 - share) ** 2 * (1 + 2 * share) * y + share**2 * (3 - 2 * share) * v
                for key, box in made.boxes.items():
                    if key not in (edge.start, edge.end):
                        assert not overlap((across, down, 1, 1), box), (edge, key)


@pytest.mark.parametrize("cell", CELLS)
def test_data_flow_to_the_right(cell):
    made = placed(cell)
    assert all(u > x for _, points in made.lines for (x, _), (u, _) in pairwise(points))
