"""Labelled ways out that are listed in settings."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Port, Settings
from orchestration.setting_fields import Label, PortId


class Branch(Settings):
    """One way out."""

    id: PortId = Field(title=_("Id"), description=_("Names the port."))
    label: Label = Field(default="", title=_("Label"))

    def port(self) -> Port:
        return Port(self.id, self.label or self.id)
