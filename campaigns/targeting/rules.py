"""A rule as data: the JSON tree of a document, read into frozen nodes or refused with every problem in it.

Only shape is judged here. Whether the names exist and the values suit their fields needs a catalogue, so
`compile.check_rule` says that.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StrictBool, StrictInt, Tag, TypeAdapter, ValidationError

from campaigns.targeting.faults import problems_in
from campaigns.targeting.limits import check_size
from campaigns.targeting.operands import Expression, Name, Operand, Shaped, Unit
from campaigns.targeting.operators import Operator
from campaigns.targeting.problems import RuleError
from campaigns.targeting.saved_filters import SavedFilter

Function = Literal["count", "count_distinct", "sum", "avg", "min", "max", "stddev", "string"]


class JsonAttribute(Shaped):
    """A scalar inside a JSON field; anything there of another type counts as empty."""

    name: Name
    path: tuple[Name, ...] = Field(min_length=1, max_length=20)
    type: Literal["text", "decimal", "boolean"] = "text"


def _attribute_tag(value: object) -> str | None:
    if isinstance(value, str):
        return "#name"
    if isinstance(value, Expression) or (isinstance(value, dict) and "expression" in value):
        return "#expression"
    return "#json" if isinstance(value, dict | JsonAttribute) else None


Attribute = Annotated[
    Annotated[Name, Tag("#name")]
    | Annotated[JsonAttribute, Tag("#json")]
    | Annotated[Expression, Tag("#expression")],
    Discriminator(_attribute_tag),
]


class All(Shaped):
    """Every one of the rules holds."""

    kind: Literal["all"]
    of: tuple[Rule, ...] = Field(min_length=1)


class Any_(Shaped):  # noqa: N801 - `Any` is typing's
    """At least one of the rules holds."""

    kind: Literal["any"]
    of: tuple[Rule, ...] = Field(min_length=1)


class Except(Shaped):
    """The first rule holds and none of the others does."""

    kind: Literal["except"]
    of: tuple[Rule, ...] = Field(min_length=2)


class Not(Shaped):
    """The rule does not hold."""

    kind: Literal["not"]
    of: Rule


class Condition(Shaped):
    """An attribute of the row, or of a row it points to, compared with a value."""

    kind: Literal["condition"]
    attribute: Attribute
    operator: Operator
    value: Operand | None = None
    case_sensitive: StrictBool = True


class Exists(Shaped):
    """A linked row exists for which `where` holds, or with `negate` none does."""

    kind: Literal["exists"]
    link: Name
    where: Rule | None = None
    negate: StrictBool = False


class Aggregate(Shaped):
    """A figure over the linked rows for which `where` holds, compared with a value."""

    kind: Literal["aggregate"]
    link: Name
    function: Function
    attribute: Attribute | None = None
    where: Rule | None = None
    operator: Operator
    value: Operand | None = None
    separator: Annotated[str, Field(max_length=100)] | None = None


class Nth(Shaped):
    """Of the linked rows for which `among` holds, in the order of `by`, the n-th exists and `where` holds of it.

    Descending, so that the first is the latest or greatest, unless told otherwise.
    """

    kind: Literal["nth"]
    link: Name
    by: Attribute
    descending: StrictBool = True
    n: Annotated[StrictInt, Field(ge=1, le=1_000)] = 1
    among: Rule | None = None
    where: Rule | None = None
    negate: StrictBool = False


class Within(Shaped):
    """At most so much time."""

    n: Annotated[StrictInt, Field(ge=0, le=10_000)]
    unit: Unit = "day"


class Step(Shaped):
    """One row of a sequence: what holds of it, and how soon after the row before it comes."""

    where: Rule | None = None
    within: Within | None = None


class Sequence_(Shaped):  # noqa: N801 - `Sequence` is typing's
    """Linked rows exist, one for each step, each later than the one before."""

    kind: Literal["sequence"]
    link: Name
    at: Attribute
    steps: tuple[Step, ...] = Field(min_length=2, max_length=10)
    negate: StrictBool = False


class Filter(Shaped):
    """A saved filter holds, with these values for its parameters.

    A published version carries the filter in `frozen`, as it was then; a draft means the filter of today.
    """

    kind: Literal["filter"]
    filter: Name
    parameters: dict[str, Operand] = Field(default={}, max_length=100)
    frozen: SavedFilter | None = None


class Member(Shaped):
    """The row is one of an audience, or with `negate` it is not."""

    kind: Literal["member"]
    audience: Name
    negate: StrictBool = False


Rule = Annotated[
    All | Any_ | Except | Not | Condition | Exists | Aggregate | Nth | Sequence_ | Filter | Member,
    Field(discriminator="kind"),
]

_RULE: TypeAdapter[Rule] = TypeAdapter(Rule)


def parse_rule(data: object) -> Rule:
    """The rule that JSON-like `data` holds; raises `RuleError` with every problem of its shape."""
    check_size(data)
    try:
        return _RULE.validate_python(data)
    except ValidationError as error:
        raise RuleError(problems_in(error, data)) from None


def dump_rule(rule: Rule) -> dict[str, Any]:
    """The rule as JSON-ready data, defaults omitted; `parse_rule` of it gives the same rule."""
    return _RULE.dump_python(rule, mode="json", exclude_defaults=True)  # type: ignore[no-any-return]


def rule_schema() -> Mapping[str, Any]:
    """The JSON Schema of a rule, for forms and the API's description."""
    return _RULE.json_schema()
