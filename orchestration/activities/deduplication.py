"""Deduplication: of the people who are the same by some of their attributes, keep a few."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

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
    World,
    register,
)
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations
from orchestration.rule_lint import attribute_problems, repeated_problems
from orchestration.selection.duplicates import first_of_groups
from orchestration.selection.membership import counted, rest_of
from orchestration.selection.preference import COMPARABLE, ByChance, Preference, order_of, preference_problems
from orchestration.selection.profiles import Profiles
from orchestration.setting_fields import MOST_PARTS, AttributeName


@register
class Deduplication(ExecutableType):
    """Keeps a few of those who are the same by the chosen fields; who has none of the fields is nobody's duplicate."""

    name = "deduplication"
    label = _("Deduplication")
    description = _("Keep a few of the people whose chosen fields are the same.")
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "filter_none"

    class Config(Settings):
        keys: Annotated[
            tuple[AttributeName, ...],
            Field(min_length=1, max_length=MOST_PARTS),
            Shown(_("Fields to identify duplicates")),
        ]
        keep: Annotated[
            int, Field(strict=True, ge=0, le=1_000_000), Shown(_("Duplicates to keep"), _("0 keeps all."))
        ] = 1
        method: Annotated[Preference, Shown(_("Whom to keep"))] = ByChance()
        ignore_case: Annotated[bool, Shown(_("Upper and lower case are the same"))] = True
        trim: Annotated[bool, Shown(_("Blanks at the ends of texts do not count"))] = True
        complement: Annotated[
            bool, Shown(_("Generate complement"), _("The duplicates that are not kept."))
        ] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        keys = {f"/keys/{number}": name for number, name in enumerate(config.keys)}
        shape = shape_in(inbound)
        yield from population_problems(inbound)
        yield from attribute_problems(keys, shape, world, types=COMPARABLE)
        yield from repeated_problems(keys, code="deduplication.repeated_key")
        yield from preference_problems(config.method, shape, world, path="/method")

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        profiles = Profiles(context, came)
        order = order_of(config.method, profiles, context)
        kept = first_of_groups(profiles, config, order) if config.keep else rest_of(came)
        outflows = {"main": Outflow(kept, came.dimension, came.columns)}
        if config.complement:
            outflows["complement"] = Outflow(
                lambda made: rest_of(came, made["main"]), came.dimension, came.columns
            )
            return Populations(outflows)
        return Populations(
            outflows, reported={"duplicates": lambda made: counted(rest_of(came, made["main"]))}
        )
