"""The page of one delivery: the way from the audience to those who get a message, its progress, and the
confirmation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.admin.acts import Act, Consequences
from campaigns.admin.confirming import Places, confirm_act, refused
from campaigns.admin.page import VIEW, CampaignPage, Route, Text
from campaigns.states import LABELS
from orchestration.confirmation import confirm_delivery, send_waterfall
from orchestration.exceptions import Refused
from orchestration.models import Delivery, ExclusionReason
from orchestration.run_counts import message_counts, progress_of
from orchestration.run_permissions import CONFIRM
from orchestration.run_pictures import shown


def waterfall_rows(delivery: Delivery) -> list[tuple[Text, str]]:
    """Targeted, less each exclusion, is who gets a message."""
    fall = send_waterfall(delivery)
    labels = dict(ExclusionReason.choices)
    excluded = [(f"− {labels[reason]}", shown(people)) for reason, people in fall["excluded"].items()]
    return [
        (gettext_lazy("Targeted"), shown(fall["targeted"])),
        *excluded,
        (gettext_lazy("Will get a message"), shown(fall["will_send"])),
    ]


def _confirm(delivery: Delivery, request: HttpRequest) -> Text:
    try:
        released = confirm_delivery(delivery, by=request.user)
    except Refused as error:
        raise refused(str(error)) from error
    return _("%(count)s messages are on their way.") % {"count": shown(released)}


def _consequences(delivery: Delivery) -> Consequences:
    people = send_waterfall(delivery)["will_send"]
    sentence = _("The message “%(label)s” is sent to %(people)s people. What has left cannot be called back.")
    words = {"label": delivery.title, "people": shown(people)}
    return Consequences([sentence % words], waterfall_rows(delivery), people)


CONFIRM_ACT = Act(
    name="confirm",
    label=gettext_lazy("Confirm send"),
    icon="send",
    permission=lambda delivery: CONFIRM,
    is_possible=lambda delivery: delivery.state == "awaiting_confirmation",
    consequences=_consequences,
    perform=_confirm,
    tone="primary",
)


def delivery(page: CampaignPage, delivery_id: int) -> HttpResponse:
    found = _delivery(page, delivery_id)
    counts = message_counts([found]).get(found.pk, {})
    context = {
        "delivery": found,
        "waterfall": waterfall_rows(found),
        "states": [(LABELS[state], state, shown(number)) for state, number in counts.items()],
        "progress": _shares(counts),
        "may_confirm": CONFIRM_ACT.is_possible(found) and page.may(CONFIRM),
        "confirm_url": page.url("confirm_delivery", delivery_id=found.pk),
        "settle_url": page.url("settle_unknown", delivery_id=found.pk)
        if counts.get("unknown") and page.may(CONFIRM)
        else "",
        "run_url": page.url("run", run_id=found.activity_run.run_id),
        "subject": found.content.get("subject") or found.content.get("text", ""),
        "segments": _segments(found),
        "links": found.links.all(),
    }
    return page.render("orchestration/admin/delivery.html", context)


def _segments(delivery: Delivery) -> str:
    """How many the provider counts, in channels that are paid so; empty in others."""
    total = delivery.messages.aggregate(total=Sum("segments"))["total"]
    return shown(total) if total else ""


def _delivery(page: CampaignPage, delivery_id: int) -> Delivery:
    rows = Delivery.objects.select_related("activity_run", "confirmed_by", "dimension")
    return get_object_or_404(rows, pk=delivery_id, campaign=page.campaign)


def _shares(counts: Mapping[str, int]) -> dict[str, Any]:
    """Shares of those who are to get a message, in whole percents for a bar."""
    found = progress_of(counts)
    share = (lambda number: round(100 * number / found.total)) if found.total else (lambda number: 0)
    return {
        "total": shown(found.total),
        "sent": shown(found.sent),
        "remaining": shown(found.remaining),
        "failed": shown(found.failed),
        "sent_share": share(found.sent),
        "failed_share": share(found.failed),
    }


def confirm(page: CampaignPage, delivery_id: int) -> HttpResponse:
    back = page.url("delivery", delivery_id=delivery_id)
    return confirm_act(page, CONFIRM_ACT, _delivery(page, delivery_id), Places(back, back))


ROUTES = (
    Route("delivery", "deliveries/<int:delivery_id>/", delivery),
    Route(
        "confirm_delivery", "deliveries/<int:delivery_id>/confirm/", confirm, may_read=VIEW, may_write=VIEW
    ),
)
