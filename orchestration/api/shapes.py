"""What the endpoints of the engine are asked and what they answer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from campaigns.api.serializers import WayOutShape
from orchestration.log_words import detail_words, event_words
from orchestration.models import (
    ActivityRun,
    CampaignRun,
    Delivery,
    ExclusionReason,
    Occurrence,
    RunLogEntry,
)
from orchestration.possible_acts import ACTS
from orchestration.states import ACTIVITY_RUN, MESSAGE


class TestRunBody(serializers.Serializer[Any]):
    """How a draft is tested."""

    real_waits = serializers.BooleanField(
        default=False, help_text=_("Let waits take their time instead of passing them at once.")
    )


class RetryBody(serializers.Serializer[Any]):
    """What is tried again."""

    activity = serializers.CharField(
        required=False,
        default="",
        max_length=60,
        help_text=_("The one failed activity that is meant; without it, all of them."),
    )


class RestartBody(serializers.Serializer[Any]):
    """How the draft is tested again."""

    real_waits = serializers.BooleanField(
        required=False, help_text=_("Let waits take their time; without it, as in the run before.")
    )


class RunSummary(serializers.ModelSerializer[CampaignRun]):
    """A run in a list; a test has no version."""

    campaign = serializers.CharField(source="campaign.slug", read_only=True)
    version = serializers.IntegerField(source="version.number", default=None, allow_null=True, read_only=True)
    started_by = serializers.CharField(
        source="started_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = CampaignRun
        fields = (
            "id",
            "campaign",
            "kind",
            "version",
            "state",
            "state_changed_at",
            "anchor",
            "real_waits",
            "started_at",
            "started_by",
            "finished_at",
            "problem",
        )
        read_only_fields = fields


class ActedRunShape(RunSummary):
    """A run after an act."""

    concerned = serializers.IntegerField(
        read_only=True,
        help_text=_("Deliveries paused or resumed, activities retried, people woken, messages cancelled."),
    )

    class Meta:
        model = CampaignRun
        fields = (*RunSummary.Meta.fields, "concerned")
        read_only_fields = fields


class PortShape(serializers.Serializer[Any]):
    """What left an activity by one port; `rows` is null as long as it is not counted."""

    port = serializers.CharField()
    rows = serializers.IntegerField(source="row_count", allow_null=True)
    activated = serializers.BooleanField()
    population = serializers.IntegerField(
        source="pk",
        default=None,
        allow_null=True,
        help_text=_("Null where several rounds are counted together."),
    )
    kept = serializers.BooleanField(
        source="is_kept", default=False, help_text=_("Whether the rows of the population can still be read.")
    )


class ActivityShape(serializers.Serializer[Any]):
    """One activity of the document; before it begins, its state is null."""

    id = serializers.CharField(source="part.id")
    type = serializers.CharField(source="part.type")
    label = serializers.CharField(source="part.label")  # type: ignore[assignment]  # a member of the answer
    state = serializers.ChoiceField(ACTIVITY_RUN.choices, source="done.state", default=None, allow_null=True)
    attempts = serializers.IntegerField(source="done.attempts", default=0)
    started_at = serializers.DateTimeField(source="done.started_at", default=None, allow_null=True)
    finished_at = serializers.DateTimeField(source="done.finished_at", default=None, allow_null=True)
    due_at = serializers.DateTimeField(source="done.due_at", default=None, allow_null=True)
    rows_in = serializers.IntegerField(allow_null=True)
    ports = PortShape(many=True)
    problem = serializers.CharField(source="done.problem", default="")


class TransitionShape(serializers.Serializer[Any]):
    """An arrow of the document and how many people it carried, null as long as that is not known."""

    port = serializers.CharField()
    to = serializers.CharField(source="target")
    rows = serializers.IntegerField(allow_null=True)
    activated = serializers.BooleanField(allow_null=True)

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """`from` is a word of Python."""
        return {"from": serializers.CharField(source="source"), **super().get_fields()}


class RoundShape(serializers.Serializer[Any]):
    """One round of a run. The first, number 0, is the whole document; another is begun by a jump."""

    number = serializers.IntegerField()
    parent = serializers.IntegerField(  # type: ignore[assignment]  # a member of the answer
        source="begun.jump.iteration",
        default=None,
        allow_null=True,
        help_text=_("The round in which the jump stands."),
    )
    jump = serializers.CharField(source="begun.jump.activity_id", default=None, allow_null=True)
    to = serializers.CharField(source="begun.to", default=None, allow_null=True)
    begun_at = serializers.DateTimeField(source="begun.begun_at", default=None, allow_null=True)
    activities = ActivityShape(many=True)


class RunDeliveryShape(serializers.ModelSerializer[Delivery]):
    """How far a delivery of the run is: those targeted, less each exclusion, are those who get a message."""

    round = serializers.IntegerField(source="activity_run.iteration", read_only=True)
    activity = serializers.CharField(source="activity_id", read_only=True)
    label = serializers.CharField(source="title", read_only=True)  # type: ignore[assignment]  # a member of the answer
    excluded = serializers.DictField(child=serializers.IntegerField(), read_only=True)
    will_send = serializers.IntegerField(read_only=True)
    messages = serializers.DictField(
        child=serializers.IntegerField(), source="messages_by_state", read_only=True
    )
    may_confirm = serializers.BooleanField(
        read_only=True, help_text=_("Whether it waits for a confirmation that the caller may give.")
    )

    class Meta:
        model = Delivery
        fields = (
            "id",
            "round",
            "activity",
            "label",
            "channel",
            "category",
            "state",
            "targeted",
            "excluded",
            "will_send",
            "messages",
            "created_at",
            "confirmed_at",
            "give_up_at",
            "settled_at",
            "may_confirm",
        )
        read_only_fields = fields


class RunListed(RunSummary):
    """A run in the list of runs."""

    people = serializers.IntegerField(
        read_only=True, allow_null=True, help_text=_("How many people its first activities selected.")
    )
    awaits_confirmation = serializers.BooleanField(read_only=True)

    class Meta:
        model = CampaignRun
        fields = (*RunSummary.Meta.fields, "people", "awaits_confirmation")
        read_only_fields = fields


class RunShape(RunSummary):
    """A run with every activity, in the order of the flow, every transition, every round and every delivery."""

    variables = serializers.JSONField(read_only=True)
    acts = serializers.ListField(
        child=serializers.ChoiceField(list(ACTS)),
        read_only=True,
        help_text=_("What the caller may do with the run as it is now."),
    )
    deliveries = RunDeliveryShape(many=True, read_only=True)
    activities = ActivityShape(many=True, read_only=True)
    transitions = TransitionShape(many=True, read_only=True)
    rounds = RoundShape(many=True, read_only=True)

    class Meta:
        model = CampaignRun
        fields = (
            *RunSummary.Meta.fields,
            "variables",
            "acts",
            "activities",
            "transitions",
            "rounds",
            "deliveries",
        )
        read_only_fields = fields


class DefinitionShape(serializers.Serializer[Any]):
    """The document a run obeys, and by which ports its activities are left."""

    document = serializers.JSONField()
    ports = serializers.DictField(child=WayOutShape(many=True), help_text=_("By activity."))


class TaskShape(serializers.ModelSerializer[ActivityRun]):
    """An activity in one round, with the SQL it was executed by."""

    round = serializers.IntegerField(source="iteration", read_only=True)

    class Meta:
        model = ActivityRun
        fields = (
            "id",
            "round",
            "state",
            "state_changed_at",
            "attempts",
            "queued_at",
            "started_at",
            "finished_at",
            "due_at",
            "rows_in",
            "problem",
            "statements",
        )
        read_only_fields = fields


class LogQuery(serializers.Serializer[Any]):
    """Of one activity, or of the whole run."""

    activity = serializers.CharField(required=False, max_length=60)


class DetailShape(serializers.Serializer[Any]):
    name = serializers.CharField()
    value = serializers.CharField()


class LogEntryShape(serializers.ModelSerializer[RunLogEntry]):
    """One entry of the execution log; `words` and `detail` are in the reader's language."""

    activity = serializers.CharField(source="activity_id", read_only=True)
    actor = serializers.CharField(source="actor.username", default=None, allow_null=True, read_only=True)
    words = serializers.SerializerMethodField()
    detail = serializers.SerializerMethodField()

    class Meta:
        model = RunLogEntry
        fields = ("id", "at", "level", "activity", "event", "words", "detail", "actor")
        read_only_fields = fields

    def get_words(self, entry: RunLogEntry) -> str:
        return event_words(entry)

    @extend_schema_field(DetailShape(many=True))
    def get_detail(self, entry: RunLogEntry) -> list[dict[str, str]]:
        return [{"name": name, "value": value} for name, value in detail_words(entry)]


class PeopleQuery(serializers.Serializer[Any]):
    """Which rows: those whose key comes after one."""

    after = serializers.CharField(required=False, default="", max_length=200)
    limit = serializers.IntegerField(required=False, default=20, min_value=1, max_value=200)


class PopulationColumnShape(serializers.Serializer[Any]):
    """A column that the population carries beside its key."""

    name = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    type = serializers.CharField()


class PeopleShape(serializers.Serializer[Any]):
    """What left by a port: its schema, and some of its rows as text.

    `rows` are behind the `labels`: the key, what identifies a person, what the population carries. Personal data is masked
    for whoever may not see it, and then there is no `next`, for that is a key.
    """

    activity = serializers.CharField()
    port = serializers.CharField()
    dimension = serializers.CharField(allow_blank=True)
    count = serializers.IntegerField(allow_null=True)
    columns = PopulationColumnShape(many=True)
    labels = serializers.ListField(child=serializers.CharField())
    rows = serializers.ListField(child=serializers.ListField(child=serializers.CharField(allow_null=True)))
    next = serializers.CharField(allow_null=True)
    masked = serializers.BooleanField()


class DeliverySummary(serializers.ModelSerializer[Delivery]):
    """A delivery in a list."""

    run = serializers.IntegerField(source="activity_run.run_id", read_only=True)
    campaign = serializers.CharField(source="campaign.slug", read_only=True)
    activity = serializers.CharField(source="activity_id", read_only=True)
    dimension = serializers.CharField(source="dimension.slug", read_only=True)
    confirmed_by = serializers.CharField(
        source="confirmed_by.username", default=None, allow_null=True, read_only=True
    )

    class Meta:
        model = Delivery
        fields = (
            "id",
            "run",
            "campaign",
            "activity",
            "label",
            "kind",
            "channel",
            "configuration",
            "category",
            "dimension",
            "state",
            "state_changed_at",
            "targeted",
            "created_at",
            "confirmed_at",
            "confirmed_by",
            "settled_at",
        )
        read_only_fields = fields


class WaterfallShape(serializers.Serializer[Any]):
    """From those who were targeted, less each exclusion, to those who get a message."""

    targeted = serializers.IntegerField()
    excluded = serializers.DictField(
        child=serializers.IntegerField(),
        help_text=_("People by the reason: %(reasons)s.") % {"reasons": ", ".join(ExclusionReason.values)},
    )
    will_send = serializers.IntegerField()


class ProgressShape(serializers.Serializer[Any]):
    """Of the messages that are to be sent; those whose fate is unknown count as sent."""

    total = serializers.IntegerField()
    sent = serializers.IntegerField()
    remaining = serializers.IntegerField()
    failed = serializers.IntegerField()


class DeliveryShape(DeliverySummary):
    """A delivery with whom it reaches and how far it is."""

    waterfall = WaterfallShape(read_only=True)
    messages = serializers.DictField(
        child=serializers.IntegerField(),
        read_only=True,
        help_text=_("Messages by state: %(states)s.") % {"states": ", ".join(MESSAGE.states)},
    )
    progress = ProgressShape(read_only=True)

    class Meta:
        model = Delivery
        fields = (*DeliverySummary.Meta.fields, "waterfall", "messages", "progress")
        read_only_fields = fields


class ConfirmedShape(DeliveryShape):
    """A delivery that was just confirmed."""

    released = serializers.IntegerField(read_only=True, help_text=_("How many messages will be sent."))

    class Meta:
        model = Delivery
        fields = (*DeliveryShape.Meta.fields, "released")
        read_only_fields = fields


class LaunchesQuery(serializers.Serializer[Any]):
    """Whose schedule is meant."""

    of = serializers.ChoiceField(
        ["published", "draft"],
        default="published",
        help_text=_("The published version, or what the draft would mean if it were published now."),
    )


class OccurrenceShape(serializers.ModelSerializer[Occurrence]):
    """A launch that became due: what was done with it, and why it was skipped."""

    version = serializers.IntegerField(source="version.number", default=None, allow_null=True, read_only=True)
    run = serializers.IntegerField(source="run_id", allow_null=True, read_only=True)

    class Meta:
        model = Occurrence
        fields = ("planned_at", "state", "state_changed_at", "reason", "version", "run")
        read_only_fields = fields


class LaunchesShape(serializers.Serializer[Any]):
    """The next launches, at most ten, and a page of the recorded ones, newest first."""

    of = serializers.ChoiceField(["published", "draft"])
    sentence = serializers.CharField(help_text=_("The schedule in words; empty where there is none."))
    time_zone = serializers.CharField()
    upcoming = serializers.ListField(child=serializers.DateTimeField())
    next = serializers.URLField(allow_null=True)
    previous = serializers.URLField(allow_null=True)
    results = OccurrenceShape(many=True)
