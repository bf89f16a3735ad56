"""What waits for a person: sends to confirm, runs that failed or pause, unknown messages, drafts not published yet."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, NamedTuple

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.expressions import Value
from django.db.models.functions import Coalesce, NullIf

from campaigns.models import Campaign, CampaignVersion
from orchestration.models import CampaignRun, Delivery, Message, RunKind
from orchestration.run_permissions import CONFIRM, LIVE, TEST

Rows = QuerySet[Any]


class Waiting(NamedTuple):
    """How many things of one kind wait, in how many campaigns, and the one there is if it is alone."""

    things: int
    campaigns: int
    only: Any


def waiting_sends() -> Rows:
    return Delivery.objects.filter(state="awaiting_confirmation")


def waiting_runs(state: str, *, live: bool = True, tests: bool = True) -> Rows:
    kinds = [kind for kind, wanted in ((RunKind.LIVE, live), (RunKind.TEST, tests)) if wanted]
    return CampaignRun.objects.filter(state=state, kind__in=kinds)


def sends_with_unknown() -> Rows:
    unknown = Message.objects.filter(delivery=OuterRef("pk"), state="unknown")
    return Delivery.objects.filter(Exists(unknown))


def campaigns_changed() -> Rows:
    """Campaigns that launch a version while their draft says something else by now."""
    published = CampaignVersion.objects.filter(campaign=OuterRef("pk"), state="published")
    made_from = Coalesce(NullIf(F("draft_hash"), Value("")), F("hash"))
    same = published.annotate(made_from=made_from).filter(made_from=OuterRef("draft_hash"))
    return Campaign.objects.filter(Exists(published), ~Exists(same), state__in=("scheduled", "live"))


KINDS: Mapping[str, Callable[[], Rows]] = {
    "confirmation": waiting_sends,
    "failed": lambda: waiting_runs("failed"),
    "paused": lambda: waiting_runs("paused"),
    "unknown": sends_with_unknown,
    "changes": campaigns_changed,
}
"""By the name that lists are filtered with."""


def campaigns_that_wait(kind: str) -> Q:
    """A condition on campaigns: something of this kind waits in them."""
    rows = KINDS[kind]()
    return Q(pk__in=rows.order_by().values("pk" if rows.model is Campaign else "campaign"))


def waiting_for(user: Any) -> dict[str, Waiting]:
    """What this person may do something about, by kind; what does not wait is left out."""
    may = user.has_perm
    allowed: dict[str, Rows | None] = {
        "confirmation": waiting_sends() if may(CONFIRM) else None,
        "failed": _runs_of(user, "failed"),
        "paused": _runs_of(user, "paused"),
        "unknown": sends_with_unknown() if may(CONFIRM) else None,
        "changes": campaigns_changed() if may(LIVE) else None,
    }
    counted = {kind: _counted(rows) for kind, rows in allowed.items() if rows is not None}
    return {kind: found for kind, found in counted.items() if found.things}


def _runs_of(user: Any, state: str) -> Rows | None:
    live, tests = user.has_perm(LIVE), user.has_perm(TEST)
    return waiting_runs(state, live=live, tests=tests) if live or tests else None


def _counted(rows: Rows) -> Waiting:
    campaign = "pk" if rows.model is Campaign else "campaign"
    found = rows.order_by().aggregate(things=Count("pk"), campaigns=Count(campaign, distinct=True))
    only = _alone(rows) if found["things"] == 1 else None
    return Waiting(found["things"], found["campaigns"], only)


def _alone(rows: Rows) -> Any:
    if rows.model is Campaign:
        return rows.first()
    return rows.select_related("campaign").only("pk", "campaign__id", "campaign__name").first()
