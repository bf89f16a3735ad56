"""Build audience: everybody in a dimension for whom a rule holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import Annotated, Any, Literal

from django.utils.translation import gettext_lazy as _

from campaigns.activity_types import (
    COMPLEMENT_PORT,
    MAIN_PORT,
    Category,
    Inbound,
    Law,
    Port,
    Settings,
    Shape,
    World,
    register,
)
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.rules import Rule
from campaigns.targeting.semi_joins import settings_for
from orchestration.compilation import CompileContext, ExecutableType, Made, Outflow, Populations
from orchestration.rule_lint import dimension_problems, rule_problems
from orchestration.selection.deciding import Decision, deciding_of_rows
from orchestration.selection.dimension_rows import DimensionRows
from orchestration.selection.membership import not_in_population
from orchestration.setting_fields import DimensionSlug, RuleSetting


@register
class BuildAudience(ExecutableType):
    """Selects from a table, on live data, everybody for whom the rule holds."""

    name = "build_audience"
    label = _("Build audience")
    description = _("Everybody in a dimension for whom a rule holds.")
    category = Category.TARGETING
    law = Law.SOURCE
    icon = "group_search"
    inbound_min = 0

    class Config(Settings):
        dimension: Annotated[DimensionSlug, Shown(_("Targeting dimension"))]
        rule: Annotated[RuleSetting | None, Shown(_("Rule"), _("Without a rule: everybody."))] = None
        when_empty: Annotated[Literal["continue", "stop"], Shown(_("When nobody is found"))] = "continue"
        complement: Annotated[
            bool,
            Shown(_("Generate complement"), _("Everybody in the dimension for whom the rule does not hold.")),
        ] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {port.name: Shape(config.dimension) for port in cls.ports(config)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from dimension_problems(config.dimension, world, path="/dimension")
        yield from rule_problems(config.rule, Shape(config.dimension), world, path="/rule")

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config = context.config
        rows = DimensionRows(context, config.dimension)
        found = rows.select() if config.rule is None else rows.select(rows.condition(config.rule))
        outflows = {"main": Outflow(found, config.dimension, skip_empty=config.when_empty == "stop")}
        if config.complement:
            outflows["complement"] = Outflow(
                lambda made: rows.select(not_in_population(made["main"], rows.key())),
                config.dimension,
                decided=deciding_of_rows(context, config.dimension, partial(_decide, config.rule)),
            )
        return Populations(outflows, settings=settings_for(found))


def _decide(rule: Rule | None, decision: Decision, _made: Made) -> None:
    if rule:
        decision.rule("/rule", rule)
