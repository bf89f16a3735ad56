"""A tenth of the people first, the others a day later: time to stop when something is wrong."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION
from campaigns.campaign_templates.parts import activity, drawing, mail, people, wait_days
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    text = _("Write your message here, and the same again in the second wave once the first has gone well.")
    tenth = {"id": "first", "label": _("First wave"), "limit": {"percent": "10"}}
    return drawing(
        [
            people("everybody", _("Everybody")),
            activity("waves", "split", _("10 % first"), {"subsets": [tenth], "complement": True}),
            mail("wave-1", _("First wave"), _("News from us"), text, _("Read more")),
            wait_days("day", _("A day to look"), 1),
            mail("wave-2", _("Second wave"), _("News from us"), text, _("Read more")),
        ],
        [
            "everybody waves",
            "waves.first wave-1",
            "waves.complement day",
            "day wave-2",
            "wave-1 over",
            "wave-2 over",
        ],
    )


TEMPLATE = Template(
    slug="waves",
    name=gettext_lazy("Large send in two waves"),
    sentence=gettext_lazy(
        "A tenth of the people first, the others a day later, with time to look at the numbers."
    ),
    needs=gettext_lazy("People with e-mail addresses, and a channel."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=8,
    icon="waves",
)
