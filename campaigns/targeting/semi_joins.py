"""How PostgreSQL is to plan a statement that asks whether linked rows exist.

Left alone it may hash the linked rows down to one an owner first, and each of its processes does so with all of them. To
join people with linked rows until the first is found takes a quarter to two thirds of that time, whatever indexes there are.
"""

from __future__ import annotations

from collections.abc import Mapping

from sqlglot import exp

SEMI_JOINED = {"enable_hashagg": "off"}
"""The planner's settings. Nothing else is grouped by a statement that they are for."""

GROUPING = (exp.Group, exp.Distinct, exp.SetOperation)


def settings_for(tree: exp.Expr) -> Mapping[str, str]:
    """The planner's settings for a statement or condition; none where it groups rows besides, which hashing is best at."""
    return SEMI_JOINED if tree.find(exp.Exists) and not tree.find(*GROUPING) else {}
