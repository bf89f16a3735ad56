"""What the endpoints of reporting are asked and what they answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from orchestration.models import ExclusionReason, Message
from orchestration.states import MESSAGE
from orchestration.verdicts import People
from reporting.cells import Source
from reporting.conditions import When
from reporting.ledger import mail_id, masked

_LARGEST = 2**63 - 1


class ReportQuery(serializers.Serializer[Any]):
    """Whose opens and clicks, counted from where, and of which part of the campaign."""

    people = serializers.ChoiceField([str(p) for p in People], default=str(People.HUMAN))
    source = serializers.ChoiceField(  # type: ignore[assignment]
        [str(s) for s in Source],
        default=str(Source.LIVE),
        help_text=_("“live” counts now; “rollup” is faster and says when it was counted."),
    )
    run = serializers.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    activity = serializers.CharField(required=False, max_length=60)


class TotalsShape(serializers.Serializer[Any]):
    """The numbers of the whole; rates are decimal fractions as text, null where nothing can be divided."""

    campaign = serializers.CharField()
    people = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]
    as_of = serializers.DateTimeField()
    numbers = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(
        child=serializers.DecimalField(max_digits=12, decimal_places=6, allow_null=True)
    )
    estimated_opens = serializers.DecimalField(max_digits=20, decimal_places=1, allow_null=True)


class LineShape(serializers.Serializer[Any]):
    """One row of a table of a report."""

    value = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    numbers = serializers.DictField(child=serializers.IntegerField())
    rates = serializers.DictField(
        child=serializers.DecimalField(max_digits=12, decimal_places=6, allow_null=True)
    )


class LedgerQuery(serializers.Serializer[Any]):
    """What to look for in the ledger; addresses, keys and Message-IDs are given whole."""

    campaign = serializers.CharField(required=False, max_length=80)
    run = serializers.IntegerField(required=False, min_value=1, max_value=_LARGEST)
    activity = serializers.CharField(required=False, max_length=60)
    state = serializers.ChoiceField(MESSAGE.choices, required=False)
    exclusion_reason = serializers.ChoiceField(ExclusionReason.choices, required=False)
    address = serializers.CharField(required=False, max_length=320)
    recipient = serializers.CharField(required=False, max_length=200)
    message_id = serializers.CharField(required=False, max_length=998)
    test = serializers.BooleanField(default=False)


class MessageShape(serializers.ModelSerializer[Message]):
    """One message. Whoever may not see personal data gets a masked address and no reply."""

    message_id = serializers.SerializerMethodField()
    campaign = serializers.CharField(source="delivery.campaign.slug")
    activity = serializers.CharField(source="delivery.activity_id")
    recipient = serializers.CharField(source="recipient_key")
    address = serializers.SerializerMethodField()
    reply = serializers.SerializerMethodField()
    exclusion_reason = serializers.ChoiceField(ExclusionReason.choices, allow_blank=True, read_only=True)

    class Meta:
        model = Message
        fields = (
            "id",
            "message_id",
            "delivery",
            "campaign",
            "activity",
            "recipient",
            "entity_key",
            "address",
            "state",
            "exclusion_reason",
            "attempts",
            "due_at",
            "in_flight_at",
            "finished_at",
            "reply_code",
            "reply",
        )
        read_only_fields = fields

    def get_message_id(self, message: Message) -> str:
        return mail_id(message)

    def get_address(self, message: Message) -> str:
        return message.address if self.context["personal"] else masked(message.address)

    def get_reply(self, message: Message) -> str:
        return message.reply if self.context["personal"] else ""


class TraceQuery(serializers.Serializer[Any]):
    """Whose way: a key of the run's first dimension, or of the one named."""

    recipient = serializers.CharField(max_length=200)
    dimension = serializers.CharField(required=False, max_length=63)


class ArrivalShape(serializers.Serializer[Any]):
    activity = serializers.CharField()
    port = serializers.CharField()


class ConditionShape(serializers.Serializer[Any]):
    """A condition or group of a rule; `words` are the values and figures that decided."""

    path = serializers.CharField(allow_blank=True)
    sentence = serializers.CharField()
    holds = serializers.BooleanField(allow_null=True)
    words = serializers.CharField(allow_blank=True)


class RuleAnswerShape(serializers.Serializer[Any]):
    """A rule of the activity, or what else it compared, and what that says of the person.

    `then`: as it was in the statement by which the person left, at the time `at`; kept for those who left by a complement
    or as unmatched. `now`: the rule on today's data, asked at the time `at`.
    """

    path = serializers.CharField(allow_blank=True)
    label = serializers.CharField(allow_blank=True)  # type: ignore[assignment]
    when = serializers.ChoiceField(choices=[str(each) for each in When])
    problem = serializers.CharField(allow_blank=True)
    at = serializers.DateTimeField(allow_null=True)
    found = serializers.BooleanField(allow_null=True)
    holds = serializers.BooleanField(allow_null=True)
    nodes = ConditionShape(many=True)


class StepShape(serializers.Serializer[Any]):
    """What one activity did with the person, in the first round (0) or one that a jump began."""

    round = serializers.IntegerField()
    activity = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]
    type = serializers.CharField()
    state = serializers.CharField()
    outcome = serializers.CharField()
    sentence = serializers.CharField()
    arrived_by = ArrivalShape(many=True)
    left_by = serializers.ListField(child=serializers.CharField())
    reason = serializers.CharField()
    message = serializers.DictField(allow_null=True)
    events = serializers.ListField(child=serializers.DictField())
    conditions = RuleAnswerShape(many=True)


class TraceShape(serializers.Serializer[Any]):
    """A person's way through a run, activity by activity."""

    run = serializers.IntegerField()
    dimension = serializers.CharField()
    recipient = serializers.CharField()
    known_now = serializers.BooleanField()
    entered = serializers.BooleanField()
    steps = StepShape(many=True)
