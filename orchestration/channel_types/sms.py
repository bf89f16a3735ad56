"""SMS: numbers are brought into the form E.164 before the ledger is written, each different one once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _
from psycopg import sql

from campaigns.content.preview import preview_text
from campaigns.content.sms_content import OPT_OUT
from campaigns.models import ChannelConfiguration
from campaigns.phone_numbers import e164
from orchestration.channel_types.contract import Addresses, ChannelType, MakeProof, People
from orchestration.message_ids import proof_id_of
from orchestration.models import Delivery
from orchestration.sms.outgoing import OutgoingText
from orchestration.sms.texts import PROOF_MARK, Recipient, compile_text
from orchestration.sms_sender import SmsSender
from orchestration.transport import Unsendable

PORTION = 5_000
NUMBERS = (
    "CREATE TEMPORARY TABLE phone_numbers (written text PRIMARY KEY, number text NOT NULL) ON COMMIT DROP"
)
WRITTEN = sql.SQL(
    "SELECT DISTINCT t.{address}::text FROM {population} AS p JOIN {dimension} AS t ON t.{key} = p.key"
    " WHERE t.{address} IS NOT NULL"
)


class Sms(ChannelType):
    """Plain texts to telephone numbers."""

    name = "sms"
    role = "phone"
    lacks_address = _("The dimension “%(slug)s” has no telephone field.")
    example = "+82 10-1234-5678"

    @classmethod
    def addresses(cls, people: People, configuration: ChannelConfiguration) -> Addresses:
        _write_numbers(people, configuration.default_region)
        written = sql.SQL("btrim(coalesce(t.{address}::text, ''))").format(address=people.address)
        return Addresses(
            address=sql.SQL("coalesce(n.number, {written})").format(written=written),
            malformed=sql.SQL("n.number IS NULL"),
            joined=sql.SQL("LEFT JOIN phone_numbers AS n ON n.written = t.{address}::text").format(
                address=people.address
            ),
        )

    @classmethod
    def frozen_sender(cls, configuration: ChannelConfiguration) -> dict[str, str]:
        return {
            "address": configuration.sender_address,
            "name": configuration.sender_name,
            "message_domain": configuration.message_domain,
            "opt_out_text": configuration.opt_out_text,
        }

    @classmethod
    def open_sender(cls, delivery: Delivery) -> SmsSender:
        return SmsSender(delivery)

    @classmethod
    def typed_address(cls, text: str, configuration: ChannelConfiguration) -> str:
        number = e164(text, configuration.default_region)
        if number is None:
            raise Unsendable("malformed_address", _text("It is no telephone number that exists."))
        return number

    @classmethod
    def proof_maker(
        cls, config: Any, configuration: ChannelConfiguration, values: Mapping[str, Any]
    ) -> MakeProof:
        opt_out = configuration.opt_out_text
        template = compile_text(
            config.content, sender=configuration.sender_address, opt_out_text=opt_out, mark=PROOF_MARK
        )
        preview_text(config.content.text, {**values, OPT_OUT: opt_out})

        def make(number: int, address: str, session: Any) -> OutgoingText:
            reference = proof_id_of(proof=-number, domain=configuration.message_domain).strip("<>")
            return template.build(Recipient(number, reference, address, values))

        return make


def _write_numbers(people: People, region: str) -> None:
    """A table of this transaction: what stands in the company's rows → the number it means, where it means one."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.phone_numbers")
        cursor.execute(NUMBERS)
        for portion in _portions(people):
            with cursor.copy("COPY phone_numbers FROM STDIN") as copy:
                for row in _meant(portion, region):
                    copy.write_row(row)
        cursor.execute("ANALYZE phone_numbers")


def _portions(people: People) -> Iterator[list[str]]:
    names = {
        "population": people.population,
        "dimension": people.dimension,
        "key": people.key,
        "address": people.address,
    }
    with connection.chunked_cursor() as rows:
        rows.execute(WRITTEN.format(**names))
        while portion := rows.fetchmany(PORTION):
            yield [written for (written,) in portion]


def _meant(portion: Iterable[str], region: str) -> Iterator[tuple[str, str]]:
    for written in portion:
        number = e164(written, region)
        if number is not None:
            yield written, number
