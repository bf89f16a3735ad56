"""The campaign document: one form for the canvas, the API, files, versions, runs and the diff.

The envelope is strict: an unknown key is refused at its place. The settings of an activity are kept as they were
written, so that an unfinished draft can be stored; the lint says what they lack.
"""

from __future__ import annotations

import hashlib
import json
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Annotated, Any, Literal

import pydantic
from django.utils.translation import gettext as _

from campaigns import activity_types
from campaigns.graph import Arrow, Graph
from campaigns.problems import Problem, ProblemsError

MAX_BYTES = 2_000_000
MAX_ACTIVITIES = 500

Slug = Annotated[str, pydantic.StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=80)]
ActivityId = Annotated[str, pydantic.StringConstraints(pattern=r"^[a-z0-9]+([_-][a-z0-9]+)*$", max_length=60)]
VariableName = Annotated[str, pydantic.StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,39}$")]


class _Part(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)


class Header(_Part):
    """What a campaign is called."""

    slug: Slug
    name: Annotated[str, pydantic.StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
    description: str = ""
    time_zone: str = "UTC"
    tags: tuple[Annotated[str, pydantic.StringConstraints(min_length=1, max_length=40)], ...] = ()


class Variable(_Part):
    """A campaign variable: typed, with the value runs begin with."""

    type: Literal["text", "number", "date", "boolean"]
    value: str | bool | None = None
    label: str = ""


class Errors(_Part):
    """What a failed activity does to its run; `ignore` counts consecutive failures, 0 means without end."""

    policy: Literal["suspend", "ignore", "abort"] = "suspend"
    consecutive: Annotated[int, pydantic.Field(ge=0, le=1000)] = 3


class ActivityPart(_Part):
    id: ActivityId
    type: str
    label: str = ""
    config: dict[str, Any] = {}


class TransitionPart(pydantic.BaseModel):
    model_config = pydantic.ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: ActivityId = pydantic.Field(alias="from")
    port: ActivityId = activity_types.MAIN
    target: ActivityId = pydantic.Field(alias="to")
    label: str = ""


class Document(_Part):
    """A whole campaign. `schedule` is kept as written, like the settings of activities."""

    tutti: Literal[1]
    campaign: Header
    variables: dict[VariableName, Variable] = {}
    schedule: dict[str, Any] = {}
    errors: Errors = Errors()
    activities: Annotated[tuple[ActivityPart, ...], pydantic.Field(max_length=MAX_ACTIVITIES)] = ()
    transitions: tuple[TransitionPart, ...] = ()
    layout: dict[ActivityId, tuple[int, int]] = {}

    @property
    def graph(self) -> Graph:
        arrows = (Arrow(t.source, t.port, t.target) for t in self.transitions)
        return Graph((a.id for a in self.activities), arrows)

    def activity(self, activity_id: str) -> ActivityPart:
        return next(a for a in self.activities if a.id == activity_id)


def parse_document(data: Any) -> Document:
    """The document in `data` (already decoded JSON or YAML); raises ProblemsError naming every place refused."""
    try:
        document = Document.model_validate(data)
    except pydantic.ValidationError as error:
        raise ProblemsError(problems_of(error)) from None
    repeated = tuple(_repeated(document))
    if repeated:
        raise ProblemsError(repeated)
    return document


def problems_of(error: pydantic.ValidationError, code: str = "document.invalid") -> tuple[Problem, ...]:
    """Pydantic's findings as problems: the place as a JSON pointer, the reason, and what is expected."""
    return tuple(
        Problem(
            code=code,
            path="".join(f"/{_escape(str(step))}" for step in item["loc"]),
            message=_("This is not accepted: %(reason)s.") % {"reason": item["msg"]},
            remedy=_("Correct or remove the value at this place."),
        )
        for item in error.errors(include_url=False, include_input=False, include_context=False)
    )


def _escape(step: str) -> str:
    return step.replace("~", "~0").replace("/", "~1")


def _repeated(document: Document) -> list[Problem]:
    seen: set[str] = set()
    arrows: set[tuple[str, str, str]] = set()
    found: list[Problem] = []
    for number, activity in enumerate(document.activities):
        if activity.id in seen:
            found.append(_twice(f"/activities/{number}/id", activity.id))
        seen.add(activity.id)
    for number, arrow in enumerate(document.transitions):
        key = (arrow.source, arrow.port, arrow.target)
        if key in arrows:
            found.append(_twice(f"/transitions/{number}", " ".join(key)))
        arrows.add(key)
    return found


def _twice(path: str, name: str) -> Problem:
    return Problem(
        code="document.repeated",
        path=path,
        message=_("“%(name)s” stands in the document twice.") % {"name": name},
        remedy=_("Give one of the two another id, or remove it."),
    )


def canonical(document: Document) -> str:
    """The one text of a document: sorted, defaults omitted, Decimals as strings, NFC, a newline at the end."""
    return json.dumps(_plain(document), ensure_ascii=False, sort_keys=True, indent=1, separators=(",", ": ")) + "\n"


def as_data(document: Document) -> dict[str, Any]:
    """The canonical document as plain JSON data."""
    data: dict[str, Any] = json.loads(canonical(document))
    return data


def document_hash(document: Document) -> str:
    """SHA-256 of the canonical form without its layout: the ETag, and the version's hash."""
    bare = document.model_copy(update={"layout": {}})
    return hashlib.sha256(canonical(bare).encode()).hexdigest()


def _plain(document: Document) -> Any:
    data = document.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["campaign"] = {"name": document.campaign.name, "slug": document.campaign.slug, **data["campaign"]}
    data["activities"] = [_activity(a) for a in sorted(document.activities, key=lambda a: a.id)]
    data["transitions"] = sorted(data.get("transitions", []), key=lambda t: (t["from"], t.get("port", activity_types.MAIN), t["to"]))
    if document.campaign.tags:
        data["campaign"]["tags"] = sorted(set(document.campaign.tags))
    return _normal({key: value for key, value in data.items() if value not in ({}, [])})


def _activity(activity: ActivityPart) -> dict[str, Any]:
    part: dict[str, Any] = {"id": activity.id, "type": activity.type}
    if activity.label:
        part["label"] = activity.label
    config = canonical_config(activity.type, activity.config)
    if config:
        part["config"] = config
    return part


def canonical_config(type_name: str, config: Mapping[str, Any]) -> dict[str, Any]:
    """Settings with their defaults omitted; settings that do not validate yet are kept as they are."""
    try:
        valid = activity_types.get(type_name).Config.model_validate(config)
    except (activity_types.UnknownActivityType, pydantic.ValidationError):
        return dict(config)
    return valid.model_dump(mode="json", by_alias=True, exclude_defaults=True)


def _normal(value: Any) -> Any:
    match value:
        case str():
            return unicodedata.normalize("NFC", value)
        case dict():
            return {_normal(key): _normal(item) for key, item in value.items()}
        case list() | tuple():
            return [_normal(item) for item in value]
        case Decimal():
            return str(value)
    return value
