"""The kinds of values that settings of several activity types hold, each with its limits and its form widget."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, GetJsonSchemaHandler, StringConstraints
from pydantic_core import CoreSchema

from campaigns.schedules.choices import Drawn
from campaigns.targeting.limits import check_size
from campaigns.targeting.operands import Expression
from campaigns.targeting.rules import Rule

MOST_PARTS = 50
"""How many branches, subsets, keys or columns one activity may list."""


@dataclass(frozen=True, slots=True)
class Widget:
    """What a form draws for a value: the name of a control that the canvas has.

    `of` says which of the control's choices there are, as in the channel configurations of one channel.
    """

    name: str
    of: str = ""

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> Drawn:
        return {**handler(schema), "widget": self.name, **({"of": self.of} if self.of else {})}


_PLAIN = r"^[a-z0-9]+([_-][a-z0-9]+)*$"
_PRINTABLE = r"^[^\x00-\x1f\x7f]*$"


def _checked(data: Any) -> Any:
    check_size(data)
    return data


RuleSetting = Annotated[Rule, BeforeValidator(_checked), Widget("rule")]

AttributeName = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=_PRINTABLE),
    Widget("attribute"),
]
"""An attribute of the dimension, `link.link.field` through to-one links, or `@column` of the population itself."""

AttributeSetting = Annotated[AttributeName | Expression, Widget("attribute")]
"""An attribute, or `{expression: …}`: a value computed from attributes of the same row."""

LinkPath = Annotated[
    str,
    StringConstraints(min_length=1, max_length=500, pattern=_PRINTABLE),
    Widget("link"),
]
"""Links to follow from a table, as in `transactions.product`."""

DimensionSlug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=80, pattern=_PRINTABLE),
    Widget("dimension"),
]

AudienceSlug = Annotated[
    str,
    StringConstraints(min_length=1, max_length=63, pattern=_PRINTABLE),
    Widget("audience"),
]
"""An audience of the library."""

NewAudienceSlug = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=63),
    Widget("new_audience"),
]
"""An audience to be written, which may not be there yet."""

ArrowName = Annotated[str, StringConstraints(max_length=121, pattern=_PRINTABLE), Widget("arrow")]
"""An arrow that comes in: the id of its activity, with `.port` where several arrows come from the same one."""

EarlierActivity = Annotated[
    str,
    StringConstraints(min_length=1, max_length=60, pattern=_PRINTABLE),
    Widget("earlier_activity"),
]
"""The id of an activity from which arrows lead to this one."""

RESERVED = frozenset({"key", "first", "last", "size"})
"""Names no added column may have: the key's own, and what a template reads as a part of a list."""

PortId = Annotated[str, StringConstraints(pattern=_PLAIN, max_length=60), Widget("port")]

ColumnName = Annotated[
    str,
    StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40),
    Widget("column"),
]
"""What an added column is called; rules name it with an @ before it."""

Label = Annotated[str, StringConstraints(max_length=200, strip_whitespace=True, pattern=_PRINTABLE)]

Seed = Annotated[str, StringConstraints(max_length=100, pattern=_PRINTABLE), Widget("seed")]
"""What chance is drawn from: the same seed chooses the same people. Empty: the activity's id."""

Percent = Annotated[Decimal, Field(gt=0, le=100, max_digits=9, decimal_places=6)]

PersonCount = Annotated[int, Field(strict=True, ge=1, le=10**12)]
