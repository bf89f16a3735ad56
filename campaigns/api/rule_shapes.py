"""What the questions on rules are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import pydantic
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.serializers import ProblemShape
from campaigns.cancellable import ID_PATTERN
from campaigns.models.catalogue import FIELD_TYPES
from campaigns.node_counts import MOST_NODES, State
from campaigns.plain_data import normal
from campaigns.previews import MOST_COLUMNS, MOST_ROWS
from campaigns.problems import ProblemsError
from campaigns.schedules.wall_clock import EARLIEST, LATEST
from campaigns.targeting.operators import Shape
from campaigns.targeting.rules import JsonAttribute

LONGEST_NAME = 2_000
MOST_NAMED = 200
VARIABLE_TYPES = ["text", "number", "date", "boolean"]
NAME = r"^@?[a-z][a-z0-9_]*\Z"


class VariableBody(serializers.Serializer[Any]):
    """A campaign variable, as a document has it."""

    type = serializers.ChoiceField(VARIABLE_TYPES)
    value = serializers.JSONField(allow_null=True, default=None)


class ColumnBody(serializers.Serializer[Any]):
    """A column that the population carries where the rule stands."""

    name = serializers.RegexField(NAME, max_length=64)
    type = serializers.ChoiceField(FIELD_TYPES)
    label = serializers.CharField(  # type: ignore[assignment]  # a member of the body
        required=False, allow_blank=True, max_length=200
    )


class RuleBody(serializers.Serializer[Any]):
    """A rule, on whose rows it is asked, and what its meaning depends on."""

    dimension = serializers.CharField(
        required=False,
        max_length=63,
        help_text=gettext_lazy("The targeting dimension; or else name the table."),
    )
    table = serializers.CharField(required=False, max_length=63)
    rule = serializers.JSONField(
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The rule as a document has it; null means everybody."),
    )
    campaign = serializers.CharField(
        required=False,
        max_length=80,
        help_text=gettext_lazy("The campaign whose draft gives the time zone and the variables."),
    )
    variables = serializers.DictField(
        child=VariableBody(),
        required=False,
        help_text=gettext_lazy("Variables by name, besides those of the campaign or instead of them."),
    )
    anchor = serializers.DateTimeField(
        required=False, help_text=gettext_lazy("What relative dates count from; now where it is left out.")
    )
    columns = serializers.ListField(child=ColumnBody(), required=False, max_length=MOST_NAMED)

    def validate_anchor(self, value: datetime) -> datetime:
        if EARLIEST <= value < LATEST:
            return value
        raise serializers.ValidationError(_("Give a time between 1970 and 2200."))

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        if ("dimension" in attrs) == ("table" in attrs):
            raise serializers.ValidationError(_("Name either the dimension or the table the rule is about."))
        return attrs


_ATTRIBUTE_SCHEMA = {
    "oneOf": [
        {"type": "string", "minLength": 1, "maxLength": LONGEST_NAME},
        {
            "type": "object",
            "properties": {
                "name": {"type": "string", "minLength": 1},
                "path": {"type": "array", "items": {"type": "string"}, "minItems": 1, "maxItems": 20},
                "type": {"type": "string", "enum": ["text", "decimal", "boolean"]},
            },
            "required": ["name", "path"],
            "additionalProperties": False,
        },
    ]
}


@extend_schema_field(_ATTRIBUTE_SCHEMA)
class AttributeField(serializers.JSONField):
    """An attribute as a condition names it: a name, or a place in a JSON field."""

    def to_internal_value(self, data: Any) -> Any:
        given: Any = super().to_internal_value(data)
        if isinstance(given, str) and 0 < len(given) <= LONGEST_NAME:
            return given
        try:
            return JsonAttribute.model_validate(normal(given, ()))
        except (pydantic.ValidationError, ProblemsError):
            raise serializers.ValidationError(
                _("Name a field such as “city.country”, or a place in a JSON field.")
            ) from None


class AskedBody(RuleBody):
    """A question that can be called off."""

    question = serializers.RegexField(
        f"^{ID_PATTERN}\\Z",
        required=False,
        help_text=gettext_lazy("An id of your own, by which you may call the question off."),
    )


class CountsBody(AskedBody):
    """Which conditions and groups are counted."""

    nodes = serializers.ListField(
        child=serializers.CharField(allow_blank=True, max_length=2_000),
        required=False,
        max_length=MOST_NODES,
        help_text=gettext_lazy("JSON pointers into the rule; all of its parts where it is left out."),
    )


class PreviewBody(RuleBody):
    """Which columns are shown, and where the page begins."""

    show = serializers.ListField(child=AttributeField(), required=False, max_length=MOST_COLUMNS)
    limit = serializers.IntegerField(min_value=1, max_value=MOST_ROWS, required=False)
    after = serializers.CharField(
        required=False, max_length=4_000, help_text=gettext_lazy("“next” of the page before.")
    )


class DistributionBody(AskedBody):
    """Of which attribute, among the rows for which the rule holds."""

    attribute = AttributeField()
    search = serializers.CharField(required=False, allow_blank=True, max_length=200)


class PlanBody(RuleBody):
    """Whether the statement is executed too."""

    analyze = serializers.BooleanField(default=False)


class OperatorShape(serializers.Serializer[Any]):
    """What a condition may ask of a value; `shape` says what it takes."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    shape = serializers.ChoiceField(choices=[shape.value for shape in Shape])


class FunctionTypesShape(serializers.Serializer[Any]):
    """A function of aggregates: of which types it is, and what it gives of each."""

    name = serializers.CharField()
    gives = serializers.DictField(
        child=serializers.CharField(), help_text=gettext_lazy("By the type of the attribute.")
    )


class OperatorsShape(serializers.Serializer[Any]):
    """The operators of each type of attribute, in the order people read them, and the functions of aggregates."""

    types = serializers.DictField(child=OperatorShape(many=True))
    functions = FunctionTypesShape(many=True)


class ExpressionBody(RuleBody):
    """An expression on a row of the table, which may name columns that the population carries."""

    expression = serializers.CharField(max_length=5_000, trim_whitespace=False)


class ExpressionShape(serializers.Serializer[Any]):
    """The type an expression gives; null where something is wrong with it."""

    type = serializers.ChoiceField(FIELD_TYPES, allow_null=True)
    problems = ProblemShape(many=True)


class CheckShape(serializers.Serializer[Any]):
    """A rule in words and as SQL, or what is wrong with it."""

    problems = ProblemShape(many=True)
    sentence = serializers.CharField(allow_null=True)
    sql = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("For reading; null where only a run has the columns.")
    )
    needs_a_run = serializers.BooleanField()


class CountShape(serializers.Serializer[Any]):
    """How many rows the rule holds for, counted now."""

    count = serializers.IntegerField()
    seconds = serializers.FloatField()


class CalledOffShape(serializers.Serializer[Any]):
    """Whether the question was being answered; it is not any more, either way."""

    called_off = serializers.BooleanField()


class NodeCountShape(serializers.Serializer[Any]):
    """How many rows of its own table one condition or group holds for."""

    path = serializers.CharField(allow_blank=True)
    table = serializers.CharField(allow_blank=True)
    state = serializers.ChoiceField(choices=[state.value for state in State])
    count = serializers.IntegerField(allow_null=True)
    reason = serializers.CharField(allow_blank=True)
    seconds = serializers.FloatField()


class CountsShape(serializers.Serializer[Any]):
    """The counts; `complete` is false where some could not be had in time."""

    complete = serializers.BooleanField()
    counts = NodeCountShape(many=True)


class ValueCountShape(serializers.Serializer[Any]):
    """A value as a rule writes it, null for empty."""

    value = serializers.JSONField(allow_null=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]  # a member of the answer
    count = serializers.IntegerField()
    percent = serializers.DecimalField(max_digits=6, decimal_places=2)


class DistributionShape(serializers.Serializer[Any]):
    """The commonest values. Where `partial` is true they are those of a sample, and `notice` says so."""

    values = ValueCountShape(many=True)
    total = serializers.IntegerField()
    more = serializers.BooleanField()
    partial = serializers.BooleanField()  # type: ignore[assignment]  # a member of the answer
    sampled_percent = serializers.DecimalField(max_digits=6, decimal_places=2, allow_null=True)
    notice = serializers.CharField(allow_blank=True)
    seconds = serializers.FloatField()


class ScanShape(serializers.Serializer[Any]):
    """A step of the plan that reads a table; rows are estimated."""

    table = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    kind = serializers.CharField()
    rows = serializers.IntegerField()
    reads_whole_table = serializers.BooleanField()
    index = serializers.CharField(allow_blank=True)


class PlanShape(serializers.Serializer[Any]):
    """The statement and what PostgreSQL would do with it; `seconds` is null unless it was executed."""

    sql = serializers.CharField()
    summary = serializers.ListField(child=serializers.CharField())
    rows = serializers.IntegerField()
    cost = serializers.FloatField()
    seconds = serializers.FloatField(allow_null=True)
    scans = ScanShape(many=True)


class PreviewColumnShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    type = serializers.CharField()


class PreviewShape(serializers.Serializer[Any]):
    """The first rows by key, as text; personal data are masked for whoever may not see them."""

    columns = PreviewColumnShape(many=True)
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(allow_null=True, allow_blank=True))
    )
    next = serializers.CharField(
        allow_null=True, help_text=gettext_lazy("Send it as “after” for the next page; null at the end.")
    )
    seconds = serializers.FloatField()
