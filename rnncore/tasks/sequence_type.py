"""The five types of sequence problems."""

from enum import StrEnum


class SequenceType(StrEnum):
    """The way inputs and answers line up in time."""

    ONE_TO_ONE = "one-to-one"
    ONE_TO_MANY = "one-to-many"
    MANY_TO_ONE = "many-to-one"
    ALIGNED = "many-to-many, aligned"
    ENCODER_DECODER = "many-to-many, encoder-decoder"

    @property
    def writes(self) -> bool:
        """True if answers are written step by step after everything was read."""
        return self in (SequenceType.ONE_TO_MANY, SequenceType.ENCODER_DECODER)

    @property
    def at_every_step(self) -> bool:
        """True if there is an answer at every step that is read."""
        return self in (SequenceType.ONE_TO_ONE, SequenceType.ALIGNED)
