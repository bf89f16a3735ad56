"""And-join: wait until branches have arrived, then go on with the people of one of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import MAIN, Category, Inbound, Law, Settings, Shape, World, register
from campaigns.graph import Arrow
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import arrow_problems, arrows_meant, names_of, population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, References, means
from orchestration.rule_lint import repeated_problems, unknown
from orchestration.setting_fields import MOST_PARTS, ArrowName


@register
class AndJoin(ExecutableType):
    """Goes on with the people of its primary set once every branch it waits for has arrived or no longer can."""

    name = "and_join"
    label = _("And-join")
    description = _("Wait for several branches, then go on with the people of one of them.")
    category = Category.FLOW
    law = Law.COPY
    icon = "call_merge"
    inbound_min = 2
    inbound_max = None

    class Config(Settings):
        primary: Annotated[ArrowName, Shown(_("Primary set"), _("The arrow whose people go on."))] = ""
        wait_for: Annotated[
            tuple[ArrowName, ...],
            Field(max_length=MOST_PARTS),
            Shown(_("Wait for"), _("Empty: every arrow that comes in.")),
        ] = ()

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {MAIN: shape_in(inbound, config.primary)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from population_problems(inbound)
        if config.primary:
            yield from arrow_problems(config.primary, inbound, path="/primary")
        else:
            message = gettext("It is not said whose people go on.")
            remedy = gettext("Choose the primary set: %(names)s.") % {"names": ", ".join(names_of(inbound))}
            yield Problem("and_join.no_primary", "/primary", message, remedy)
        yield from _wait_problems(config.wait_for, inbound)

    @classmethod
    def awaits(cls, config: Any, arrow: Arrow) -> bool:
        awaited = [config.primary, *config.wait_for] if config.wait_for else ()
        return not awaited or any(means(reference, arrow) for reference in awaited)

    @classmethod
    def may_start(cls, config: Any, arrived: Sequence[Arrow]) -> bool:
        return any(not config.primary or means(config.primary, arrow) for arrow in arrived)

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        return References({MAIN: context.population(context.config.primary)})


def _wait_problems(wait_for: Sequence[str], inbound: Sequence[Inbound]) -> Iterable[Problem]:
    paths = {f"/wait_for/{number}": name for number, name in enumerate(wait_for)}
    yield from repeated_problems(paths, code="and_join.repeated_arrow", mend="remove")
    for path, name in paths.items():
        if not arrows_meant(name, inbound):
            yield unknown(name, names_of(inbound), path=path, code="arrow.unknown")
