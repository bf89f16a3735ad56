"""What a report is about: a campaign, or one run or activity of it. Test runs are never in a report."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import QuerySet

from campaigns.models import Campaign
from orchestration.models import Delivery


@dataclass(frozen=True, slots=True)
class Scope:
    """The live deliveries of a campaign, narrowed to a run, an activity, or both."""

    campaign: Campaign
    run: int | None = None
    activity: str = ""

    def deliveries(self) -> QuerySet[Delivery]:
        found = Delivery.objects.filter(campaign=self.campaign, kind=Delivery.Kind.LIVE)
        if self.run is not None:
            found = found.filter(activity_run__run=self.run)
        if self.activity:
            found = found.filter(activity_id=self.activity)
        return found.order_by("pk")

    def keys(self) -> list[int]:
        return list(self.deliveries().values_list("pk", flat=True))
