"""A text as an SMS provider gets it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class OutgoingText:
    """One text for one recipient. `id` is the caller's; `reference` is the same at every attempt and nobody else's, so
    that a gateway can tell a repetition.
    """

    id: int
    sender: str
    recipient: str
    text: str
    segments: int
    reference: str
