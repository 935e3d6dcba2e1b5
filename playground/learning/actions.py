"""The actions of the page Learning to write: the visitor's own text, this tab's study, and what each button does."""

from collections.abc import Callable
from functools import lru_cache

from playground.language_models import shipped_models
from playground.learning import recorded
from playground.learning.settings import EARLIER_OPENING, NEWEST, OWN, PAGE, SCRATCH, LearningSettings, visit
from playground.live.process import page_turn, pool
from playground.live.visitor import visitor
from playground.session import state, uploads
from rnncore.errors import PlaygroundError
from rnncore.pool.entry import Entry
from rnncore.text.corpora import CORPORA, has_shakespeare
from rnncore.text.decoding import decode, encoding_of, read_as
from rnncore.text.opening import opening
from rnncore.text.own import Report, clean
from rnncore.text.study import Study, StudyView
from rnncore.training.run_state import Status

BOX = 20_000  # characters of a paste that stay in the box; the page sends it at every run


def entry() -> Entry[StudyView] | None:
    """Return this tab's study in the pool, or None if it has none."""
    return pool().get(state.session_id(), state.get(f"{PAGE}.study"))


def on_screen() -> Entry[StudyView] | None:
    """Return the study to draw: this tab's own, else the recorded one if it learns the chosen text."""
    return entry() or recorded.of(visit.setup())


def begun_with() -> str:
    """Return the name of the shipped model from which this tab's study went on, or `SCRATCH`."""
    asked: dict[str, str] = state.get(f"{PAGE}.asked", {})
    return asked.get("begin", SCRATCH) if entry() is not None else SCRATCH


def was_freed() -> bool:
    """Return whether this tab had a study that was freed while its connection was gone."""
    return state.get(f"{PAGE}.study") is not None and entry() is None


def stale(setup: LearningSettings) -> bool:
    """Return whether the study on screen was made from other settings."""
    return entry() is not None and state.get(f"{PAGE}.asked") != setup.asked


def change(name: str) -> None:
    """Take over the new value of a control; what can change live does so at once."""
    raw = visit.chosen(name)
    if raw is None:
        return
    if name == "text":
        raw = {**raw, "prime": "", "at": NEWEST}  # what was typed for another text does not suit this one
    visit.apply_settings(raw)
    mine, after = entry(), visit.setup()
    if mine is None:
        return
    if name == "lr":
        pool().change(mine, lr=after.lr)
    elif name == "speed":
        mine.speed = after.speed
    elif name == "steps":
        pool().change(mine, steps=after.steps)
    elif mine.status == "ready" and name != "at":
        reset()


def press_start(said: Status) -> None:
    """Start, pause or resume, whichever the button said that the study was ready for."""
    mine = entry()
    if said == "running":
        if mine is not None:
            pool().pause(mine)
        return
    if mine is None or mine.failure is not None or mine.status in ("finished", "diverged"):
        reset()
        mine = entry()
    if mine is not None:
        pool().start(mine)


def press_reset() -> None:
    """Go back to update 0 with the set-up as it stands; on any fault the last study stays."""
    reset()


def reset() -> bool:
    """Put a fresh study in the last one's place; return whether that went well."""
    if on_screen() is not None:
        visit.apply_settings({**visit.setup().flat(), "at": NEWEST})
    setup = visit.setup()
    try:
        with page_turn.given_away():
            study, said = _make(setup)
        number = pool().add(state.session_id(), study, visitor())
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return False
    clear()
    visit.notices = said
    state.put(f"{PAGE}.study", number)
    state.put(f"{PAGE}.asked", setup.asked)
    mine = entry()
    if mine is not None:
        mine.speed = setup.speed
    return True


def new_seed() -> None:
    """Draw other weights and other samples; a study that was going on goes on with them."""
    mine, setup = entry(), visit.setup()
    going = mine is not None and mine.status == "running"
    visit.apply_settings({**setup.flat(), "seed": (setup.seed + 1) % 2**31})
    reset()
    fresh = entry()
    if going and fresh is not None:
        pool().start(fresh)


def clear() -> None:
    """Stop and forget this tab's study."""
    number = state.take(f"{PAGE}.study")
    if number is not None and pool().get(state.session_id(), number):
        pool().remove(number)


def _make(setup: LearningSettings) -> tuple[Study, list[str]]:
    said = []
    text = CORPORA[setup.text].read() if setup.text != OWN else state.get(f"{PAGE}.own")
    if text is None:
        raise PlaygroundError("There is no text of yours yet: upload or paste one below.")
    begin = None if setup.begin == SCRATCH else shipped_models.language(setup.begin)
    known = set(text) if begin is None else set(begin.vocabulary.symbols)
    if begin is not None and (unknown := begin.vocabulary.unknown(text)):
        kept = "".join(c for c in text if c in known)
        said.append(f"{len(text) - len(kept):,} characters of the text, {len(unknown)} different ones, are left out: "
                    "the model has never seen them.")  # fmt: skip
        text, _ = clean(kept)
    prime = chosen_opening(setup)
    if not set(prime) <= known:
        prime = "".join(c for c in prime if c in known) or opening(text)
        said.append("Characters of the opening that do not occur in the text are left out.")
    return Study(setup.config, text, setup.writing.model_copy(update={"prime": prime}), begin), said


def chosen_opening(setup: LearningSettings) -> str:
    """Return the opening that a visitor typed, else the one that suits the text; empty while there is no text yet."""
    if setup.prime and not (setup.prime == EARLIER_OPENING and _lacks(setup, EARLIER_OPENING)):
        return setup.prime
    if setup.text == OWN:
        found: str = state.get(f"{PAGE}.own_opening", "")
        return found
    return _opening_of(setup.text) if _at_hand(setup.text) else ""


def _lacks(setup: LearningSettings, opening: str) -> bool:
    """Return whether the chosen text is at hand and does not have this opening in it."""
    if setup.text == OWN:
        return opening not in state.get(f"{PAGE}.own", opening)
    return _at_hand(setup.text) and opening not in CORPORA[setup.text].read()


def _at_hand(text: str) -> bool:
    return text != "shakespeare" or has_shakespeare()


@lru_cache(maxsize=8)
def _opening_of(text: str) -> str:
    return opening(CORPORA[text].read())


def report() -> Report | None:
    """Return the report on the visitor's own text."""
    found = state.get(f"{PAGE}.report")
    return None if found is None else Report(**found)


def remark() -> str:
    """Return what there is to say of how the visitor's own text was read; mostly nothing."""
    said: str = state.get(f"{PAGE}.remark", "")
    return said


def take_upload() -> None:
    """Take an uploaded file as the visitor's own text; on any fault the last one stays."""
    data = uploads.taken(f"{PAGE}.upload")
    if data is not None:
        _take(lambda: decode(data), lambda: read_as(encoding_of(data)))


def take_paste() -> None:
    """Take what was pasted as the visitor's own text; on any fault the last one stays."""
    pasted = state.get(f"{PAGE}.paste")
    if pasted:
        _take(lambda: pasted)
        if len(pasted) > BOX:
            state.put(f"{PAGE}.paste", "")  # or every click would send it again


def _take(read: Callable[[], str], read_how: Callable[[], str] = str) -> None:
    try:
        text, found = clean(read())
    except PlaygroundError as error:
        visit.notices = [str(error)]
        return
    had = state.get(f"{PAGE}.own") is not None
    state.put(f"{PAGE}.own", text)
    state.put(f"{PAGE}.own_opening", opening(text))
    state.put(f"{PAGE}.report", vars(found))
    state.put(f"{PAGE}.remark", read_how())
    visit.apply_settings({**visit.setup().flat(), "prime": "" if had else visit.setup().prime, "at": NEWEST})
    visit.notices = []
    mine = entry()
    if mine is not None and state.get(f"{PAGE}.asked", {}).get("text") == OWN:
        clear()
