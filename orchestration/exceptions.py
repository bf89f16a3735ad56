"""What may go wrong in the engine. The class decides what happens next; nobody parses a message."""

from __future__ import annotations


class OrchestrationError(Exception):
    """Something the engine refuses or cannot do; the text is for people."""


class Refused(OrchestrationError):  # noqa: N818 - names what happened
    """An act is not possible in the present state; the text says which state and what to do."""


class ActivityFailed(OrchestrationError):  # noqa: N818 - names what happened
    """An activity cannot succeed as it is configured or on this data; trying again changes nothing."""


class ConservationBroken(ActivityFailed):
    """The counts of an activity do not add up: its work is rolled back."""


class Fenced(OrchestrationError):  # noqa: N818 - names what happened
    """Another worker has taken over; whatever this one did is rolled back."""
