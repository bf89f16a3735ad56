"""Which conditions of a run's activities hold of one person now, whether or not they ever came there; and which did
then, where that was kept.

The rules are those the run was made of, asked on today's data with the run's variables: what was true then may
not be now, so every answer is labelled with its time. People of another dimension have another key and are not
asked there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.activity_types import Dimension, Settings, Shape, World
from campaigns.asked_rules import asked_shape, settings_of
from campaigns.document import ActivityPart, Document
from campaigns.explanations import Explanation, Key, explain_row
from campaigns.limited_queries import Unanswered
from campaigns.lint import population_shapes
from campaigns.models import TargetingDimension
from campaigns.personal_data import hides_key
from campaigns.rule_questions import RuleQuestion, Surroundings, surroundings_of
from campaigns.setting_rules import SettingRule, rules_in
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import dump_rule
from campaigns.world import load_world
from orchestration.iterations import FIRST
from orchestration.models import CampaignRun
from orchestration.runs import document_of
from reporting.decisions import Kept, Telling, kept_of
from reporting.exclusions import exclusion_then
from reporting.memberships import native_key
from reporting.traces import Place, Trace, as_data

SECONDS_EACH = 3.0
SECONDS_ALL = 15.0
Conditions = Mapping[Place, Sequence["RuleAnswer"]]
"""The rules of each activity that has any, by round and activity."""


class When(StrEnum):
    """Of which time an answer is."""

    THEN = "then"
    NOW = "now"


@dataclass(frozen=True, slots=True)
class RuleAnswer:
    """A rule of an activity, or what else it compared, and what that says of the person; `problem` says why where
    nothing is known.
    """

    path: str
    label: str
    explanation: Explanation | None
    problem: str = ""
    when: When = When.NOW


def conditions_of(run: CampaignRun, found: Trace, *, personal: bool) -> Conditions:
    """What the rules of the run's activities say of the person whose way this is: as it was when they left by a
    complement, where that was kept, and as it is now.
    """
    dimension = TargetingDimension.objects.filter(slug=found.dimension).first()
    return _conditions(run, dimension, found.recipient, personal=personal) if dimension else {}


def _conditions(
    run: CampaignRun, dimension: TargetingDimension, recipient_key: str, *, personal: bool
) -> Conditions:
    document = document_of(run)
    world = load_world(document)
    native = native_key(dimension, recipient_key)
    key = {world.dimensions[dimension.slug].key: native}
    surroundings = replace(_surroundings(document, run), now=timezone.now())
    kept = kept_of(run, dimension.slug, native)
    asking = _Asking(world, world.dimensions[dimension.slug], key, surroundings, personal, kept)
    shapes = population_shapes(document, world)
    told: dict[Place, list[RuleAnswer]] = {}
    for part in document.activities:
        for place, answer in asking.of_activity(part, asked_shape(part, document, shapes)):
            told.setdefault(place, []).append(answer)
    return told


def _surroundings(document: Document, run: CampaignRun) -> Surroundings:
    """The run's own variables, where it has any; a value that does not suit its type is as the document has it."""
    variables = {
        name: variable.model_copy(update={"value": run.variables.get(name, variable.value)})
        for name, variable in document.variables.items()
    }
    return surroundings_of(document.model_copy(update={"variables": variables}))


@dataclass(slots=True)
class _Asking:
    """One person, and the time there is for all questions; the clock runs from when it is made."""

    world: World
    dimension: Dimension
    key: Key
    surroundings: Surroundings
    personal: bool
    kept: Mapping[Place, Kept] = field(default_factory=dict)
    ends: float = field(default_factory=lambda: monotonic() + SECONDS_ALL)

    def of_activity(self, part: ActivityPart, shape: Shape | None) -> Iterator[tuple[Place, RuleAnswer]]:
        """What was kept in each round, and beside that of the first what holds now."""
        settings = settings_of(part)
        if settings is None or shape is None or shape.dimension != self.dimension.slug:
            return
        for place in (each for each in self.kept if each[1] == part.id):
            yield from ((place, then) for then in self._then(settings, self.kept[place], shape))
        for found in rules_in(settings):
            yield (FIRST, part.id), self._told(found, shape)

    def _then(self, settings: Settings, kept: Kept, shape: Shape) -> Iterator[RuleAnswer]:
        telling = Telling(settings, self._question(None, shape), self.dimension.key, self.personal)
        for told in telling.told(kept):
            yield RuleAnswer(told.path, told.label, told.explanation, when=When.THEN)

    def _told(self, found: SettingRule, shape: Shape) -> RuleAnswer:
        left = self.ends - monotonic()
        if left <= 0:
            problem = _("The time for all questions was used up before this one.")
            return RuleAnswer(found.path, found.label, None, problem)
        try:
            return RuleAnswer(found.path, found.label, self._explained(found, shape, min(left, SECONDS_EACH)))
        except RuleError as error:
            problem = " ".join(each.message for each in error.problems[:3])
            return RuleAnswer(found.path, found.label, None, problem)
        except Unanswered as error:
            return RuleAnswer(found.path, found.label, None, str(error))

    def _explained(self, found: SettingRule, shape: Shape, seconds: float) -> Explanation:
        question = self._question(dump_rule(found.rule), shape)
        return explain_row(question, self.key, personal=self.personal, seconds=seconds)

    def _question(self, rule: Any, shape: Shape) -> RuleQuestion:
        return RuleQuestion(
            rule, self.dimension.table, self.world.catalogue, self.surroundings, shape.columns
        )


def trace_data(run: CampaignRun, found: Trace, *, personal: bool) -> dict[str, Any]:
    """The trace as JSON has it, each step with the rules of its activity: as they were kept in that round, and in the first
    round as they hold now.
    """
    data, conditions = as_data(found, personal=personal), conditions_of(run, found, personal=personal)
    zone, keys = ZoneInfo(document_of(run).campaign.time_zone), _shows_keys(found, personal=personal)
    for step, told in zip(found.steps, data["steps"], strict=True):
        excluded = exclusion_then(step.message, zone, personal=personal, keys=keys)
        kept = [RuleAnswer("", _("Excluded"), excluded, when=When.THEN)] if excluded else []
        answers = [*kept, *conditions.get((step.round, step.activity), ())]
        told["conditions"] = [_rule_data(each) for each in answers]
    return data


def _shows_keys(found: Trace, *, personal: bool) -> bool:
    """Whether the keys of other people of the dimension may be told."""
    dimension = TargetingDimension.objects.select_related("key_field").filter(slug=found.dimension).first()
    return dimension is None or not hides_key(dimension, personal=personal)


def _rule_data(rule: RuleAnswer) -> dict[str, Any]:
    found = rule.explanation
    return {
        "path": rule.path,
        "label": rule.label,
        "when": str(rule.when),
        "problem": rule.problem,
        "at": found.at if found else None,
        "found": found.found if found else None,
        "holds": found.holds if found else None,
        "nodes": [
            {"path": node.path, "sentence": node.sentence, "holds": node.holds, "words": node.words}
            for node in (found.nodes if found else ())
        ],
    }
