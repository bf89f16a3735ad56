"""An e-mail, and a reminder to those who did not open it."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION
from campaigns.campaign_templates.parts import activity, drawing, mail, opened_here, people, wait_days
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    offer = _("Write here what you offer, until when, and how to get it.")
    again = _("In case you missed it: our offer is still open for a few days.")
    read = {"id": "read", "label": _("opened"), "rule": opened_here("offer")}
    return drawing(
        [
            people("everybody", _("Everybody")),
            mail("offer", _("The offer"), _("Something for you"), offer, _("To the offer")),
            wait_days("days", _("Three days"), 3),
            activity("readers", "split", _("Who opened it?"), {"subsets": [read], "complement": True}),
            mail("reminder", _("The reminder"), _("Did you see this?"), again, _("To the offer")),
        ],
        [
            "everybody offer",
            "offer.sent days",
            "days readers",
            "readers.read over",
            "readers.complement reminder",
            "reminder over",
        ],
    )


TEMPLATE = Template(
    slug="reminder",
    name=gettext_lazy("Reminder to non-openers"),
    sentence=gettext_lazy("Sends an offer, waits three days, and reminds only those who did not open it."),
    needs=gettext_lazy("People with e-mail addresses, and a channel."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=4,
    icon="notifications_active",
)
