"""What generated rules are made of: every operator, kind and function, variables, and values at a pinch."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from tests.campaigns.targeting.world import NOW, Described

Rule = dict[str, Any]

ORDERED = ["equal", "not_equal", "greater", "greater_or_equal", "less", "less_or_equal"]
ORDERED += ["between", "not_between", "in", "not_in", "is_empty", "is_not_empty"]
PATTERNS = ["starts_with", "not_starts_with", "contains", "not_contains", "like", "not_like"]
TEMPORAL = [*ORDERED, "in_period", "not_in_period", "anniversary"]
OPERATORS = {
    "text": [*ORDERED, *PATTERNS],
    "integer": ORDERED,
    "decimal": ORDERED,
    "float": ORDERED,
    "boolean": ["equal", "not_equal", "is_true", "is_false", "is_empty", "is_not_empty"],
    "date": TEMPORAL,
    "datetime": TEMPORAL,
    "uuid": ["equal", "not_equal", "in", "not_in", "is_empty", "is_not_empty"],
    "json": ["is_empty", "is_not_empty"],
}
PAIRS = [(operator, kind) for kind, operators in OPERATORS.items() for operator in operators]
NUMBERS = ("integer", "decimal", "float")
KINDS = ["all", "any", "except", "not", "condition", "exists", "aggregate", "nth", "sequence"]
FUNCTIONS = ["count", "count", "count_distinct", "sum", "avg", "min", "max", "stddev", "string", "string"]
SORTABLE = ("integer", "decimal", "float", "text", "date", "datetime")
UNITS = ["day", "week", "month", "month", "quarter", "year"]

VARIABLES = {
    "day": date(2024, 1, 31),
    "moment": datetime(2024, 3, 10, 7, 30, tzinfo=UTC),
    "local": datetime.fromisoformat("2023-11-05T01:30"),
    "eve": date(2023, 2, 28),
    "late": datetime(2024, 3, 1, 2, 30, tzinfo=UTC),
    "word": "anna",
    "blank": "",
    "nothing": None,
    "number": Decimal("12.5"),
    "whole": 3,
    "flag": True,
    "uid": "00000000-0000-0033-3333-333333333333",
}
VARIABLES_OF = {
    "text": ["word", "blank", "nothing"],
    "integer": ["number", "whole", "nothing"],
    "decimal": ["number", "whole"],
    "float": ["number", "whole"],
    "boolean": ["flag", "nothing"],
    "date": ["day", "moment", "local", "late", "nothing"],
    "datetime": ["day", "moment", "local", "late", "nothing"],
    "uuid": ["uid"],
}
JSON_PATHS = [["plan"], ["n"], ["ok"], ["plan", "tier"], ["list", "0"], ["list", "-1"], ["0"], ["gone", "x"]]

FALLBACKS: dict[str, Any] = {
    "text": "pro",
    "integer": 1,
    "decimal": 1,
    "float": 1,
    "boolean": True,
    "date": NOW.date(),
    "datetime": NOW,
    "uuid": VARIABLES["uid"],
}


def ways(tables: dict[str, Described], table: str, most: int) -> dict[str, bool]:
    """Every way along links of so many steps at most, and whether it leads to many."""
    found: dict[str, bool] = {}
    for name, (target, _pairs, many) in tables[table].links.items():
        found[name] = many
        further = ways(tables, target, most - 1) if most > 1 else {}
        found |= {f"{name}.{rest}": many or more for rest, more in further.items()}
    return found
