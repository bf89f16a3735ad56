"""Sending the texts of one delivery."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from campaigns.content.sms_content import SmsContent
from orchestration.claims import Claimed
from orchestration.message_ids import message_id_of
from orchestration.models import Delivery
from orchestration.personal_values import nested
from orchestration.senders import ChannelSender
from orchestration.sms.outgoing import OutgoingText
from orchestration.sms.texts import Recipient, TextTemplate, compile_text


class SmsSender(ChannelSender):
    """Makes one text for each person."""

    def __init__(self, delivery: Delivery) -> None:
        super().__init__(delivery)
        self.template = compiled(delivery.pk)

    def make(self, message: Claimed, session: Any) -> OutgoingText:
        domain = self.delivery.sender["message_domain"]
        reference = message_id_of(delivery=self.delivery.pk, message=message.id, domain=domain).strip("<>")
        values = nested(self.delivery.values, message.values, self.delivery.variables)
        return self.template.build(Recipient(message.id, reference, message.address, values))

    def segments(self, message: Any) -> int | None:
        return int(message.segments)


@lru_cache(maxsize=8)
def compiled(delivery_id: int) -> TextTemplate:
    """The delivery's content, compiled once a process: content and sender are frozen with the delivery."""
    delivery = Delivery.objects.get(pk=delivery_id)
    content = SmsContent.model_validate(delivery.content)
    frozen = delivery.sender
    return compile_text(content, sender=frozen["address"], opt_out_text=frozen["opt_out_text"])
