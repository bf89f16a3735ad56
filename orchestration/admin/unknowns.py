"""The page on which a person says what became of messages that may or may not have left."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from campaigns.admin.page import VIEW, CampaignPage, Route
from orchestration.exceptions import Refused
from orchestration.models import Delivery, Message
from orchestration.run_permissions import CONFIRM
from orchestration.run_pictures import shown
from orchestration.unknowns import count_unknown, settle_unknown


def settle(page: CampaignPage, delivery_id: int) -> HttpResponse:
    """All of a delivery, or the one that `message` in the address names."""
    page.demand(CONFIRM)
    delivery = get_object_or_404(Delivery, pk=delivery_id, campaign=page.campaign)
    message = _message(page, delivery)
    if page.is_sent:
        return _settle(page, delivery, message)
    count = 1 if message else count_unknown(delivery)
    if not count:
        messages.info(page.request, _("No message of this delivery is unknown."))
        return page.redirect("delivery", delivery_id=delivery.pk)
    context = {
        "delivery": delivery,
        "message": message,
        "count": shown(count),
        "back": page.url("delivery", delivery_id=delivery.pk),
    }
    return page.render("orchestration/admin/settle_unknown.html", context)


def _message(page: CampaignPage, delivery: Delivery) -> Message | None:
    number = page.request.GET.get("message", "")
    if not number:
        return None
    pk = int(number) if number.isdecimal() and len(number) < len(str(2**63)) else 0
    return get_object_or_404(delivery.messages, pk=pk, state="unknown")


def _settle(page: CampaignPage, delivery: Delivery, message: Message | None) -> HttpResponse:
    asked = page.request.POST
    try:
        settled = settle_unknown(
            delivery,
            asked.get("as", ""),
            by=page.request.user,
            note=asked.get("note", ""),
            message=message.pk if message else None,
        )
        page.succeed(_("%(count)s messages are settled.") % {"count": shown(settled)})
    except Refused as error:
        messages.error(page.request, str(error))
    return page.redirect("delivery", delivery_id=delivery.pk)


ROUTE = Route("settle_unknown", "deliveries/<int:delivery_id>/unknown/", settle, may_write=VIEW)
