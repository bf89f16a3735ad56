"""Sending the e-mails of one delivery: its content compiled once, each person's message made and handed over."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from functools import lru_cache

from django.conf import settings
from django.db import DatabaseError

from campaigns.content.email_content import EmailContent
from campaigns.models import ChannelConfiguration
from orchestration.channels.contract import Session
from orchestration.channels.registry import open_session
from orchestration.claims import Claimed, Settlement
from orchestration.mail.addresses import sendable_address
from orchestration.mail.messages import Encoding, Letter, MessageTemplate, Sender, compile_message
from orchestration.mail.refusals import Unsendable
from orchestration.mail.transport import Kind, Outcome, OutgoingMessage, Stage, Unavailable
from orchestration.message_ids import message_id_of
from orchestration.models import Delivery
from orchestration.personal_values import nested
from orchestration.retries import retry_delay

logger = logging.getLogger(__name__)


class EmailSender:
    """One conversation with a provider. What a message or the provider does never raises: it becomes a settlement."""

    def __init__(self, delivery: Delivery) -> None:
        self.delivery = delivery
        self.template = compiled(delivery.pk)
        self.session: Session | None = None
        self.is_broken = False

    def send(self, claimed: Sequence[Claimed]) -> list[Settlement]:
        """One settlement for each claimed message."""
        session = self._open_session()
        if session is None:
            return [Settlement(message.id, "ready") for message in claimed]
        made = {message.id: self._made(message, session) for message in claimed}
        outgoing = [message for message in made.values() if isinstance(message, OutgoingMessage)]
        outcomes = dict(zip((m.id for m in outgoing), session.send(outgoing), strict=True))
        self.is_broken = not session.is_open and not any(o.kind is Kind.SENT for o in outcomes.values())
        refused = {pk: made_of for pk, made_of in made.items() if isinstance(made_of, Settlement)}
        return [refused.get(m.id) or _settlement(m, outcomes[m.id]) for m in claimed]

    def close(self) -> None:
        if self.session is not None:
            self.session.close()

    def _open_session(self) -> Session | None:
        """The open conversation, begun again where the last one ended; None when the provider is away."""
        if self.session is not None and self.session.is_open:
            return self.session
        try:
            configuration = ChannelConfiguration.objects.get(slug=self.delivery.configuration)
            self.session = open_session(configuration.provider, configuration.provider_config)
        except (Unavailable, ChannelConfiguration.DoesNotExist, DatabaseError) as error:
            logger.warning("Delivery %s cannot be sent now: %s", self.delivery.pk, error)
            self.session, self.is_broken = None, True
        return self.session

    def _made(self, message: Claimed, session: Session) -> OutgoingMessage | Settlement:
        try:
            return outgoing(self.template, self._letter(message), session)
        except Unsendable as error:
            return Settlement(message.id, "failed_permanent", reply=str(error))
        except Exception as error:
            # Nothing was handed over yet, and whatever is wrong with one message must not hold up the others.
            logger.exception("Message %s could not be made.", message.id)
            return Settlement(message.id, "failed_permanent", reply=type(error).__name__)

    def _letter(self, message: Claimed) -> Letter:
        return Letter(
            message=message.id,
            message_id=message_id_of(
                delivery=self.delivery.pk, message=message.id, domain=self.delivery.sender["message_domain"]
            ),
            address=message.address,
            values=nested(self.delivery.values, message.values, self.delivery.variables),
        )


def open_email_sender(delivery: Delivery) -> EmailSender:
    return EmailSender(delivery)


def outgoing(template: MessageTemplate, letter: Letter, session: Session) -> OutgoingMessage:
    """The letter in its envelope, in the encoding the provider takes; raises Unsendable."""
    encoding = Encoding.EIGHT_BIT if session.takes_eight_bit else Encoding.QUOTED_PRINTABLE
    recipient = sendable_address(letter.address)
    return OutgoingMessage(
        letter.message, template.sender.address, recipient, template.build(letter, encoding=encoding)
    )


@lru_cache(maxsize=8)
def compiled(delivery_id: int) -> MessageTemplate:
    """The delivery's content, compiled once a process: content and sender are frozen with the delivery."""
    delivery = Delivery.objects.select_related("campaign").get(pk=delivery_id)
    feedback_id = f"{delivery.activity_id}:{delivery.campaign.slug}:{delivery.channel}:tutti"
    sender = sender_from(delivery.sender, feedback_id=feedback_id)
    return compile_message(
        EmailContent.model_validate(delivery.content),
        sender,
        base_url=settings.PUBLIC_BASE_URL,
        marketing=delivery.category == Delivery.Category.MARKETING,
    )


def sender_from(frozen: Mapping[str, str], *, feedback_id: str = "") -> Sender:
    """The sender as `orchestration.deliveries.sender_of` wrote it down."""
    return Sender(
        address=frozen["address"],
        name=frozen["name"],
        reply_to=frozen["reply_to"],
        postal_address=frozen["postal_address"],
        feedback_id=feedback_id,
    )


def _settlement(message: Claimed, outcome: Outcome) -> Settlement:
    match outcome.kind:
        case Kind.NOT_ATTEMPTED:
            return Settlement(message.id, "ready", reply=outcome.reply)
        case Kind.FAILED_TEMPORARY:
            delay = retry_delay(message.attempts)
            return Settlement(message.id, "failed_temporary", outcome.code, outcome.reply, delay)
    return Settlement(message.id, str(outcome.kind), outcome.code, outcome.reply, bounced=_bounced(outcome))


def _bounced(outcome: Outcome) -> bool:
    """A refusal at MAIL speaks of the sender: it says nothing of whether the recipient can be reached."""
    return outcome.kind is Kind.FAILED_PERMANENT and bool(outcome.code) and outcome.stage is not Stage.MAIL
