"""Deduplication: of the people who are the same by some of their attributes, keep a few."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import Annotated, Any

from django.utils.translation import gettext
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
from campaigns.decisions import Fact
from campaigns.fixes import leaving_out, writing
from campaigns.graph import Arrow
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.arrow_lint import population_problems, primary_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Made, Outflow, Populations, means
from orchestration.rule_lint import attribute_problems, repeated_problems, unknown
from orchestration.selection.deciding import Decision, deciding
from orchestration.selection.duplicates import first_of_groups, first_ones
from orchestration.selection.key_order import settings_for
from orchestration.selection.membership import rest_of
from orchestration.selection.preference import COMPARABLE, ByChance, Preference, order_of, preference_problems
from orchestration.selection.profiles import Profiles
from orchestration.setting_fields import MOST_PARTS, ArrowName, AttributeName, ColumnName


@register
class Deduplication(ExecutableType):
    """Keeps a few of those who are the same by the chosen fields; who has none of the fields is nobody's duplicate."""

    name = "deduplication"
    label = _("Deduplication")
    description = _("Keep a few of the people whose chosen fields are the same.")
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "filter_none"
    inbound_max = None

    class Config(Settings):
        primary: Annotated[
            ArrowName,
            Shown(_("Primary set"), _("Whose duplicates are looked for, where several sets come in.")),
        ] = ""
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
        fill: Annotated[
            tuple[ColumnName, ...],
            Field(max_length=MOST_PARTS),
            Shown(
                _("Columns to fill"),
                _("Where the one who is kept has an empty value, that of the first duplicate who has one."),
            ),
        ] = ()
        complement: Annotated[
            bool, Shown(_("Generate complement"), _("The duplicates that are not kept."))
        ] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        keys = {f"/keys/{number}": name for number, name in enumerate(config.keys)}
        shape = shape_in(inbound, config.primary)
        yield from population_problems(inbound)
        yield from primary_problems(config.primary, inbound, code="deduplication.no_primary")
        yield from attribute_problems(keys, shape, world, types=COMPARABLE)
        yield from repeated_problems(keys, code="deduplication.repeated_key", mend="remove")
        yield from preference_problems(config.method, shape, world, path="/method")
        yield from _fill_problems(config, shape)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {port.name: shape_in(inbound, config.primary) for port in cls.ports(config)}

    @classmethod
    def may_start(cls, config: Any, arrived: Sequence[Arrow]) -> bool:
        return any(not config.primary or means(config.primary, arrow) for arrow in arrived)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population(context.config.primary)
        profiles = Profiles(context, came)
        order = order_of(config.method, profiles, context)
        kept = first_of_groups(profiles, config, order) if config.keep else rest_of(came)
        outflows = {"main": Outflow(kept, came.dimension, came.columns)}
        settings = settings_for(profiles)
        if config.complement:
            outflows["complement"] = Outflow(
                lambda made: rest_of(came, made["main"]),
                came.dimension,
                came.columns,
                decided=deciding(context, came, partial(_decide, context)),
            )
            return Populations(outflows, settings=settings, subjects=[came])
        return Populations(outflows, settings=settings, dropped={"duplicates": came}, subjects=[came])


def _decide(context: CompileContext, decision: Decision, _made: Made) -> None:
    """Put down the values that made somebody a duplicate, and who was kept instead."""
    config, profiles = context.config, Profiles(context, decision.came)
    for number, name in enumerate(config.keys):
        decision.compared(f"/keys/{number}", name)
    order = order_of(config.method, profiles, context)
    decision.looked_up("/keys", Fact.KEPT, first_ones(profiles, config, order))


def _fill_problems(config: Any, shape: Shape | None) -> Iterator[Problem]:
    if config.fill and config.keep != 1:
        message = gettext("Values can be brought together only where one of the duplicates is kept.")
        remedy = gettext("Keep 1, or fill no columns.")
        fixes = (
            writing("/keep", 1, gettext("Keep 1")),
            leaving_out("/fill", gettext("Fill no columns")),
        )
        yield Problem("deduplication.needless_fill", "/fill", message, remedy, fixes=fixes)
    for number, name in enumerate(config.fill):
        if shape is not None and name not in shape.columns:
            yield unknown(name, shape.columns, path=f"/fill/{number}", code="column.unknown")
    yield from repeated_problems(
        {f"/fill/{number}": name for number, name in enumerate(config.fill)},
        code="deduplication.repeated_fill",
        mend="remove",
    )
