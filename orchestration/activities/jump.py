"""Jump: send people back to an activity before, for another round."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import (
    BACK,
    BACK_PORT,
    MAIN,
    Category,
    Inbound,
    Law,
    Port,
    Settings,
    World,
    register,
)
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import population_problems
from orchestration.compilation import CompileContext, ExecutableType, References
from orchestration.setting_fields import EarlierActivity

NO_ROUNDS_LEFT = Port(MAIN, _("no rounds left"), optional=True)


@register
class Jump(ExecutableType):
    """Sends everybody who comes in back to an activity before, which begins another round of it and of all behind it;
    when its rounds are used up, people go on by “no rounds left”. Each round has deliveries of its own, which are
    confirmed like any other, and files of its own. Where nobody comes in, it begins no round and nobody goes on. What the
    drawing and the run show at an activity or an arrow is the sum of all rounds; the run lists each of them.
    """

    name = "jump"
    label = _("Jump")
    description = _("Send people back to an activity before, for another round.")
    category = Category.FLOW
    law = Law.PARTITION
    icon = "replay"
    changes_the_run = True

    class Config(Settings):
        to: Annotated[
            EarlierActivity,
            Shown(_("Back to"), _("An activity before this one, to which exactly one arrow brings people.")),
        ]
        most: Annotated[
            int,
            Field(strict=True, ge=1, le=100),
            Shown(_("Rounds at most"), _("How often in one run this activity may send people back.")),
        ] = 10

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (NO_ROUNDS_LEFT, BACK_PORT)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from population_problems(inbound)

    @classmethod
    def goes_back_to(cls, config: Any) -> str:
        return str(config.to)

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        came = context.population()
        if not came.row_count:
            return References({MAIN: None, BACK: None})
        if context.rounds >= context.config.most:
            return References({MAIN: came, BACK: None})
        return References({MAIN: None, BACK: came}, back_to=context.config.to)
