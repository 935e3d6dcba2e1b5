"""The command line: list tasks and cells, train a run, save it and go on from it, look inside, measure gradients.

With ``--json`` every line of output is one JSON object without NaN or infinity (null stands for both), so a
script can read it; without, a person sees tables and a progress bar (on stderr, results on stdout).

Exit codes: 0 done; 1 the training diverged; 2 bad input or a file that cannot be used, with one line on
stderr; 130 stopped by Ctrl-C, after saving what was reached. The limits of a server do not apply here.
"""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
from cyclopts import App, CycloptsError, Parameter
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Column, Table

from rnncore.cells import CELLS
from rnncore.cli import rows
from rnncore.cli.files import check_save, read_saved, write_whole
from rnncore.cli.gradients import gradients
from rnncore.cli.inspect import inspect
from rnncore.cli.interrupt import interruptible
from rnncore.cli.numbers import whole
from rnncore.cli.printing import (  # fmt: skip
    BAD_INPUT,
    DIVERGED,
    DONE,
    INTERRUPTED,
    AsJson,
    discard_output,
    flush,
    note,
    pair,
    print_error,
    print_json,
    say_anything,
    short,
)
from rnncore.cli.text import sample, text_train
from rnncore.config import RunConfig
from rnncore.errors import CheckpointError, PlaygroundError
from rnncore.files import checkpoints
from rnncore.tasks import TASKS
from rnncore.training.remarks import jump, remarks
from rnncore.training.run import Run

app = App(name="rnncore", help="The playground, without a screen.", version_flags=(), suppress_keyboard_interrupt=False)
app.command(gradients)
app.command(inspect)
app.command(sample)
app.command(text_train, name="text-train")


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command (by default the process's own arguments) and return its exit code."""
    say_anything()
    try:
        code = app(arguments, exit_on_error=False, print_error=False, result_action="return_value")
        flush()
        return code or DONE
    except (CycloptsError, PlaygroundError) as error:
        message = str(error)
    except BrokenPipeError:  # whoever read our output has closed it, as `head` does
        discard_output()
        return DONE
    except OSError as error:
        discard_output()
        message = f"{error.filename or 'The output'}: {error.strerror or error}."
    except (MemoryError, RuntimeError) as error:
        if isinstance(error, RuntimeError) and "allocate memory" not in str(error):
            raise
        message = "This needs more memory than there is: choose smaller sizes."
    except KeyboardInterrupt:
        return INTERRUPTED
    print_error(message)
    return BAD_INPUT


@app.command
def tasks(*, json: AsJson = False) -> None:
    """List the sequence problems.

    Parameters
    ----------
    json
        One JSON object per line: name, sequence type, loss, metric, recommended settings, baselines.
    """
    _print_all((rows.task_row(name) for name in TASKS), json, "name", "label", "sequence_type", "metric", "summary")


@app.command
def cells(*, json: AsJson = False) -> None:
    """List the recurrent cells.

    Parameters
    ----------
    json
        One JSON object per line: name, equations, states, and weights for 2 inputs and 32 units.
    """
    _print_all((rows.cell_row(name) for name in CELLS), json, "name", "label", "parameters", "summary")


@app.command
def train(
    *,
    task: str | None = None,
    cell: str | None = None,
    set: Annotated[tuple[str, ...], Parameter(negative=())] = (),
    every: Annotated[int, whole(1)] = 25,
    json: AsJson = False,
    save: Path | None = None,
    resume: Path | None = None,
) -> int:
    """Train one network.

    Parameters
    ----------
    task
        The problem to learn; `python -m rnncore tasks` lists them. By default adding.
    cell
        The kind of recurrent unit; `python -m rnncore cells` lists them. By default lstm.
    set
        Any setting of the run or of its task, as name=value; may be given many times, the last one counts. A text or
        table can come from a file: data=@rain.csv.
    every
        Report every so many updates, and after the last one.
    json
        One JSON object per report, and a last one with "final": true.
    save
        Write a file at the end, also after Ctrl-C, from which --resume goes on.
    resume
        Go on with the run of a saved file, bit for bit as if it had never stopped; one that had diverged
        goes on from its last good state. Only lr, clip_norm, steps and target can be set then.
    """
    torch.set_num_threads(1)  # as in the app: the same config gives the same losses, and small nets gain nothing
    if save is not None:
        check_save(save)
    values = dict(pair(text) for text in set)
    values |= {name: value for name, value in (("task", task), ("cell", cell)) if value is not None}
    run, notes = (Run(RunConfig.from_flat(values)), []) if resume is None else _resumed(resume, values)
    notes += remarks(run.config)
    if not json:
        note(*notes)
    run.start()
    with interruptible(run.pause):
        if json:
            _train(run, every, lambda: print_json(rows.update_row(run)))
        else:
            _train_for_a_person(run, every)
    if save is not None:
        write_whole(save, checkpoints.save([run]))
    (print_json if json else _print_outcome)({**rows.final_row(run), **({"notes": notes} if notes else {})})
    return {"paused": INTERRUPTED, "ready": INTERRUPTED, "diverged": DIVERGED}.get(run.status, DONE)


def _resumed(file: Path, values: dict[str, str]) -> tuple[Run, list[str]]:
    runs = checkpoints.load(read_saved(file), max_bytes=None)
    if len(runs) > 1:
        raise CheckpointError(f"The file holds a race of {len(runs)} runs; the command line goes on with one run.")
    (run,) = runs
    if run.divergence:
        run.rewind()
    before = run.config
    run.set(**values)  # type: ignore[arg-type]  # text is understood, and checked
    return run, [said] if (said := jump(before, run.config, run.step)) else []


def _train(run: Run, every: int, report: Callable[[], None]) -> None:
    """Train to the end, or until somebody pauses the run, reporting now and then."""
    reported = None
    while run.status == "running":
        run.advance(steps=1)
        if run.step % every == 0 and run.step != reported:
            report()
            reported = run.step
    if run.step and run.step != reported:
        report()


def _train_for_a_person(run: Run, every: int) -> None:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as progress:
        bar = progress.add_task("", total=run.config.steps, completed=run.step)

        def report() -> None:
            now = run.view(1)
            words = f"loss {short(now.loss)}, held-out {short(now.held_loss)}"
            progress.update(bar, completed=run.step, description=words)

        _train(run, every, report)


def _print_all(rows: Iterable[dict[str, Any]], as_json: bool, *columns: str) -> None:
    if as_json:
        for row in rows:
            print_json(row)
        return
    table = Table(*(Column(column.replace("_", " "), no_wrap=column == "name") for column in columns))
    for row in rows:
        table.add_row(*(escape(str(row[column])) for column in columns))
    Console().print(table)


def _print_outcome(final: dict[str, Any]) -> None:
    config = final["config"]
    task = TASKS[config["task"]]
    table = Table("", task.loss_label, task.metric_label, title=f"{task.label}, {CELLS[config['cell']].label}")
    table.add_row("held-out examples", short(final["val_loss"]), short(final["val_metric"]))
    for line in final["baselines"]:
        table.add_row(line["name"], short(line["loss"]), short(line["metric"]))
    console = Console()
    console.print(table)
    console.print(f"{final['status']}: {final['steps']:,} updates, {final['examples']:,} examples, "
                  f"{final['parameters']:,} weights, {final['seconds']:.1f} s", highlight=False)  # fmt: skip
    if "advice" in final:
        console.print(final["advice"], highlight=False, markup=False)
