"""What the form of the feedback filter offers: campaigns that sent to a dimension, their activities and links."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from campaigns.models import Activity, Campaign, PublishedActivityId, TargetingDimension
from campaigns.problems import Problem, ProblemsError
from campaigns.targeting.problems import nearest
from orchestration.models import Delivery, RunKind, TrackedLink

MOST_LISTED = 200


@dataclass(frozen=True, slots=True)
class Choices:
    """Values with their words; activities and links are those of one campaign, and empty without one."""

    campaigns: Mapping[str, str]
    activities: Mapping[str, str]
    links: Mapping[str, str]


def feedback_choices(dimension: TargetingDimension, campaign: str = "") -> Choices:
    """The latest campaigns that sent to the dimension, and what can be chosen of the one that is named."""
    sent = Delivery.objects.filter(dimension=dimension, kind=RunKind.LIVE)
    used = Campaign.objects.filter(pk__in=sent.values("campaign")).order_by("-pk")[:MOST_LISTED]
    mine = sent.filter(campaign__slug=campaign)
    return Choices(
        {row.slug: row.name for row in used},
        _activities(mine) if campaign else {},
        _links(mine) if campaign else {},
    )


def _activities(deliveries: QuerySet[Delivery]) -> dict[str, str]:
    found = deliveries.order_by("-pk").only("activity_id", "label")[:MOST_LISTED]
    labels: dict[str, str] = {}
    for row in found:
        labels.setdefault(row.activity_id, row.title)
    return labels


def _links(deliveries: QuerySet[Delivery]) -> dict[str, str]:
    """A link by its label, or by its address."""
    found = TrackedLink.objects.filter(delivery__in=deliveries).values_list("label", "url").distinct()
    return {label or url: label or url for label, url in found[:MOST_LISTED]}


def refuse_unknown(campaign: str, activity: str) -> None:
    """Raises ProblemsError for a campaign that does not exist, or an activity it never had."""
    slugs = Campaign.objects.values_list("slug", flat=True)
    if not slugs.filter(slug=campaign).exists():
        raise _unknown("campaign", campaign, list(slugs.order_by("-pk")[:MOST_LISTED]))
    of = Q(campaign__slug=campaign)
    known = {
        *Activity.objects.filter(of).values_list("activity_id", flat=True),
        *PublishedActivityId.objects.filter(of).values_list("activity_id", flat=True),
    }
    if activity and activity not in known:
        raise _unknown("activity", activity, sorted(known))


def _unknown(member: str, name: str, known: Sequence[str]) -> ProblemsError:
    message = _("“%(name)s” is not known here.") % {"name": name[:60]}
    return ProblemsError([Problem(f"{member}.unknown", f"/{member}", message, nearest(name, known))])
