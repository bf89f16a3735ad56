"""SMS: prepares one text for each person, has it confirmed and sent, and lets each leave by what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import register
from campaigns.content.sms_content import SmsContent, check_sms
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.channel_activities import ChannelActivity, ChannelSettings
from orchestration.setting_fields import Widget


@register
class Sms(ChannelActivity):
    """Sends a personalised text message, once to each person."""

    name = "sms"
    label = _("SMS")
    description = _("A personalised text message to everybody who arrives here and may be written to.")
    icon = "sms"

    class Config(ChannelSettings):
        channel: Annotated[str, Widget("channel", of="sms"), Shown(_("Channel configuration"))]
        content: Annotated[SmsContent, Widget("sms_content"), Shown(_("Content"))]

    @classmethod
    def content_problems(cls, config: Any, known: frozenset[str] | None) -> Iterable[Problem]:
        return check_sms(config.content, marketing=config.category == "marketing", known=known)
