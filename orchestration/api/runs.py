"""Runs: tests are started, every run is read with its counts, and acted on."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any, ClassVar

from django.db.models import Exists, OuterRef, QuerySet, Subquery, Sum
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.mixins import ListModelMixin
from rest_framework.response import Response
from rest_framework.reverse import reverse
from rest_framework.serializers import Serializer

from campaigns.api.door import Door
from campaigns.api.idempotency import idempotent
from campaigns.api.parameters import IDEMPOTENCY_KEY, IF_NONE_MATCH
from campaigns.api.permissions import Need, is_allowed
from campaigns.api.preconditions import unless_known
from campaigns.models import Campaign
from orchestration.api.filters import RunFilter
from orchestration.api.run_questions import VIEW, RunQuestions
from orchestration.api.shapes import (
    ActedRunShape,
    RestartBody,
    RetryBody,
    RunListed,
    RunShape,
    RunSummary,
    TestRunBody,
)
from orchestration.models import ActivityRun, CampaignRun, Delivery, Population, RunKind
from orchestration.possible_acts import possible_acts
from orchestration.run_counts import (
    DeliveryCounts,
    delivery_counts,
    round_counts,
    together,
    transition_counts,
)
from orchestration.run_permissions import CONFIRM, TEST, permission_to_act
from orchestration.runs import (
    document_of,
    pause_run,
    restart_run,
    resume_run,
    retry_run,
    start_test_run,
    stop_run,
    wake_run,
)

CAMPAIGN = OpenApiParameter("campaign", str, OpenApiParameter.PATH)
MAY_CONFIRM = Need("confirm", CONFIRM)


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
        return _begun(start_test_run(found, by=request.user, **_valid(TestRunBody, request)))


class Runs(RunQuestions, ListModelMixin, Door):
    """Every run of every campaign, tests and live ones."""

    queryset = CampaignRun.objects.all()
    serializer_class = RunListed
    filterset_class = RunFilter
    lookup_value_regex = r"[0-9]{1,18}"
    needs: ClassVar = {
        "list": VIEW,
        "retrieve": VIEW,
        "pause": ACT,
        "restart": ACT,
        "resume": ACT,
        "retry": ACT,
        "stop": ACT,
        "wake": ACT,
        **RunQuestions.needs,
    }

    def get_queryset(self) -> QuerySet[CampaignRun]:
        """The document of a run may be large and is of no use in a list."""
        rows = CampaignRun.objects.select_related("campaign", "version", "started_by")
        rows = rows.defer("definition", "version__definition")
        return listed(rows) if self.action == "list" else rows

    @extend_schema(responses=RunShape, parameters=[IF_NONE_MATCH])
    def retrieve(self, request: Any, pk: str) -> Response:
        """One run: each activity with its state and its counts, each transition with how many it carried, each round.

        Of a run that went round, the counts of activities and transitions are those of all rounds together, and the state
        of an activity is that of a round in which it failed or is under way, else of the latest. With the ETag of the
        last answer as `If-None-Match` it is 304 as long as nothing has changed.
        """
        run = self.get_object()
        document = document_of(run)
        run.rounds = round_counts(run, document)
        run.activities = together(run.rounds)
        run.transitions = transition_counts(document, run.activities)
        run.acts = [name for name in possible_acts(run) if is_allowed(request, need_to_act(run))]
        run.deliveries = _deliveries(run, may_confirm=is_allowed(request, MAY_CONFIRM))
        return unless_known(request, RunShape(run).data)

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

    @extend_schema(request=RetryBody, responses=ActedRunShape, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def retry(self, request: Any, pk: str) -> Response:
        """Execute the failed activities of a run again, or one of them; the others stay failed."""
        return self._acted(partial(retry_run, **_valid(RetryBody, request)))

    @extend_schema(request=RestartBody, responses={201: RunSummary}, parameters=[IDEMPOTENCY_KEY])
    @action(detail=True, methods=["post"], filter_backends=())
    @idempotent()
    def restart(self, request: Any, pk: str) -> Response:
        """Stop a test where it is still open and test the draft as it is now; a live run is not restarted."""
        return _begun(restart_run(self.get_object(), by=request.user, **_valid(RestartBody, request)))

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


def _valid(body: type[Serializer[Any]], request: Any) -> dict[str, Any]:
    read = body(data=request.data)
    read.is_valid(raise_exception=True)
    return dict(read.validated_data)


def _begun(run: CampaignRun) -> Response:
    place = reverse("run-detail", kwargs={"pk": run.pk})
    return Response(RunSummary(run).data, status=201, headers={"Location": place})


def listed(rows: QuerySet[CampaignRun]) -> QuerySet[CampaignRun]:
    """With how many people began, and whether a delivery waits to be confirmed."""
    begun = Population.objects.filter(
        activity_run__run=OuterRef("pk"), activity_run__iteration=0, activity_run__rows_in=0, activated=True
    )
    people = begun.order_by().values("activity_run__run").annotate(people=Sum("row_count")).values("people")
    waiting = ActivityRun.objects.filter(run=OuterRef("pk"), state="awaiting_confirmation")
    return rows.annotate(people=Subquery(people), awaits_confirmation=Exists(waiting))


def _deliveries(run: CampaignRun, *, may_confirm: bool) -> list[Delivery]:
    """Each with its counts; one that has no message yet, or nobody to send to, has none."""
    rows = Delivery.objects.filter(activity_run__run=run).select_related("activity_run").order_by("pk")
    found = list(
        rows.defer("content", "variables", "values", "activity_run__statements", "activity_run__memo")
    )
    counts = delivery_counts(found)
    for each in found:
        counted: Any = counts.get(each.pk, DeliveryCounts({}, {}))
        described: Any = each
        described.messages_by_state, described.excluded = counted.states, counted.excluded
        described.will_send = each.targeted - sum(counted.excluded.values())
        described.may_confirm = (
            may_confirm and each.state == "awaiting_confirmation" and run.state == "running"
        )
    return found
