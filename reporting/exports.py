"""Everything a report shows, as CSV: its tables, the ledger, the raw events with their verdicts.

Rows are read by key, some thousands at a time, and written as they come: the size of an export costs no
memory.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from django.db import connection
from django.utils.translation import gettext as _

from orchestration.models import Message
from orchestration.verdicts import People
from reporting.csv_text import csv_lines
from reporting.ledger import LedgerSearch, all_rows, mail_id, masked
from reporting.metrics import MEASURES, RATES, SWITCHED
from reporting.reports import Line
from reporting.scopes import Scope

_CHUNK = 5_000
_EVENT_COLUMNS = (
    "event", "message", "delivery", "campaign", "activity", "run", "recipient", "kind", "occurred_at",
    "recorded_at", "provider", "link", "method", "ip", "user_agent", "code", "bot", "score", "signals", "ruleset",
)  # fmt: skip

_EVENTS = """
SELECT e.occurred_at, e.id, e.message_id, e.delivery_id, c.slug, d.activity_id, r.run_id, e.recipient_key, e.kind,
       e.recorded_at, e.provider, e.link_number, e.method, host(e.ip), e.user_agent, e.detail ->> 'code',
       coalesce(v.bot, false), v.score, array_to_string(v.signals, ' '), v.ruleset
FROM orchestration_messageevent e
JOIN orchestration_delivery d ON d.id = e.delivery_id
JOIN orchestration_activityrun r ON r.id = d.activity_run_id
JOIN campaigns_campaign c ON c.id = d.campaign_id
LEFT JOIN orchestration_eventverdict v ON v.occurred_at = e.occurred_at AND v.event_id = e.id
WHERE e.delivery_id = ANY(%(deliveries)s) AND (e.occurred_at, e.id) > (%(occurred_at)s::timestamptz, %(event)s)
ORDER BY e.occurred_at, e.id
LIMIT %(limit)s
"""


def table_csv(lines: Iterable[Line]) -> Iterator[str]:
    """A table of a report: a column for each measure a reader sees, then each rate."""
    names = shown_measures()
    header = [_("Value"), _("Label"), *(str(label) for _name, label in names), *(str(r.label) for r in RATES)]
    rows = (
        [
            line.value,
            line.label,
            *(line.numbers[name] for name, _l in names),
            *(line.rates[r.name] for r in RATES),
        ]
        for line in lines
    )
    return csv_lines(header, rows)


def shown_measures() -> list[tuple[str, Any]]:
    """Names and labels of the measures a reader sees, opens and clicks once each."""
    found: dict[str, Any] = {}
    for measure in MEASURES:
        name = measure.name.removesuffix("_all").removesuffix(f"_{People.HUMAN}")
        if name == measure.name or name in SWITCHED:
            found.setdefault(name, measure.label)
    return list(found.items())


def ledger_csv(search: LedgerSearch, *, personal: bool) -> Iterator[str]:
    """The ledger; addresses in full only if `personal`."""
    header = (
        "message", "message_id", "delivery", "campaign", "activity", "recipient", "entity", "address", "state",
        "exclusion_reason", "attempts", "in_flight_at", "finished_at", "reply_code", "reply",
    )  # fmt: skip
    return csv_lines(header, (_ledger_row(message, personal=personal) for message in all_rows(search)))


def events_csv(scope: Scope, *, personal: bool) -> Iterator[str]:
    """The raw events in the order they occurred, each with its verdict; IP addresses only if `personal`."""
    return csv_lines(_EVENT_COLUMNS, _events(scope.keys(), personal=personal))


def _ledger_row(message: Message, *, personal: bool) -> Sequence[Any]:
    return [
        message.pk,
        mail_id(message),
        message.delivery_id,
        message.delivery.campaign.slug,
        message.delivery.activity_id,
        message.recipient_key,
        message.entity_key,
        message.address if personal else masked(message.address),
        message.state,
        message.exclusion_reason,
        message.attempts,
        message.in_flight_at,
        message.finished_at,
        message.reply_code,
        message.reply if personal else "",
    ]


def _events(deliveries: Sequence[int], *, personal: bool) -> Iterator[Sequence[Any]]:
    last: tuple[Any, int] = ("-infinity", 0)
    while True:
        rows = _read_events(deliveries, last)
        for row in rows:
            yield _event_row(row, personal=personal)
        if len(rows) < _CHUNK:
            return
        last = rows[-1][0], rows[-1][1]


def _read_events(deliveries: Sequence[int], last: tuple[Any, int]) -> list[tuple[Any, ...]]:
    values = {"deliveries": list(deliveries), "occurred_at": last[0], "event": last[1], "limit": _CHUNK}
    with connection.cursor() as cursor:
        cursor.execute(_EVENTS, values)
        return list(cursor.fetchall())


def _event_row(row: Sequence[Any], *, personal: bool) -> Sequence[Any]:
    occurred_at, *rest = row
    before = _EVENT_COLUMNS.index("occurred_at")
    cells = [*rest[:before], occurred_at, *rest[before:]]
    if not personal:
        cells[_EVENT_COLUMNS.index("ip")] = ""
    return cells
