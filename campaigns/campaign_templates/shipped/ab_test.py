"""Two versions by chance, and a group that gets nothing, so that the effect can be measured."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.campaign_templates.blanks import CHANNEL, DIMENSION, SLUG, blank
from campaigns.campaign_templates.parts import activity, drawing, mail, people
from campaigns.campaign_templates.template import Template


def document() -> dict[str, Any]:
    first = _("Write here the first version of your message.")
    second = _(
        "Write here the second version. Change one thing only, so that you learn what made the difference."
    )
    half = {"id": "a", "label": _("Version A"), "limit": {"percent": "50"}}
    return drawing(
        [
            people("everybody", _("Everybody")),
            activity(
                "holdout", "control_group", _("10 % get nothing"), {"percent": "10", "seed": blank(SLUG)}
            ),
            activity("halves", "split", _("Two halves by chance"), {"subsets": [half], "complement": True}),
            mail("version-a", _("Version A"), _("The first subject line"), first, _("To the offer")),
            mail("version-b", _("Version B"), _("The second subject line"), second, _("To the offer")),
        ],
        [
            "everybody holdout",
            "holdout halves",
            "holdout.control over",
            "halves.a version-a",
            "halves.complement version-b",
            "version-a over",
            "version-b over",
        ],
    )


TEMPLATE = Template(
    slug="a-b-test",
    name=gettext_lazy("A/B test with a control group"),
    sentence=gettext_lazy(
        "Two versions go to random halves, and 10 % get nothing, so that the report shows the effect."
    ),
    needs=gettext_lazy("Enough people to tell a difference: a few thousand or more."),
    blanks=(DIMENSION, CHANNEL),
    document=document,
    is_shipped=True,
    rank=6,
    icon="science",
)
