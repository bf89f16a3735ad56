"""Finds what a rule names, attributes and collections, through links; and reaches it in SQL.

A link is reached by EXISTS, nested link by link, so that a broken to-one link (no row, or several) neither
drops nor doubles the row the rule is about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.fixes import Fixes, naming, near
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.problems import nearest, refusal, shown
from campaigns.targeting.rules import JsonAttribute
from campaigns.targeting.schema import Cardinality, Catalogue, Column, FieldType, Link, Table
from campaigns.targeting.scope import Compilation, Row
from campaigns.targeting.values import storable

MAX_STEPS = 20
POPULATION_MARK = "@"


@dataclass(frozen=True, slots=True)
class Subject:
    """An SQL expression together with what rules need to know of its type."""

    sql: exp.Expr
    type: FieldType
    stored_zone: str = ""
    deterministic: bool = True
    binary: bool = True

    def value(self) -> exp.Expr:
        """A fresh copy of the expression: a node of a tree has one parent only."""
        return self.sql.copy()

    def exact(self) -> exp.Expr:
        """A text that compares by code point, whatever its column's collation takes for equal.

        Any other keeps its collation, or no index would serve it.
        """
        return self.value() if self.deterministic else trees.collated(self.value(), trees.BYTE_ORDER)

    def jsonb(self) -> exp.Expr:
        """JSON as jsonb; NULL where json holds what jsonb cannot, or one such row would fail every statement."""
        made = trees.cast(self.value(), "jsonb")
        if self.binary:
            return made
        text = trees.cast(self.value(), "text")
        fits = trees.call("PG_INPUT_IS_VALID", text, exp.Literal.string("jsonb"))
        return exp.Case(ifs=[exp.If(this=fits, true=made)])


@dataclass(frozen=True, slots=True)
class Attribute:
    """A field, the to-one links that lead to it, and perhaps a place inside its JSON.

    `carried` is the expression of a column that the population itself carries.
    """

    links: tuple[Link, ...]
    column: Column
    json: JsonAttribute | None = None
    carried: exp.Expr | None = None

    @property
    def type(self) -> FieldType:
        return FieldType(self.json.type) if self.json else self.column.type

    @property
    def stored_zone(self) -> str:
        return self.column.stored_zone

    def of(self, row: Row) -> Subject:
        """The attribute's value on the row its links lead to."""
        sql = self.carried.copy() if self.carried else trees.column(row.alias, self.column.name)
        if self.json:
            held = Subject(sql, FieldType.JSON, binary=self.column.binary)
            return Subject(_inside(held.jsonb(), self.json), self.type)
        if self.column.type is FieldType.TEXT and self.column.enumeration:
            # The column may be of an enumerated type, which compares with text only once it is text.
            sql = trees.cast(sql, "text")
        column = self.column
        return Subject(sql, self.type, column.stored_zone, column.deterministic, column.binary)


def _inside(sql: exp.Expr, json: JsonAttribute) -> exp.Expr:
    found = [sql, *(bound(step) for step in json.path)]
    kind, sql_type = {
        "text": ("string", ""),
        "decimal": ("number", "numeric"),
        "boolean": ("boolean", "boolean"),
    }[json.type]
    is_kind = exp.EQ(
        this=trees.call("JSONB_TYPEOF", trees.call("JSONB_EXTRACT_PATH", *found)),
        expression=exp.Literal.string(kind),
    )
    text = trees.call("JSONB_EXTRACT_PATH_TEXT", *(part.copy() for part in found))
    value = trees.cast(text, sql_type) if sql_type else text
    return exp.Case(ifs=[exp.If(this=is_kind, true=value)])


def find_attribute(catalogue: Catalogue, row: Row, wanted: str | JsonAttribute, place: str) -> Attribute:
    """The attribute that a rule names, seen from `row`."""
    named = wanted if isinstance(wanted, str) else wanted.name
    json = wanted if isinstance(wanted, JsonAttribute) else None
    if named.startswith(POPULATION_MARK):
        found = _population_attribute(row, named, json, place)
    else:
        found = _field_attribute(catalogue, row, named, json, place)
    if json and found.column.type is not FieldType.JSON:
        message = _("“%(name)s” holds no JSON to look inside.") % {"name": shown(named)}
        raise refusal(place, "not_json", message, _("Name the field alone."))
    for number, step in enumerate(json.path if json else ()):
        storable(step, f"{place}/path/{number}")
    return found


def _field_attribute(
    catalogue: Catalogue, row: Row, named: str, json: JsonAttribute | None, place: str
) -> Attribute:
    *steps, field = named.split(".")
    path = find_links(catalogue, row.table, steps, place, behind=f".{field}") if steps else ()
    many = next((link for link in path if link.cardinality is Cardinality.MANY), None)
    if many:
        message = _("“%(link)s” leads to many rows, so it has no single value.") % {"link": shown(many.slug)}
        raise refusal(place, "collection", message, _("Use “exists” or an aggregate on this link."))
    table = catalogue.tables[path[-1].target] if path else row.table
    return Attribute(path, _column(catalogue, table, named, place), json)


def _population_attribute(row: Row, named: str, json: JsonAttribute | None, place: str) -> Attribute:
    found = row.columns.get(named.removeprefix(POPULATION_MARK))
    if found is None:
        message = _("The population carries no column “%(name)s” here.") % {"name": shown(named)}
        own = [POPULATION_MARK + each for each in row.columns]
        fixes = naming(place, named, near(named, own))
        raise refusal(place, "unknown_attribute", message, nearest(named, own), fixes)
    column, carried = found
    return Attribute((), column, json, carried)


def _column(catalogue: Catalogue, table: Table, named: str, place: str) -> Column:
    *steps, field = named.split(".")
    if field not in table.columns:
        message = _("Table “%(table)s” has no field “%(name)s”.") % {
            "table": table.slug,
            "name": shown(field),
        }
        links = (f"{link.slug}.…" for link in catalogue.links_of(table.slug))
        fixes = _renamed(place, steps, field, table.columns)
        raise refusal(place, "unknown_attribute", message, nearest(field, [*table.columns, *links]), fixes)
    return table.columns[field]


def _renamed(place: str, before: list[str], name: str, known: Iterable[str], behind: str = "") -> Fixes:
    """The name at the place with one of its parts corrected, where there is no doubt how."""
    found = near(name, known)
    new = ".".join([*before, found]) + behind
    return naming(place, ".".join([*before, name]) + behind, new if found else "")


def find_links(
    catalogue: Catalogue, table: Table, steps: list[str], place: str, *, behind: str = ""
) -> tuple[Link, ...]:
    """The joins that the steps mean; a link that is a path counts as the links it stands for.

    `behind` is what follows the steps in the name at `place`.
    """
    _refuse_far(len(steps), place)
    links: list[Link] = []
    for number, step in enumerate(steps):
        link = catalogue.links.get((table.slug, step))
        if link is None:
            message = _("Table “%(table)s” has no link “%(name)s”.") % {
                "table": table.slug,
                "name": shown(step),
            }
            known = [each.slug for each in catalogue.links_of(table.slug)]
            rest = "".join(f".{each}" for each in steps[number + 1 :]) + behind
            fixes = _renamed(place, steps[:number], step, known, rest)
            raise refusal(place, "unknown_link", message, nearest(step, known), fixes)
        links += link.steps
        table = catalogue.tables[link.target]
    _refuse_far(len(links), place)
    return tuple(links)


def _refuse_far(steps: int, place: str) -> None:
    if steps > MAX_STEPS:
        message = _("This follows more than %(steps)d links.") % {"steps": MAX_STEPS}
        raise refusal(place, "too_many_links", message, _("Link the tables more directly."))


def reach(
    state: Compilation, row: Row, links: tuple[Link, ...], condition: Callable[[Row], exp.Expr | None]
) -> exp.Expr:
    """True where the links lead from `row` to a row for which `condition` holds; None asks nothing of it."""
    steps: list[tuple[Row, exp.Expr]] = []
    for link in links:
        target = state.row_of(link.target, behind=row)
        steps.append((target, trees.joined(link, row, target)))
        row = target
    found = condition(row)
    for target, join in reversed(steps):
        where = join if found is None else trees.every([join, found])
        found = trees.exists(trees.relation(target), where)
    return exp.true() if found is None else found
