"""The campaign document: one form for the canvas, the API, files, versions, runs and the diff.

The envelope is strict: an unknown key is refused at its place. The settings of an activity and the schedule
are kept as they were written while they are not valid, so that an unfinished draft can be stored; the lint
says what they lack. Reading and writing text is `campaigns.document_text`'s part.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Annotated, Any, Literal

import pydantic
from django.utils.translation import gettext as _
from pydantic import BeforeValidator, StringConstraints

from campaigns import activity_types
from campaigns.fixes import leaving_out
from campaigns.graph import Arrow, Graph
from campaigns.plain_data import composed, normal
from campaigns.problems import Problem, ProblemsError
from campaigns.schedules.reading import read_schedule, write_schedule
from campaigns.validation import problems_of

MAX_ACTIVITIES = 500
MAX_NOTES = 100
MAX_NOTE = 2_000

_PLAIN = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
Slug = Annotated[str, StringConstraints(pattern=_PLAIN, max_length=80)]
ActivityId = Annotated[str, StringConstraints(pattern=_PLAIN, max_length=60)]
VariableName = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]
Composed = BeforeValidator(composed)
Label = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True), Composed]
Title = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True), Composed]
Side = Annotated[int, pydantic.Field(ge=80, le=2_000)]
Tag = Annotated[str, StringConstraints(min_length=1, max_length=40, strip_whitespace=True), Composed]


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Header(_Part):
    """What a campaign is called."""

    slug: Slug
    name: Title
    description: Annotated[str, Composed] = ""
    time_zone: Annotated[str, StringConstraints(min_length=1, max_length=64)] = "UTC"
    tags: tuple[Tag, ...] = ()


class Variable(_Part):
    """A campaign variable: typed, with the value runs begin with. A number is kept as text, so that it
    stays exact.
    """

    type: Literal["text", "number", "date", "boolean"]
    value: pydantic.StrictStr | pydantic.StrictBool | None = None
    label: Label = ""

    @pydantic.field_validator("value", mode="before")
    @classmethod
    def _exact(cls, value: Any) -> Any:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return str(value) if is_number else value


class Errors(_Part):
    """What a failed activity does to its run; `ignore` counts consecutive failures, 0 means without end."""

    policy: Literal["suspend", "ignore", "abort"] = "suspend"
    consecutive: Annotated[int, pydantic.Field(ge=0, le=1000)] = 3


class ActivityPart(_Part):
    """One activity. `config` holds its settings, which only its type can judge."""

    id: ActivityId
    type: Annotated[str, StringConstraints(min_length=1, max_length=40)]
    label: Label = ""
    config: dict[str, Any] = {}


class TransitionPart(pydantic.BaseModel):
    """One arrow; it leaves `from` by a port and arrives at `to`."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: ActivityId = pydantic.Field(alias="from")
    port: ActivityId = activity_types.MAIN
    target: ActivityId = pydantic.Field(alias="to")
    label: Label = ""

    @property
    def key(self) -> tuple[str, str, str]:
        return self.source, self.port, self.target


class Note(_Part):
    """A text that lies on the canvas, for whoever reads it there; it does nothing."""

    text: Annotated[str, StringConstraints(max_length=MAX_NOTE)]
    at: tuple[int, int]
    size: tuple[Side, Side] = (200, 120)


class Document(_Part):
    """A whole campaign."""

    tutti: Literal[1]
    campaign: Header
    variables: dict[VariableName, Variable] = {}
    schedule: dict[str, Any] = {}
    errors: Errors = Errors()
    activities: Annotated[tuple[ActivityPart, ...], pydantic.Field(max_length=MAX_ACTIVITIES)] = ()
    transitions: tuple[TransitionPart, ...] = ()
    layout: dict[ActivityId, tuple[int, int]] = {}
    notes: Annotated[dict[ActivityId, Note], pydantic.Field(max_length=MAX_NOTES)] = {}

    @property
    def graph(self) -> Graph:
        return Graph((a.id for a in self.activities), (Arrow(*t.key) for t in self.transitions))

    def activity(self, activity_id: str) -> ActivityPart:
        return next(a for a in self.activities if a.id == activity_id)


def parse_document(data: Any) -> Document:
    """The document in `data` (decoded JSON or YAML); raises ProblemsError naming every place refused."""
    plain = normal(data)
    try:
        document = Document.model_validate(plain)
    except pydantic.ValidationError as error:
        raise ProblemsError(problems_of(error, plain, model=Document)) from None
    document = _with_first_ports(document)
    repeated = tuple(_repeated(document))
    if repeated:
        raise ProblemsError(repeated)
    return document


def parse_text(text: str) -> Document:
    """The document in canonical JSON text, as versions and runs hold it."""
    return parse_document(json.loads(text))


def _with_first_ports(document: Document) -> Document:
    """An arrow without a port leaves by the first one its source has; that one is written out unless it is
    `main`.
    """
    first = {
        part.id: port for part in document.activities if (port := _first_port(part)) != activity_types.MAIN
    }
    arrows = tuple(
        arrow.model_copy(update={"port": first[arrow.source]})
        if arrow.port == activity_types.MAIN and arrow.source in first
        else arrow
        for arrow in document.transitions
    )
    return document.model_copy(update={"transitions": arrows})


def _first_port(part: ActivityPart) -> str:
    """`main` also where the type or its settings are not known to be right, and where `main` is a later
    port.
    """
    try:
        known = activity_types.get(part.type)
        ports = [port.name for port in known.ports(known.Config.model_validate(part.config))]
    except (activity_types.UnknownActivityType, pydantic.ValidationError):
        return activity_types.MAIN
    return activity_types.MAIN if activity_types.MAIN in ports or not ports else ports[0]


def _repeated(document: Document) -> Iterator[Problem]:
    ids = ((f"/activities/{number}/id", part.id) for number, part in enumerate(document.activities))
    arrows = (
        (f"/transitions/{number}", " ".join(part.key)) for number, part in enumerate(document.transitions)
    )
    yield from _twice(ids)
    for problem in _twice(arrows):
        fix = leaving_out(problem.path, _("Remove this transition"))
        yield replace(problem, fixes=(fix,))


def _twice(names: Iterable[tuple[str, str]]) -> Iterator[Problem]:
    seen: set[str] = set()
    for path, name in names:
        if name in seen:
            message = _("“%(name)s” stands in the document twice.") % {"name": name}
            remedy = _("Give one of the two another id, or remove it.")
            yield Problem("document.repeated", path, message, remedy)
        seen.add(name)


def canonical(document: Document) -> str:
    """The one text of a document: sorted, defaults omitted, Decimals as strings, a line break at the end. Names
    and labels are NFC; settings and values are as they were given.
    """
    return canonical_text(as_data(document))


def canonical_text(data: Any) -> str:
    """Plain data in the one JSON form."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, indent=1, separators=(",", ": ")) + "\n"


def as_data(document: Document) -> dict[str, Any]:
    """The canonical document as plain JSON data."""
    data = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["campaign"] = _header(document.campaign)
    data["schedule"] = canonical_schedule(document.schedule)
    data["activities"] = [_activity(a) for a in sorted(document.activities, key=lambda a: a.id)]
    data["transitions"] = [_transition(t) for t in sorted(document.transitions, key=lambda t: t.key)]
    data["layout"] = _layout(document)
    plain: dict[str, Any] = normal({key: value for key, value in data.items() if value not in ({}, [])})
    return plain


def document_hash(document: Document) -> str:
    """SHA-256 of the canonical form without its layout: the ETag, and the version's hash."""
    bare = document.model_copy(update={"layout": {}})
    return hashlib.sha256(canonical(bare).encode()).hexdigest()


def _header(header: Header) -> dict[str, Any]:
    data = header.model_dump(mode="json", exclude_defaults=True)
    if header.tags:
        data["tags"] = sorted(set(header.tags))
    return data


def _activity(activity: ActivityPart) -> dict[str, Any]:
    part: dict[str, Any] = {"id": activity.id, "type": activity.type}
    if activity.label:
        part["label"] = activity.label
    config = canonical_config(activity.type, activity.config)
    if config:
        part["config"] = config
    return part


def _transition(transition: TransitionPart) -> dict[str, Any]:
    return transition.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _layout(document: Document) -> dict[str, list[int]]:
    """Positions of activities that are there; those of removed ones are forgotten."""
    return {
        part.id: list(document.layout[part.id]) for part in document.activities if part.id in document.layout
    }


def canonical_config(type_name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with their defaults omitted; settings that do not validate yet are kept as they are."""
    try:
        settings = activity_types.get(type_name).Config
        valid = settings.model_validate(config)
    except (activity_types.UnknownActivityType, pydantic.ValidationError):
        return dict(config)
    short = valid.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    return short if _means(settings, short, valid) else valid.model_dump(mode="json", by_alias=True)


def _means(settings: type[pydantic.BaseModel], short: Mapping[str, Any], valid: pydantic.BaseModel) -> bool:
    """Whether the settings read back are the same: a model within may need a field that equals its default."""
    try:
        return settings.model_validate(short) == valid
    except pydantic.ValidationError:
        return False


def canonical_schedule(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """As settings: defaults omitted, a schedule that is not valid yet kept as it is."""
    try:
        return write_schedule(read_schedule(schedule))
    except ProblemsError:
        return dict(schedule)
