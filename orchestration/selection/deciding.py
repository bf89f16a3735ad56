"""What decided about the people of a port, kept beside them as it is in the statement that makes their table.

Each person gets one list of texts. Conditions on the row itself are answered where the row is read; whatever looks for
other rows is answered for everybody at once and joined: counts and figures by one pass over each link, anything else as
the keys of those for whom it holds. Groups of a rule are kept by their parts, from which they follow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlglot import exp

from campaigns.decisions import Entry, Fact, Layout, Says
from campaigns.explanations import MOST_NODES
from campaigns.rule_nodes import GROUPS, Node, nodes_of
from campaigns.targeting import trees
from campaigns.targeting.comparisons import value_or_null
from campaigns.targeting.compile import figure_of, groups_of
from campaigns.targeting.explanation import Role, attributes_of, link_of
from campaigns.targeting.expressions.attribute import Wanted
from campaigns.targeting.linked_pass import LinkedPass, asks_for_rows
from campaigns.targeting.rules import Aggregate, Exists, Rule, dump_rule
from orchestration.compilation import Arrival, CompileContext, Decided, Deciding, Made, key_of
from orchestration.selection.dimension_rows import ROW, DimensionRows
from orchestration.selection.profiles import Profiles
from orchestration.selection.records import Record, as_text

FOUND = "_found"
"""What is looked up of a person in a SELECT of keys."""
MOST_JOINS = 16
"""At most so many passes and sets of keys are joined for one port; what would need more is not kept."""


Ask = Callable[["Decision", Made], None]


def deciding(context: CompileContext, came: Arrival, ask: Ask) -> Deciding:
    """Makes the SELECT of a port of `came`'s people, with the columns they carry, tell what `ask` puts down."""

    def tell(select: exp.Select, made: Made) -> Decided | None:
        decision = Decision(context, came)
        ask(decision, made)
        return decision.around(select)

    return tell


def deciding_of_rows(context: CompileContext, dimension: str, ask: Ask) -> Deciding:
    """The same of a SELECT of `DimensionRows`."""

    def tell(select: exp.Select, made: Made) -> Decided | None:
        decision = RowDecision(context, dimension)
        ask(decision, made)
        return decision.within(select)

    return tell


class Decision:
    """One record under way: say what decided, then ask for the SELECT that tells it."""

    def __init__(self, context: CompileContext, came: Arrival, profiles: Profiles | None = None) -> None:
        self.context = context
        self.came = came
        self._profiles = profiles or Profiles(context, came)
        self._record = Record()
        self._passes: dict[str, LinkedPass | None] = {}
        self._sources: list[_Source] = []
        self._rules: dict[str, Any] = {}
        self._counted: dict[str, int] = {}
        self._joined_so_far = 0

    def rule(self, part: str, rule: Rule, *, is_setting: bool = True) -> None:
        """The parts of a rule: whether they held, and by which values or figures."""
        if not is_setting:
            self._rules[part] = dump_rule(rule)
        nodes = nodes_of(rule, self._profiles.scope.catalogue, self._profiles.row.table.slug)
        for _number, node in zip(range(MOST_NODES), nodes, strict=False):
            if node.way:
                self._inside(part, node)
            elif not isinstance(node.rule, GROUPS):
                self._leaf(part, node)

    def compared(self, part: str, name: Wanted) -> None:
        """The value of an attribute that was compared with others'."""
        self._value(part, "", Fact.COMPARED, name)

    def limit(self, part: str, *, after: str) -> None:
        """There was a limit for those whom the rule `after` found."""
        self._record.entries.append(Entry(-1, part, Fact.WITHIN_LIMIT, about=after))

    def holders(self, part: str, says: Says, select: exp.Select, *, about: str = "") -> None:
        """Whether the person is among those whose keys a SELECT yields, once each."""
        if (among := self._among(select)) is not None:
            self._record.flag(Entry(0, part, says, about=about), among)

    def looked_up(self, part: str, says: Says, select: exp.Select) -> None:
        """What a SELECT of keys, once each, says of the person as FOUND."""
        if (alias := self._alias()) is not None:
            self._sources.append(_Source(alias, select))
            self._record.text(Entry(0, part, says), as_text(trees.column(alias, FOUND)))

    def around(self, select: exp.Select) -> Decided | None:
        """The SELECT of key and columns with the texts beside them; None where there is nothing to tell."""
        if not self._record.entries:
            return None
        if self._profiles.needs_row:
            self._record.flag(Entry(0, "", Fact.FOUND), self._profiles.is_found())
        query = self._profiles.select(self._record.column())
        query.set("from_", exp.From(this=select.subquery("p", copy=False)))
        return self._joined(query)

    def _joined(self, query: exp.Select) -> Decided:
        passes = [_Source(each.alias, each.select(), each.owner) for each in self._passes.values() if each]
        joins = [source.join(self._key()) for source in (*passes, *self._sources)]
        query.set("joins", [*(query.args.get("joins") or []), *joins])
        return Decided(query, Layout(self._record.entries, self._rules))

    def _key(self) -> exp.Column:
        return key_of()

    def _leaf(self, part: str, node: Node) -> None:
        """A condition outside of every `where`."""
        rule = node.rule
        if isinstance(rule, Aggregate):
            self._aggregate(part, node.path, rule)
        else:
            by_rows = self._by_rows(rule) if isinstance(rule, Exists) else None
            self._holds(part, node.path, self._condition(rule) if by_rows is None else by_rows)
        for name in attributes_of(rule):
            self._value(part, node.path, Role.VALUE, name)
        if link := link_of(rule):
            self._rows(part, node.path, link)

    def _holds(self, part: str, path: str, condition: exp.Expr | None) -> None:
        if condition is not None:
            self._record.flag(Entry(0, part, Role.HOLDS, path), condition)

    def _condition(self, rule: Rule) -> exp.Expr | None:
        """The rule itself, or where it looks for other rows the set of those for whom it holds."""
        condition = self._profiles.condition(rule)
        return self._among(self._holders(rule)) if asks_for_rows(condition) else condition

    def _holders(self, rule: Rule) -> exp.Select:
        profiles = Profiles(self.context, self.came)
        condition = profiles.condition(rule)
        return profiles.query([key_of()]).where(condition, copy=False)

    def _by_rows(self, rule: Exists) -> exp.Expr | None:
        """Whether linked rows exist, by how many there are."""
        if (found := self._pass(rule.link)) is None:
            return None
        counted = found.count() if rule.where is None else found.meeting(rule.where)
        if counted is None:
            return None
        operator = exp.EQ if rule.negate else exp.GT
        return operator(this=counted, expression=exp.Literal.number(0))

    def _aggregate(self, part: str, path: str, rule: Aggregate) -> None:
        joined = self._figure(rule)
        if joined is None:
            return
        figure, holds = figure_of(rule, self._profiles.scope, joined)
        entry = Entry(0, part, Role.FIGURE, path, type=figure.type)
        self._record.text(entry, as_text(figure.value(), figure.type))
        self._holds(part, path, self._among(self._holders(rule)) if asks_for_rows(holds) else holds)

    def _figure(self, rule: Aggregate) -> exp.Expr | None:
        found = self._pass(rule.link)
        figure = found.figure(rule) if found else None
        if figure is not None or (alias := self._alias()) is None:
            return figure
        groups = groups_of(rule, self._profiles.scope, alias)
        self._profiles.is_found()
        self._sources.append(_Source(alias, groups.select, groups.owner))
        return groups.figure

    def _inside(self, part: str, node: Node) -> None:
        """A part of a `where`: how many linked rows it held for, of how many."""
        found = self._pass(node.way)
        meeting = found.meeting(node.rule) if found else None
        if meeting is not None:
            self._rows(part, node.path, node.way)
            self._record.text(Entry(0, part, Role.MEETING, node.path), as_text(meeting))

    def _rows(self, part: str, path: str, link: str) -> None:
        """How many rows there are behind a link: one text, whatever speaks of them."""
        if (found := self._pass(link)) is None:
            return
        entry = Entry(self._counted.get(link, 0), part, Role.ROWS, path)
        if link in self._counted:
            self._record.entries.append(entry)
        else:
            self._counted[link] = self._record.text(entry, as_text(found.count()))

    def _pass(self, link: str) -> LinkedPass | None:
        """The pass over the rows behind a link; None where they are too far away or too much is joined."""
        if link not in self._passes:
            self._passes[link] = self._new_pass(link)
        return self._passes[link]

    def _new_pass(self, link: str) -> LinkedPass | None:
        if "." in link:
            return None
        found = LinkedPass(self._profiles.scope, link)
        alias = self._alias() if found.is_near else None
        if alias is None:
            return None
        self._profiles.is_found()
        found.alias = alias
        return found

    def _among(self, select: exp.Select) -> exp.Expr | None:
        """Whether the person is among those of a SELECT; None where too much is joined."""
        if (alias := self._alias()) is None:
            return None
        self._sources.append(_Source(alias, select))
        return trees.known(key_of(alias))

    def _alias(self) -> str | None:
        """One more to be joined; None where that is too many."""
        self._joined_so_far += 1
        return f"d{self._joined_so_far}" if self._joined_so_far <= MOST_JOINS else None

    def _value(self, part: str, path: str, says: Says, name: Wanted) -> None:
        subject = self._profiles.value(name)
        entry = Entry(0, part, says, path, name, subject.type)
        self._record.text(entry, as_text(value_or_null(subject), subject.type))


class RowDecision(Decision):
    """The same of people who were selected from their dimension's table, in the SELECT that reads their rows."""

    def __init__(self, context: CompileContext, dimension: str) -> None:
        came = Arrival("", "", dimension)
        super().__init__(context, came, Profiles(context, came, own=ROW))

    def within(self, select: exp.Select) -> Decided | None:
        """A SELECT of `DimensionRows` with the texts beside the key; None where there is nothing to tell."""
        if not self._record.entries:
            return None
        query = select.select(self._record.column())
        query.set("joins", [*(query.args.get("joins") or []), *self._profiles.joins])
        return self._joined(query)

    def _key(self) -> exp.Column:
        return self._profiles.key()

    def _holders(self, rule: Rule) -> exp.Select:
        rows = DimensionRows(self.context, self.came.dimension)
        return rows.select(rows.condition(rule))


@dataclass(frozen=True, slots=True)
class _Source:
    """A SELECT of at most one row for each person, by `on` or by the key."""

    alias: str
    select: exp.Select
    on: exp.Expr | None = None

    def join(self, key: exp.Expr) -> exp.Join:
        relation = exp.Subquery(this=self.select, alias=exp.TableAlias(this=trees.name(self.alias)))
        on = self.on or exp.EQ(this=key_of(self.alias), expression=key)
        return exp.Join(this=relation, side="LEFT", on=on)
