"""Run: one network in training, which can be advanced, paused, rewound, saved and watched."""

import math
import time
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from dataclasses import replace

import torch
from torch import Tensor, nn

from rnncore.config import RunConfig
from rnncore.errors import ConfigError
from rnncore.networks.build import answers, build_network
from rnncore.networks.sequence_model import count_parameters
from rnncore.seeding import generator
from rnncore.settings import settings
from rnncore.tasks import Shown
from rnncore.tasks.goals import goal
from rnncore.tasks.shown import NO_NUMBERS
from rnncore.tasks.shuffle import shuffled
from rnncore.training.copies import Copies
from rnncore.training.held_out import answered, held_out
from rnncore.training.history import History
from rnncore.training.optimizer import Optimizer, schedule_factor, update_ratio
from rnncore.training.run_state import MILESTONES, Divergence, Health, Status, health, measured_at, next_number
from rnncore.training.views import POINTS, RunView, last

SHOWN = 6
LIVE = tuple(name for name, s in settings(RunConfig).items() if s.live)
EXPLODED = 1000  # times the first loss: far outside what any working run shows, long before float32 overflows


class Run:
    """One training run, fully determined by its config.

    Each update draws a batch, computes the loss, backpropagates through time, clips the gradient's global norm
    (Pascanu et al., 2013) and takes one optimiser step. Held-out examples are drawn once and never trained on.

    Parameters
    ----------
    config
        What to train, on what, and how.

    Attributes
    ----------
    number
        Distinguishes runs within this process.
    step
        Updates done.
    history
        All that was measured.
    copies
        What is kept of its network: a state to go back to, and the weights at some updates.
    scores
        What each held-out example scored when they were answered last; see `Task.scores`.
    answers
        The network's latest outputs for the first held-out examples, at update `answered_at`; for a network that
        writes, what it wrote by itself.
    """

    def __init__(self, config: RunConfig) -> None:
        self.config = config
        self.reset()

    def reset(self) -> None:
        """Return to the same initial weights and the same data stream."""
        self.number = next_number()
        self.task = self.config.build_task()
        seed = self.config.seed
        purposes = ("data", "dropout", "order") if self.config.shuffle == "new" else ("data", "dropout")
        self.generators = {purpose: generator(seed, purpose) for purpose in purposes}
        self.model = build_network(self.config, self.task, generator(seed, "init"))
        self._parameters = count_parameters(self.model)
        self.optimizer = Optimizer(self.config, self.model)
        self.held_out = held_out(self.config, self.task)
        self.history = History()
        self.events: list[tuple[int, str, float | None]] = []
        self.divergence: Divergence | None = None
        self.wanted = False
        self.step, self.seconds = 0, 0.0
        self.copies = Copies(self.model, self.optimizer, self.generators)
        self.copies.keep_as_good(0)
        self.milestones[0] = self.copies.weights()
        self._measure(math.nan)

    @property
    def status(self) -> Status:
        """Its state."""
        if self.divergence:
            return "diverged"
        if self.step >= self.config.steps or self._target_reached():
            return "finished"
        if self.wanted:
            return "running"
        return "paused" if self.step else "ready"

    @property
    def active(self) -> bool:
        """True unless the run has diverged or finished."""
        return self.status not in ("diverged", "finished")

    def start(self) -> None:
        """Say that the run should go on."""
        self.wanted = True

    def pause(self) -> None:
        """Say that the run should stop after the update in hand."""
        self.wanted = False

    def set(self, **changes: float | None) -> None:
        """Change settings from the next update on: ``lr``, ``clip_norm`` (or ``clip``), ``steps``, ``target``."""
        if "clip" in changes:
            changes["clip_norm"] = changes.pop("clip")
        for name in changes:
            if name not in LIVE:
                raise ConfigError(f"'{name}' cannot change during a run; only {', '.join(LIVE)} can: reset first.")
        self.config = self.config.with_(**changes)
        self.events += [(self.step, name, getattr(self.config, name)) for name in changes]

    def advance(
        self, *, steps: int | None = None, seconds: float | None = None, give_way: Callable[[], None] | None = None
    ) -> int:
        """Do some updates and return how many were done; fewer if the run ends.

        Parameters
        ----------
        steps
            At most this many updates.
        seconds
            Stop after the first update that ends later than this.
        give_way
            Called now and then while held-out examples are measured, where that takes long.
        """
        deadline = math.inf if seconds is None else time.perf_counter() + seconds
        first = self.step
        while (steps is None or self.step - first < steps) and self.active:
            self._update(give_way)
            if time.perf_counter() >= deadline:
                break
        if not self.active:
            self.wanted = False  # given more updates later, it waits for Resume
            self.optimizer.zero_grad()
        return self.step - first

    def _update(self, give_way: Callable[[], None] | None = None) -> None:
        started = time.thread_time()
        config, task = self.config, self.task
        lr = config.lr * schedule_factor(config.schedule, self.step / config.steps)
        self.optimizer.lr = lr
        batch = task.batch(config.batch_size, self.generators["data"])
        batch = shuffled(batch, config.shuffle, config.seed, self.generators.get("order"))
        outputs, _ = self.model.answer(batch, self.generators["dropout"])
        loss = task.loss(outputs, batch)
        self.optimizer.zero_grad()
        loss.backward()
        parameters = list(self.model.parameters())
        norm = nn.utils.clip_grad_norm_(parameters, config.clip_norm or math.inf)
        loss_value, norm_value = loss.item(), norm.item()
        metric = task.metric(outputs.detach(), batch).item()
        if self._exploded(loss_value, norm_value):
            self.divergence = Divergence(self.step + 1, loss_value, norm_value, lr)
            self.wanted = False
            return
        measure = measured_at(self.step + 1)
        before = [p.detach().clone() for p in parameters] if measure else []
        self.optimizer.step()
        self.step += 1
        self.seconds += time.thread_time() - started
        self.history.append(
            loss=loss_value,
            metric=metric,
            grad_norm=norm_value,
            lr=lr,
            clip_norm=config.clip_norm,
            seconds=self.seconds,
        )
        if self.step in MILESTONES:
            self.milestones[self.step] = self.copies.weights()
        if measure or self.step >= config.steps:
            self._measure(update_ratio(before, parameters) if before else math.nan, give_way)

    def _exploded(self, loss: float, norm: float) -> bool:
        first = self.history.updates["loss"]
        return not (math.isfinite(loss) and math.isfinite(norm)) or bool(len(first) and loss > EXPLODED * abs(first[0]))

    @torch.no_grad()
    def _answer(self, give_way: Callable[[], None] | None = None) -> tuple[Tensor, float]:
        """Answer the held-out examples; returns the outputs and the share of the top layer's h that is saturated."""
        held, model = self.held_out, self.model
        model.eval()
        outputs, saturated = answered(model, held, self.config, give_way)
        shown = held.select(slice(0, SHOWN), self.task.many_to_one)
        self.answers, self._finite = answers(model, self.task, shown, generator(self.config.seed, "writing"))
        model.train()
        self.scores = self.task.scores(outputs, held)
        self.answered_at = self.step
        return outputs, saturated

    @torch.no_grad()
    def _measure(self, ratio: float, give_way: Callable[[], None] | None = None) -> None:
        held = self.held_out
        outputs, saturated = self._answer(give_way)
        loss, metric = self.task.loss(outputs, held).item(), self.task.metric(outputs, held).item()
        if not math.isfinite(loss):
            norm = float(self.history.updates["grad_norm"][-1]) if self.step else math.nan
            self.divergence = Divergence(self.step, loss, norm, self.config.lr)
            self.wanted = False
            return
        self.history.append_held_out(step=self.step, loss=loss, metric=metric, update_ratio=ratio, saturated=saturated)
        best = float(self.history.held_out["loss"].min())
        if loss <= best + abs(best):  # not far from it, so that rewinding leaves a blow-up behind
            self.copies.keep_as_good(self.step)

    def _target_reached(self) -> bool:
        target = self.config.target
        if target is None or not self.step or not len(self.history.held_out):
            return False
        latest = float(self.history.held_out["metric"][-1])
        return latest >= target if self.task.metric_higher_is_better else latest <= target

    @property
    def milestones(self) -> MutableMapping[int, list[Tensor]]:
        """Copies of the weights by update, at `measures.MILESTONES`."""
        return self.copies.milestones

    @property
    def good_step(self) -> int:
        """The update to which `rewind` would return."""
        return self.copies.good_step

    def weights(self) -> list[Tensor]:
        """Return a copy of all weights, in the order of `model.parameters()`."""
        return [weights.clone() for weights in self.copies.weights()]

    def rewind(self) -> int:
        """Return to the last good state and forget what came after; returns its update number.

        A state is good if its held-out loss was at most twice the best until then.
        """
        good = self.copies.good
        self.model.load_state_dict(good.model)
        self.optimizer.load_state_dict(good.optimizer)
        for name, state in good.generators.items():
            self.generators[name].set_state(state)
        self.history.cut(self.good_step)
        self.step, self.divergence, self.wanted = self.good_step, None, False
        self.seconds = float(self.history.updates["seconds"][-1]) if self.step else 0.0
        self.events = [event for event in self.events if event[0] <= self.step]
        for later in [step for step in self.milestones if step > self.step]:
            del self.milestones[later]
        self._answer()  # those on record may be of the network that blew up
        return self.step

    def restored(self, good_step: int) -> None:
        """Bring up to date what derives from the weights, after those of this update were loaded from a file."""
        self.milestones.clear()
        self.milestones[self.step] = self.copies.weights()
        self._answer()
        self.answered_at = good_step
        self.copies.keep_as_good(good_step)

    def parameters(self) -> int:
        """Return the number of trainable weights."""
        return self._parameters

    def health(self) -> Health:
        """Return the latest measured signs of how training goes."""
        return health(self.history)

    @property
    def revision(self) -> Hashable:
        """Another value whenever its view may be another."""
        counts = (len(self.history), len(self.history.held_out), len(self.events))
        return self.number, self.status, self.answered_at, *counts

    def view(self, max_points: int = POINTS, *, answers: bool = False, gradients: bool = False) -> RunView:
        """Return the run as plain data, whose size does not grow with the run; `answers` and `gradients` if asked."""
        history, held, at = self.history, self.held_out, goal(self.task)
        curve = history.view(max_points)
        return RunView(
            number=self.number, cell=self.config.cell, config=self.config, status=self.status, step=self.step,
            seconds=self.seconds, parameters=self._parameters, curve=curve,
            gradients=history.gradients(max_points) if gradients else None,
            loss=last(curve.loss), held_loss=last(curve.held_loss), held_metric=last(curve.held_metric),
            lowest=history.lowest(), divergence=self.divergence, good_step=self.good_step,
            solved_at=None if at is None else history.first_below(at), health=self.health(), scores=self.scores,
            held_out=held.size, place=held.place, example=held.number, answered_at=self.answered_at,
            answers=tuple(self.shown()) if answers else (),
        )  # fmt: skip

    def shown(self) -> Iterator[Shown]:
        """Yield the first held-out examples with the network's answers, or that it gives no finite numbers."""
        answers, many_to_one = self.answers, self.task.many_to_one
        for i in range(SHOWN):
            example = self.held_out.select(slice(i, i + 1), many_to_one)
            if self._finite[i]:
                yield self.task.show(example, answers[i] if many_to_one else answers[:, i])
            else:
                yield replace(self.task.show(example), answer=NO_NUMBERS, right=False)
