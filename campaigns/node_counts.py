"""How many rows each condition and group of a rule holds for, on its own: of its own table, and in its place.

A node outside every `where` is counted over the table the rule is about, a node inside one over the table its
link leads to, whether or not a row there is linked to anything. A node that is taken away (by `not`, by
`except`) is counted as it stands, not as its opposite.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import groupby
from time import monotonic

from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.cancellable import Question, running
from campaigns.limited_queries import CalledOff, TookTooLong, Unanswered, answer
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_nodes import Node, nodes_of, sole
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.allowance import Allowance
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.problems import RuleError, nearest
from campaigns.targeting.render import render
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import count_statement, counts_statement
from campaigns.validation import pointer

MOST_NODES = 200
AT_ONCE = 20
SECONDS_EACH = 3.0
SECONDS_ALL = 15.0


class State(StrEnum):
    """What became of the count of a node."""

    COUNTED = "counted"
    TOO_LONG = "too_long"
    NOT_REACHED = "not_reached"
    CALLED_OFF = "called_off"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class NodeCount:
    """The count of one node; `count` is None unless it was counted, and `reason` then says why."""

    path: str
    table: str
    state: State = State.NOT_REACHED
    count: int | None = None
    seconds: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long counting may take, in seconds: one node, and all of them."""

    each: float = SECONDS_EACH
    all: float = SECONDS_ALL


def count_nodes(
    question: RuleQuestion,
    *,
    paths: Sequence[str] | None = None,
    asked_as: Question | None = None,
    limits: Limits = Limits(),
) -> list[NodeCount]:
    """The counts of the nodes at these pointers, or of all; in the order asked for, else outermost first.

    Raises ProblemsError for pointers that lead to no condition or group, RuleError for what is no rule.
    """
    nodes = _chosen(question, paths)
    deciding = {node.path: node for node in map(sole, nodes[:MOST_NODES])}
    with running(asked_as):
        counted = dict(_Counting(question, limits).counts(list(deciding.values())))
    return [_count_of(node, counted.get(sole(node).path)) for node in nodes]


def _count_of(node: Node, found: NodeCount | None) -> NodeCount:
    return replace(found, path=node.path) if found else _left_out(node)


def _chosen(question: RuleQuestion, paths: Sequence[str] | None) -> list[Node]:
    if question.rule is None:
        return []
    nodes = list(nodes_of(question.rule, question.catalogue, question.table))
    if paths is None:
        return nodes
    by_path = {node.path: node for node in nodes}
    problems = [
        Problem("node.unknown", pointer("nodes", number), _no_node(path), nearest(path, by_path))
        for number, path in enumerate(paths)
        if path not in by_path
    ]
    if problems:
        raise ProblemsError(problems)
    return [by_path[path] for path in dict.fromkeys(paths)]


def _no_node(path: str) -> str:
    return _("“%(path)s” leads to no condition and no group of the rule.") % {"path": path[:60]}


@dataclass(slots=True)
class _Counting:
    """One round of counting; the clock runs from when it is made."""

    question: RuleQuestion
    limits: Limits
    allowance: Allowance = field(default_factory=Allowance)
    conditions: dict[str, exp.Expr] = field(default_factory=dict)
    """Compiled, of the nodes that are counted together."""
    is_off: bool = False

    def counts(self, nodes: Sequence[Node]) -> Iterator[tuple[str, NodeCount]]:
        """Conditions that only read the row together, for one pass is faster; those with subqueries one by one,
        for then PostgreSQL joins instead of asking row by row. Nodes beyond the allowance get no count.
        """
        self.allowance.ends = monotonic() + self.limits.all
        simple, others = list[Node](), list[Node]()
        for node in nodes:
            if self.allowance.nodes <= 0:
                break
            refused = self._refused(node, simple, others)
            if refused:
                yield node.path, refused
        for batch in _batches(simple):
            yield from self._together(batch)
        for node in others:
            yield node.path, self._alone(node)

    def _refused(self, node: Node, simple: list[Node], others: list[Node]) -> NodeCount | None:
        """Sorts the node into one of the lists, or says why it cannot be counted."""
        if self.is_late:
            return _unreached(node)
        if node.table is None:
            return _refusal(node, _("A link on the way to this part is not known."))
        try:
            condition = self.allowance.spend(compile_condition(node.rule, self._scope(node.table)))
        except RuleError as error:
            return _refusal(node, " ".join(problem.message for problem in error.problems[:3]))
        if condition.find(exp.Select):
            others.append(node)
        else:
            simple.append(node)
            self.conditions[node.path] = condition
        return None

    def _scope(self, table: str) -> Scope:
        """Inside a `where` there are no columns of a population."""
        scope = self.question.scope
        return scope if table == scope.table else replace(scope, table=table, columns={})

    def _together(self, batch: Sequence[Node]) -> Iterator[tuple[str, NodeCount]]:
        """One pass over the table; where that fails each gets a try of its own, so that one does not spoil all."""
        if self.is_late:
            yield from ((node.path, _unreached(node)) for node in batch)
            return
        scope = self._scope(batch[0].table or "")
        statement = render(counts_statement([self.conditions[node.path] for node in batch], scope))
        try:
            found = answer(statement, seconds=self._seconds(len(batch)))
        except Unanswered as error:
            self.is_off |= isinstance(error, CalledOff)
            yield from ((node.path, self._alone(node)) for node in batch)
            return
        for node, number in zip(batch, found.rows[0], strict=True):
            yield node.path, _counted(node, number, found.seconds)

    def _alone(self, node: Node) -> NodeCount:
        if self.is_off:
            return replace(_unreached(node), state=State.CALLED_OFF, reason=str(CalledOff()))
        if self.is_late:
            return _unreached(node)
        try:
            scope = self._scope(node.table or "")
            found = answer(render(count_statement(node.rule, scope)), seconds=self._seconds(1))
        except CalledOff as error:
            self.is_off = True
            return replace(_unreached(node), state=State.CALLED_OFF, reason=str(error))
        except TookTooLong as error:
            return replace(_unreached(node), state=State.TOO_LONG, reason=error.message)
        except Unanswered as error:
            return _refusal(node, str(error))
        return _counted(node, found.rows[0][0], found.seconds)

    @property
    def is_late(self) -> bool:
        return monotonic() >= self.allowance.ends

    def _seconds(self, nodes: int) -> float:
        return max(0.001, min(self.limits.each * nodes, self.allowance.ends - monotonic()))


def _batches(nodes: Iterable[Node]) -> Iterator[Sequence[Node]]:
    for _table, same in groupby(sorted(nodes, key=lambda node: node.table or ""), lambda node: node.table):
        members = list(same)
        yield from (members[start : start + AT_ONCE] for start in range(0, len(members), AT_ONCE))


def _counted(node: Node, number: int, seconds: float) -> NodeCount:
    return NodeCount(node.path, node.table or "", State.COUNTED, number, seconds)


def _unreached(node: Node) -> NodeCount:
    reason = _("The time for all counts was used up before this one. Count it alone.")
    return NodeCount(node.path, node.table or "", reason=reason)


def _left_out(node: Node) -> NodeCount:
    reason = _("The rule is too large to count all of its parts at once. Count this one alone.")
    return NodeCount(node.path, node.table or "", reason=reason)


def _refusal(node: Node, reason: str) -> NodeCount:
    return NodeCount(node.path, node.table or "", State.REFUSED, reason=reason)
