"""The ledger as people search it: one row for each recipient of each delivery, newest first.

Pages go by key, never by offset, so the thousandth costs what the first does. Addresses are shown only to
those who may see personal data; everybody else gets enough to recognise one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, fields
from typing import Any

from django.db.models import Q, QuerySet

from orchestration.message_ids import ledger_row_of, message_id_of
from orchestration.models import Delivery, Message

PAGE = 50
_CHUNK = 2_000
_NOTHING = -1


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerSearch:
    """What to look for; empty parts are not looked at. `address` and `recipient` are whole, not beginnings."""

    campaign: str = ""
    run: int | None = None
    activity: str = ""
    state: str = ""
    exclusion_reason: str = ""
    address: str = ""
    recipient: str = ""
    message_id: str = ""
    test: bool = False

    def rows(self) -> QuerySet[Message]:
        """The matching messages, newest first."""
        conditions = Q()
        for name in (part.name for part in fields(self)):
            conditions &= _CONDITIONS[name](getattr(self, name))
        return Message.objects.filter(conditions).select_related("delivery__campaign").order_by("-pk")


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """Some rows and, if there are more, the key to ask for what follows."""

    rows: list[Message]
    next_before: int | None


def read_page(search: LedgerSearch, *, before: int | None = None, size: int = PAGE) -> LedgerPage:
    """The messages below the key `before`, at most `size`."""
    rows = search.rows() if before is None else search.rows().filter(pk__lt=before)
    found = list(rows[: size + 1])
    return LedgerPage(found[:size], found[size - 1].pk if len(found) > size else None)


def all_rows(search: LedgerSearch) -> Iterator[Message]:
    """Every matching message, some thousands in memory at a time."""
    before: int | None = None
    while True:
        page = read_page(search, before=before, size=_CHUNK)
        yield from page.rows
        if page.next_before is None:
            return
        before = page.next_before


def masked(address: str) -> str:
    """`a…@example.com`: the domain and the first letter, enough to recognise and too little to write to."""
    local, at, domain = address.rpartition("@")
    return f"{local[:1]}…{at}{domain}" if at else f"{address[:1]}…" if address else ""


def mail_id(message: Message) -> str:
    """The Message-ID the message carries, or would carry."""
    domain = message.delivery.sender.get("message_domain", "")
    return message_id_of(delivery=message.delivery_id, message=message.pk, domain=domain)


def _same(lookup: str) -> Any:
    return lambda value: Q(**{lookup: value}) if value not in ("", None) else Q()


def _address(value: str) -> Q:
    """As written, or in lower case: whatever the case of the question, the index answers it."""
    return Q(address__in={value, value.lower()}) if value else Q()


def _message_id(value: str) -> Q:
    if not value:
        return Q()
    row = ledger_row_of(value)
    return Q(pk=row if row is not None and row < 2**63 else _NOTHING)


def _deliveries(**conditions: Any) -> Q:
    """By key, so that the ledger's own index is used and not a join over all of it."""
    return Q(delivery__in=list(Delivery.objects.filter(**conditions).values_list("pk", flat=True)))


def _campaign(value: str) -> Q:
    return _deliveries(campaign__slug=value) if value else Q()


def _run(value: int | None) -> Q:
    return _deliveries(activity_run__run=value) if value is not None else Q()


_CONDITIONS: dict[str, Any] = {
    "campaign": _campaign,
    "run": _run,
    "activity": _same("delivery__activity_id"),
    "state": _same("state"),
    "exclusion_reason": _same("exclusion_reason"),
    "address": _address,
    "recipient": _same("recipient_key"),
    "message_id": _message_id,
    "test": lambda wanted: Q(delivery__kind=Delivery.Kind.TEST if wanted else Delivery.Kind.LIVE),
}
