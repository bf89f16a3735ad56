"""A schedule from the data of a document and back, with every refusal as a problem at its place.

Paths are JSON pointers relative to the schedule; a document puts its own prefix before them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy
from pydantic import Field, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from campaigns.problems import Problem, ProblemsError
from campaigns.schedules.definition import AsSoonAsPossible, Schedule

_ADAPTER: TypeAdapter[Schedule] = TypeAdapter(Annotated[Schedule, Field(discriminator="frequency")])
_DEFAULT = AsSoonAsPossible(frequency="as_soon_as_possible")

# Pydantic's type of error → the code, the message and the remedy a person reads.
_NOT_A_CHOICE = (
    "not_a_choice",
    gettext_lazy("This is not one of the choices."),
    gettext_lazy("Choose one of: %(expected)s."),
)
_NOT_AN_OBJECT = (
    "not_an_object",
    gettext_lazy("This is not a group of named options."),
    gettext_lazy("Write its options by name, as an object."),
)
_WORDS: dict[str, tuple[str, Promise, Promise]] = {
    "missing": ("missing", gettext_lazy("“%(field)s” is missing."), gettext_lazy("Add it.")),
    "union_tag_not_found": ("missing", gettext_lazy("“%(field)s” is missing."), gettext_lazy("Add it.")),
    "extra_forbidden": (
        "unknown_option",
        gettext_lazy("There is no option “%(field)s” here."),
        gettext_lazy("Remove it or correct its name."),
    ),
    "enum": _NOT_A_CHOICE,
    "literal_error": _NOT_A_CHOICE,
    "union_tag_invalid": _NOT_A_CHOICE,
    "int_type": (
        "whole_number",
        gettext_lazy("This is not a whole number."),
        gettext_lazy("Write a number without quotes and without decimals."),
    ),
    "greater_than_equal": (
        "out_of_range",
        gettext_lazy("This number is too small."),
        gettext_lazy("Use at least %(ge)s."),
    ),
    "less_than_equal": (
        "out_of_range",
        gettext_lazy("This number is too large."),
        gettext_lazy("Use at most %(le)s."),
    ),
    "too_long": (
        "long_list",
        gettext_lazy("The list has too many entries."),
        gettext_lazy("Keep at most %(max_length)s."),
    ),
    "tuple_type": (
        "not_a_list",
        gettext_lazy("This is not a list."),
        gettext_lazy("Write a list, even of one."),
    ),
    "string_type": ("not_a_text", gettext_lazy("This is not a text."), gettext_lazy("Put it in quotes.")),
    "string_pattern_mismatch": (
        "name",
        gettext_lazy("This is not a name."),
        gettext_lazy("Use up to 40 small letters, digits and “_”, beginning with a letter."),
    ),
    "bool_type": (
        "not_a_boolean",
        gettext_lazy("This is not yes or no."),
        gettext_lazy("Write true or false."),
    ),
    "model_type": _NOT_AN_OBJECT,
    "model_attributes_type": _NOT_AN_OBJECT,
}
_OTHERWISE = (
    "invalid",
    gettext_lazy("This value is not accepted."),
    gettext_lazy("Correct or remove the value at this place."),
)


def read_schedule(data: object) -> Schedule:
    """The schedule in `data`, decoded JSON or YAML; empty data is *as soon as possible*.

    Raises ProblemsError with every refusal; codes begin with `schedule.`, paths are relative to the schedule.
    """
    if data == {}:
        return _DEFAULT
    try:
        return _ADAPTER.validate_python(data)
    except ValidationError as error:
        raise ProblemsError(_problem(found) for found in error.errors(include_url=False)) from None


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    """The canonical data of a schedule: JSON types only, lists in order, defaults left out."""
    return {} if schedule == _DEFAULT else schedule.model_dump(mode="json", exclude_defaults=True)


def schedule_json_schema() -> dict[str, Any]:
    """What forms are drawn from, with titles in the active language."""
    return _ADAPTER.json_schema()


def _problem(found: ErrorDetails) -> Problem:
    context: Mapping[str, Any] = found.get("ctx", {})
    place = _pointer(found["loc"]) + _below(found["type"], context)
    if "remedy" in context:
        return Problem(f"schedule.{found['type']}", place, context["message"], context["remedy"])
    code, message, remedy = _WORDS.get(found["type"], _OTHERWISE)
    words = {"field": place.rpartition("/")[2], **context, "expected": _expected(context)}
    return Problem(f"schedule.{code}", place, str(message) % words, str(remedy) % words)


def _pointer(steps: tuple[int | str, ...]) -> str:
    """The place without the names of the models pydantic chose: one at the front, one behind `on`."""
    inner = steps[1:]
    kept = (*inner[:1], *inner[2:]) if inner[:1] == ("on",) else inner
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in kept)


def _below(kind: str, context: Mapping[str, Any]) -> str:
    if kind.startswith("union_tag"):
        return "/" + str(context["discriminator"]).strip("'")
    return str(context.get("place", ""))


def _expected(context: Mapping[str, Any]) -> str:
    """Pydantic's list of choices without its quotes and its English."""
    listed = str(context.get("expected_tags") or context.get("expected", ""))
    return listed.replace("'", "").replace(" or ", ", ")
