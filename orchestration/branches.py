"""Labelled ways out that are listed in settings."""

from __future__ import annotations

from typing import Annotated

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import Port, Settings
from campaigns.settings_fields import Shown
from orchestration.setting_fields import Label, PortId


class Branch(Settings):
    """One way out."""

    id: Annotated[PortId, Shown(_("Id"), _("Names the way out in files and reports."))]
    label: Annotated[Label, Shown(_("Label"))] = ""

    def port(self) -> Port:
        return Port(self.id, self.label or self.id)
