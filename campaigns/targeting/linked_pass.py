"""What all rows of a table have behind one link, in one pass: counts and figures, grouped, to be joined to the rows.

Conditions that ask for further rows have no place in it, since they would be asked row by row: such a part answers None.
"""

from __future__ import annotations

from dataclasses import replace

from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.aggregates import figure_over
from campaigns.targeting.attributes import find_links
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.linked_rows import LinkedRows
from campaigns.targeting.rules import Aggregate, Rule
from campaigns.targeting.scope import Compilation, Row, Scope

_LINKED = "r0"


class LinkedPass:
    """One pass under way: ask for counts and figures first, then for the SELECT, to be joined under the alias."""

    def __init__(self, scope: Scope, link: str) -> None:
        self._scope, self.alias = scope, ""
        row = Compilation.of(scope).root()
        links = find_links(scope.catalogue, row.table, link.split("."), "")
        self.is_near = len(links) == 1
        end = Row(scope.catalogue.tables[links[0].target], _LINKED)
        self._linked = LinkedRows(row, links[:1], (end,))
        self._columns: list[exp.Expr] = []
        self._met: dict[int, exp.Expr | None] = {}

    def count(self) -> exp.Expr:
        """How many linked rows there are."""
        return self._counted(exp.Count(this=exp.Star()))

    def meeting(self, where: Rule) -> exp.Expr | None:
        """How many linked rows meet a condition, counted once however often it is asked."""
        if id(where) not in self._met:
            self._met[id(where)] = self._meeting(where)
        found = self._met[id(where)]
        return found and found.copy()

    def _meeting(self, where: Rule) -> exp.Expr | None:
        condition = self._condition(where)
        if asks_for_rows(condition):
            return None
        return self._counted(
            exp.Filter(this=exp.Count(this=exp.Star()), expression=exp.Where(this=condition))
        )

    def figure(self, rule: Aggregate) -> exp.Expr | None:
        """What an aggregate over the link comes to; NULL where no rows are linked."""
        where = None if rule.where is None else self._condition(rule.where)
        if where is not None and asks_for_rows(where):
            return None
        figure, further = figure_over(Compilation.of(self._scope), self._linked, rule, "", where)
        return None if further else self._added(figure)

    def select(self) -> exp.Select:
        """The counts and figures of everybody who has linked rows."""
        linked = self._linked
        query = linked.select([*linked.named_keys(), *self._columns], None)
        query.set("group", exp.Group(expressions=linked.keys()))
        return query

    @property
    def owner(self) -> exp.Expr:
        """Whose a row of that is, where it is joined under the alias."""
        return self._linked.owner(self.alias)

    def _condition(self, rule: Rule) -> exp.Expr:
        table = self._linked.end.table.slug
        return compile_condition(rule, replace(self._scope, table=table, alias=_LINKED, columns={}))

    def _counted(self, count: exp.Expr) -> exp.Expr:
        return exp.Coalesce(this=self._added(count), expressions=[exp.Literal.number(0)])

    def _added(self, expression: exp.Expr) -> exp.Column:
        name = f"c{len(self._columns)}"
        self._columns.append(trees.named(expression, name))
        return trees.column(self.alias, name)


def asks_for_rows(condition: exp.Expr) -> bool:
    """Whether a condition on a row looks for other rows."""
    return condition.find(exp.Select) is not None
