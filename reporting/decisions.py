"""What was kept when an activity decided about a person, as it was then: rules by their parts, and what was compared.

It stands in the working table of the port the person left by, and goes with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql

from campaigns.activity_types import Settings
from campaigns.decisions import Entry, Fact, Layout, by_part, layout_from_data
from campaigns.explanations import DecidingValue, Explanation, NodeExplanation, shown_value
from campaigns.kept_explanations import Texts, explain_kept, value_of
from campaigns.personal_data import MASKED, PersonalFields, hides_carried
from campaigns.rule_questions import RuleQuestion
from campaigns.setting_rules import label_at, rules_in
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.rules import Rule, dump_rule, parse_rule
from campaigns.targeting.sentence import attribute_words
from orchestration.models import CampaignRun, Population
from orchestration.working_tables import DECIDED, KEY, SCHEMA
from reporting.traces import Place


@dataclass(frozen=True, slots=True)
class Kept:
    """What stands beside a person in one working table, and how to read it."""

    layout: Layout
    texts: Texts


@dataclass(frozen=True, slots=True)
class Told:
    """One part of a decision: a rule, or values that were compared."""

    path: str
    label: str
    explanation: Explanation


def kept_of(run: CampaignRun, dimension: str, key: Any) -> Mapping[Place, Kept]:
    """By round and activity."""
    populations = Population.objects.filter(
        activity_run__run=run, dimension=dimension, dropped_at__isnull=True, decided__isnull=False
    )
    found = {}
    for population in populations.select_related("activity_run").order_by("activity_run__iteration"):
        texts = _texts_in(population.table_name, key)
        if texts is not None:
            place = (population.activity_run.iteration, population.activity_run.activity_id)
            found[place] = Kept(layout_from_data(population.decided or {}), texts)
    return found


def _texts_in(table: str, key: Any) -> Texts | None:
    query = sql.SQL("SELECT {decided} FROM {table} WHERE {key} = %s").format(
        decided=sql.Identifier(DECIDED), table=sql.Identifier(SCHEMA, table), key=sql.Identifier(KEY)
    )
    with connection.cursor() as cursor:
        cursor.execute(query, [key])
        row = cursor.fetchone()
    return row[0] if row else None


@dataclass(frozen=True, slots=True)
class Telling:
    """Tells what was kept; `question` has the surroundings in which the activity's rules mean something."""

    settings: Settings
    question: RuleQuestion
    key: str
    """The field that people are known by."""
    personal: bool

    def told(self, kept: Kept) -> Iterator[Told]:
        rules = self._rules(kept.layout)
        for place, entries in groupby(kept.layout.entries, lambda entry: _place(entry.part, rules)):
            listed = list(entries)
            if place in rules:
                yield self._rule(place, rules[place], listed, kept)
            elif nodes := [node for entry in listed for node in self._fact(entry, kept)]:
                explanation = Explanation(_moment(kept), True, None, nodes, 0.0)
                yield Told(place, self._label(place), explanation)

    def _rules(self, layout: Layout) -> Mapping[str, Rule]:
        own = {found.path: found.rule for found in rules_in(self.settings)}
        return {**own, **{part: parse_rule(data) for part, data in layout.rules.items()}}

    def _label(self, place: str) -> str:
        return label_at(self.settings, place) if place else _("Sets")

    def _rule(self, place: str, rule: Rule, entries: Sequence[Entry], kept: Kept) -> Told:
        question = RuleQuestion(
            dump_rule(rule),
            self.question.table,
            self.question.catalogue,
            self.question.surroundings,
            self.question.columns,
        )
        explanation = explain_kept(
            question,
            entries,
            kept.texts,
            at=_moment(kept),
            personal=self.personal,
            found=_was_found(kept),
        )
        return Told(place, self._label(place), explanation)

    def _fact(self, entry: Entry, kept: Kept) -> Iterator[NodeExplanation]:
        match entry.says:
            case Fact.COMPARED:
                yield _node(entry, _("This value was compared."), value=self._value(entry, kept.texts))
            case Fact.KEPT:
                value = DecidingValue(_("key"), self._key(kept.texts[entry.number]))
                yield _node(entry, _("Of the people who are the same another one was kept."), value=value)
            case Fact.MATCHES:
                value = DecidingValue(_("rows"), kept.texts[entry.number] or "0")
                yield _node(entry, _("So many rows were found for them."), value=value)
            case Fact.WITHIN_LIMIT if not entry.about or self._held(entry.about, kept):
                yield _node(entry, _("Among the people within the limit."), holds=False)
            case Fact.IN_SET | Fact.IN_WINDOW | Fact.NOT_RETURNED:
                yield _node(entry, _sentence(entry), holds=entry.is_set(kept.texts))

    def _held(self, part: str, kept: Kept) -> bool:
        """Whether a rule held, as far as that was kept."""
        entries = by_part(kept.layout.entries).get(part, ())
        told = self._rule(part, self._rules(kept.layout)[part], entries, kept)
        return told.explanation.holds is not False

    def _value(self, entry: Entry, texts: Texts) -> DecidingValue:
        wanted, table = entry.attribute or "", self.question.table
        label = attribute_words(wanted, self.question.catalogue, table)
        text = texts[entry.number]
        if text is None:
            return DecidingValue(label, None)
        if self._hides(entry):
            return DecidingValue(label, MASKED)
        zone = ZoneInfo(self.question.scope.zone)
        return DecidingValue(label, shown_value(value_of(text, entry.type), zone))

    def _hides(self, entry: Entry) -> bool:
        """A column that is carried is judged by the type it had then."""
        wanted, types = entry.attribute or "", self.question.carried_types
        if isinstance(wanted, str) and wanted.startswith(POPULATION_MARK):
            return hides_carried(entry.type, personal=self.personal)
        return PersonalFields(self.question.catalogue, self.personal, types).hides(
            self.question.table, wanted
        )

    def _key(self, text: str | None) -> str | None:
        """The key of somebody else."""
        fields = PersonalFields(self.question.catalogue, self.personal)
        return MASKED if text is not None and fields.hides(self.question.table, self.key) else text


def _place(part: str, rules: Mapping[str, Rule]) -> str:
    """Facts about the members of a list are told together."""
    above, _slash, last = part.rpartition("/")
    return above if part not in rules and last.isdecimal() else part


def _moment(kept: Kept) -> datetime:
    if kept.layout.at is None:
        raise ValueError("a record says when it was made")
    return kept.layout.at


def _was_found(kept: Kept) -> bool:
    flags = [entry for entry in kept.layout.entries if entry.says is Fact.FOUND]
    return all(entry.is_set(kept.texts) for entry in flags)


def _node(
    entry: Entry, sentence: str, *, holds: bool | None = None, value: DecidingValue | None = None
) -> NodeExplanation:
    return NodeExplanation(entry.part, "fact", sentence, holds=holds, values=[value] if value else [])


def _sentence(entry: Entry) -> str:
    match entry.says:
        case Fact.IN_SET:
            return _("In the set “%(set)s”.") % {"set": entry.about.removesuffix(".main")}
        case Fact.IN_WINDOW:
            return _("The date lies within this reading.")
    return _("No earlier reading returned them.")
