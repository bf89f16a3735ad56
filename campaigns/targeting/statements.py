"""The SELECTs a rule becomes: its keys, its count, a preview, the values of an attribute.

All of them are trees; `render` makes statements of them and callers execute those.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Attribute, Subject
from campaigns.targeting.bound import bound
from campaigns.targeting.comparisons import has_value, value_or_null
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.expressions.attribute import Wanted, attribute_of
from campaigns.targeting.problems import refusal
from campaigns.targeting.rules import Rule
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Compilation, Row, Scope, Value
from campaigns.targeting.values import storable

MAX_ROWS = 10_000


def select_keys(rule: Rule | None, scope: Scope) -> exp.Select:
    """The primary keys of the rows for which the rule holds (all rows without one), unordered.

    The column is `key`; a composite key gives `key_1`, `key_2`… in key order. Rows without a key are left
    out.
    """
    row = Compilation.of(scope).root()
    columns = _key_columns(row)
    selected = [trees.named(column, name) for column, name in zip(columns, key_names(scope), strict=True)]
    return trees.select(selected, trees.relation(row), _where(rule, scope, row))


def key_names(scope: Scope) -> Sequence[str]:
    """The columns that `select_keys` gives."""
    parts = len(scope.catalogue.tables[scope.table].primary_key)
    return ["key"] if parts == 1 else [f"key_{number}" for number in range(1, parts + 1)]


def count_statement(rule: Rule | None, scope: Scope) -> exp.Select:
    """How many rows `select_keys` gives, as `count`."""
    row = Compilation.of(scope).root()
    counted = trees.named(exp.Count(this=exp.Star()), "count")
    return trees.select([counted], trees.relation(row), _where(rule, scope, row))


def counts_statement(conditions: Sequence[exp.Expr], scope: Scope) -> exp.Select:
    """How many rows each of the conditions, rules compiled for this scope, holds for, in one pass: `c1`, `c2`… in
    the order given.
    """
    row = Compilation.of(scope).root()
    counted = [trees.named(_counted(each), f"c{number}") for number, each in enumerate(conditions, 1)]
    return trees.select(counted, trees.relation(row), _where(None, scope, row))


def _counted(condition: exp.Expr) -> exp.Filter:
    return exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))


def preview_statement(
    rule: Rule | None,
    scope: Scope,
    *,
    columns: Sequence[Wanted],
    limit: int = 50,
    after: Sequence[Value] | None = None,
    with_key: bool = False,
) -> exp.Select:
    """Rows by key, one output column for each attribute, named `c1`, `c2`… in the order given; with the key too,
    as `k1`, `k2`…. `after` is the key of the row that the page begins behind; without it, it is the first page.
    """
    state = Compilation.of(scope)
    row = state.root()
    values = [attribute_sql(state, row, column, f"/{number}") for number, column in enumerate(columns)]
    selected = [trees.named(subject.sql, f"c{number}") for number, subject in enumerate(values, 1)]
    if with_key:
        selected += [trees.named(key, f"k{number}") for number, key in enumerate(_key_columns(row), 1)]
    conditions = [each for each in (_where(rule, scope, row), _behind(row, after)) if each is not None]
    query = trees.select(selected, trees.relation(row), trees.every(conditions) if conditions else None)
    query.set(
        "order", exp.Order(expressions=[trees.ordered(key, descending=False) for key in _sortable_key(row)])
    )
    return _limited(query, limit)


def distribution_statement(
    attribute: Wanted,
    scope: Scope,
    *,
    rule: Rule | None = None,
    limit: int = 20,
    search: str = "",
) -> exp.Select:
    """The commonest values: `value` (NULL for empty), `count` and `total`, the rows counted over all values.

    `search` keeps the values that contain it, whatever their case.
    """
    state = Compilation.of(scope)
    row = state.root()
    subject = attribute_sql(state, row, attribute, "")
    value = value_or_null(subject)
    conditions = [
        each for each in (_where(rule, scope, row), _containing(subject, search)) if each is not None
    ]
    where = trees.every(conditions) if conditions else None
    inner = trees.select([trees.named(value, "value")], trees.relation(row), where)
    return _limited(_tallied(inner, subject.type), limit)


def attribute_sql(state: Compilation, row: Row, wanted: Wanted, place: str) -> Subject:
    """An attribute's value for each row, through to-one links too: one of them when a link is broken."""
    attribute = attribute_of(state, row, wanted, place)
    if not attribute.links:
        return attribute.of(row)
    return _through_links(state, row, attribute)


def _through_links(state: Compilation, row: Row, attribute: Attribute) -> Subject:
    rows = [state.row_of(link.target) for link in attribute.links]
    subject = attribute.of(rows[-1])
    conditions = [
        trees.joined(link, source, target)
        for link, source, target in zip(attribute.links, [row, *rows], rows, strict=False)
    ]
    query = trees.select([subject.sql], trees.relation(rows[0]), conditions[0])
    joins = zip(rows[1:], conditions[1:], strict=True)
    query.set("joins", [exp.Join(this=trees.relation(target), on=on) for target, on in joins])
    return replace(subject, sql=exp.Subquery(this=_limited(query, 1)))


def _where(rule: Rule | None, scope: Scope, row: Row) -> exp.Expr | None:
    columns = [row.table.columns[slug] for slug in row.table.primary_key]
    known = [trees.known(trees.column(row.alias, column.name)) for column in columns if column.nullable]
    if rule is not None:
        known.append(compile_condition(rule, scope))
    return trees.every(known) if known else None


def _key_columns(row: Row) -> list[exp.Expr]:
    _check_key(row)
    return [trees.column(row.alias, row.table.columns[slug].name) for slug in row.table.primary_key]


def _check_key(row: Row) -> None:
    if not row.table.primary_key:
        message = _("Table “%(table)s” has no key.") % {"table": row.table.slug}
        raise refusal("", "no_key", message, _("Register the table with the fields that identify a row."))


def _behind(row: Row, after: Sequence[Value] | None) -> exp.Expr | None:
    """True of the rows that come after a key, in the order of `_sortable_key`."""
    if after is None:
        return None
    keys = exp.Tuple(expressions=_sortable_key(row))
    return exp.GT(this=keys, expression=exp.Tuple(expressions=[bound(value) for value in after]))


def _sortable_key(row: Row) -> list[exp.Expr]:
    _check_key(row)
    return trees.sortable_key(row)


def _limited(query: exp.Select, limit: int) -> exp.Select:
    if not 0 < limit <= MAX_ROWS:
        message = _("%(limit)d rows cannot be shown.") % {"limit": limit}
        raise refusal("", "bad_limit", message, _("Ask for 1 to %(most)d.") % {"most": MAX_ROWS})
    query.set("limit", exp.Limit(expression=exp.Literal.number(limit)))
    return query


def _containing(subject: Subject, search: str) -> exp.Expr | None:
    if not search:
        return None
    text = Subject(trees.cast(subject.value(), "text"), FieldType.TEXT)
    needle = trees.folded(bound(storable(search, "")))
    found = exp.GT(
        this=trees.call("STRPOS", trees.folded(text.sql), needle), expression=exp.Literal.number(0)
    )
    return trees.every([found, has_value(text)])


def _tallied(inner: exp.Select, field_type: FieldType) -> exp.Select:
    value = trees.column("_values", "value")
    tally = exp.Count(this=exp.Star())
    total = exp.Window(this=exp.Sum(this=tally.copy()))
    source = exp.Subquery(this=inner, alias=exp.TableAlias(this=trees.name("_values")))
    query = trees.select([value, trees.named(tally, "count"), trees.named(total, "total")], source)
    query.set("group", exp.Group(expressions=[value.copy()]))
    sortable = trees.by_code_point(value.copy(), field_type)
    most = trees.ordered(tally.copy(), descending=True)
    query.set("order", exp.Order(expressions=[most, trees.ordered(sortable, descending=False)]))
    return query
