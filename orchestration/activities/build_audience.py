"""Build audience: everybody in a dimension for whom a rule holds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field

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
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.dimension_rows import DimensionRows
from orchestration.membership import not_in_population
from orchestration.rule_lint import dimension_problems, rule_problems
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
        dimension: DimensionSlug = Field(title=_("Targeting dimension"))
        rule: RuleSetting | None = Field(
            default=None, title=_("Rule"), description=_("Without a rule: everybody.")
        )
        when_empty: Literal["continue", "stop"] = Field(default="continue", title=_("When nobody is found"))
        complement: bool = Field(
            default=False,
            title=_("Generate complement"),
            description=_("Everybody in the dimension for whom the rule does not hold."),
        )

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
                lambda made: rows.select(not_in_population(made["main"], rows.key())), config.dimension
            )
        return Populations(outflows)
