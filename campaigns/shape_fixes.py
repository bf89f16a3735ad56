"""Fixes of what has the wrong shape: each is tried on the data, and offered only if it mends more than it breaks."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from pydantic import BaseModel
from pydantic_core import ErrorDetails

from campaigns.fixes import Fix, changing, leaving_out, near, writing
from campaigns.json_patch import Operation, steps_of, value_at

_QUOTED = re.compile(r"'([^']*)'")

Sole = Mapping[str, str]
"""Settings by name, each with the one value that it can have here."""


class _Around(NamedTuple):
    data: Any
    model: type[BaseModel]


def fixes_of(
    found: ErrorDetails, place: str, data: object, model: type[BaseModel], sole: Sole
) -> Iterator[Fix]:
    """What might be meant instead of what pydantic refused at `place` of the data."""
    make = _MAKERS.get(found["type"])
    if make:
        yield from make(found, place, _Around(data, model))
    elif place[1:] in sole and found["type"] in _LACKING:
        name = sole[place[1:]]
        yield writing(place, name, _("Use “%(name)s”") % {"name": name})


_LACKING = ("missing", "string_too_short", "string_type")


def _known_keys(found: ErrorDetails, place: str, around: _Around) -> Iterator[Fix]:
    last = steps_of(place)[-1]
    name = near(last, _keys(around.model) - {last})
    if name and name not in value_at(around.data, place.rpartition("/")[0]):
        target = place[: place.rindex("/") + 1] + name
        steps = (Operation("remove", place), Operation("add", target, found["input"]))
        yield Fix(_("Rename it to “%(name)s”") % {"name": name}, steps)
    yield leaving_out(place, _("Remove “%(name)s”") % {"name": last})


def _limit(found: ErrorDetails, place: str, around: _Around) -> Iterator[Fix]:
    context = found.get("ctx", {})
    limit = context.get("ge", context.get("le"))
    if isinstance(limit, int):
        yield changing(place, found["input"], limit, _("Make it %(value)s") % {"value": limit})


def _choice(found: ErrorDetails, place: str, around: _Around) -> Iterator[Fix]:
    given = found["input"]
    name = near(given, _QUOTED.findall(found["ctx"]["expected"])) if isinstance(given, str) else ""
    if name:
        yield changing(place, given, name, _("Use “%(name)s”") % {"name": name})


def _list(found: ErrorDetails, place: str, around: _Around) -> Iterator[Fix]:
    yield changing(place, found["input"], [found["input"]], _("Make it a list of this one"))


@cache
def _keys(model: type[BaseModel]) -> frozenset[str]:
    """Every name that the model or one within it has."""
    schema = model.model_json_schema()
    drawn = [schema, *schema.get("$defs", {}).values()]
    return frozenset(name for each in drawn for name in each.get("properties", {}))


_MAKERS: Mapping[str, Callable[[ErrorDetails, str, _Around], Iterator[Fix]]] = {
    "extra_forbidden": _known_keys,
    "greater_than_equal": _limit,
    "less_than_equal": _limit,
    "literal_error": _choice,
    "enum": _choice,
    "tuple_type": _list,
    "list_type": _list,
}
