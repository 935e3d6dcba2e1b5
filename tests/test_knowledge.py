"""What is known of a cell or a task stands on it: nothing asks for its class, and nothing is decided by its name."""

import ast

import pytest

from rnncore.cells import CELLS, Cell
from rnncore.networks.sequence_model import SequenceModel
from rnncore.tasks import TASKS, Task
from tests.support.sources import each, parse

WORDS_TOO = {"text", "dates", "temperature"}  # tasks whose names are names of settings as well


def kinds_asked_for(tree):
    """The names of the classes that a file holds a value against."""
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    asked = [node.args[1] for node in calls if ast.unparse(node.func) in ("isinstance", "issubclass")]
    return {part.id for kinds in asked for part in ast.walk(kinds) if isinstance(part, ast.Name)}


def names_decided_by(tree):
    """The texts that something is compared with, and the keys of tables."""
    found = set()
    for node in ast.walk(tree):
        parts = [node.left, *node.comparators] if isinstance(node, ast.Compare) else []
        parts += [key for key in node.keys if key] if isinstance(node, ast.Dict) else []
        parts += node.args if isinstance(node, ast.Call) and ast.unparse(node.func).endswith("swith") else []
        parts += [case.pattern for case in node.cases] if isinstance(node, ast.Match) else []
        found |= {part.value for each in parts for part in ast.walk(each) if isinstance(part, ast.Constant)}
    return found


@each("rnncore", "playground", "pages")
def test_nobody_asks_of_which_class_a_task_or_a_cell_is(file):
    def below(kind):
        return {kind.__name__}.union(*map(below, kind.__subclasses__()))

    assert not kinds_asked_for(parse(file)) & (below(Cell) | below(Task) | below(SequenceModel))


@each("rnncore", "playground", "pages")
def test_nothing_is_decided_by_the_name_of_a_cell_or_a_task(file):
    """Defaults name some; what a task knows of cells that fail at it was measured on these."""
    tree = parse(file)
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "fails":
            node.value = ast.Constant(None)
    assert not names_decided_by(tree) & ({*CELLS, *TASKS} - WORDS_TOO)


@pytest.mark.parametrize("text", [
    "if cell == 'lstm': pass", "x = {'gru': 1}", "cell in ('rnn', 'lstm')", "names.endswith('feedforward')",
    "match cell:\n    case 'lstm': pass",
])  # fmt: skip
def test_a_decision_by_name_is_seen(text):
    assert names_decided_by(ast.parse(text)) & {*CELLS}


def test_a_question_for_a_class_is_seen():
    assert kinds_asked_for(ast.parse("isinstance(task, Text | Dates) or issubclass(kind, (LSTM, GRU))")) == {
        "Text", "Dates", "LSTM", "GRU"
    }  # fmt: skip
