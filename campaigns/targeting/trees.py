"""Small pieces of SQL as trees: names are identifiers by construction, conditions join without copying."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from sqlglot import exp

from campaigns.targeting.bound import Bound, data_type
from campaigns.targeting.schema import FieldType, Link
from campaigns.targeting.scope import Row

CASE_FOLDING = "pg_c_utf8"
BYTE_ORDER = "C"


def name(text: str) -> exp.Identifier:
    return exp.Identifier(this=text, quoted=True)


def column(alias: str, column_name: str) -> exp.Column:
    return exp.Column(this=name(column_name), table=name(alias))


def named(expression: exp.Expr, alias: str) -> exp.Alias:
    return exp.Alias(this=expression, alias=name(alias))


def relation(row: Row) -> exp.Table:
    alias = exp.TableAlias(this=name(row.alias))
    return exp.Table(this=name(row.table.name), db=name(row.table.schema), alias=alias)


def select(columns: Sequence[exp.Expr], source: exp.Expr, where: exp.Expr | None = None) -> exp.Select:
    query = exp.Select(expressions=list(columns), from_=exp.From(this=source))
    if where is not None:
        query.set("where", exp.Where(this=where))
    return query


def exists(source: exp.Expr, where: exp.Expr) -> exp.Exists:
    return exp.Exists(this=select([exp.Literal.number(1)], source, where))


def every(conditions: Iterable[exp.Expr]) -> exp.Expr:
    return exp.and_(*conditions, copy=False)


def some(conditions: Iterable[exp.Expr]) -> exp.Expr:
    return exp.or_(*conditions, copy=False)


def known(value: exp.Expr) -> exp.Expr:
    return exp.Not(this=exp.Is(this=value, expression=exp.null()))


def not_true(condition: exp.Expr) -> exp.Expr:
    """The exact complement of a condition: true where it is false and where it is unknown."""
    if isinstance(condition, exp.Exists):
        return exp.Not(this=condition)
    if isinstance(condition, exp.Not):
        # No negation made here is ever unknown, so taking it away is exact too.
        inner: exp.Expr = condition.this.pop()
        return inner
    if isinstance(condition, exp.EQ) and is_constant(condition.expression):
        return exp.NullSafeNEQ(this=condition.this, expression=condition.expression)
    return exp.Not(this=exp.Is(this=exp.Paren(this=condition), expression=exp.true()))


def is_constant(expression: exp.Expr) -> bool:
    return isinstance(expression, exp.Cast) and isinstance(expression.this, Bound)


def call(function: str, *arguments: exp.Expr) -> exp.Anonymous:
    return exp.Anonymous(this=function, expressions=list(arguments))


def cast(expression: exp.Expr, sql_type: str) -> exp.Cast:
    return exp.Cast(this=expression, to=data_type(sql_type))


def collated(expression: exp.Expr, collation: str) -> exp.Collate:
    return exp.Collate(this=expression, expression=name(collation))


def by_code_point(expression: exp.Expr, field_type: FieldType) -> exp.Expr:
    """The expression as it is to be ordered by, whatever the collation of a text."""
    return collated(expression, BYTE_ORDER) if field_type is FieldType.TEXT else expression


def ordered(expression: exp.Expr, *, descending: bool) -> exp.Ordered:
    # PostgreSQL's own order of NULLs; said, or the generator would write it out.
    return exp.Ordered(this=expression, desc=descending, nulls_first=descending)


def sortable_key(row: Row) -> list[exp.Expr]:
    """The columns of the table's key as rows are ordered by them."""
    columns = [row.table.columns[slug] for slug in row.table.primary_key]
    return [by_code_point(column(row.alias, each.name), each.type) for each in columns]


def folded(expression: exp.Expr) -> exp.Expr:
    return exp.Lower(this=collated(expression, CASE_FOLDING))


def joined(link: Link, source: Row, target: Row) -> exp.Expr:
    """The link's condition between a row of its source and one of its target."""
    pairs = (
        exp.EQ(
            this=column(target.alias, target.table.columns[there].name),
            expression=column(source.alias, source.table.columns[here].name),
        )
        for here, there in link.on
    )
    return every(pairs)
