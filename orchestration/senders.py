"""Sending a delivery's messages through its provider, whatever the channel: open, make, hand over, say what became of it."""

from __future__ import annotations

import logging
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from django.db import DatabaseError

from campaigns.models import ChannelConfiguration
from orchestration.channels.contract import Outgoing, Session
from orchestration.channels.registry import open_configured
from orchestration.claims import Claimed, Settlement
from orchestration.models import Delivery
from orchestration.retries import retry_delay
from orchestration.transport import Kind, Outcome, Stage, Unavailable, Unsendable

logger = logging.getLogger(__name__)


class Sender(Protocol):
    """One conversation with a provider, for the messages of one delivery."""

    def send(self, claimed: Sequence[Claimed]) -> list[Settlement]:
        """One settlement for each message; never raises for what a message or the provider does."""
        ...

    @property
    def is_broken(self) -> bool:
        """Whether the provider cannot be reached, so that going on now is useless."""
        ...

    def close(self) -> None: ...


class ChannelSender(ABC):
    """What the senders of all channels share. Each makes its messages in `make`."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.session: Session[Any] | None = None
        self.is_broken = False

    @abstractmethod
    def make(self, message: Claimed, session: Any) -> Outgoing:
        """The message as the session takes it; raises Unsendable."""

    def segments(self, message: Any) -> int | None:
        """How many messages the provider counts this one as, in channels that are paid by segments."""
        return None

    def send(self, claimed: Sequence[Claimed]) -> list[Settlement]:
        """One settlement for each claimed message."""
        session = self._open_session()
        if session is None:
            return [Settlement(message.id, "ready") for message in claimed]
        made = {message.id: self._made(message, session) for message in claimed}
        outgoing = [message for message in made.values() if not isinstance(message, Settlement)]
        outcomes = dict(zip((m.id for m in outgoing), session.send(outgoing), strict=True))
        self.is_broken = not session.is_open and not any(o.kind is Kind.SENT for o in outcomes.values())
        return [self._settlement(m, made[m.id], outcomes) for m in claimed]

    def close(self) -> None:
        if self.session is not None:
            self.session.close()

    def _open_session(self) -> Session[Any] | None:
        """The open conversation, begun again where the last one ended; None when the provider is away."""
        if self.session is not None and self.session.is_open:
            return self.session
        try:
            configuration = ChannelConfiguration.objects.get(slug=self.delivery.configuration)
            self.session = open_configured(configuration)
        except (Unavailable, ChannelConfiguration.DoesNotExist, DatabaseError) as error:
            logger.warning("Delivery %s cannot be sent now: %s", self.delivery.pk, error)
            self.session, self.is_broken = None, True
        return self.session

    def _made(self, message: Claimed, session: Session[Any]) -> Outgoing | Settlement:
        try:
            return self.make(message, session)
        except Unsendable as error:
            return Settlement(message.id, "failed_permanent", reply=str(error))
        except Exception as error:
            # Nothing was handed over yet, and whatever is wrong with one message must not hold up the others.
            logger.exception("Message %s could not be made.", message.id)
            return Settlement(message.id, "failed_permanent", reply=type(error).__name__)

    def _settlement(
        self, message: Claimed, made: Outgoing | Settlement, outcomes: Mapping[int, Outcome]
    ) -> Settlement:
        if isinstance(made, Settlement):
            return made
        return _settled(message, outcomes[message.id], self.segments(made))


def _settled(message: Claimed, outcome: Outcome, segments: int | None) -> Settlement:
    match outcome.kind:
        case Kind.NOT_ATTEMPTED:
            return Settlement(message.id, "ready", reply=outcome.reply)
        case Kind.FAILED_TEMPORARY:
            delay = retry_delay(message.attempts)
            return Settlement(message.id, "failed_temporary", outcome.code, outcome.reply, delay)
    bounced = _bounced(outcome)
    return Settlement(
        message.id, str(outcome.kind), outcome.code, outcome.reply, bounced=bounced, segments=segments
    )


def _bounced(outcome: Outcome) -> bool:
    """A refusal at MAIL speaks of the sender: it says nothing of whether the recipient can be reached."""
    return outcome.kind is Kind.FAILED_PERMANENT and bool(outcome.code) and outcome.stage is not Stage.MAIL
