"""The weekly letter, which leaves out whom other campaigns have written to enough."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION
from campaigns.campaign_templates.parts import drawing, mail, none_of, people, sent_lately
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    letter = _(
        "The best of this week in three lines. Write the first one so that people want to read the second."
    )
    rested = none_of(sent_lately(6, at_least=2))
    return drawing(
        [
            people("readers", _("Fewer than 2 messages in 7 days"), rested),
            mail("letter", _("The letter"), _("This week"), letter, _("Read on")),
        ],
        ["readers letter", "letter over"],
        schedule={"frequency": "weekly", "weekdays": ["thu"], "at": "10:00"},
    )


TEMPLATE = Template(
    slug="newsletter",
    name=gettext_lazy("Weekly newsletter with a frequency guard"),
    sentence=gettext_lazy("Each Thursday, but never to anybody who got two messages or more within a week."),
    needs=gettext_lazy("People with e-mail addresses, and a channel."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=3,
    icon="newspaper",
)
