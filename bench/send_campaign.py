"""The campaign of the sending benchmark: some people, their last three orders, one e-mail."""

from __future__ import annotations

from typing import Any

from bench.letter import HTML, SUBJECT, TEXT
from campaigns.document import Document, parse_document


def send_document(slug: str, *, people: int) -> Document:
    transitions = [{"from": "some", "to": "facts"}, {"from": "facts", "to": "mail"}]
    return parse_document(
        {
            "tutti": 1,
            "campaign": {"slug": slug, "name": slug, "time_zone": "UTC"},
            "activities": [_some(people), _FACTS, _MAIL],
            "transitions": transitions,
        }
    )


def _some(people: int) -> dict[str, Any]:
    rule = {"kind": "condition", "attribute": "id", "operator": "less_or_equal", "value": people}
    return {"id": "some", "type": "build_audience", "config": {"dimension": "person", "rule": rule}}


_FACTS = {
    "id": "facts",
    "type": "enrichment",
    "config": {
        "add": [
            {
                "kind": "rows",
                "name": "bought",
                "link": "orders",
                "number": 3,
                "sort": [{"attribute": "ordered_at"}],
                "fields": [
                    {"attribute": "category", "name": "category"},
                    {"attribute": "amount", "name": "paid"},
                ],
            }
        ]
    },
}
_MAIL = {
    "id": "mail",
    "type": "email",
    "config": {
        "channel": "bench-mail",
        "one_per_address": False,
        "content": {"subject": SUBJECT, "html": HTML, "text": TEXT},
    },
}
