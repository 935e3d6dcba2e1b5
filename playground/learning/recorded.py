"""The recorded study that greets a visitor of Learning to write: a real one, trained earlier on the built-in play."""

from pathlib import Path

from playground.language_models import shipped_models
from playground.learning.settings import ASKED, SCRATCH, LearningSettings, described, read_settings
from playground.race.recorded import differences, provenance
from rnncore.caching.once import once
from rnncore.cells import CELLS
from rnncore.pool.entry import Entry, at_rest
from rnncore.text import records
from rnncore.text.corpora import play
from rnncore.text.opening import opening
from rnncore.text.study import Study, StudyView

OF_NETWORK = ("cell", "hidden_size", "num_layers")
COMPARED = tuple(name for name in (*ASKED, "lr", "steps") if name not in ("text", "begin"))
FILE = Path(__file__).with_name("recorded.safetensors")


def fresh() -> Study:
    """Return a study of the settings that a visitor finds, at update 0."""
    setup, _ = read_settings({})
    return Study(setup.config, play(), setup.writing.model_copy(update={"prime": opening(play())}))


@once
def study() -> Entry[StudyView]:
    """Return the recorded study; shared by all visitors and never changed. Its network is that of update 0."""
    made = fresh()
    records.restore(made, str(FILE))
    return at_rest(made)


def of(setup: LearningSettings) -> Entry[StudyView] | None:
    """Return the recorded study if it learns the text of the set-up, whatever else differs."""
    return study() if setup.text == read_settings({})[0].text else None


def sentence(setup: LearningSettings) -> str:
    """Say that the study on screen is the recorded one, and how its settings differ from the visitor's."""
    found, made = read_settings({})[0].flat(), study().view()
    found["prime"] = made.writing.prime
    yours = {**setup.flat(), "prime": setup.prime or made.writing.prime}
    scratch = setup.begin == SCRATCH
    names = [name for name in COMPARED if yours[name] != found[name] and (scratch or name not in OF_NETWORK)]
    differing = differences(described(), found, yours, names)
    if not scratch:
        shipped = shipped_models.label(setup.begin)
        differing = [f"{CELLS[found['cell']].label} from scratch, not the shipped {shipped}", *differing]
    return provenance(made.step, differing)


def record() -> bytes:
    """Train to the end and return the file; `python -m playground.learning.recorded` writes it, in about a minute."""
    made = fresh()
    made.start()
    while made.status == "running":
        made.advance_one()
    return records.save(made)


if __name__ == "__main__":
    FILE.write_bytes(record())
