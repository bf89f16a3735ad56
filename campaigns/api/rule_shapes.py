"""What the questions on rules are asked, and what they answer."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from rest_framework import serializers

from campaigns.api.serializers import ProblemShape
from campaigns.models.catalogue import FIELD_TYPES
from campaigns.schedules.wall_clock import EARLIEST, LATEST

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
    seconds = serializers.FloatField()
