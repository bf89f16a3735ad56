"""E-mail: prepares one message for each person, has it confirmed and sent, and lets each leave by what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import register
from campaigns.content.email_content import EmailContent, check_email
from campaigns.content.links import find_links
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.channel_activities import ChannelActivity, ChannelSettings, Links
from orchestration.setting_fields import Widget


@register
class Email(ChannelActivity):
    """Sends a personalised e-mail, once to each person."""

    name = "email"
    label = _("E-mail")
    description = _("A personalised e-mail to everybody who arrives here and may be written to.")
    icon = "mail"

    class Config(ChannelSettings):
        channel: Annotated[str, Widget("channel", of="email"), Shown(_("Channel configuration"))]
        content: Annotated[EmailContent, Widget("email_content"), Shown(_("Content"))]

    @classmethod
    def content_problems(cls, config: Any, known: frozenset[str] | None) -> Iterable[Problem]:
        return check_email(config.content, marketing=config.category == "marketing", known=known)

    @classmethod
    def links(cls, config: Any) -> Links:
        found, _problems = find_links(config.content.html_template())
        return [(link.number, link.url, link.label) for link in found]
