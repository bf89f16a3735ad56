"""Who is affected by publishing a draft: what its last test found, and which runs go on as they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from campaigns.document import Document, canonical
from campaigns.frozen_filters import freeze_filters
from campaigns.models import Campaign
from orchestration.models import CampaignRun, Delivery, RunKind
from orchestration.run_pictures import shown

ACTIVE = ("running", "paused", "failed")


def affected(campaign: Campaign, draft: Document) -> list[str]:
    """In sentences, for whoever is about to publish."""
    return [*_by_the_last_test(campaign, draft), *_under_way(campaign)]


def _by_the_last_test(campaign: Campaign, draft: Document) -> Iterator[str]:
    """The numbers of a test count only where the draft is still what was tested."""
    tests = campaign.runs.filter(
        kind=RunKind.TEST, state="completed", definition=canonical(freeze_filters(draft))
    )
    last = tests.order_by("-pk").first()
    if last is None:
        yield _("The draft was not tested as it is now. A test shows how many people it reaches.")
        return
    yield from map(_reach, _deliveries(last))


def _deliveries(run: CampaignRun) -> list[Delivery]:
    excluded = Count("messages", filter=Q(messages__state="excluded"))
    found = Delivery.objects.filter(activity_run__run=run).select_related("activity_run")
    found = found.defer("content", "variables", "values")
    return list(found.annotate(excluded=excluded).order_by("pk"))


def _reach(delivery: Delivery) -> str:
    excluded: int = delivery.excluded  # type: ignore[attr-defined]  # counted by the query
    words = {
        "label": delivery.title,
        "people": shown(delivery.targeted - excluded),
        "targeted": shown(delivery.targeted),
        "round": delivery.activity_run.iteration,
    }
    if words["round"]:
        return (
            _("In round %(round)d of it “%(label)s” would have gone to %(people)s of %(targeted)s people.")
            % words
        )
    return _("In the last test “%(label)s” would have gone to %(people)s of %(targeted)s people.") % words


def _under_way(campaign: Campaign) -> Iterator[str]:
    count = campaign.runs.filter(kind=RunKind.LIVE, state__in=ACTIVE).count()
    if count:
        text = ngettext(
            "%(count)d run under way goes on with the version it began with.",
            "%(count)d runs under way go on with the versions they began with.",
            count,
        )
        yield text % {"count": count}
