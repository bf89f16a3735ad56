"""The nine operations on populations that are measured, as a document, with what they need to work on.

`operations_baseline.sql` does the same by hand, `operations_duckdb.sql` in DuckDB.
"""

from __future__ import annotations

from typing import Any

from campaigns.document import Document, parse_document

SINCE = "2017-10-03T00:00:00+00:00"
MEASURED = (
    "segment",
    "filter",
    "union",
    "intersection",
    "exclusion",
    "split",
    "last_order",
    "attributes",
    "dedup",
)


def operations_document() -> Document:
    campaign = {"slug": "operations", "name": "Nine operations", "time_zone": "UTC"}
    return parse_document(
        {
            "tutti": 1,
            "campaign": campaign,
            "activities": [*SOURCES, *OPERATIONS],
            "transitions": [{"from": source, "to": target} for source, target in ARROWS],
        }
    )


def _is(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def _all(*rules: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "all", "of": list(rules)}


def _audience(activity_id: str, rule: dict[str, Any] | None) -> dict[str, Any]:
    config = {"dimension": "person", **({"rule": rule} if rule else {})}
    return {"id": activity_id, "type": "build_audience", "config": config}


def _activity(activity_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"id": activity_id, "type": kind, "config": config}


SPENT = {
    "kind": "aggregate",
    "link": "orders",
    "function": "sum",
    "attribute": "amount",
    "where": _is("ordered_at", "greater_or_equal", SINCE),
    "operator": "greater",
    "value": 200,
}
NEVER = {"kind": "exists", "link": "orders", "where": _is("category", "equal", "c7"), "negate": True}
SEGMENT = _all(
    _is("country", "in", ["AT", "DE", "KR"]),
    _is("born", "between", ["1977-01-01", "1992-12-31"]),
    SPENT,
    NEVER,
)
SOURCES = [_audience("everybody", None), _audience("others", _is("country", "in", ["AT", "DE", "KR"]))]
OPERATIONS = [
    _audience("segment", SEGMENT),
    _audience("filter", _is("born", "less", "1974-03-02")),
    _activity("union", "combine", operation="union"),
    _activity("intersection", "combine", operation="intersection", primary="filter"),
    _activity("exclusion", "combine", operation="exclusion", primary="filter"),
    _activity(
        "split",
        "split",
        seed="bench",
        subsets=[
            {"id": "a", "limit": {"percent": "33.3333", "of": "inbound"}},
            {"id": "b", "limit": {"percent": "33.3333", "of": "inbound"}},
            {"id": "c"},
        ],
    ),
    _activity(
        "last_order",
        "enrichment",
        add=[
            {
                "kind": "rows",
                "name": "last",
                "link": "orders",
                "number": 1,
                "sort": [{"attribute": "ordered_at", "order": "descending"}],
                "fields": [{"attribute": "amount", "name": "amount"}],
            }
        ],
    ),
    _activity(
        "attributes",
        "enrichment",
        add=[
            {"kind": "attribute", "name": name, "attribute": name} for name in ("first_name", "email", "tier")
        ],
    ),
    _activity(
        "dedup",
        "deduplication",
        keys=["email"],
        method={"kind": "value", "attribute": "born", "first": "largest"},
    ),
]
ARROWS = [
    ("filter", "union"),
    ("others", "union"),
    ("filter", "intersection"),
    ("others", "intersection"),
    ("filter", "exclusion"),
    ("others", "exclusion"),
    ("everybody", "split"),
    ("filter", "last_order"),
    ("filter", "attributes"),
    ("everybody", "dedup"),
]
