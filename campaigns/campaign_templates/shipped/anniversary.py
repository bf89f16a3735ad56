"""A greeting on the day: a birthday, or the day somebody became a customer."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION, Blank, Kind, blank
from campaigns.campaign_templates.parts import drawing, mail, people
from campaigns.campaign_templates.template import Template

DAY = Blank(
    "day",
    Kind.DATE,
    gettext_lazy("The day that returns each year"),
    gettext_lazy("A birthday, or the day of the first purchase."),
)


def document() -> dict[str, Any]:
    wish = _("All the best on your day! We have put a small present aside for you.")
    today = {
        "kind": "condition",
        "attribute": blank("day"),
        "operator": "anniversary",
        "value": {"days": [0, 0]},
    }
    return drawing(
        [
            people("today", _("Whose day is today"), today),
            mail("wish", _("The greeting"), _("All the best!"), wish, _("To your present")),
        ],
        ["today wish", "wish over"],
        schedule={"frequency": "daily", "at": "08:00"},
    )


TEMPLATE = Template(
    slug="anniversary",
    name=gettext_lazy("Birthday or anniversary"),
    sentence=gettext_lazy("Each morning greets those whose day it is, a birthday or the day they joined."),
    needs=gettext_lazy("People with such a date."),
    blanks=(DIMENSION, DAY, CHANNEL),
    document=document,
    is_shipped=True,
    rank=7,
    icon="cake",
)
