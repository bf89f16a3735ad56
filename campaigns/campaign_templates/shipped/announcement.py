"""One e-mail to everybody, each address once."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION
from campaigns.campaign_templates.parts import activity, drawing, mail, people
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    text = _("We have news for you. Write here what is new, and why it is good for the reader.")
    return drawing(
        [
            people("everybody", _("Everybody")),
            activity("known", "test", _("Is anybody there?"), _anybody()),
            mail("news", _("The news"), _("News from us"), text, _("Read more")),
        ],
        ["everybody known", "known.some news", "known.default over", "news over"],
    )


def _anybody() -> dict[str, Any]:
    some = {"id": "some", "label": _("somebody"), "operator": "greater", "values": [0]}
    return {"conditions": [some], "default": True, "default_label": _("nobody")}


TEMPLATE = Template(
    slug="announcement",
    name=gettext_lazy("Announcement"),
    sentence=gettext_lazy("One e-mail to everybody who may be written to, once per address."),
    needs=gettext_lazy("People with e-mail addresses, and a channel."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=1,
    icon="campaign",
)
