"""Questions of one's own to the networks of a task: a part of every task, empty where nothing can be asked."""

from typing import ClassVar, Literal

from torch import Tensor


class Asked:
    """A task's side of a question of one's own: how it is typed or drawn, and read by the networks.

    Attributes
    ----------
    ask
        What a person may ask a network, as one sentence; empty if nothing can be asked.
    ask_kind
        How it is asked: by a ``text`` for `parse_text`; by an ``opening``, which the networks go on from; or by a
        ``drawing`` for `draw`.
    vocabulary
        The characters by number, where the networks go on from an ``opening``; else empty.
    """

    name: ClassVar[str]
    ask: ClassVar[str] = ""
    ask_kind: ClassVar[Literal["text", "opening", "drawing"]] = "text"
    vocabulary: tuple[str, ...] = ()

    def parse_text(self, text: str) -> Tensor:
        """Return what a person typed as the inputs of one example, ``(time, 1)`` or ``(time, 1, features)``.

        Raises
        ------
        ConfigError
            If the text cannot be read: what was expected, what was found, what to do.
        """
        raise NotImplementedError(f"{self.name} reads no text")

    def draw(self, pixels: tuple[float, ...]) -> Tensor:
        """Return what a person drew as the inputs of one example; 64 numbers, row by row, 0 paper to 1 ink.

        Raises
        ------
        ConfigError
            If it cannot be read: what was expected, what was found, what to do.
        """
        raise NotImplementedError(f"{self.name} reads no drawing")

    @property
    def first_drawing(self) -> tuple[float, ...]:
        """A drawing that `draw` accepts; empty where nothing is drawn."""
        return ()

    @property
    def asked_for(self) -> str:
        """The thing to type, in a few words, where the name of the task does not say it; else empty."""
        return ""

    @property
    def first_question(self) -> str:
        """A question that `parse_text` accepts at these settings; here the example in `ask`."""
        return self.ask.partition("“")[2].partition("”")[0]

    def typed_steps(self, text: str) -> tuple[str, ...]:
        """Return what a person typed, step by step, where `steps` would not give it back; else nothing."""
        return ()

    def steps(self, inputs: Tensor) -> tuple[str, ...]:
        """Return what stands at each step of one example's inputs, in a few letters; needed where `parse_text` is."""
        return tuple(str(step) for step in range(1, len(inputs) + 1))
