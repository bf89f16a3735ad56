"""Two rules on the same rows, as a single SELECT: who would enter, leave and stay, counted, with the first of each."""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.rules import Rule
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import MAX_ROWS, key_names, select_keys

ENTER, LEAVE, STAY = "enter", "leave", "stay"
CHANGES = (ENTER, LEAVE, STAY)


def difference_statement(before: Rule | None, after: Rule | None, scope: Scope, *, limit: int) -> exp.Select:
    """Rows of change, count and the columns of the key: for each change that anybody makes, how many make it and
    the first `limit` of them by key.

    Each rule is asked once, as a selection of its own: that is a semi-join where a condition in a CASE would be
    a question to every row.
    """
    if not 0 < limit <= MAX_ROWS:
        raise ValueError(f"{limit} rows cannot be shown")
    names = key_names(scope)
    joined = _joined(names, select_keys(before, scope), select_keys(after, scope))
    change = trees.column("g", "change")
    columns = [change, trees.column("g", "count"), *(trees.column("s", each) for each in names)]
    query = trees.select(columns, _aliased(_counted(), "g"))
    sample = exp.Lateral(this=exp.Subquery(this=_first(names, change.copy(), limit)), alias=_alias("s"))
    query.set("joins", [exp.Join(this=sample, kind="CROSS")])
    everybody = exp.CTE(this=joined, alias=_alias("d"), materialized=True)
    query.set("with_", exp.With(expressions=[everybody]))
    return query


def _joined(names: Sequence[str], before: exp.Select, after: exp.Select) -> exp.Select:
    """Everybody either rule means, once, with what becomes of them."""
    keys = [
        trees.named(exp.Coalesce(this=trees.column("a", each), expressions=[trees.column("b", each)]), each)
        for each in names
    ]
    query = trees.select([_change(names[0]), *keys], _aliased(before, "b"))
    same = trees.every(
        exp.EQ(this=trees.column("b", each), expression=trees.column("a", each)) for each in names
    )
    query.set("joins", [exp.Join(this=_aliased(after, "a"), side="FULL", on=same)])
    return query


def _change(key: str) -> exp.Expr:
    """Rows without a key take no part, so a key that is missing is that of the other side."""
    branches = [
        exp.If(this=exp.Is(this=trees.column(side, key), expression=exp.null()), true=_text(change))
        for side, change in (("b", ENTER), ("a", LEAVE))
    ]
    return trees.named(exp.Case(ifs=branches, default=_text(STAY)), "change")


def _counted() -> exp.Select:
    change = trees.column("d", "change")
    query = trees.select([change, trees.named(exp.Count(this=exp.Star()), "count")], _everybody())
    query.set("group", exp.Group(expressions=[change.copy()]))
    return query


def _first(names: Sequence[str], change: exp.Expr, limit: int) -> exp.Select:
    keys = [trees.column("d", each) for each in names]
    same = exp.EQ(this=trees.column("d", "change"), expression=change)
    query = trees.select(keys, _everybody(), same)
    order = [exp.Ordered(this=key.copy(), desc=False, nulls_first=False) for key in keys]
    query.set("order", exp.Order(expressions=order))
    query.set("limit", exp.Limit(expression=exp.Literal.number(limit)))
    return query


def _everybody() -> exp.Table:
    return exp.Table(this=trees.name("d"))


def _aliased(query: exp.Select, alias: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=_alias(alias))


def _alias(name: str) -> exp.TableAlias:
    return exp.TableAlias(this=trees.name(name))


def _text(value: str) -> exp.Literal:
    return exp.Literal.string(value)
