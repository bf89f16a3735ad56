"""Fork: several branches go on with the same people."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Category, Inbound, Law, Port, Settings, World, register
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.branches import Branch
from orchestration.compilation import CompileContext, ExecutableType, References, passed_on
from orchestration.rule_lint import repeated_problems
from orchestration.setting_fields import MOST_PARTS


@register
class Fork(ExecutableType):
    """Every branch goes on with everybody who came in, at the same time as the others; nothing is copied."""

    name = "fork"
    label = _("Fork")
    description = _("Several branches go on with the same people.")
    category = Category.FLOW
    law = Law.COPY
    icon = "fork_right"
    inbound_min = 0

    class Config(Settings):
        branches: Annotated[
            tuple[Branch, ...], Field(min_length=2, max_length=MOST_PARTS), Shown(_("Branches"))
        ] = (Branch(id="branch-1"), Branch(id="branch-2"))

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return tuple(branch.port() for branch in config.branches)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        ids = {f"/branches/{number}/id": branch.id for number, branch in enumerate(config.branches)}
        yield from repeated_problems(ids, code="fork.repeated_branch")

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        came = passed_on(context)
        return References({branch.id: came for branch in context.config.branches})
