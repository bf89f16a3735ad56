"""What may go wrong in the engine. The class decides what happens next; nobody parses a message."""

from __future__ import annotations


class OrchestrationError(Exception):
    """Something the engine refuses or cannot do; the text is for people."""


class Refused(OrchestrationError):  # noqa: N818 - names what happened
    """An act is not possible in the present state: which state that is, and what to do. `code` is stable."""

    def __init__(self, message: str, remedy: str, *, code: str) -> None:
        self.message, self.remedy, self.code = message, remedy, code
        super().__init__(f"{message} {remedy}".strip())


class ActivityFailed(OrchestrationError):  # noqa: N818 - names what happened
    """An activity cannot succeed as it is configured or on this data; trying again changes nothing."""


class ConservationBroken(ActivityFailed):
    """The counts of an activity do not add up: its work is rolled back."""


class Fenced(OrchestrationError):  # noqa: N818 - names what happened
    """Another worker has taken over; whatever this one did is rolled back."""
