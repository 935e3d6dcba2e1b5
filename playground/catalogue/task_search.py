"""Finding tasks by words: any case, any order, beginnings of words, and small slips of the finger."""

import re
from difflib import get_close_matches

from rnncore.tasks import TASKS, Task

LONGEST = 60  # characters that are looked at
SHORTEST_SLIP = 5  # letters of a word in which a slip is looked for
ALIKE = 0.8
EXAMPLES = ("music", "weather", "translation", "memory", "handwriting", "stock")
STEMS = ("ies", "es", "s")  # endings of a typed plural


def found(text: str) -> list[str]:
    """Return the names of all tasks that have every typed word, in their order.

    A word is looked for as the beginning of one of a task's words. Only one that no task has is taken for a slip, and
    stands for the words that are most like it.
    """
    typed = _words(text[:LONGEST])
    every = {name: _words_of(TASKS[name]) for name in TASKS}
    known = sorted(set().union(*every.values()))
    wanted = [_meant(word, known) for word in typed]
    return [name for name, words in every.items()
            if all(any(own.startswith(beginnings) for own in words) for beginnings in wanted)]  # fmt: skip


def advice() -> str:
    """Return what to try when nothing was found."""
    return f"No task fits. Try one word, such as {', '.join(EXAMPLES)}, or choose all types."


def _meant(word: str, known: list[str]) -> tuple[str, ...]:
    """Return the beginnings for which a typed word stands."""
    singular = next((word[: -len(end)] for end in STEMS if word.endswith(end) and len(word) > len(end) + 2), word)
    if had := tuple(each for each in (word, singular) if any(own.startswith(each) for own in known)):
        return had
    close = get_close_matches(word, known, 3, ALIKE) if len(word) >= SHORTEST_SLIP else []
    return tuple(close) or (word,)


def _words_of(task: type[Task]) -> set[str]:
    return set(_words(" ".join((task.label, task.keywords, task.question, task.summary, task.name, task.data))))


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.lower().replace("_", " "))
