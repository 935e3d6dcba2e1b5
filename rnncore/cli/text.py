"""The commands `sample` and `text-train`: write with a language model, and train one on a text."""

import json as jsonlib
import threading
from pathlib import Path
from typing import Annotated, Any

import torch
from cyclopts import Parameter
from pydantic import ValidationError
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar

from rnncore.analysis.advice import divergence, smaller_updates, usually
from rnncore.cells import CELLS
from rnncore.cli.files import check_save, write_whole
from rnncore.cli.interrupt import interruptible
from rnncore.cli.numbers import like, whole
from rnncore.cli.printing import (  # fmt: skip
    DIVERGED,
    DONE,
    INTERRUPTED,
    AsJson,
    finite,
    note,
    pair,
    print_error,
    print_json,
    say,
)
from rnncore.config import refusal
from rnncore.errors import ConfigError
from rnncore.networks.sequence_model import count_parameters
from rnncore.settings import settings
from rnncore.text.decoding import encoding_of, read_as
from rnncore.text.language import LanguageModel, bits, load, shipped
from rnncore.text.learning import Progress, Recipe, check_length, learn, split
from rnncore.text.own import changes, tidy
from rnncore.text.sampling import Writing, write
from rnncore.training.remarks import remarks

MOST_BYTES = 200_000_000
MOST_THREADS = 256


def sample(
    *,
    model: str = "shakespeare-gru",
    prime: str = "ROMEO:",
    length: Annotated[int, like(Writing, "length")] = 500,
    temperature: Annotated[float, like(Writing, "temperature")] = 0.8,
    top_k: Annotated[int, like(Writing, "top_k")] = 0,
    top_p: Annotated[float, like(Writing, "top_p")] = 1.0,
    seed: Annotated[int, like(Writing, "seed")] = 0,
    json: AsJson = False,
) -> None:
    """Let a model write, character by character.

    Parameters
    ----------
    model
        A model that comes with the project, or the path of a file that text-train made.
    prime
        What the text begins with.
    length
        Characters to write after that.
    temperature
        Under 1 more careful, over 1 wilder; 0 always takes the likeliest character.
    top_k
        Draw among the k likeliest only; 0 among all.
    top_p
        Draw among the fewest characters that together have this probability; 1 among all.
    seed
        The same seed writes the same text.
    json
        One JSON object per character: character, probability, surprise in bits.
    """
    torch.set_num_threads(1)
    asked = {"prime": prime, "length": length, "temperature": temperature, "top_k": top_k, "top_p": top_p, "seed": seed}
    writing = _checked(Writing, asked, "--")
    language = load(_file(model))
    written = write(language, writing)
    if not json:
        say(prime)
    for each in written:
        if json:
            chance = float(each.probabilities[each.number])
            print_json({"character": each.character, "probability": chance, "surprise": each.surprise})
        else:
            say(each.character)
    if not json:
        say("\n")


def text_train(
    text: Path,
    *,
    save: Path,
    set: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    threads: Annotated[int, whole(1, MOST_THREADS)] = 1,
    json: AsJson = False,
) -> int:
    """Train a language model on the first nine tenths of a text and measure it on the last.

    Parameters
    ----------
    text
        A text file: UTF-8, UTF-16 or Windows-1252.
    save
        Where the model goes; after Ctrl-C too, what was reached until then.
    set
        Any field of the recipe as name=value, such as cell=gru hidden_size=296; may be given many times.
    threads
        Cores that PyTorch may use; another number gives slightly other weights.
    json
        One JSON object per report, and a last one with "final": true, the model's card.
    """
    torch.set_num_threads(threads)
    recipe = _checked(Recipe, dict(pair(each) for each in set))
    config = recipe.config()  # refuses an unknown cell before anything is read
    if not CELLS[config.cell].recurrent:
        raise ConfigError(
            f"'cell' must be recurrent to read a text character by character, and '{config.cell}' is not."
        )
    corpus, notes = _read(text)
    check_length(corpus, config)
    check_save(save, source=text)
    if "dropout" in recipe.model_fields_set:  # of a default that has no effect nobody need be told
        notes += remarks(config)
    if not json:
        note(*notes)
    now = _train(recipe, corpus, json=json)
    if now.divergence is not None:
        print_error(f"The training {divergence(now.divergence)} {usually(smaller_updates(config))} Nothing was saved.")
        return DIVERGED
    card = card_of(now, recipe, corpus, text.name)
    now.language.card = card
    write_whole(save, now.language.save())
    interrupted = now.step < now.steps
    if interrupted:
        notes.append(f"Stopped by Ctrl-C after update {now.step:,} of {now.steps:,}, loss {now.loss:.3f} nats; what "
                     f"was reached is saved in {save}.")  # fmt: skip
    if json:
        print_json({"final": True, **card, **({"notes": notes} if notes else {})})
    else:
        say(jsonlib.dumps(finite(card), indent=2) + "\n")
        note(*notes[-1:] if interrupted else ())
    return INTERRUPTED if interrupted else DONE


def _train(recipe: Recipe, corpus: str, *, json: bool) -> Progress:
    """Train to the end, or until Ctrl-C, and report now and then; return where it ended."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    stop = threading.Event()
    with interruptible(stop.set), Bar(*columns, console=Console(stderr=True), disable=json) as bar:
        shown = bar.add_task("", total=None)
        for now in learn(recipe, corpus, stop=stop):
            bar.update(shown, completed=now.step, total=now.steps, description=f"loss {now.loss:.3f} nats")
            if json:
                print_json({"step": now.step, "loss": now.loss, "seconds": now.seconds})
    return now


def _read(file: Path) -> tuple[str, list[str]]:
    """Return a file's text as the pages would learn it, and in sentences how it was understood or changed."""
    with file.open("rb") as opened:
        data = opened.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise ConfigError(f"'{file}' has more than {MOST_BYTES // 10**6} MB: cut it.")
    encoding = encoding_of(data, MOST_BYTES)
    corpus, report = tidy(data.decode(encoding))
    if report.symbols < 2:
        raise ConfigError(f"The text has {report.symbols} different characters: to predict anything it needs 2.")
    return corpus, [*filter(None, [read_as(encoding)]), *changes(report)]


def card_of(done: Progress, recipe: Recipe, corpus: str, name: str) -> dict[str, Any]:
    """Return what a model's file says of it; the loss is that of the weights as they are saved, in float16."""
    training, held_out = split(corpus)
    rounded = LanguageModel.build(done.language.config, done.language.vocabulary)
    weights = {name: tensor.half().float() for name, tensor in done.language.model.state_dict().items()}
    rounded.model.load_state_dict(weights)
    nats = rounded.nats(held_out)
    settings = " ".join(f"--set {key}={value}" for key, value in recipe.model_dump().items())
    return {
        "data": name,
        "characters": {"training": len(training), "held_out": len(held_out)},
        "symbols": len(done.language.vocabulary),
        "split": "first nine tenths for training, last tenth held out; held-out loss with the state carried",
        "parameters": count_parameters(done.language.model),
        "held_out_nats": nats,
        "held_out_bits": bits(nats),
        "seconds": round(done.seconds),
        "recipe": recipe.model_dump(),
        "command": f"python -m rnncore text-train {name} --save MODEL.safetensors {settings}",
    }


def _file(model: str) -> Path:
    known = shipped()
    if model in known:
        return known[model]
    if Path(model).is_file():
        return Path(model)
    raise ConfigError(f"There is no model '{model[:80]}': choose one of {', '.join(known)}, or give a file.")


def _checked(kind: Any, values: dict[str, Any], flag: str = "") -> Any:
    """Return settings of this kind, or refuse them in one sentence that names the setting, or its flag."""
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        said = refusal(error, settings(kind))
    name = said.split("'")[1]
    raise ConfigError(said.replace(name, f"{flag}{name.replace('_', '-')}", 1) if flag else said)
