"""E-mail: addresses are judged by their shape in the statement that writes the ledger."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from campaigns.content.preview import preview
from campaigns.models import ChannelConfiguration
from orchestration.channel_types.contract import Addresses, ChannelType, MakeProof, People
from orchestration.email_sender import EmailSender, outgoing, sender_from
from orchestration.mail.addresses import sendable_address
from orchestration.mail.messages import Letter, compile_message
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.proof_messages import ProofTemplate
from orchestration.mail.sessions import MailSession
from orchestration.message_ids import proof_id_of
from orchestration.models import Delivery

ADDRESS_SHAPE = r"^[^\s@<>()\[\],;:\\\"]+@[^\s@<>()\[\],;:\\\"]+\.[^\s@<>()\[\],;:\\\".]{2,}$"


class Email(ChannelType):
    """Personalised MIME messages."""

    name = "email"
    role = "email"
    lacks_address = _("The dimension “%(slug)s” has no e-mail field.")
    example = "ann@example.com"

    @classmethod
    def addresses(cls, people: People, configuration: ChannelConfiguration) -> Addresses:
        address = sql.SQL("btrim(coalesce(t.{address}, ''))").format(address=people.address)
        malformed = sql.SQL("({address} !~ {shape} OR length({address}) > 254)")
        return Addresses(address, malformed.format(address=address, shape=sql.Literal(ADDRESS_SHAPE)))

    @classmethod
    def frozen_sender(cls, configuration: ChannelConfiguration) -> dict[str, str]:
        return {
            "address": configuration.sender_address,
            "name": configuration.sender_name,
            "reply_to": configuration.reply_to,
            "message_domain": configuration.message_domain,
            "postal_address": configuration.postal_address,
        }

    @classmethod
    def open_sender(cls, delivery: Delivery) -> EmailSender:
        return EmailSender(delivery)

    @classmethod
    def typed_address(cls, text: str, configuration: ChannelConfiguration) -> str:
        return sendable_address(text)

    @classmethod
    def proof_maker(
        cls, config: Any, configuration: ChannelConfiguration, values: Mapping[str, Any]
    ) -> MakeProof:
        template = compile_message(
            config.content,
            sender_from(cls.frozen_sender(configuration)),
            base_url=settings.PUBLIC_BASE_URL,
            marketing=config.category == "marketing",
            template=ProofTemplate,
        )
        system = {"unsubscribe_url": "#", "postal_address": template.sender.postal_address}
        preview(config.content, {**values, **system})

        def make(number: int, address: str, session: MailSession) -> OutgoingMessage:
            message_id = proof_id_of(proof=-number, domain=configuration.message_domain)
            return outgoing(template, Letter(number, message_id, address, values), session)

        return make
