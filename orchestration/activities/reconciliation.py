"""Reconciliation: find the rows of a table that the rows which come in stand for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, Literal, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from campaigns.activity_types import MAIN_PORT, Category, Inbound, Law, Port, Settings, Shape, World, register
from campaigns.problems import Problem
from campaigns.setting_rules import OnOtherRows
from campaigns.settings_fields import RefusedError, Shown
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations, Selection
from orchestration.selection.deciding import deciding
from orchestration.selection.matches import Match
from orchestration.selection.membership import counted
from orchestration.selection.reconciliation_lint import reconciliation_problems
from orchestration.selection.reconciliations import PAIRS, Reconciling
from orchestration.setting_fields import MOST_PARTS, DimensionSlug, RuleSetting

UNMATCHED_PORT = Port("unmatched", _("unmatched"))


@register
class Reconciliation(ExecutableType):
    """Finds the rows of a dimension that equal attributes or a rule point to; who stands for none leaves by a way of
    their own, or is only counted."""

    name = "reconciliation"
    label = _("Reconciliation")
    description = _("Find the people of the database that rows, as those of a file, stand for.")
    category = Category.TARGETING
    law = Law.MAP
    icon = "person_search"

    class Config(Settings):
        dimension: Annotated[
            DimensionSlug | None,
            Shown(_("New targeting dimension"), _("Empty: the dimension of those who come in.")),
        ] = None
        attributes: Annotated[
            tuple[Match, ...],
            Field(max_length=MOST_PARTS),
            Shown(_("Equal attributes"), _("All pairs have to be equal; empty equals nothing.")),
        ] = ()
        rule: Annotated[
            RuleSetting | None,
            OnOtherRows(),
            Shown(_("Condition"), _("On the new dimension's row; @name is a column of those who come in.")),
        ] = None
        filter: Annotated[
            RuleSetting | None, Shown(_("Whom to reconcile"), _("All others count as unmatched."))
        ] = None
        several: Annotated[
            Literal["first", "all", "none"],
            Shown(_("Where several rows are found"), _("The first by key, all, or none of them.")),
        ] = "first"
        ignore_case: Annotated[bool, Shown(_("Upper and lower case are the same"))] = False
        keep_unmatched: Annotated[
            bool,
            Shown(
                _("Keep unmatched rows"), _("They leave by a way of their own; else they are only counted.")
            ),
        ] = True

        @model_validator(mode="after")
        def _something(self) -> Self:
            if not self.attributes and self.rule is None:
                raise RefusedError(
                    "nothing_compared",
                    gettext("It is not said how the rows are found."),
                    gettext("Give “attributes” that are equal, or a “rule”."),
                )
            return self

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, UNMATCHED_PORT) if config.keep_unmatched else (MAIN_PORT,)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        came = shape_in(inbound)
        main = Shape(config.dimension or came.dimension, came.columns) if came else None
        return {port.name: main if port is MAIN_PORT else came for port in cls.ports(config)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        yield from population_problems(inbound)
        yield from reconciliation_problems(config, shape_in(inbound), world)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        rows = Reconciling(context, came)
        outflows = {"main": Outflow(rows.reached, rows.dimension, came.columns)}
        if config.keep_unmatched:
            outflows["unmatched"] = Outflow(
                rows.unmatched,
                came.dimension,
                came.columns,
                decided=deciding(context, came, rows.decide),
            )
        reported: dict[str, Selection] = {
            "matched": rows.matched,
            "unmatched": lambda made: counted(rows.unmatched(made)),
            "ambiguous": rows.ambiguous,
            "doubled": rows.doubled,
        }
        if config.filter is not None:
            reported["not_asked"] = rows.not_asked()
        return Populations(outflows, reported=reported, scratch={PAIRS: rows.pairs()})
