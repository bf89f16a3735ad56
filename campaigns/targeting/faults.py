"""Turns what pydantic says about a misshapen rule into problems with a JSON pointer and a remedy."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django.utils.translation import gettext as _
from pydantic import ValidationError
from pydantic_core import ErrorDetails

from campaigns.targeting.problems import RuleProblem, nearest, pointer, shown

Said = tuple[str, str, str]

KINDS = (
    "aggregate",
    "all",
    "any",
    "condition",
    "except",
    "exists",
    "filter",
    "member",
    "not",
    "nth",
    "sequence",
)
_SHOWN_PROBLEMS = 100


def problems_in(error: ValidationError, data: object) -> list[RuleProblem]:
    details = [each for each in error.errors(include_url=False) if not _is_echo(each)]
    return [_problem(each, data) for each in details[:_SHOWN_PROBLEMS]]


def _is_echo(detail: ErrorDetails) -> bool:
    """A list with faulty members is also called too short, though it is not."""
    return detail["type"] == "too_short" and len(detail["input"]) >= detail["ctx"]["min_length"]


def _problem(detail: ErrorDetails, data: object) -> RuleProblem:
    say = _SAYINGS.get(detail["type"], _other)
    steps = _steps(detail["loc"], data)
    code, message, remedy = say(detail, steps)
    return RuleProblem(pointer(*steps), code, message, remedy)


def _steps(loc: Sequence[str | int], data: object) -> list[str | int]:
    """The location without the names of union members that pydantic mixes into it."""
    steps: list[str | int] = []
    here, arrived = data, True
    for position, part in enumerate(loc):
        if _is_member_name(part, here, arrived=arrived, last=position == len(loc) - 1):
            arrived = False
            continue
        steps.append(part)
        here, arrived = _child(here, part), True
    return steps


def _is_member_name(part: str | int, here: object, *, arrived: bool, last: bool) -> bool:
    if not arrived or not isinstance(part, str):
        return False
    if isinstance(here, Mapping):
        return part == here.get("kind") or (part.startswith("#") and not (last and part in here))
    return True


def _child(here: object, part: str | int) -> object:
    if isinstance(here, Mapping):
        return here.get(part)
    if isinstance(here, list | tuple) and isinstance(part, int) and part < len(here):
        return here[part]
    return None


def _missing(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    name = shown(steps[-1]) if steps else ""
    return "missing", _("“%(name)s” is missing.") % {"name": name}, _("Add it.")


def _extra(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    name = shown(steps[-1]) if steps else ""
    message = _("“%(name)s” is not known here.") % {"name": name}
    return "unknown_key", message, _("Remove it or correct its name.")


def _unknown_kind(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    if _is_value(steps):
        return _no_kind(detail, steps)
    given = detail["input"].get("kind") if isinstance(detail["input"], Mapping) else detail["input"]
    return (
        "unknown_kind",
        _("“%(kind)s” is no kind of rule.") % {"kind": shown(given)},
        nearest(str(given), KINDS),
    )


def _no_kind(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    if steps[-1:] in (["attribute"], ["by"], ["at"]):
        return (
            "wrong_form",
            _("This names no attribute."),
            _("Give its name as text, as in “product.department”."),
        )
    if _is_value(steps):
        return "unknown_value", _("This is no value that a rule can compare with."), _VALUE_REMEDY()
    return "no_kind", _("This is not a rule: its “kind” is missing."), nearest("", KINDS)


def _is_value(steps: Sequence[str | int]) -> bool:
    """Of a comparison or of a filter's parameter, or an item of a list of them."""
    return "value" in steps[-2:] or "parameters" in steps[-3:-1]


def _VALUE_REMEDY() -> str:  # noqa: N802 - reads as the constant it would be, were it not translated
    return _("Give text, a number, true or false, a list, a variable, an attribute or a relative date.")


def _enumerated(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    expected = detail.get("ctx", {}).get("expected", "")
    names = [name for name in expected.replace(" or ", ", ").replace("'", "").split(", ") if name]
    return (
        "unknown_word",
        _("“%(word)s” is not one of the words allowed here.") % {"word": shown(detail["input"])},
        nearest(str(detail["input"]), names),
    )


def _too_few(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    return "too_few", _("There are too few parts here."), _("Add what is missing, or remove the group.")


def _bounds(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    bound: Any = next(iter(detail.get("ctx", {}).values()), "")
    message = _("%(number)s is outside what is allowed here.") % {"number": shown(detail["input"])}
    return "out_of_range", message, _("The limit is %(bound)s.") % {"bound": bound}


def _other(detail: ErrorDetails, steps: Sequence[str | int]) -> Said:
    message = _("“%(value)s” has the wrong form.") % {"value": shown(detail["input"])}
    return "wrong_form", message, _("Expected: %(expected)s.") % {"expected": shown(detail["msg"])}


_SAYINGS: Mapping[str, Callable[[ErrorDetails, Sequence[str | int]], Said]] = {
    "missing": _missing,
    "extra_forbidden": _extra,
    "union_tag_invalid": _unknown_kind,
    "union_tag_not_found": _no_kind,
    "model_attributes_type": _no_kind,
    "literal_error": _enumerated,
    "enum": _enumerated,
    "too_short": _too_few,
    "greater_than_equal": _bounds,
    "less_than_equal": _bounds,
}
