"""Test: choose the branch to go on by, from counts and variables."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Annotated, Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field

from campaigns.activity_types import Category, Inbound, Law, Port, Settings, World, register
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import shapes_in
from orchestration.branches import Branch
from orchestration.comparisons import Comparison, comparison_problems
from orchestration.compilation import CompileContext, ExecutableType, References, passed_on
from orchestration.rule_lint import repeated_problems, unknown
from orchestration.setting_fields import MOST_PARTS, Label

DEFAULT = "default"


class Condition(Branch, Comparison):
    """One way out, and what must be so for it to be taken."""

    variable: Annotated[
        str, Field(max_length=40), Shown(_("Variable"), _("Empty: the number of people who came in."))
    ] = ""


@register
class Test(ExecutableType):
    """Goes on by the first condition that is true, else by the default branch; without one, it goes no further."""

    name = "test"
    label = _("Test")
    description = _("Choose the branch to go on by, from counts and variables.")
    category = Category.FLOW
    law = Law.COPY
    icon = "alt_route"
    inbound_min = 0
    __test__ = False

    class Config(Settings):
        conditions: Annotated[
            tuple[Condition, ...],
            Field(min_length=1, max_length=MOST_PARTS),
            Shown(_("Conditions"), _("The first that is true is taken.")),
        ]
        default: Annotated[bool, Shown(_("Default branch"), _("Taken when no condition is true."))] = False
        default_label: Annotated[Label, Shown(_("Label of the default branch"))] = ""

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        ways = tuple(condition.port() for condition in config.conditions)
        return (*ways, Port(DEFAULT, config.default_label or _("default"))) if config.default else ways

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        ids = {f"/conditions/{number}/id": each.id for number, each in enumerate(config.conditions)}
        yield from repeated_problems(ids, taken=[DEFAULT], code="test.repeated_condition")
        for number, condition in enumerate(config.conditions):
            yield from _condition_problems(condition, inbound, world, f"/conditions/{number}")

    @classmethod
    def execute(cls, context: CompileContext) -> References:
        came = passed_on(context)
        chosen = next((each.id for each in context.config.conditions if _holds(each, context)), DEFAULT)
        ports = (port.name for port in cls.ports(context.config))
        return References({port: came if port == chosen else None for port in ports})


def _condition_problems(
    condition: Condition, inbound: Sequence[Inbound], world: World, path: str
) -> Iterator[Problem]:
    if condition.variable and condition.variable not in world.variables:
        yield unknown(condition.variable, world.variables, path=f"{path}/variable", code="variable.unknown")
        return
    if not condition.variable and not shapes_in(inbound):
        remedy = gettext("Connect an activity that selects people, or test a variable.")
        yield Problem(
            "test.nobody_counted", f"{path}/variable", gettext("Nobody comes in to be counted."), remedy
        )
    kind = world.variables.get(condition.variable, "number")
    yield from comparison_problems(condition, kind, path)


def _holds(condition: Condition, context: CompileContext) -> bool:
    kind = context.world.variables.get(condition.variable, "number")
    if condition.variable:
        return condition.holds(context.variables.get(condition.variable), kind)
    return condition.holds(sum(arrival.row_count for arrival in context.populations()), kind)
