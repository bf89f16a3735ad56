"""What is asked about one row or about an edit of a rule, and what is answered."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.rule_shapes import AskedBody, PreviewColumnShape, RuleBody
from campaigns.targeting.difference import CHANGES

LONGEST_KEY = 2_000
MOST_PARTS = 20
_SCALAR = {"oneOf": [{"type": "string", "maxLength": LONGEST_KEY}, {"type": "integer"}]}
_KEY_SCHEMA = {"oneOf": [*_SCALAR["oneOf"], {"type": "array", "items": _SCALAR, "maxItems": MOST_PARTS}]}


@extend_schema_field(_KEY_SCHEMA)
class KeyField(serializers.JSONField):
    """A key: a scalar, or a list in the order of the primary key."""

    def to_internal_value(self, data: Any) -> Any:
        given: Any = super().to_internal_value(data)
        parts = given if isinstance(given, list) else [given]
        if not 0 < len(parts) <= MOST_PARTS or not all(map(_is_part, parts)):
            raise serializers.ValidationError(_("Give a text or a number, or a list of them."))
        return given


def _is_part(value: Any) -> bool:
    is_text = isinstance(value, str) and len(value) <= LONGEST_KEY
    return is_text or (isinstance(value, int) and not isinstance(value, bool))


class ExplainBody(RuleBody):
    """Of whom the rule is asked."""

    key = KeyField(
        required=False,
        help_text=gettext_lazy(
            "The key of the dimension, or the primary key of the table; a list where it has parts."
        ),
    )
    email = serializers.CharField(
        required=False,
        max_length=320,
        help_text=gettext_lazy("Instead of the key the e-mail address, for those who may see personal data."),
    )

    def validate(self, attrs: Mapping[str, Any]) -> Mapping[str, Any]:
        if ("key" in attrs) == ("email" in attrs):
            raise serializers.ValidationError(_("Give either the key or the e-mail address."))
        return super().validate(attrs)


class DifferenceBody(AskedBody):
    """The rule as it was; `rule` is what it is to be."""

    before = serializers.JSONField(
        allow_null=True,
        default=None,
        help_text=gettext_lazy("The rule as it was; null means everybody."),
    )


class DecidingValueShape(serializers.Serializer[Any]):
    """A value that was compared, as text; null where it is empty, masked where it may not be seen."""

    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    value = serializers.CharField(allow_null=True, allow_blank=True)


class NodeExplanationShape(serializers.Serializer[Any]):
    """A condition or group. Inside a `where` it is asked of linked rows: `meeting` of `rows` meet it, and `holds`
    is null.
    """

    path = serializers.CharField(allow_blank=True, help_text=gettext_lazy("JSON pointer into the rule."))
    kind = serializers.CharField()
    sentence = serializers.CharField()
    holds = serializers.BooleanField(allow_null=True)
    values = DecidingValueShape(many=True)
    rows = serializers.IntegerField(allow_null=True)
    meeting = serializers.IntegerField(allow_null=True)
    words = serializers.CharField(allow_blank=True)
    reason = serializers.CharField(allow_blank=True)


class ExplanationShape(serializers.Serializer[Any]):
    """What holds of one row now. Where `found` is false there is no such row, and no node is asked."""

    at = serializers.DateTimeField()
    found = serializers.BooleanField()
    holds = serializers.BooleanField(allow_null=True)
    nodes = NodeExplanationShape(many=True)
    seconds = serializers.FloatField()


class RuleChangeShape(serializers.Serializer[Any]):
    """Those who enter, leave or stay: how many, exactly, and the first of them."""

    change = serializers.ChoiceField(choices=list(CHANGES))
    count = serializers.IntegerField()
    rows = serializers.ListField(
        child=serializers.ListField(child=serializers.CharField(allow_null=True, allow_blank=True))
    )


class RuleDifferenceShape(serializers.Serializer[Any]):
    """What the edit would do to people, on the data of `at`."""

    at = serializers.DateTimeField()
    columns = PreviewColumnShape(many=True)
    changes = RuleChangeShape(many=True)
    seconds = serializers.FloatField()
