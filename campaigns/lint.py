"""Whether a campaign may be published: every problem of its document, each at its place, in the order it
runs.

Activity types judge themselves in their place; the shapes of populations are carried from port to port as a
run would carry the people. Nothing is executed.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

import pydantic
from django.utils import timezone

from campaigns import activity_types
from campaigns.activity_types import BACK, ActivityType, Category, Inbound, Law, Shape, World
from campaigns.audience_uses import audiences_named
from campaigns.document import ActivityPart, Document, TransitionPart, Variable
from campaigns.drafts import load_draft, taken_ids
from campaigns.drawing_fixes import Drawing, Room
from campaigns.fixes import Fixes, fitting, naming
from campaigns.graph import Graph
from campaigns.lint_codes import finding
from campaigns.models import Campaign
from campaigns.problems import Problem, ProblemsError, errors_of
from campaigns.schedules.lint import lint_schedule
from campaigns.schedules.reading import read_schedule
from campaigns.schedules.zones import zone_meant, zone_named
from campaigns.slow_rules import slow_rules
from campaigns.sole_choices import sole_choices, type_fixes
from campaigns.targeting.schema import Audience, Catalogue
from campaigns.validation import nearest, pointer, problems_of
from campaigns.ways_back import TO, carried_problems, drawn_problems, repeated
from campaigns.world import load_world

MOST_CHANNELS = 10


def lint_campaign(campaign: Campaign) -> tuple[Problem, ...]:
    """Problems of the draft as it is now, and where it has no errors the rules that would take long."""
    document = load_draft(campaign)
    world = load_world(document)
    found = (*taken_ids(campaign, document), *lint_document(document, world))
    if errors_of(found):
        return found
    return (*found, *slow_rules(document, world, population_shapes(document, world)))


def lint_document(document: Document, world: World, *, now: datetime | None = None) -> tuple[Problem, ...]:
    """Problems of a document that may not be stored anywhere; `now` (aware) decides what lies in the past."""
    found = (
        *_zone(document),
        *_variables(document),
        *_schedule(document, now or timezone.now()),
        *_Walk(document, world).problems(),
    )
    return tuple(_with_fitting_fixes(found, document))


def _with_fitting_fixes(problems: Iterable[Problem], document: Document) -> Iterator[Problem]:
    """A fix that has other places than the document is left out, such as one inside of a shared filter."""
    data: Mapping[str, Any] = {}
    for problem in problems:
        if not problem.fixes:
            yield problem
            continue
        data = data or document.model_dump(mode="json", by_alias=True)
        yield replace(problem, fixes=fitting(problem.fixes, data))


def settings_problems(document: Document) -> tuple[Problem, ...]:
    """What keeps activities from being read at all: unknown types, and settings of the wrong shape."""
    walk = _Walk(document, World(Catalogue({}, {}), {}))
    return tuple(found for place in enumerate(document.activities) for found in walk.judge(*place))


def population_shapes(document: Document, world: World) -> Mapping[tuple[str, str], Shape | None]:
    """What will leave each activity by each port, as far as the settings up to there are valid."""
    walk = _Walk(document, world)
    deque(walk.problems(), maxlen=0)
    return walk.shapes


def audiences_before(document: Document, world: World, activity_id: str) -> Mapping[str, Audience]:
    """The audiences that activities before this one save, as far as their settings are valid."""
    walk = _Walk(document, world)
    deque(walk.problems(), maxlen=0)
    return walk.provided_before(activity_id)


def _zone(document: Document) -> Iterator[Problem]:
    try:
        zone_named(document.campaign.time_zone)
    except ProblemsError:
        zone, path = document.campaign.time_zone, "/campaign/time_zone"
        yield finding("campaign.unknown_zone", path, fixes=naming(path, zone, zone_meant(zone)), zone=zone)


def _variables(document: Document) -> Iterator[Problem]:
    for name, variable in document.variables.items():
        if variable.value is not None and not _fits(variable):
            path = pointer("variables", name, "value")
            yield finding("variable.wrong_value", path, value=variable.value, type=variable.type)


def _fits(variable: Variable) -> bool:
    if isinstance(variable.value, bool) or variable.value is None:
        return variable.type == "boolean"
    match variable.type:
        case "number":
            return _is_number(variable.value)
        case "date":
            return _is_date(variable.value)
        case "boolean":
            return False
    return True


def _is_number(text: str) -> bool:
    try:
        return Decimal(text).is_finite()
    except InvalidOperation:
        return False


def _is_date(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _schedule(document: Document, now: datetime) -> Iterator[Problem]:
    try:
        schedule = read_schedule(document.schedule)
    except ProblemsError as error:
        yield from (problem.under("/schedule") for problem in error.problems)
        return
    if not any(_zone(document)):
        found = lint_schedule(schedule, zone_named(document.campaign.time_zone), now)
        yield from (problem.under("/schedule") for problem in found)


@dataclass(frozen=True, slots=True)
class _Judged:
    """An activity whose type is known; `settings` is None where they are not valid."""

    number: int
    part: ActivityPart
    type: type[ActivityType]
    settings: Any = None

    @property
    def ports(self) -> tuple[str, ...]:
        """Those that an arrow may leave by."""
        return tuple(port.name for port in self.type.ports(self.settings) if not port.leads_back)

    @property
    def room(self) -> Room:
        ports = None if self.settings is None else self.ports
        return Room(self.type.inbound_min, self.type.inbound_max, ports, self.back_to)

    @property
    def back_to(self) -> str:
        return self.type.goes_back_to(self.settings) if self.settings is not None else ""


@dataclass
class _Walk:
    """One walk over the graph, in the order of a run."""

    document: Document
    world: World
    shapes: dict[tuple[str, str], Shape | None] = field(default_factory=dict)
    _judged: dict[str, _Judged] = field(default_factory=dict)
    _provided: dict[str, Mapping[str, Audience]] = field(default_factory=dict)
    """What each activity and those before it provide: audiences that are there when it is over."""

    @cached_property
    def graph(self) -> Graph:
        return self.document.graph

    def problems(self) -> Iterator[Problem]:
        if not self.document.activities:
            yield finding("graph.empty", "/activities")
            return
        for number, part in enumerate(self.document.activities):
            yield from self.judge(number, part)
        for number, arrow in enumerate(self.document.transitions):
            yield from self._arrow(number, arrow)
        yield from self._reach()
        yield from self._channels()
        for activity_id in self.graph.ordered():
            yield from self._in_place(activity_id)
        yield from self._ways_back()

    def judge(self, number: int, part: ActivityPart) -> Iterator[Problem]:
        path = pointer("activities", number)
        try:
            known = activity_types.get(part.type)
        except activity_types.UnknownActivityType:
            words = {"type": part.type, "nearest": nearest(part.type, activity_types.registered())}
            place, fixes = f"{path}/type", type_fixes(part, f"{path}/type")
            yield finding("activity.unknown_type", place, activity=part.id, fixes=fixes, **words)
            return
        try:
            settings = known.Config.model_validate(part.config)
        except pydantic.ValidationError as error:
            settings = None
            choices = sole_choices(known.Config, self.world)
            found = problems_of(error, part.config, "settings", known.Config, choices)
            yield from (problem.under(f"{path}/config", activity=part.id) for problem in found)
        self._judged[part.id] = _Judged(number, part, known, settings)

    def _arrow(self, number: int, arrow: TransitionPart) -> Iterator[Problem]:
        ids, path, drawing = self.graph.ids, pointer("transitions", number), self.drawing
        if arrow.source not in ids:
            words = {"id": arrow.source, "nearest": nearest(arrow.source, ids)}
            fixes = drawing.begun_elsewhere(number)
            yield finding("transition.unknown_source", f"{path}/from", fixes=fixes, **words)
        if arrow.target not in ids:
            words = {"id": arrow.target, "nearest": nearest(arrow.target, ids)}
            fixes = drawing.led_elsewhere(number)
            yield finding("transition.unknown_target", f"{path}/to", fixes=fixes, **words)
        source = self._judged.get(arrow.source)
        if source and source.settings is not None:
            yield from _port(path, arrow, source.ports, drawing.by_another_port(number))

    @cached_property
    def drawing(self) -> Drawing:
        """What fixes of the drawing have to heed; complete once every activity is judged."""
        rooms = {name: judged.room for name, judged in self._judged.items()}
        return Drawing(self.document, self.graph, rooms)

    def _reach(self) -> Iterator[Problem]:
        for activity_id in sorted(self.graph.in_cycles()):
            yield self._at("graph.cycle", activity_id, self.drawing.without_loop(activity_id))
        for judged in self._judged.values():
            yield from self._inbound_count(judged)
        starts = {i for i, judged in self._judged.items() if _is_start(judged, self.graph)}
        unknown = set(self.graph.ids) - self._judged.keys()
        if not starts and not unknown:
            yield finding("graph.no_start", "/activities")
            return
        reached = set().union(starts, unknown, *(self.graph.downstream(i) for i in starts | unknown))
        for activity_id in sorted(set(self.graph.ids) - reached - self.graph.in_cycles()):
            if self.graph.into(activity_id):
                yield self._at("activity.unreachable", activity_id, self.drawing.without(activity_id))

    def _inbound_count(self, judged: _Judged) -> Iterator[Problem]:
        count = len(self.graph.into(judged.part.id))
        least, most = judged.type.inbound_min, judged.type.inbound_max
        if count < least:
            fixes = self.drawing.without(judged.part.id)
            yield self._at("activity.too_few_inbound", judged.part.id, fixes, count=count, least=least)
        if most is not None and count > most:
            fixes = self.drawing.without_loop(judged.part.id)
            yield self._at("activity.too_many_inbound", judged.part.id, fixes, count=count, most=most)

    def _channels(self) -> Iterator[Problem]:
        channels = [j for j in self._judged.values() if j.type.category is Category.CHANNEL]
        for judged in channels[MOST_CHANNELS:]:
            yield self._at("graph.too_many_channels", judged.part.id, most=MOST_CHANNELS)

    def _in_place(self, activity_id: str) -> Iterator[Problem]:
        """What the type says; left out where something before it has to be mended first."""
        judged = self._judged.get(activity_id)
        arrows = self.graph.into(activity_id)
        if (
            not judged
            or judged.settings is None
            or any((a.source, a.port) not in self.shapes for a in arrows)
        ):
            return
        inbound = [Inbound(a.source, a.port, self.shapes[a.source, a.port]) for a in arrows]
        world, before = self._world_at(activity_id)
        carried = judged.type.shapes(judged.settings, inbound, world)
        self.shapes |= {(activity_id, port): shape for port, shape in carried.items()}
        self._provided[activity_id] = {**before, **judged.type.provides(judged.settings, inbound, world)}
        found = (*judged.type.lint(judged.settings, inbound, world), *_archived(judged.part, world))
        yield from (self._in_settings(problem, judged) for problem in found)

    def _ways_back(self) -> Iterator[Problem]:
        again: set[str] = set()
        for judged in [each for each in self._judged.values() if each.back_to]:
            found = list(self._way_back(judged))
            yield from (self._in_settings(problem, judged) for problem in found)
            again |= repeated(self.graph, judged.back_to) if not found else set()
        for activity_id in sorted(again & self._judged.keys()):
            judged = self._judged[activity_id]
            if judged.settings is not None:
                problems = judged.type.lint_in_a_round(judged.settings)
                yield from (self._in_settings(problem, judged) for problem in problems)

    def _way_back(self, judged: _Judged) -> Iterator[Problem]:
        to = judged.back_to
        drawn = list(drawn_problems(self.graph, judged.part.id, to))
        yield from drawn
        if drawn or to not in self._judged:
            return
        if self._judged[to].type.law is Law.SOURCE:
            yield finding("jump.source", TO, to=to)
            return
        (arrow,) = self.graph.into(to)
        if (arrow.source, arrow.port) in self.shapes:
            wanted, brought = self.shapes[arrow.source, arrow.port], self.shapes.get((judged.part.id, BACK))
            yield from carried_problems(to, wanted, brought)

    def _in_settings(self, problem: Problem, judged: _Judged) -> Problem:
        return problem.under(pointer("activities", judged.number, "config"), activity=judged.part.id)

    def provided_before(self, activity_id: str) -> Mapping[str, Audience]:
        before: dict[str, Audience] = {}
        for arrow in self.graph.into(activity_id):
            before |= self._provided.get(arrow.source, {})
        return before

    def _world_at(self, activity_id: str) -> tuple[World, Mapping[str, Audience]]:
        """The world as the activity finds it: with the audiences that activities before it have made."""
        before = self.provided_before(activity_id)
        known = self.world.catalogue
        catalogue = replace(known, audiences={**known.audiences, **before})
        return (replace(self.world, catalogue=catalogue) if before else self.world), before

    def _at(self, code: str, activity_id: str, fixes: Fixes = (), **words: object) -> Problem:
        number = next(n for n, part in enumerate(self.document.activities) if part.id == activity_id)
        return finding(code, pointer("activities", number), activity=activity_id, fixes=fixes, **words)


def _port(path: str, arrow: TransitionPart, ports: Iterable[str], fixes: Fixes) -> Iterator[Problem]:
    known = tuple(ports)
    if not known:
        yield finding("transition.after_end", f"{path}/from", fixes=fixes, source=arrow.source)
    elif arrow.port not in known:
        words = {"source": arrow.source, "port": arrow.port, "nearest": nearest(arrow.port, known)}
        yield finding("transition.unknown_port", f"{path}/port", fixes=fixes, **words)


def _archived(part: ActivityPart, world: World) -> Iterator[Problem]:
    for path, slug in audiences_named(part.config):
        audience = world.catalogue.audiences.get(slug)
        if audience and audience.archived:
            yield finding("audience.archived", path, name=audience.label)


def _is_start(judged: _Judged, graph: Graph) -> bool:
    return judged.type.inbound_min == 0 and not graph.into(judged.part.id)


def by_activity(problems: Iterable[Problem]) -> Mapping[str, list[Problem]]:
    """Problems by the id of their activity, "" for those of the campaign as a whole."""
    found: dict[str, list[Problem]] = {}
    for problem in problems:
        found.setdefault(problem.activity, []).append(problem)
    return found
