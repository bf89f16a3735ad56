"""The first linked rows of each person, as one list and as columns, in the better of two forms.

Where an index leads from the person to the rows, each person's rows are read by it; else the whole table is read once and
numbered by person.
"""

from __future__ import annotations

from collections.abc import Sequence

from sqlglot import exp

from campaigns.targeting import trees
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.selection.additions import AddedJoin, Collected, RowSort, numbered
from orchestration.selection.indexes import leads_an_index
from orchestration.selection.joined_rows import JoinedRows
from orchestration.selection.joins import ascending, descending, sortable, storable
from orchestration.selection.linked_rows import LinkedRows
from orchestration.selection.sampling import PLACE, row_number
from orchestration.working_tables import KEY

Rows = LinkedRows | JoinedRows


def collection_join(context: CompileContext, came: Arrival, addition: Collected, alias: str) -> exp.Join:
    """A LEFT JOIN to the query over `p` that brings the list and the numbered columns under `alias`."""
    name = exp.TableAlias(this=trees.name(alias))
    if isinstance(addition, AddedJoin):
        return _by_person(_of_everybody(JoinedRows(context, came, addition), addition), name)
    rows = LinkedRows(context, came, addition.link, "p")
    if _is_indexed(rows):
        lateral = exp.Lateral(this=exp.Subquery(this=_of_one(rows, addition)), alias=name)
        return exp.Join(this=lateral, side="LEFT", on=exp.true())
    return _by_person(_of_everybody(LinkedRows(context, came, addition.link), addition), name)


def _by_person(grouped: exp.Select, name: exp.TableAlias) -> exp.Join:
    on = exp.EQ(this=key_of(name.this.name), expression=key_of())
    return exp.Join(this=exp.Subquery(this=grouped, alias=name), side="LEFT", on=on)


def collected(addition: Collected, alias: str) -> list[exp.Expr]:
    """The projections of what the join brings; nobody's list is missing, it is empty."""
    empty = trees.cast(exp.Literal.string("[]"), "jsonb")
    listed = exp.Coalesce(this=trees.column(alias, addition.name), expressions=[empty])
    names = (numbered(addition, line, field) for line in addition.lines for field in addition.fields)
    return [trees.named(listed, addition.name), *(trees.column(alias, name) for name in names)]


def _is_indexed(rows: LinkedRows) -> bool:
    first = rows.rows[0].table
    columns = [first.columns[there].name for _here, there in rows.links[0].on]
    return leads_an_index(first.schema, first.name, columns)


def _of_one(rows: LinkedRows, addition: Collected) -> exp.Select:
    order = _order(rows, addition)
    fields = _fields(rows, addition)
    if addition.number > 1:
        fields.append(trees.named(row_number(order=order), PLACE))
    inner = rows.of_one(fields, addition.where)
    first = inner.order_by(*order, copy=False).limit(exp.Literal.number(addition.number), copy=False)
    return _gathered(first, addition) if addition.number > 1 else _alone(first, addition)


def _of_everybody(rows: Rows, addition: Collected) -> exp.Select:
    place = trees.named(row_number(order=_order(rows, addition), partition=[key_of("o")]), PLACE)
    key = trees.named(key_of("o"), KEY)
    inner = rows.of_everybody([key, *_fields(rows, addition), place], addition.where)
    within = exp.LTE(this=trees.column("x", PLACE), expression=exp.Literal.number(addition.number))
    if addition.number == 1:
        return _alone(inner, addition).select(key_of("x"), copy=False).where(within, copy=False)
    gathered = _gathered(inner, addition).select(key_of("x"), copy=False).where(within, copy=False)
    return gathered.group_by(key_of("x"), copy=False)


def _order(rows: Rows, addition: Collected) -> Sequence[exp.Ordered]:
    wanted = [_sorted(rows, sort) for sort in addition.sort]
    return [*wanted, *map(ascending, rows.keys())]


def _sorted(rows: Rows, sort: RowSort) -> exp.Ordered:
    value = sortable(rows.value(sort.attribute))
    if sort.order == "ascending":
        return ascending(value)
    return descending(value, nullable=not rows.is_filled(sort.attribute))


def _fields(rows: Rows, addition: Collected) -> list[exp.Expr]:
    return [
        trees.named(storable(rows.value(field.attribute)), f"f{number}")
        for number, field in enumerate(addition.fields)
    ]


def _alone(inner: exp.Select, addition: Collected) -> exp.Select:
    """The list and the columns of rows that are the only ones of their person: nothing is to be gathered."""
    listed = trees.named(trees.call("JSONB_BUILD_ARRAY", _object(addition)), addition.name)
    lines = [
        trees.named(trees.column("x", f"f{number}"), numbered(addition, line, field))
        for line in addition.lines
        for number, field in enumerate(addition.fields)
    ]
    return trees.select([listed, *lines], inner.subquery("x", copy=False))


def _gathered(inner: exp.Select, addition: Collected) -> exp.Select:
    source = inner.subquery("x", copy=False)
    lines = [
        trees.named(_at(line, f"f{number}"), numbered(addition, line, field))
        for line in addition.lines
        for number, field in enumerate(addition.fields)
    ]
    return trees.select([trees.named(_list(addition), addition.name), *lines], source)


def _list(addition: Collected) -> exp.Expr:
    ordered = exp.Order(this=_object(addition), expressions=[ascending(trees.column("x", PLACE))])
    return trees.call("JSONB_AGG", ordered)


def _object(addition: Collected) -> exp.Expr:
    pairs = [
        part
        for number, field in enumerate(addition.fields)
        for part in (exp.Literal.string(field.name), trees.column("x", f"f{number}"))
    ]
    return trees.call("JSONB_BUILD_OBJECT", *pairs)


def _at(line: int, field: str) -> exp.Expr:
    """The field of one line. Not every type has a max(); every type has arrays."""
    there = exp.EQ(this=trees.column("x", PLACE), expression=exp.Literal.number(line))
    gathered = exp.Filter(
        this=trees.call("ARRAY_AGG", trees.column("x", field)), expression=exp.Where(this=there)
    )
    return exp.Bracket(this=exp.Paren(this=gathered), expressions=[exp.Literal.number(1)], offset=1)
