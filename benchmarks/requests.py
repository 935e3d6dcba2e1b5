"""What a tab has asked its server for, and when it was answered."""

import asyncio
from dataclasses import dataclass


@dataclass(eq=False, slots=True)
class Request:
    """A rerun that was sent and not answered yet; `answered` is None for the ticks of a live fragment."""

    sent: float
    fragment: str
    answered: asyncio.Future[float] | None
