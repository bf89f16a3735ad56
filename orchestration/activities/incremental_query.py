"""Incremental query: everybody in a dimension for whom a rule holds and whose date lies after the last reading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta
from typing import Annotated, Any, Literal

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
from campaigns.problems import Problem
from campaigns.schedules.fields import LocalDateTime
from campaigns.settings_fields import Shown
from campaigns.targeting.schema import FieldType
from orchestration.compilation import CompileContext, ExecutableType, Outflow, Populations, Reading, WaitUntil
from orchestration.readings import standing
from orchestration.rule_lint import attribute_problems, dimension_problems, rule_problems
from orchestration.selection.deciding import deciding_of_rows
from orchestration.selection.increments import Increment
from orchestration.selection.membership import not_in_population
from orchestration.setting_fields import AttributeName, DimensionSlug, RuleSetting

MOST_DAYS = 3660
MOST_MINUTES = 7 * 24 * 60
_AGAIN = timedelta(minutes=1)


@register
class IncrementalQuery(ExecutableType):
    """Selects those for whom the rule holds and whose date lies after the marker and not after the run's time; the
    marker moves to the run's time when a live run completes, never in a test."""

    name = "incremental_query"
    label = _("Incremental query")
    description = _("Only those who are new since the last run, by a date of theirs.")
    category = Category.TARGETING
    law = Law.SOURCE
    icon = "update"
    inbound_min = 0

    class Config(Settings):
        dimension: Annotated[DimensionSlug, Shown(_("Targeting dimension"))]
        rule: Annotated[RuleSetting | None, Shown(_("Rule"), _("Without a rule: everybody."))] = None
        dated: Annotated[
            AttributeName,
            Shown(
                _("Path to the date field"),
                _("A date and time; a date counts as the end of its day, so its people come the day after."),
            ),
        ]
        start: Annotated[
            LocalDateTime | None,
            Shown(_("First reading from"), _("Empty: the first run returns everybody with a date.")),
        ] = None
        exclude_returned: Annotated[
            bool,
            Shown(
                _("Exclude results of previous executions"),
                _("Who was returned once is not returned again, whatever their date says by then."),
            ),
        ] = False
        history_days: Annotated[
            int,
            Field(strict=True, ge=0, le=MOST_DAYS),
            Shown(_("History in days"), _("For how long that holds. 0: for ever.")),
        ] = 0
        look_back: Annotated[
            int,
            Field(strict=True, ge=0, le=MOST_MINUTES),
            Shown(
                _("Look back (minutes)"),
                _(
                    "Finds rows that were stored later than their date says; who came with that date is left out."
                ),
            ),
        ] = 0
        when_empty: Annotated[Literal["continue", "stop"], Shown(_("When nobody is found"))] = "stop"
        complement: Annotated[
            bool, Shown(_("Generate complement"), _("Everybody else in the dimension."))
        ] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, COMPLEMENT_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def shapes(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Mapping[str, Shape | None]:
        return {port.name: Shape(config.dimension) for port in cls.ports(config)}

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        shape, dates = Shape(config.dimension), (FieldType.DATETIME, FieldType.DATE)
        yield from dimension_problems(config.dimension, world, path="/dimension")
        yield from rule_problems(config.rule, shape, world, path="/rule")
        yield from attribute_problems({"/dated": config.dated}, shape, world, types=dates)

    @classmethod
    def lint_in_a_round(cls, config: Any) -> Iterable[Problem]:
        """Its second reading in a run would wait for the run to end."""
        message = gettext("A jump leads back to before this query, which can read only once in a run.")
        remedy = gettext("Put it before the activity that the jump goes back to, or build an audience here.")
        yield Problem("incremental_query.in_a_round", "", message, remedy)

    @classmethod
    def execute(cls, context: CompileContext) -> Populations | WaitUntil:
        """Another run that has read and is not over is waited for: its people would be returned twice."""
        config = context.config
        stands = standing(context.campaign_id, context.activity_id, dimension=config.dimension)
        if stands.is_read and not context.is_test:
            return WaitUntil(context.now + _AGAIN)
        increment = Increment(context, stands)
        skip = config.when_empty == "stop"
        outflows = {"main": Outflow(increment.select(), config.dimension, skip_empty=skip)}
        if config.complement:
            everybody = increment.rows
            outflows["complement"] = Outflow(
                lambda made: everybody.select(not_in_population(made["main"], everybody.key())),
                config.dimension,
                decided=deciding_of_rows(context, config.dimension, increment.decide),
            )
        return Populations(outflows, reading=_reading(increment))


def _reading(increment: Increment) -> Reading:
    context, stands = increment.context, increment.standing
    return Reading(
        read_from=stands.value,
        read_to=context.anchor,
        revision=stands.revision,
        returned=increment.returned if increment.remembers else None,
        forgotten_before=increment.forgotten_before,
    )
