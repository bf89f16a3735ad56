"""What a draft would do to people if it ran now, against the last run: asked, never kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any, ClassVar

from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.response import Response

from campaigns.api.door import Door
from campaigns.api.permissions import Need
from campaigns.api.rule_shapes import PreviewColumnShape
from campaigns.cancellable import ID_PATTERN, Question, running
from campaigns.drafts import load_draft
from campaigns.models import Campaign
from campaigns.personal_data import may_see
from orchestration.forecasts import Forecast, forecast
from orchestration.models import CampaignRun
from orchestration.population_changes import Change, Unknown
from orchestration.run_permissions import TEST

SECONDS = 30.0
"""A caller waits for the answer, and a process of the server with them."""

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)


class ComparedRunShape(serializers.Serializer[Any]):
    """The run compared with."""

    run = serializers.IntegerField()
    kind = serializers.CharField()
    finished_at = serializers.DateTimeField(allow_null=True)


class PersonField(serializers.ListField):
    """One row as text; null where there is no value, a mask where it may not be seen."""

    child = serializers.CharField(allow_null=True, allow_blank=True)


class PortSamplesShape(serializers.Serializer[Any]):
    """The first by key of those who enter, leave and stay, at most 20 of each; a row has a value for each column."""

    columns = PreviewColumnShape(many=True)
    enter = serializers.ListField(child=PersonField())
    leave = serializers.ListField(child=PersonField())
    stay = serializers.ListField(child=PersonField())


class PortChangeShape(serializers.Serializer[Any]):
    """One port: `enter`, `leave` and `stay` are null where `unknown` says why."""

    activity = serializers.CharField()
    port = serializers.CharField()
    now = serializers.IntegerField()
    before = serializers.IntegerField()
    enter = serializers.IntegerField(allow_null=True)
    leave = serializers.IntegerField(allow_null=True)
    stay = serializers.IntegerField(allow_null=True)
    unknown = serializers.ChoiceField(choices=[str(each) for each in Unknown], allow_null=True)
    samples = PortSamplesShape()


class SendShape(serializers.Serializer[Any]):
    """One message of the draft: those targeted, less each exclusion by its reason, would get it."""

    activity = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member of the answer
    channel = serializers.CharField()
    round = serializers.IntegerField()
    targeted = serializers.IntegerField()
    excluded = serializers.DictField(child=serializers.IntegerField())
    will_send = serializers.IntegerField()


class ForecastBody(serializers.Serializer[Any]):
    """By what the question can be called off, with `DELETE rules/questions/ID/`."""

    question = serializers.RegexField(rf"^{ID_PATTERN}\Z", required=False)


class ForecastShape(serializers.Serializer[Any]):
    """Each port's people and each message's; `compared_with` is null where no run has completed, and all are new."""

    compared_with = ComparedRunShape(allow_null=True)
    sends = SendShape(many=True)
    ports = PortChangeShape(many=True)
    failures = serializers.DictField(child=serializers.CharField())


class Forecasts(Door):
    """The draft goes through the engine as a test does, in one transaction that is rolled back."""

    needs: ClassVar = {"create": Need("write", TEST)}
    queryset = CampaignRun.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=ForecastBody, responses={200: ForecastShape}, parameters=[CAMPAIGN])
    def create(self, request: Any, campaign: str) -> Response:
        """Who would enter, leave and stay at every port of the draft, and who would get each message; it ends after half
        a minute.
        """
        body = ForecastBody(data=request.data)
        body.is_valid(raise_exception=True)
        draft = load_draft(get_object_or_404(Campaign, slug=campaign))
        asked_as = body.validated_data.get("question")
        with running(Question(request.user.pk, asked_as) if asked_as else None):
            found = forecast(draft, seconds=SECONDS, personal=may_see(request.user))
        return Response(ForecastShape(forecast_data(found)).data)


def forecast_data(found: Forecast) -> dict[str, Any]:
    return {
        "compared_with": run_data(found.last) if found.last else None,
        "sends": [asdict(send) for send in found.sends],
        "ports": [_port(change) for change in found.changes],
        "failures": dict(found.failures),
    }


def run_data(run: CampaignRun) -> dict[str, Any]:
    return {"run": run.pk, "kind": run.kind, "finished_at": run.finished_at}


def _port(change: Change) -> dict[str, Any]:
    names = ("activity", "port", "now", "before", "enter", "leave", "stay")
    unknown = None if change.unknown is None else str(change.unknown)
    return {
        **{name: getattr(change, name) for name in names},
        "unknown": unknown,
        "samples": asdict(change.samples),
    }
