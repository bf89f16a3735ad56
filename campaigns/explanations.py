"""Why a row is in or out: one row against every condition and group of a rule, on today's data, in words.

The rule is asked as it stands now, whatever was true before; every answer carries its time. What holds is told
to everybody who may ask; values only where they may be seen.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.limited_queries import SECONDS, answer
from campaigns.personal_data import MASKED, PersonalFields
from campaigns.problems import Problem, ProblemsError
from campaigns.rule_nodes import Node, end_of, nodes_of, sole
from campaigns.rule_questions import RuleQuestion, speaks_of_columns
from campaigns.targeting.allowance import Allowance
from campaigns.targeting.clock import Clock
from campaigns.targeting.explanation import Part, Role, Told, explanation_statement
from campaigns.targeting.operands import Scalar
from campaigns.targeting.problems import RuleError, refusal
from campaigns.targeting.render import render
from campaigns.targeting.rules import Aggregate, dump_rule
from campaigns.targeting.schema import FieldType
from campaigns.targeting.scope import Value
from campaigns.targeting.sentence import attribute_words, phrase
from campaigns.targeting.statements import preview_statement
from campaigns.targeting.values import literal

Key = Mapping[str, Value]
"""Fields that identify a row together, and their values."""

MOST_NODES = 200
MOST_LINKS = 3
"""A part about rows further away is told with what it stands in, not by itself."""
MOST_NAMED = 5
LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class DecidingValue:
    """A value that a part compares; None is empty, and a mask stands for what may not be seen."""

    label: str
    value: str | None


@dataclass(frozen=True, slots=True)
class NodeExplanation:
    """One condition or group. `holds` is None inside a `where`, where `meeting` of `rows` linked rows meet it,
    and where it was not asked, for which `reason` then is.
    """

    path: str
    kind: str
    sentence: str
    holds: bool | None = None
    values: Sequence[DecidingValue] = ()
    rows: int | None = None
    meeting: int | None = None
    reason: str = ""

    @property
    def words(self) -> str:
        """What was found, without the sentence: “Balance: 12.5”, “2 of 5 rows”."""
        found = [f"{each.label}: {_('empty') if each.value is None else each.value}" for each in self.values]
        if self.meeting is not None:
            words = ngettext(
                "%(meeting)d of %(n)d linked row", "%(meeting)d of %(n)d linked rows", self.rows or 0
            )
            found.append(words % {"meeting": self.meeting, "n": self.rows or 0})
        elif self.rows is not None:
            words = ngettext("%(n)d linked row", "%(n)d linked rows", self.rows)
            found.append(words % {"n": self.rows})
        return " · ".join([*found, self.reason] if self.reason else found)


@dataclass(frozen=True, slots=True)
class Explanation:
    """What holds of one row at the time `at`; without such a row `found` is false and nothing is asked."""

    at: datetime
    found: bool
    holds: bool | None
    nodes: Sequence[NodeExplanation]
    seconds: float


def explain_row(question: RuleQuestion, key: Key, *, personal: bool, seconds: float = SECONDS) -> Explanation:
    """The parts of the rule, outermost first, asked of the row with these values of unique fields.

    `seconds` are for compiling them too: what does not fit in is left out. Raises RuleError for a rule with
    problems, Unanswered.
    """
    ends = monotonic() + seconds
    problems = question.problems()
    if problems:
        raise RuleError(problems)
    nodes = [] if question.rule is None else list(nodes_of(question.rule, question.catalogue, question.table))
    deciding = list({node.path: node for node in map(sole, nodes[:MOST_NODES])}.values())
    later = {node.path for node in deciding if _needs_a_run(node)} if question.needs_a_run else set()
    asked = [node for node in deciding if node.path not in later and not _is_far(node)]
    statement, told = explanation_statement(_parts(asked), question.scope, key, Allowance(ends=ends))
    text = render(statement)
    found = answer(text, seconds=max(_SHORTEST, ends - monotonic()))
    at = question.scope.now
    if not found.rows:
        return Explanation(at, False, None, [], found.seconds)
    words = Words(question, PersonalFields(question.catalogue, personal, question.carried_types), later)
    answers = _by_path(told, found.rows[0])
    explained = [words.explained(node, _of(node, answers)) for node in nodes]
    holds = explained[0].holds if explained else True
    return Explanation(at, True, holds, explained, found.seconds)


def _parts(nodes: Sequence[Node]) -> list[Part]:
    return [Part(node.path, node.rule, node.way) for node in nodes]


def _is_far(node: Node) -> bool:
    """Rows that are linked to linked rows multiply, so nobody waits for counts of those that are far away."""
    return node.way.count(".") >= MOST_LINKS


def _needs_a_run(node: Node) -> bool:
    return speaks_of_columns(dump_rule(node.rule))


Answers = Mapping[str, Sequence[tuple[Told, Any]]]


def _by_path(told: Sequence[Told], row: Sequence[Any]) -> Answers:
    answers: dict[str, list[tuple[Told, Any]]] = {}
    for each, value in zip(told, row, strict=True):
        answers.setdefault(each.path, []).append((each, value))
    return answers


def _of(node: Node, answers: Answers) -> Sequence[tuple[Told, Any]] | None:
    """What was found of the node; a group of one rule holds where that does, and has no values of its own."""
    decisive = sole(node)
    found = answers.get(decisive.path)
    if found is None or decisive.path == node.path:
        return found
    shared = _OF_ROWS if node.way else _OF_THE_ROW
    return [(told, value) for told, value in found if told.role in shared]


@dataclass(frozen=True, slots=True)
class Words:
    """Says of each node what was found, hiding what may not be seen."""

    question: RuleQuestion
    fields: PersonalFields
    later: Collection[str] = ()
    """The paths of parts that only a run knows."""

    def explained(self, node: Node, answers: Sequence[tuple[Told, Any]] | None) -> NodeExplanation:
        bare = self.unanswered(node)
        if answers is None:
            return replace(bare, reason=self._reason(sole(node)))
        given = {told.role: value for told, value in answers}
        return replace(
            bare,
            holds=given.get(Role.HOLDS),
            rows=given.get(Role.ROWS),
            meeting=given.get(Role.MEETING),
            values=[self._value(node, told, value) for told, value in answers if told.role in _SHOWN],
        )

    def unanswered(self, node: Node) -> NodeExplanation:
        sentence = phrase(node.rule, self.question.catalogue, node.table or "")
        return NodeExplanation(node.path, node.rule.kind, sentence)

    def _reason(self, node: Node) -> str:
        if node.path in self.later:
            return _("It speaks of columns that are made in the flow: only a run knows them.")
        if _is_far(node):
            return _("It is about rows too many links away to be counted.")
        return _("The rule has too many parts: this one was not asked.")

    def _value(self, node: Node, told: Told, value: Any) -> DecidingValue:
        if told.role is Role.FIGURE:
            return DecidingValue(_("the figure"), self._text(value, hidden=self._hides_figure(node)))
        wanted = told.attribute or ""
        table = node.table or ""
        label = attribute_words(wanted, self.question.catalogue, table)
        return DecidingValue(label, self._text(value, hidden=self.fields.hides(table, wanted)))

    def _hides_figure(self, node: Node) -> bool:
        rule = node.rule
        if not isinstance(rule, Aggregate) or rule.attribute is None or rule.function in _COUNTS:
            return False
        end = end_of(self.question.catalogue, node.table, rule.link)
        return self.fields.hides(end or "", rule.attribute)

    def _text(self, value: Any, *, hidden: bool) -> str | None:
        if value is None:
            return None
        return MASKED if hidden else shown_value(value, ZoneInfo(self.question.scope.zone))


_SHOWN = (Role.VALUE, Role.FIGURE)
_OF_THE_ROW = (Role.HOLDS,)
_OF_ROWS = (Role.ROWS, Role.MEETING)
_SHORTEST = 0.001
_COUNTS = ("count", "count_distinct")


def shown_value(value: Any, zone: ZoneInfo) -> str:
    """A value in words, cut where it is long; moments on the clock of a zone."""
    if isinstance(value, bool):
        return _("true") if value else _("false")
    if isinstance(value, datetime):
        value = value.astimezone(zone).isoformat(" ", "seconds") if value.tzinfo else value.isoformat(" ")
    if isinstance(value, Decimal):
        value = format(value, "f")
    text = str(value)
    return text if len(text) <= LONGEST_VALUE else text[: LONGEST_VALUE - 1] + "…"


def key_of(question: RuleQuestion, given: Any, *, field: str = "") -> Key:
    """A key from one scalar, or a list in the order of the primary key; `field` stands for that where it is given.

    Raises ProblemsError at /key.
    """
    table = question.catalogue.tables[question.table]
    names = (field,) if field else table.primary_key
    values = given if isinstance(given, list) else [given]
    if len(values) != len(names) or not names:
        message = _("The key of “%(table)s” has %(parts)d parts: %(names)s.") % {
            "table": table.label,
            "parts": len(names),
            "names": ", ".join(names),
        }
        raise ProblemsError([Problem("key.wrong", "/key", message, _("Give a value for each."))])
    return {name: _typed(question, name, value) for name, value in zip(names, values, strict=True)}


def _typed(question: RuleQuestion, name: str, value: Any) -> Value:
    """A number may be given as text, as a page's address has it."""
    kind = question.catalogue.tables[question.table].columns[name].type
    clock = Clock(question.scope.now.astimezone(UTC), ZoneInfo(question.scope.zone))
    if isinstance(value, int) and kind is FieldType.TEXT:
        value = str(value)
    try:
        if not isinstance(value, Scalar):
            raise refusal("", "wrong_type", _("This is no value of a key."), _("Give a text or a number."))
        return literal(value, kind, clock, "")
    except RuleError as error:
        first = error.problems[0]
        raise ProblemsError([Problem("key.wrong", "/key", first.message, first.remedy)]) from None


def key_of_address(question: RuleQuestion, address: str, *, field: str, key: str) -> Key:
    """The key of the only row whose `field` holds the address, whatever its case; raises ProblemsError, Unanswered."""
    rule = {
        "kind": "condition",
        "attribute": field,
        "operator": "equal",
        "value": address,
        "case_sensitive": False,
    }
    asked = replace(question, data=rule)
    statement = preview_statement(asked.rule, asked.scope, columns=[key], limit=MOST_NAMED)
    found = answer(render(statement)).rows
    if len(found) == 1:
        return {key: found[0][0]}
    if not found:
        raise _address_problem(_("Nobody has this address."), _("Check it, or give the key."))
    keys = ", ".join(str(row[0]) for row in found)
    message = _("Several people have this address: %(keys)s.") % {"keys": keys}
    raise _address_problem(message, _("Give one of these keys."))


def _address_problem(message: str, remedy: str) -> ProblemsError:
    return ProblemsError([Problem("email.not_one", "/email", message, remedy)])
