"""Sending the e-mails of one delivery: its content compiled once, each person's message made and handed over."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from django.conf import settings

from campaigns.content.email_content import EmailContent
from orchestration.claims import Claimed
from orchestration.mail.addresses import sendable_address
from orchestration.mail.messages import Encoding, Letter, MessageTemplate, Sender, compile_message
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.sessions import MailSession
from orchestration.message_ids import message_id_of
from orchestration.models import Delivery
from orchestration.personal_values import nested
from orchestration.senders import ChannelSender


class EmailSender(ChannelSender):
    """Makes one MIME message for each person."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery)
        self.template = compiled(delivery.pk)

    def make(self, message: Claimed, session: MailSession) -> OutgoingMessage:
        return outgoing(self.template, self._letter(message), session)

    def _letter(self, message: Claimed) -> Letter:
        return Letter(
            message=message.id,
            message_id=message_id_of(
                delivery=self.delivery.pk, message=message.id, domain=self.delivery.sender["message_domain"]
            ),
            address=message.address,
            values=nested(self.delivery.values, message.values, self.delivery.variables),
        )


def outgoing(template: MessageTemplate, letter: Letter, session: MailSession) -> OutgoingMessage:
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
    """The sender as `orchestration.channel_types.email` wrote it down."""
    return Sender(
        address=frozen["address"],
        name=frozen["name"],
        reply_to=frozen["reply_to"],
        postal_address=frozen["postal_address"],
        feedback_id=feedback_id,
    )
