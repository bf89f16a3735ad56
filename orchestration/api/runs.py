"""Runs: tests are started, every run is read with its counts, and acted on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY
from campaigns.api.permissions import Need
from campaigns.models import Campaign
from orchestration.api.filters import RunFilter
from orchestration.api.shapes import ActedRunShape, RunShape, RunSummary, TestRunBody
from orchestration.models import CampaignRun, RunKind
from orchestration.run_counts import round_counts, together, transition_counts
from orchestration.run_permissions import TEST, permission_to_act
from orchestration.runs import (
    document_of,
    pause_run,
    resume_run,
    retry_run,
    start_test_run,
    stop_run,
    wake_run,
)

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)
VIEW = Need("read", "campaigns.view_campaign")


def need_to_act(run: CampaignRun) -> Need:
    """A token that may write acts on tests; what happens for real takes the scope that publishes."""
    return Need("write" if run.kind == RunKind.TEST else "publish", permission_to_act(run))


ACT = Need("", "campaigns.view_campaign", need_to_act)
_acts = extend_schema(request=None, responses=ActedRunShape, parameters=[IDEMPOTENCY_KEY])


class TestRuns(Door):
    """The draft as it is now on real data, without one side effect."""

    needs: ClassVar = {"create": Need("write", TEST)}
    queryset = CampaignRun.objects.none()
    pagination_class = None
    filter_backends = ()

    @extend_schema(request=TestRunBody, responses={201: RunSummary}, parameters=[CAMPAIGN, IDEMPOTENCY_KEY])
    @idempotent()
    def create(self, request: Any, campaign: str) -> Response:
        """Start a test of the draft; a campaign has one at a time."""
        found = get_object_or_404(Campaign, slug=campaign)
        body = TestRunBody(data=request.data)
        body.is_valid(raise_exception=True)
        run = start_test_run(found, by=request.user, **body.validated_data)
        place = reverse("run-detail", kwargs={"pk": run.pk})
        return Response(RunSummary(run).data, status=201, headers={"Location": place})


class Runs(ListModelMixin, Door):
    """Every run of every campaign, tests and live ones."""

    queryset = CampaignRun.objects.all()
    serializer_class = RunSummary
    filterset_class = RunFilter
    lookup_value_regex = r"[0-9]{1,18}"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "pause": ACT,
        "resume": ACT,
        "retry": ACT,
        "stop": ACT,
        "wake": ACT,
    }

    def get_queryset(self) -> QuerySet[CampaignRun]:
        """The document of a run may be large and is of no use in a list."""
        rows = CampaignRun.objects.select_related("campaign", "version", "started_by")
        return rows.defer("definition", "version__definition")

    @extend_schema(responses=RunShape)
    def retrieve(self, request: Any, pk: str) -> Response:
        """One run: each activity with its state and its counts, each transition with how many it carried, each round.

        Of a run that went round, the counts of activities and transitions are those of all rounds together, and the state
        of an activity is that of a round in which it failed or is under way, else of the latest.
        """
        run = self.get_object()
        document = document_of(run)
        run.rounds = round_counts(run, document)
        run.activities = together(run.rounds)
        run.transitions = transition_counts(document, run.activities)
        return Response(RunShape(run).data)

    @_acts
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def pause(self, request: Any, pk: str) -> Response:
        """No new activity starts and no message is sent until the run is resumed."""
        return self._acted(pause_run)

    @_acts
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def resume(self, request: Any, pk: str) -> Response:
        """Go on with a paused run."""
        return self._acted(resume_run)

    @_acts
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def retry(self, request: Any, pk: str) -> Response:
        """Execute the failed activities of a failed run again."""
        return self._acted(retry_run)

    @_acts
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def stop(self, request: Any, pk: str) -> Response:
        """End the run for good; messages that have not left are cancelled."""
        return self._acted(stop_run)

    @_acts
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def wake(self, request: Any, pk: str) -> Response:
        """End every wait of the run now."""
        return self._acted(wake_run)

    def _acted(self, act: Callable[..., int]) -> Response:
        run = self.get_object()
        concerned = act(run, by=self.request.user)
        return Response({**RunSummary(run).data, "concerned": concerned})
