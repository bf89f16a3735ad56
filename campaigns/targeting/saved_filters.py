"""A saved filter as rules see it: a rule with holes in it, and what may fill them. Plain frozen values.

Who owns one, and where it is stored, is `campaigns.predefined_filters`' part.
"""

from __future__ import annotations

from typing import Any, Literal

from django.utils.translation import gettext as _
from pydantic import Field, StrictBool, field_validator
from pydantic_core import PydanticCustomError

from campaigns.targeting.operands import Name, Operand, Shaped

ParameterType = Literal["text", "number", "date", "boolean", "period"]
MOST_PARAMETERS = 20
_SLUG = r"^[a-z][a-z0-9_]*$"


class FilterParameter(Shaped):
    """A value that is given where the filter is used; without a default it has to be."""

    name: str = Field(pattern=_SLUG, max_length=40)
    type: ParameterType
    label: str = Field(default="", max_length=200)
    many: StrictBool = False
    """Whether it is a list of such values."""
    default: Operand | None = None


class SavedFilter(Shaped):
    """A rule over a table's rows. `rule` stays data: its parameters have to be bound before it is one."""

    label: str = Field(max_length=200)
    table: Name
    rule: dict[str, Any]
    parameters: tuple[FilterParameter, ...] = Field(default=(), max_length=MOST_PARAMETERS)

    @field_validator("parameters")
    @classmethod
    def _named_once(cls, given: tuple[FilterParameter, ...]) -> tuple[FilterParameter, ...]:
        names = [parameter.name for parameter in given]
        if len(names) != len(set(names)):
            context = {
                "message": _("A parameter is named twice."),
                "remedy": _("Give one of them another name."),
            }
            raise PydanticCustomError("repeated", "a parameter is named twice", context)
        return given
