"""Combine: the union, the intersection or the difference of several populations."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal

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
from campaigns.graph import Arrow
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from orchestration.compilation import CompileContext, ExecutableType, Populations, means
from orchestration.selection.combination_lint import combination_problems, in_order, kept_columns
from orchestration.selection.exclusion_rules import ExclusionRule
from orchestration.selection.set_operations import exclusion, intersection, union
from orchestration.setting_fields import MOST_PARTS, ArrowName, AttributeName, PersonCount


@register
class Combine(ExecutableType):
    """Joins populations: all their people, those in every one, or those of the primary set who are in no other."""

    name = "combine"
    label = _("Combine")
    description = _("The union, the intersection or the difference of several populations.")
    category = Category.TARGETING
    law = Law.COVER
    icon = "join"
    inbound_min = 2
    inbound_max = None

    class Config(Settings):
        operation: Annotated[Literal["union", "intersection", "exclusion"], Shown(_("Operation"))]
        primary: Annotated[
            ArrowName,
            Shown(
                _("Primary set"),
                _("Its people come first: their data survives, or they are whom others are excluded from."),
            ),
        ] = ""
        reconcile: Annotated[
            Literal["keys", "columns"],
            Shown(
                _("Who is the same"),
                _("People with the same key, or with the same values in a selection of columns."),
            ),
        ] = "keys"
        columns: Annotated[
            tuple[AttributeName, ...],
            Field(max_length=MOST_PARTS),
            Shown(_("Columns that make people the same")),
        ] = ()
        keep: Annotated[
            Literal["primary", "common"],
            Shown(
                _("Added columns to keep"), _("Those of the primary set, or only those that all sets have.")
            ),
        ] = "primary"
        rules: Annotated[
            tuple[ExclusionRule, ...],
            Field(max_length=MOST_PARTS),
            Shown(
                _("Exclusion rules"), _("How a set of another dimension is compared with the primary set.")
            ),
        ] = ()
        complement: Annotated[
            bool,
            Shown(
                _("Generate complement"),
                _("Of an intersection: everybody else. Of an exclusion: the rest of the primary set."),
            ),
        ] = False
        limit: Annotated[
            PersonCount | None,
            Shown(
                _("Size limit"),
                _("Of a union: the primary set's people come first, chance decides within a set."),
            ),
        ] = None

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def law_of(cls, config: Any) -> Law:
        return Law.PARTITION if config.operation == "exclusion" else Law.COVER

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        shapes = [arrow.shape for arrow in in_order(config.primary, inbound) if arrow.shape]
        combined = Shape(shapes[0].dimension, kept_columns(config, shapes)) if shapes else None
        return {port.name: combined for port in cls.ports(config)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        return combination_problems(config, inbound, world)

    @classmethod
    def may_start(cls, config: Any, arrived: Sequence[Arrow]) -> bool:
        """An exclusion is nothing without its primary set; any other set that cannot arrive counts as empty."""
        needed = config.operation == "exclusion" and config.primary
        return not needed or any(means(config.primary, arrow) for arrow in arrived)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        context.population()
        sets = in_order(context.config.primary, context.populations())
        columns = kept_columns(context.config, sets)
        operation = {"union": union, "intersection": intersection, "exclusion": exclusion}
        return operation[context.config.operation](context, sets, columns)
