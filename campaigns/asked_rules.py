"""Every rule that a draft's activities ask of a table, as a question of its own, whatever types of activity they are.

What is asked of those who come in is asked here of their whole table, since how many they will be only a run knows. A
rule that speaks of columns made in the flow is left out: only a run has them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pydantic

from campaigns import activity_types
from campaigns.activity_parts import type_of
from campaigns.activity_types import Settings, Shape, World
from campaigns.audience_uses import audiences_named
from campaigns.document import ActivityPart, Document
from campaigns.rule_questions import RuleQuestion, Surroundings, speaks_of_columns, surroundings_of
from campaigns.setting_rules import SettingRule, bare_links_in, others_in, rules_in
from campaigns.targeting.rules import dump_rule
from campaigns.validation import pointer

Shapes = Mapping[tuple[str, str], Shape | None]
"""What leaves each activity by each port."""


@dataclass(frozen=True, slots=True)
class AskedRule:
    """A rule; `path` leads to it in the document. `of_arrivals` says whether it is asked of those who come in only."""

    activity: str
    path: str
    question: RuleQuestion
    of_arrivals: bool = False


def rules_asked(document: Document, world: World, shapes: Shapes) -> Iterator[AskedRule]:
    """In the order of the document."""
    asking = _Asking(document, world, shapes, surroundings_of(document))
    for number, part in enumerate(document.activities):
        settings = settings_of(part)
        if settings is not None:
            yield from asking.of_activity(part, settings, pointer("activities", number, "config"))


def settings_of(part: ActivityPart) -> Settings | None:
    """None where the type is not known or the settings are not valid."""
    kind = type_of(part)
    try:
        return kind.Config.model_validate(part.config) if kind else None
    except pydantic.ValidationError:
        return None


def selects_itself(part: ActivityPart) -> bool:
    """Whether the activity's rules are asked of a whole table, not of those who come in."""
    kind = type_of(part)
    return kind is not None and kind.law is activity_types.Law.SOURCE


def asked_shape(part: ActivityPart, document: Document, shapes: Shapes) -> Shape | None:
    """What the activity's rules are asked of: what comes in, or where nothing does, what it selects."""
    arriving = [(arrow.source, arrow.port) for arrow in document.graph.into(part.id)]
    leaving = [place for place in shapes if place[0] == part.id]
    places = leaving if selects_itself(part) else arriving
    return next((shape for place in places if (shape := shapes.get(place))), None)


@dataclass(frozen=True, slots=True)
class _Asking:
    document: Document
    world: World
    shapes: Shapes
    surroundings: Surroundings

    def of_activity(self, part: ActivityPart, settings: Settings, prefix: str) -> Iterator[AskedRule]:
        shape, of_arrivals = asked_shape(part, self.document, self.shapes), not selects_itself(part)
        own = self._table(shape.dimension) if shape else ""
        for found in (*rules_in(settings), *bare_links_in(settings)):
            yield from self._asked(part, prefix, found, own, of_arrivals=of_arrivals)
        for found, beside in others_in(settings):
            yield from self._asked(part, prefix, found, self._other_table(beside, own), of_arrivals=True)
        for path, slug in audiences_named(part.config):
            yield from self._composed(part, prefix + path, slug)

    def _asked(
        self, part: ActivityPart, prefix: str, found: SettingRule, table: str, *, of_arrivals: bool
    ) -> Iterator[AskedRule]:
        data = dump_rule(found.rule)
        if not speaks_of_columns(data):
            yield from self._about(part, prefix + found.path, data, table, of_arrivals=of_arrivals)

    def _composed(self, part: ActivityPart, path: str, slug: str) -> Iterator[AskedRule]:
        """The rule of an audience that the settings or a rule in them name."""
        audience = self.world.catalogue.audiences.get(slug)
        if audience and audience.is_composed:
            yield from self._about(part, path, audience.rule, audience.table, of_arrivals=False)

    def _about(
        self, part: ActivityPart, path: str, data: Any, table: str, *, of_arrivals: bool
    ) -> Iterator[AskedRule]:
        if table in self.world.catalogue.tables:
            question = RuleQuestion(data, table, self.world.catalogue, self.surroundings)
            yield AskedRule(part.id, path, question, of_arrivals)

    def _other_table(self, beside: Settings, own: str) -> str:
        """Another population's rows are in no table before there is a run."""
        if getattr(beside, "arrow", ""):
            return ""
        dimension = getattr(beside, "dimension", None)
        return getattr(beside, "table", "") or (self._table(dimension) if dimension else own)

    def _table(self, dimension: str) -> str:
        known = self.world.dimensions.get(dimension)
        return known.table if known else ""
