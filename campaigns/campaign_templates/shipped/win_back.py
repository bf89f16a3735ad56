"""A last word to those who have stopped reading, and another where the first was not opened."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION
from campaigns.campaign_templates.parts import (
    activity,
    but_not,
    drawing,
    mail,
    opened_here,
    people,
    reacted_lately,
    sent_lately,
    wait_days,
)
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    miss = _("We have not heard from you for a while. Is there anything we can do better?")
    last = _(
        "If you would rather hear less from us, one click is enough. If you stay, we have something for you."
    )
    back = {"id": "back", "label": _("opened"), "rule": opened_here("first")}
    return drawing(
        [
            people("silent", _("Silent for 90 days"), but_not(sent_lately(180), reacted_lately(90))),
            mail("first", _("We miss you"), _("It has been a while"), miss, _("Come and look")),
            wait_days("week", _("A week"), 7),
            activity("reaction", "split", _("Who came back?"), {"subsets": [back], "complement": True}),
            mail("last", _("The last word"), _("Shall we stay in touch?"), last, _("Stay with us")),
        ],
        [
            "silent first",
            "first.sent week",
            "week reaction",
            "reaction.back over",
            "reaction.complement last",
            "last over",
        ],
    )


TEMPLATE = Template(
    slug="win-back",
    name=gettext_lazy("Win back after silence"),
    sentence=gettext_lazy(
        "Writes to those who were sent mail and opened none for 90 days, and once more after a week."
    ),
    needs=gettext_lazy("People to whom campaigns have been sent for some months."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=5,
    icon="undo",
)
