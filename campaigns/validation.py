"""What pydantic refused, in the reader's language: the place as a JSON pointer, the reason and the remedy.

A validator that knows better than the table below raises a `PydanticCustomError` whose context holds
`message` and `remedy`, both translated, and where needed `place`, a pointer below the refused value.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from difflib import get_close_matches
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from campaigns.fixes import Fix, Fixes
from campaigns.json_patch import UnfitPatch, patched
from campaigns.problems import Problem
from campaigns.shape_fixes import Sole, fixes_of

MOST_SHOWN = 100
MOST_TRIED = 20
"""Findings for which fixes are looked for: trying them means to read the data again."""

_Said = tuple[str, Promise, Promise]
_BOOLEAN: _Said = (
    "not_a_boolean",
    gettext_lazy("This is not yes or no."),
    gettext_lazy("Write true or false."),
)
_CHOICE: _Said = (
    "not_a_choice",
    gettext_lazy("This is not one of the choices."),
    gettext_lazy("Choose one of: %(expected)s."),
)
_OBJECT: _Said = (
    "not_an_object",
    gettext_lazy("This is not a group of named values."),
    gettext_lazy("Write its values by name, as an object."),
)
_LIST: _Said = (
    "not_a_list",
    gettext_lazy("This is not a list."),
    gettext_lazy("Write a list, even of one."),
)
_NUMBER: _Said = (
    "not_a_number",
    gettext_lazy("This is not a number."),
    gettext_lazy("Write a plain number."),
)
_WHOLE: _Said = (
    "not_a_whole_number",
    gettext_lazy("This is not a whole number."),
    gettext_lazy("Write a number without decimals."),
)
_SMALL = gettext_lazy("This number is too small.")
_LARGE = gettext_lazy("This number is too large.")
_MISSING: _Said = ("missing", gettext_lazy("“%(field)s” is missing."), gettext_lazy("Add it."))
SAID: Mapping[str, _Said] = {
    "missing": _MISSING,
    "union_tag_not_found": _MISSING,
    "extra_forbidden": (
        "unknown_key",
        gettext_lazy("“%(field)s” is not known here."),
        gettext_lazy("Remove it or correct its name."),
    ),
    "enum": _CHOICE,
    "literal_error": _CHOICE,
    "union_tag_invalid": _CHOICE,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "dict_type": _OBJECT,
    "tuple_type": _LIST,
    "list_type": _LIST,
    "int_type": _WHOLE,
    "int_parsing": _WHOLE,
    "int_from_float": _WHOLE,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "decimal_type": _NUMBER,
    "decimal_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "string_type": (
        "not_a_text",
        gettext_lazy("This is not a text."),
        gettext_lazy("Write a text; in a YAML file put it in quotes."),
    ),
    "bool_type": (
        "not_a_boolean",
        gettext_lazy("This is not yes or no."),
        gettext_lazy("Write true or false."),
    ),
    "bool_parsing": (
        "not_a_boolean",
        gettext_lazy("This is not yes or no."),
        gettext_lazy("Write true or false."),
    ),
    "greater_than_equal": ("out_of_range", _SMALL, gettext_lazy("Use at least %(ge)s.")),
    "greater_than": ("out_of_range", _SMALL, gettext_lazy("Use more than %(gt)s.")),
    "less_than_equal": ("out_of_range", _LARGE, gettext_lazy("Use at most %(le)s.")),
    "less_than": ("out_of_range", _LARGE, gettext_lazy("Use less than %(lt)s.")),
    "too_short": (
        "too_few",
        gettext_lazy("The list is too short."),
        gettext_lazy("Give at least %(min_length)s."),
    ),
    "too_long": (
        "too_many",
        gettext_lazy("The list is too long."),
        gettext_lazy("Keep at most %(max_length)s."),
    ),
    "string_too_short": (
        "too_short",
        gettext_lazy("This text is too short."),
        gettext_lazy("Write at least %(min_length)s characters."),
    ),
    "string_too_long": (
        "too_long",
        gettext_lazy("This text is too long."),
        gettext_lazy("Keep it within %(max_length)s characters."),
    ),
    "string_pattern_mismatch": (
        "malformed",
        gettext_lazy("This text does not have the form that is needed here."),
        gettext_lazy("It has to match the pattern %(pattern)s."),
    ),
}
_OTHERWISE: _Said = (
    "invalid",
    gettext_lazy("This value is not accepted (%(reason)s)."),
    gettext_lazy("Correct or remove the value at this place."),
)


def problems_of(
    error: ValidationError,
    data: object,
    code: str = "document",
    model: type[BaseModel] | None = None,
    sole: Sole | None = None,
) -> tuple[Problem, ...]:
    """Pydantic's findings on `data`, at most a hundred; every code begins with `code` and a full stop.

    With the `model` that refused the data they have fixes; `sole` says what a setting can only be.
    """
    found = error.errors(include_url=False)[:MOST_SHOWN]
    problems = tuple(_problem(each, data, code) for each in found)
    if model is None:
        return problems
    tried = zip(problems[:MOST_TRIED], found, strict=False)
    mended = (replace(one, fixes=_fixes(one, each, data, model, sole or {})) for one, each in tried)
    return (*mended, *problems[MOST_TRIED:])


def _fixes(problem: Problem, found: ErrorDetails, data: object, model: type[BaseModel], sole: Sole) -> Fixes:
    """Those after which the data have fewer faults."""
    made = fixes_of(found, problem.path, data, model, sole)
    return tuple(fix for fix in made if _helps(fix, data, model))


def _helps(fix: Fix, data: object, model: type[BaseModel]) -> bool:
    before, after = (_faults(each, model) for each in (data, _after(fix, data)))
    return after < before


def _after(fix: Fix, data: object) -> object:
    try:
        return patched(data, fix.operations)
    except UnfitPatch:
        return data


def _faults(data: object, model: type[BaseModel]) -> frozenset[tuple[str, str]]:
    try:
        model.model_validate(data)
    except ValidationError as error:
        found = error.errors(include_url=False)
        return frozenset((each["type"], pointer(*_steps(each["loc"], data))) for each in found)
    return frozenset()


def _problem(found: ErrorDetails, data: object, prefix: str) -> Problem:
    context: dict[str, Any] = found.get("ctx", {})
    place = pointer(*_steps(found["loc"], data)) + _below(found["type"], context)
    if "remedy" in context:
        return Problem(f"{prefix}.{found['type']}", place, context["message"], context["remedy"])
    code, message, remedy = SAID.get(found["type"], _OTHERWISE)
    words = {
        "field": place.rpartition("/")[2],
        "reason": found["msg"],
        **context,
        "expected": _expected(context),
    }
    return Problem(f"{prefix}.{code}", place, str(message) % words, str(remedy) % words)


def _steps(location: Sequence[str | int], data: object) -> list[str | int]:
    """The location without the names of models that pydantic mixes into it where it chose one of several."""
    steps: list[str | int] = []
    here = data
    for number, step in enumerate(location):
        if _leads_on(step, here):
            steps.append(step)
            here = here[step]  # type: ignore[index]
        elif number == len(location) - 1 and isinstance(here, Mapping) and step != "[key]":
            steps.append(step)
    return steps


def _leads_on(step: str | int, here: object) -> bool:
    if isinstance(here, Mapping):
        return step in here
    return isinstance(here, list | tuple) and isinstance(step, int) and step < len(here)


def _below(kind: str, context: Mapping[str, Any]) -> str:
    if kind.startswith("union_tag"):
        return "/" + str(context["discriminator"]).strip("'")
    return str(context.get("place", ""))


def _expected(context: Mapping[str, Any]) -> str:
    """Pydantic's list of choices without its quotes and its English."""
    listed = str(context.get("expected_tags") or context.get("expected", ""))
    return listed.replace("'", "").replace(" or ", ", ")


def pointer(*steps: str | int) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in steps)


def nearest(name: str, known: Iterable[str]) -> str:
    """A remedy that lists the known names most like `name`, or the first few when none is."""
    names = sorted(known)
    close = get_close_matches(name[:80], names, n=3, cutoff=0.5)
    if close:
        return _("Did you mean: %(names)s?") % {"names": ", ".join(close)}
    if names:
        return _("Known here: %(names)s.") % {"names": ", ".join(names[:8])}
    return _("Nothing of this kind is known here yet; create it first.")
