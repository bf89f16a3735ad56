"""The rows that links lead to, as something to select from: joined link by link, and whose each of them is.

Aggregates, the n-th row and sequences make their subqueries of it; what they select is theirs.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.attributes import Attribute, Subject, find_links
from campaigns.targeting.comparisons import value_or_null
from campaigns.targeting.narrowing import owners_that_matter
from campaigns.targeting.rules import Rule
from campaigns.targeting.schema import Link
from campaigns.targeting.scope import Compilation, Row

Where = Callable[[Row], exp.Expr | None]
"""What is asked of a row, or None where nothing is."""

Filters = Callable[[Rule | None, str], Where]
"""What a rule, found at a place, asks of a row."""


@dataclass(frozen=True, slots=True)
class LinkedRows:
    """Where links lead from `row`: a row of the SQL for each link, the last being those that are meant."""

    row: Row
    links: tuple[Link, ...]
    rows: tuple[Row, ...]
    narrowed: exp.Expr | None = None
    """What keeps the rows to those whose owner may matter."""

    @classmethod
    def along(cls, state: Compilation, row: Row, path: str, place: str) -> LinkedRows:
        links = find_links(state.scope.catalogue, row.table, path.split("."), place)
        rows = tuple(state.row_of(link.target) for link in links)
        return cls(row, links, rows, owners_that_matter(state, row, links[0], rows[0]))

    @property
    def end(self) -> Row:
        return self.rows[-1]

    def keys(self) -> list[exp.Expr]:
        """The columns of the first linked row by which it belongs to `row`."""
        first = self.rows[0]
        return [
            trees.column(first.alias, first.table.columns[there].name) for _here, there in self.links[0].on
        ]

    def named_keys(self) -> list[exp.Expr]:
        """The same to be selected, under the names that `owner` expects."""
        return [trees.named(key, key_name(number)) for number, key in enumerate(self.keys())]

    def owner(self, alias: str) -> exp.Expr:
        """True where a row of the subquery named `alias` belongs to `row`."""
        table = self.row.table
        pairs = (
            exp.EQ(
                this=trees.column(alias, key_name(number)),
                expression=trees.column(self.row.alias, table.columns[here].name),
            )
            for number, (here, _there) in enumerate(self.links[0].on)
        )
        return trees.every(pairs)

    def joins(self, further: Sequence[tuple[Link, Row]] = ()) -> list[exp.Join]:
        """From the first linked row to the last, and on to where an attribute is."""
        steps = [*zip(self.links[1:], self.rows[1:], strict=True), *further]
        sources = [*self.rows, *(target for _link, target in further)]
        return [
            exp.Join(this=trees.relation(target), on=trees.joined(link, source, target))
            for (link, target), source in zip(steps, sources, strict=False)
        ]

    def select(
        self, columns: Sequence[exp.Expr], where: exp.Expr | None, further: Sequence[tuple[Link, Row]] = ()
    ) -> exp.Select:
        conditions = [each for each in (self.narrowed and self.narrowed.copy(), where) if each is not None]
        asked = trees.every(conditions) if conditions else None
        query = trees.select(columns, trees.relation(self.rows[0]), asked)
        query.set("joins", self.joins(further))
        return query


@dataclass(frozen=True, slots=True)
class Reached:
    """An attribute of a linked row, with the to-one links and rows to be joined for it.

    A row without a target drops out, as is due where a row without a value has no part.
    """

    further: tuple[tuple[Link, Row], ...]
    subject: Subject

    @classmethod
    def of(cls, state: Compilation, end: Row, attribute: Attribute) -> Reached:
        further = tuple((link, state.row_of(link.target)) for link in attribute.links)
        return cls(further, attribute.of(further[-1][1] if further else end))

    def sortable(self) -> exp.Expr:
        """The value as rows are ordered by it: NULL if empty, texts by code point."""
        return trees.by_code_point(value_or_null(self.subject), self.subject.type)


def key_name(number: int) -> str:
    return f"k{number}"


def subquery(query: exp.Expr, alias: str) -> exp.Subquery:
    return exp.Subquery(this=query, alias=exp.TableAlias(this=trees.name(alias)))


def computed_once(query: exp.Expr, alias: str) -> exp.Subquery:
    """A subquery that each of PostgreSQL's parallel workers would compute again for itself, were it not kept apart.

    Kept apart it is neither computed for some rows alone nor in the order that somebody else may need.
    """
    name = trees.name(alias)
    kept = exp.CTE(this=query, alias=exp.TableAlias(this=name), materialized=True)
    everything = trees.select([exp.Star()], exp.Table(this=name.copy()))
    everything.set("with_", exp.With(expressions=[kept]))
    return subquery(everything, alias)
