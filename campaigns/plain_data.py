"""Plain data from anywhere (a file, a request, a database row) in its one form, or refused at its place.

Names become NFC and whole floats integers, so that what is equal is written alike and survives PostgreSQL's
jsonb. Texts stay as they are, code point by code point, for a rule compares them with data that nobody
normalised. What JSON or PostgreSQL cannot hold is refused: lone surrogates, NUL, infinities, names that become
equal.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, NoReturn

from django.utils.translation import gettext as _

from campaigns.problems import Problem, ProblemsError
from campaigns.validation import pointer

MAX_LEVELS = 200
MAX_NAME = 150

Place = tuple[str | int, ...]


def normal(data: Any, place: Place = ()) -> Any:
    """A copy of `data` in the one form; raises ProblemsError with codes that begin with `data.`."""
    if len(place) > MAX_LEVELS:
        raise ProblemsError([too_deep()])
    match data:
        case str():
            return _text(data, place)
        case Mapping():
            return _object(data, place)
        case list() | tuple():
            return [normal(item, (*place, number)) for number, item in enumerate(data)]
        case _:
            return _single(data, place)


def composed(name: Any) -> Any:
    """A name that people read, as NFC: one name is one text. What is no text is left to whoever judges it."""
    return unicodedata.normalize("NFC", name) if isinstance(name, str) else name


def with_names(data: Mapping[str, Any], *names: str) -> dict[str, Any]:
    """`data` in the one form; the members called so are names that people read."""
    return {key: composed(value) if key in names else value for key, value in normal(data).items()}


def too_deep() -> Problem:
    message = _("The document is nested more than %(levels)d levels deep.") % {"levels": MAX_LEVELS}
    return Problem("data.too_deep", "", message, _("Flatten the innermost groups."))


def refuse(code: str, place: Place, message: str, remedy: str) -> NoReturn:
    raise ProblemsError([Problem(f"data.{code}", pointer(*place), message, remedy)])


def _text(text: str, place: Place) -> str:
    if "\0" in text:
        refuse("nul", place, _("The text contains a NUL character."), _("Remove the character."))
    if any("\ud800" <= letter <= "\udfff" for letter in text):
        refuse(
            "surrogate",
            place,
            _("The text contains half a character."),
            _("Type the text again, as Unicode."),
        )
    return text


def _object(data: Mapping[Any, Any], place: Place) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in data.items():
        name = _name(str(key), place)
        if name in found:
            _refuse_twice(name, place)
        found[name] = normal(value, (*place, name))
    return found


def _name(key: str, place: Place) -> str:
    """YAML allows names of at most 1,024 bytes as they are written."""
    name: str = composed(_text(key, place))
    if len(name) > MAX_NAME:
        refuse("long_name", place, _("A name here is too long."), _("Keep names within 150 characters."))
    return name


def _refuse_twice(name: str, place: Place) -> NoReturn:
    message = _("“%(name)s” stands here twice, written with different characters.") % {"name": name}
    refuse("same_key", place, message, _("Remove one of the two."))


def _number(number: float, place: Place) -> int | float:
    if not math.isfinite(number):
        refuse("not_finite", place, _("This number is not finite."), _("Write a plain number."))
    return int(number) if number.is_integer() else number


def _single(data: Any, place: Place) -> Any:
    match data:
        case float():
            return _number(data, place)
        case bool() | int() | None:
            return data
        case Decimal():
            return str(data)
        case _:
            message = _("This is neither text nor number nor true or false.")
            refuse("not_plain", place, message, _("Write it as text."))
