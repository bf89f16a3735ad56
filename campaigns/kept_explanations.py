"""What was kept of a decision, in words: the same parts and values as `campaigns.explanations` tells of a row now, as
they were when the decision was made.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from campaigns.decisions import LONGEST_KEPT, Entry
from campaigns.explanations import Explanation, NodeExplanation, Words
from campaigns.personal_data import PersonalFields
from campaigns.rule_nodes import GROUPS, Node, nodes_of
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.explanation import Role, Told
from campaigns.targeting.rules import All, Any_, Except, Not, Rule
from campaigns.targeting.schema import FieldType

Texts = Sequence[str | None]
"""What was kept of one person."""

_NUMBERED = (Role.ROWS, Role.MEETING)


def explain_kept(
    question: RuleQuestion,
    entries: Sequence[Entry],
    texts: Texts,
    *,
    at: datetime,
    personal: bool,
    found: bool = True,
) -> Explanation:
    """The rule's parts as they were kept at the time `at`; without a row of the person nothing of it held."""
    if question.rule is None or not found:
        return Explanation(at, found, found, [], 0.0)
    carried = {**question.carried_types, **_carried_types(entries)}
    words = Words(question, PersonalFields(question.catalogue, personal, carried))
    kept = _Kept.of(entries, texts)
    nodes = nodes_of(question.rule, question.catalogue, question.table)
    told = [kept.explained(node, words) for node in nodes]
    return Explanation(at, True, told[0].holds, told, 0.0)


def _carried_types(entries: Sequence[Entry]) -> Mapping[str, FieldType]:
    """The types that carried columns had when their values were kept."""
    return {
        entry.attribute.removeprefix(POPULATION_MARK): entry.type
        for entry in entries
        if isinstance(entry.attribute, str) and entry.attribute.startswith(POPULATION_MARK)
    }


@dataclass(frozen=True, slots=True)
class _Kept:
    """What is known of each part, by its path."""

    answers: Mapping[str, Sequence[tuple[Told, Any]]]

    @classmethod
    def of(cls, entries: Sequence[Entry], texts: Texts) -> _Kept:
        answers: dict[str, list[tuple[Told, Any]]] = {}
        for entry in entries:
            if isinstance(entry.says, Role):
                told = Told(entry.path, entry.says, entry.attribute)
                answers.setdefault(entry.path, []).append((told, _answer(entry, texts)))
        return cls(answers)

    def explained(self, node: Node, words: Words) -> NodeExplanation:
        if not node.way and isinstance(node.rule, GROUPS):
            holds = self.holds(node.rule, node.path)
            return replace(words.unanswered(node), holds=holds, reason=_not_kept() if holds is None else "")
        if node.path not in self.answers:
            return replace(words.unanswered(node), reason=_not_kept())
        told = words.explained(node, self.answers[node.path])
        return told if node.way or told.holds is not None else replace(told, reason=_not_kept())

    def holds(self, rule: Rule, path: str) -> bool | None:
        """None where it was not kept and does not follow from what was."""
        match rule:
            case All():
                return _every(self._parts(rule.of, path))
            case Any_():
                return _negated(_every(map(_negated, self._parts(rule.of, path))))
            case Except():
                first, *others = self._parts(rule.of, path)
                return _every([first, *map(_negated, others)])
            case Not():
                return _negated(self.holds(rule.of, f"{path}/of"))
        return next((value for told, value in self.answers.get(path, ()) if told.role is Role.HOLDS), None)

    def _parts(self, rules: Sequence[Rule], path: str) -> list[bool | None]:
        return [self.holds(rule, f"{path}/of/{number}") for number, rule in enumerate(rules)]


def _every(parts: Any) -> bool | None:
    known = list(parts)
    return False if False in known else None if None in known else True


def _negated(part: bool | None) -> bool | None:
    return None if part is None else not part


def _answer(entry: Entry, texts: Texts) -> Any:
    if entry.says is Role.HOLDS:
        return entry.is_set(texts)
    text = texts[entry.number]
    return int(text or 0) if entry.says in _NUMBERED else value_of(text, entry.type)


def value_of(text: str | None, kind: FieldType) -> Any:
    """The value that a kept text was, as far as it is told in another way than the text itself."""
    if text is None or len(text) >= LONGEST_KEPT or kind not in _READ:
        return text
    try:
        return _READ[kind](text)
    except ValueError:
        # PostgreSQL has dates that Python has not: infinity, and years before Christ.
        return text


_READ: Mapping[FieldType, Any] = {
    FieldType.BOOLEAN: lambda text: text == "true",
    FieldType.DATETIME: datetime.fromisoformat,
    FieldType.FLOAT: float,
    FieldType.JSON: json.loads,
}


def _not_kept() -> str:
    return _("This part was not kept.")
