"""What decided about the people of a port, kept beside them as it is in the statement that makes their table.

Each person gets one list of texts. Conditions on the row itself are answered where the row is read; whatever looks for
other rows is answered for everybody at once and joined: counts and figures by one pass over each link, anything else as
the keys of those for whom it holds. Groups of a rule are kept by their parts, from which they follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sqlglot import exp

from campaigns.decisions import LONGEST_KEPT, Entry, Fact, Layout, Says
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
from orchestration.selection.dimension_rows import DimensionRows
from orchestration.selection.profiles import Profiles
from orchestration.working_tables import DECIDED

FOUND = "_found"
"""What is looked up of a person in a SELECT of keys."""
MOST_JOINS = 16
"""At most so many passes and sets of keys are joined for one port; what would need more is not kept."""


def deciding(
    context: CompileContext,
    came: Arrival,
    ask: Callable[[Decision, Made], None],
) -> Deciding:
    """Makes the SELECT of a port of `came`'s people tell what `ask` puts down."""

    def tell(select: exp.Select, made: Made) -> Decided | None:
        decision = Decision(context, came)
        ask(decision, made)
        return decision.around(select)

    return tell


def deciding_by_rule(
    context: CompileContext, dimension: str, path: str, rule: Rule | None
) -> Deciding | None:
    """The same for the rest of a dimension, where one rule decided."""
    if rule is None:
        return None
    return deciding(context, in_dimension(dimension), lambda decision, _made: decision.rule(path, rule))


def in_dimension(dimension: str) -> Arrival:
    """People of a dimension who did not come in as a population."""
    return Arrival("", "", dimension)


class Decision:
    """One record under way: say what decided, then ask for the SELECT that tells it."""

    def __init__(self, context: CompileContext, came: Arrival) -> None:
        self.context = context
        self.came = came
        self._profiles = Profiles(context, came)
        self._texts: list[exp.Expr] = []
        self._entries: list[Entry] = []
        self._passes: dict[str, LinkedPass | None] = {}
        self._joins: list[exp.Join] = []
        self._rules: dict[str, Any] = {}
        self._joined = 0
        self._counted: dict[str, int] = {}

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

    def text(self, part: str, says: Says, sql: exp.Expr, *, path: str = "", about: str = "") -> None:
        """Anything else, as a text of its own."""
        self._entries.append(Entry(len(self._texts), part, says, path, about=about))
        self._texts.append(sql)

    def limit(self, part: str, *, after: str) -> None:
        """There was a limit for those whom the rule `after` found."""
        self._entries.append(Entry(-1, part, Fact.WITHIN_LIMIT, about=after))

    def holders(self, part: str, says: Says, select: exp.Select, *, about: str = "") -> None:
        """Whether the person is among those whose keys a SELECT yields, once each."""
        if (among := self.keys(select)) is not None:
            self.text(part, says, flag(among), about=about)

    def looked_up(self, part: str, says: Says, select: exp.Select) -> None:
        """What a SELECT of keys, once each, says of the person as FOUND."""
        if (alias := self._alias()) is not None:
            self._join(select, alias)
            self.text(part, says, as_text(trees.column(alias, FOUND)))

    def keys(self, select: exp.Select) -> exp.Expr | None:
        """Whether the person's key is among those that a SELECT yields, once each; None where too much is joined."""
        if (alias := self._alias()) is None:
            return None
        self._join(select, alias)
        return trees.known(key_of(alias))

    def _join(self, source: exp.Select, alias: str) -> None:
        same = exp.EQ(this=key_of(alias), expression=key_of())
        relation = exp.Subquery(this=source, alias=exp.TableAlias(this=trees.name(alias)))
        self._joins.append(exp.Join(this=relation, side="LEFT", on=same))

    def around(self, select: exp.Select) -> Decided | None:
        """The SELECT of key and columns with the texts beside them; None where there is nothing to tell."""
        if not self._entries:
            return None
        if self.came.table_name and self._profiles.needs_row:
            self.text("", Fact.FOUND, flag(self._profiles.is_found()))
        texts = trees.cast(exp.Array(expressions=self._texts), "text[]")
        query = self._profiles.select(trees.named(texts, DECIDED))
        query.set("from_", exp.From(this=select.subquery("p", copy=False)))
        passes = [each.join() for each in self._passes.values() if each]
        query.set("joins", [*(query.args.get("joins") or []), *passes, *self._joins])
        return Decided(query, Layout(self._entries, self._rules))

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
            self.text(part, Role.HOLDS, flag(condition), path=path)

    def _condition(self, rule: Rule) -> exp.Expr | None:
        """The rule itself, or where it looks for other rows the set of those for whom it holds."""
        condition = self._profiles.condition(rule)
        return self.keys(self._holders(rule)) if asks_for_rows(condition) else condition

    def _holders(self, rule: Rule) -> exp.Select:
        if not self.came.table_name:
            rows = DimensionRows(self.context, self.came.dimension)
            return rows.select(rows.condition(rule))
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
        self._entries.append(Entry(len(self._texts), part, Role.FIGURE, path, type=figure.type))
        self._texts.append(as_text(figure.value()))
        self._holds(part, path, self.keys(self._holders(rule)) if asks_for_rows(holds) else holds)

    def _figure(self, rule: Aggregate) -> exp.Expr | None:
        found = self._pass(rule.link)
        figure = found.figure(rule) if found else None
        if figure is not None or (alias := self._alias()) is None:
            return figure
        groups = groups_of(rule, self._profiles.scope, alias)
        self._profiles.is_found()
        self._joins.append(exp.Join(this=groups.relation, side="LEFT", on=groups.owner))
        return groups.figure

    def _inside(self, part: str, node: Node) -> None:
        """A part of a `where`: how many linked rows it held for, of how many."""
        found = self._pass(node.way)
        meeting = found.meeting(node.rule) if found else None
        if meeting is not None:
            self._rows(part, node.path, node.way)
            self.text(part, Role.MEETING, as_text(meeting), path=node.path)

    def _rows(self, part: str, path: str, link: str) -> None:
        """How many rows there are behind a link: one text, whatever speaks of them."""
        if (found := self._pass(link)) is None:
            return
        if link in self._counted:
            self._entries.append(Entry(self._counted[link], part, Role.ROWS, path))
            return
        self._counted[link] = len(self._texts)
        self.text(part, Role.ROWS, as_text(found.count()), path=path)

    def _pass(self, link: str) -> LinkedPass | None:
        """The pass over the rows behind a link; None where they are too far away or too much is joined."""
        if link not in self._passes:
            self._passes[link] = self._new_pass(link)
        return self._passes[link]

    def _new_pass(self, link: str) -> LinkedPass | None:
        if "." in link or self._joined >= MOST_JOINS:
            return None
        found = LinkedPass(self._profiles.scope, link, f"d{self._joined}")
        if not found.is_near:
            return None
        self._profiles.is_found()
        self._joined += 1
        return found

    def _alias(self) -> str | None:
        if self._joined >= MOST_JOINS:
            return None
        self._joined += 1
        return f"d{self._joined - 1}"

    def _value(self, part: str, path: str, says: Says, name: Wanted) -> None:
        subject = self._profiles.value(name)
        self._entries.append(Entry(len(self._texts), part, says, path, name, subject.type))
        self._texts.append(as_text(value_or_null(subject)))


def flag(condition: exp.Expr) -> exp.Expr:
    """Whether a condition holds, as a text."""
    yes, no = exp.Literal.string("t"), exp.Literal.string("f")
    return exp.Case(ifs=[exp.If(this=condition, true=yes)], default=no)


def as_text(value: exp.Expr) -> exp.Expr:
    """A value as a text that is no longer than what is ever shown of it, and shows where it was."""
    return trees.call("LEFT", trees.cast(value, "text"), exp.Literal.number(LONGEST_KEPT))
