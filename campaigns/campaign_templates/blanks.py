"""What a template leaves open: where it stands in the document, and what may be put there.

A blank is written `{"$blank": name}` in the place of a value. Some are asked for; others follow from what was
answered: the slug of the new campaign, and the links from a dimension to what was sent to its people and came back.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.activity_types import Dimension, World
from campaigns.problems import Problem, ProblemsError
from campaigns.targeting.schema import Cardinality, Catalogue, FieldType, Link
from campaigns.validation import nearest, pointer

MARK = "$blank"
SLUG, MESSAGES, EVENTS = "slug", "messages", "events"
FEEDBACK_SCHEMA = "feedback"
SHOWN_BY: Mapping[str, frozenset[str]] = {
    MESSAGES: frozenset({"campaign", "state", "finished_at"}),
    EVENTS: frozenset({"campaign", "kind", "bot", "occurred_at"}),
}
"""By which columns the tables are known that hold what was sent and what came back."""
DATES = (FieldType.DATE, FieldType.DATETIME)


class Kind(StrEnum):
    """What a blank that is asked for takes."""

    DIMENSION = "dimension"
    CHANNEL = "channel"
    DATE = "date"


@dataclass(frozen=True, slots=True)
class Blank:
    """A question that is asked when a campaign is made of a template; a date belongs to the dimension."""

    name: str
    kind: Kind
    label: str | Promise
    help: str | Promise = ""
    default: str = ""

    def as_dict(self) -> dict[str, str]:
        texts = {"name": self.name, "kind": self.kind, "label": self.label, "default": self.default}
        return {key: str(value) for key, value in texts.items()}


@dataclass(frozen=True, slots=True)
class Choice:
    value: str
    label: str


DIMENSION = Blank(
    "dimension",
    Kind.DIMENSION,
    gettext_lazy("Whom it is about"),
    gettext_lazy("A dimension with e-mail addresses."),
)
CHANNEL = Blank(
    "channel", Kind.CHANNEL, gettext_lazy("Channel"), gettext_lazy("The sender its e-mails go out with.")
)


def blank(name: str) -> dict[str, str]:
    """The mark that stands in a document where a value will be."""
    return {MARK: name}


def filled(data: Any, values: Mapping[str, str]) -> Any:
    """The data with every blank replaced by its value."""
    match data:
        case {"$blank": str(name), **rest} if not rest:
            return values[name]
        case dict():
            return {key: filled(value, values) for key, value in data.items()}
        case list() | tuple():
            return [filled(value, values) for value in data]
    return data


def blanks_in(data: Any) -> Iterator[str]:
    """The name of every blank, as often as it stands there."""
    match data:
        case {"$blank": str(name), **rest} if not rest:
            yield name
        case dict():
            for value in data.values():
                yield from blanks_in(value)
        case list() | tuple():
            for value in data:
                yield from blanks_in(value)


def choices(kind: Kind, world: World, dimension: str = "") -> list[Choice]:
    """What a blank may be filled with, as people read it."""
    match kind:
        case Kind.DIMENSION:
            return [Choice(each.slug, str(each.label)) for each in _with_address(world)]
        case Kind.CHANNEL:
            return [Choice(slug, slug) for slug, channel in world.channels.items() if channel == "email"]
    found = world.dimensions.get(dimension)
    return list(_dates(world.catalogue, found)) if found else []


def _with_address(world: World) -> Iterable[Dimension]:
    return (each for each in world.dimensions.values() if each.email)


def _dates(catalogue: Catalogue, dimension: Dimension) -> Iterator[Choice]:
    """Dates of the dimension's own table, then those behind links to one row."""
    table = catalogue.tables[dimension.table]
    yield from _date_columns(catalogue, table.slug, "", "")
    for link in _links_from(catalogue, table.slug):
        if link.cardinality is Cardinality.ONE and not link.path:
            yield from _date_columns(catalogue, link.target, f"{link.slug}.", f"{link.label} → ")


def _date_columns(catalogue: Catalogue, table: str, prefix: str, words: str) -> Iterator[Choice]:
    for column in catalogue.tables[table].columns.values():
        if column.type in DATES:
            yield Choice(f"{prefix}{column.slug}", f"{words}{column.label}")


def _links_from(catalogue: Catalogue, table: str) -> list[Link]:
    return [link for (source, _slug), link in sorted(catalogue.links.items()) if source == table]


def answered(
    blanks: Sequence[Blank], answers: Mapping[str, str], world: World, *, slug: str, used: Iterable[str]
) -> dict[str, str]:
    """The value of every blank in use; raises ProblemsError that names each answer that is missing or unknown."""
    values = {each.name: answers.get(each.name) or each.default for each in blanks}
    dimension = next((values[each.name] for each in blanks if each.kind is Kind.DIMENSION), "")
    problems = [*_unknown(answers, blanks), *_unanswered(blanks, values, world, dimension)]
    wanted = set(used)
    found = {name: _feedback_link(name, world, dimension) for name in SHOWN_BY if name in wanted}
    if dimension and not problems:
        problems += [_no_feedback(dimension) for link in found.values() if not link]
    if problems:
        raise ProblemsError(dict.fromkeys(problems))
    return {**values, **found, SLUG: slug}


def _unknown(answers: Mapping[str, str], blanks: Sequence[Blank]) -> Iterator[Problem]:
    names = [each.name for each in blanks]
    for name in answers:
        if name not in names:
            message = _("This template does not ask for “%(name)s”.") % {"name": name[:60]}
            yield Problem("template.not_asked", pointer("answers", name), message, nearest(name, names))


def _unanswered(
    blanks: Sequence[Blank], values: Mapping[str, str], world: World, dimension: str
) -> Iterator[Problem]:
    for each in blanks:
        offered = [choice.value for choice in choices(each.kind, world, dimension)]
        value, path = values[each.name], pointer("answers", each.name)
        if not value:
            message = _("“%(label)s” is not answered.") % {"label": each.label}
            yield Problem("template.unanswered", path, message, _remedy(each.kind, offered))
        elif value not in offered:
            message = _("“%(value)s” is not there for “%(label)s”.") % {
                "value": value[:80],
                "label": each.label,
            }
            yield Problem("template.unknown_answer", path, message, _remedy(each.kind, offered, value))


def _remedy(kind: Kind, offered: Sequence[str], value: str = "") -> str:
    if offered:
        return nearest(value, offered) if value else _("Choose one.")
    return {
        Kind.DIMENSION: _("Make a targeting dimension of a table, and name its e-mail field."),
        Kind.CHANNEL: _("Set up a channel that sends e-mail."),
        Kind.DATE: _("Choose a dimension whose table has a date."),
    }[kind]


def _feedback_link(name: str, world: World, dimension: str) -> str:
    """The link from the dimension's table to what was sent, or to what came back; empty where there is none."""
    found = world.dimensions.get(dimension)
    for link in _links_from(world.catalogue, found.table) if found else ():
        target = world.catalogue.tables[link.target]
        if target.schema == FEEDBACK_SCHEMA and SHOWN_BY[name] <= target.columns.keys():
            return link.slug
    return ""


def _no_feedback(dimension: str) -> Problem:
    message = _("Nothing is known of what was sent to “%(dimension)s”.") % {"dimension": dimension}
    remedy = _("Save the dimension again, so that its messages and events are registered.")
    return Problem("template.no_feedback", pointer("answers", "dimension"), message, remedy)
