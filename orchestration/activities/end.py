"""End: a branch ends here."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import Category, Law, Port, register
from orchestration.compilation import CompileContext, ExecutableType, References


@register
class End(ExecutableType):
    """Marks where a branch ends; what arrives is counted and goes no further."""

    name = "end"
    label = _("End")
    description = _("Marks where a branch ends.")
    category = Category.FLOW
    law = Law.NONE
    icon = "stop_circle"
    inbound_max = None

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return ()

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        return References({})
