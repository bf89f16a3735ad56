"""The ten activities that the flow benchmark runs, as a document; `flow_baseline.sql` does the same by hand."""

from __future__ import annotations

from typing import Any

from campaigns.document import Document, parse_document

SINCE = "2017-10-03T00:00:00+00:00"


def flow_document(*, spent: int = 120, slug: str = "flow") -> Document:
    """`spent` is what makes somebody a buyer; the baseline says 120."""
    transitions = [_arrow(line) for line in ARROWS.split("\n") if line.strip()]
    campaign = {"slug": slug, "name": "Ten activities", "time_zone": "UTC"}
    return parse_document(
        {
            "tutti": 1,
            "campaign": campaign,
            "activities": [buyers(spent), *ACTIVITIES],
            "transitions": transitions,
        }
    )


def _arrow(line: str) -> dict[str, str]:
    start, target = line.split()
    source, _dot, port = start.partition(".")
    return {"from": source, "to": target, **({"port": port} if port else {})}


def _is(attribute: str, operator: str, value: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": operator, "value": value}


def _audience(activity_id: str, rule: dict[str, Any]) -> dict[str, Any]:
    return {"id": activity_id, "type": "build_audience", "config": {"dimension": "person", "rule": rule}}


def _activity(activity_id: str, kind: str, **config: Any) -> dict[str, Any]:
    return {"id": activity_id, "type": kind, "config": config}


RECENT = _is("ordered_at", "greater_or_equal", SINCE)


def buyers(spent: int) -> dict[str, Any]:
    rule = {
        "kind": "aggregate",
        "link": "orders",
        "function": "sum",
        "attribute": "amount",
        "where": RECENT,
        "operator": "greater",
        "value": spent,
    }
    return _audience("buyers", rule)


ACTIVITIES = [
    _audience(
        "adults",
        {
            "kind": "all",
            "of": [
                _is("country", "in", ["AT", "DE", "KR"]),
                _is("born", "between", ["1945-01-01", "1999-12-31"]),
            ],
        },
    ),
    _audience(
        "fans",
        {
            "kind": "exists",
            "link": "orders",
            "where": {"kind": "all", "of": [_is("category", "equal", "c7"), RECENT]},
        },
    ),
    _activity("either", "combine", operation="union"),
    _activity("wanted", "combine", operation="exclusion", primary="either"),
    _activity(
        "unique",
        "deduplication",
        keys=["email"],
        method={"kind": "value", "attribute": "born", "first": "largest"},
    ),
    _activity(
        "facts",
        "enrichment",
        add=[
            {"kind": "attribute", "name": "tier", "attribute": "tier"},
            {
                "kind": "aggregate",
                "name": "spent",
                "link": "orders",
                "function": "sum",
                "attribute": "amount",
                "where": RECENT,
            },
        ],
    ),
    _activity("hold", "control_group", percent="10", seed="bench"),
    _activity(
        "ways",
        "split",
        seed="bench",
        complement=True,
        subsets=[
            {"id": "gold", "rule": _is("@tier", "equal", "gold")},
            {"id": "spenders", "rule": _is("@spent", "greater", 50)},
            {"id": "tenth", "limit": {"percent": "10"}},
        ],
    ),
    _activity("best", "combine", operation="intersection", primary="ways.gold"),
]
ARROWS = """
adults either
buyers either
either wanted
fans wanted
wanted unique
unique facts
facts hold
hold ways
ways.gold best
buyers best
"""
