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

    @classmethod
    def along(cls, state: Compilation, row: Row, path: str, place: str) -> LinkedRows:
        links = find_links(state.scope.catalogue, row.table, path.split("."), place)
        return cls(row, links, tuple(state.row_of(link.target) for link in links))

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
        query = trees.select(columns, trees.relation(self.rows[0]), where)
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
