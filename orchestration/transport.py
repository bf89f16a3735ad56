"""What comes back from a provider, whatever its channel: outcomes, why it could not be used at all, and why a message
could not be made.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

MICRO_BATCH = 10
"""Messages handed over at once. Whoever records the outcomes bounds by it what a kill leaves undecided."""
REPLY_LENGTH = 300


class Kind(StrEnum):
    """How far a message got. The class alone decides whether it may be tried again."""

    SENT = "sent"
    """Accepted by the server."""
    FAILED_TEMPORARY = "failed_temporary"
    """Refused for now (4xx): try later."""
    FAILED_PERMANENT = "failed_permanent"
    """Refused for good (5xx)."""
    UNKNOWN = "unknown"
    """Wholly handed over, without an answer: it may have been delivered; never try again blindly."""
    NOT_ATTEMPTED = "not_attempted"
    """The server cannot have taken it: trying again is safe, at once on another connection."""


class Stage(StrEnum):
    """The step of the conversation that decided about a message."""

    MAIL = "mail"
    RCPT = "rcpt"
    DATA = "data"
    CONTENT = "content"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one message. `reply` begins with the code, or says what happened when there was no
    reply.
    """

    kind: Kind
    code: int | None = None
    reply: str = ""
    stage: Stage | None = None
    """Where it was decided; a refusal at MAIL speaks of the sender, not of the recipient."""


class Unavailable(Exception):  # noqa: N818 - names what happened
    """The provider cannot be used now; nothing was handed over. `permanent`: somebody must change the
    configuration.
    """

    def __init__(self, text: str, *, code: int | None = None, permanent: bool = False) -> None:
        super().__init__(text)
        self.code = code
        self.permanent = permanent


class Unsendable(Exception):  # noqa: N818 - names what happened
    """One person's message cannot be made; the others of its delivery go on. `code` is stable, the text is for people."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.code = code


def not_attempted(reason: str) -> Outcome:
    return Outcome(Kind.NOT_ATTEMPTED, None, reason[:REPLY_LENGTH])
