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
from campaigns.targeting.compile import select_keys
from campaigns.targeting.rules import Not, Rule
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.rule_lint import dimension_problems, rule_problems


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
        dimension: str = Field(title=_("Targeting dimension"), json_schema_extra={"widget": "dimension"})
        rule: Rule | None = Field(default=None, title=_("Rule"), description=_("Without a rule: everybody."))
        when_empty: Literal["continue", "stop"] = Field(default="continue", title=_("When nobody is found"))
        complement: bool = Field(default=False, title=_("Generate complement"))

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {port.name: Shape(config.dimension) for port in cls.ports(config)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from dimension_problems(config.dimension, world, path="/dimension")
        yield from rule_problems(config.rule, config.dimension, world, path="/rule")

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config = context.config
        scope = context.scope(config.dimension)
        skip = config.when_empty == "stop"
        outflows = {"main": Outflow(select_keys(config.rule, scope), config.dimension, skip_empty=skip)}
        if config.complement:
            rest = None if config.rule is None else Not(kind="not", of=config.rule)
            nobody = select_keys(rest, scope) if rest else select_keys(None, scope).where("FALSE")
            outflows["complement"] = Outflow(nobody, config.dimension)
        return Populations(outflows)
