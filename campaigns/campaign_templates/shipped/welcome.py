"""Two e-mails to whoever is new, a few days apart."""

from __future__ import annotations

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION, Blank, Kind, blank
from campaigns.campaign_templates.parts import activity, drawing, mail, wait_days
from campaigns.campaign_templates.template import Template

JOINED = Blank(
    "joined",
    Kind.DATE,
    gettext_lazy("Since when they are with you"),
    gettext_lazy("A date of theirs: when they signed up, or first bought."),
)


def document() -> dict[str, Any]:
    hello = _("Welcome! It is good to have you with us. Here is how to get started.")
    tips = _("You have been with us for a few days. These three things are worth trying next.")
    return drawing(
        [
            activity("newcomers", "incremental_query", _("New since the last run"), _who_is_new()),
            mail("hello", _("Welcome"), _("Welcome to us"), hello, _("Get started")),
            wait_days("days", _("Three days"), 3),
            mail("tips", _("First steps"), _("Three things to try"), tips, _("See how")),
        ],
        ["newcomers hello", "hello days", "days tips", "tips over"],
        schedule={"frequency": "daily", "at": "09:00"},
    )


def _who_is_new() -> dict[str, Any]:
    """From today on: a first run must not greet everybody who ever came."""
    return {
        "dimension": blank("dimension"),
        "dated": blank("joined"),
        "start": f"{timezone.localdate().isoformat()}T00:00",
        "exclude_returned": True,
    }


TEMPLATE = Template(
    slug="welcome",
    name=gettext_lazy("Welcome series"),
    sentence=gettext_lazy("Greets whoever is new each morning, and follows up after three days."),
    needs=gettext_lazy(
        "People with a date since when they are with you. Those from before today are left out."
    ),
    blanks=(DIMENSION, JOINED, CHANNEL),
    document=document,
    is_shipped=True,
    rank=2,
    icon="waving_hand",
)
