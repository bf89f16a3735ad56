"""Control group: withhold a share of the people, so that the effect on the others can be measured."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import partial
from typing import Annotated, Any, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator

from campaigns.activity_types import MAIN_PORT, Category, Inbound, Law, Port, Settings, World, register
from campaigns.problems import Problem
from campaigns.settings_fields import RefusedError, Shown
from orchestration.arrow_lint import population_problems, shape_in
from orchestration.compilation import CompileContext, ExecutableType, Made, Outflow, Populations
from orchestration.rule_lint import attribute_problems, repeated_problems
from orchestration.selection.deciding import Decision, deciding
from orchestration.selection.membership import rest_of
from orchestration.selection.preference import COMPARABLE
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import by_chance, first_people, share_of
from orchestration.selection.strata import first_of_strata
from orchestration.setting_fields import AttributeName, Percent, PersonCount, Seed

MOST_STRATA = 5
CONTROL_PORT = Port("control", _("control group"))


@register
class ControlGroup(ExecutableType):
    """Withholds a share by the hash of seed and key: the same seed withholds the same people in every run."""

    name = "control_group"
    label = _("Control group")
    description = _("Withhold a share of the people, so that the effect can be measured.")
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "science"

    class Config(Settings):
        percent: Annotated[
            Percent | None, Shown(_("Percent of the people"), _("Either this or a number."))
        ] = None
        number: Annotated[
            PersonCount | None, Shown(_("Number of people"), _("Either this or a percentage."))
        ] = None
        seed: Annotated[Seed, Shown(_("Seed"), _("Empty: the id of the activity."))] = ""
        stratify: Annotated[
            tuple[AttributeName, ...],
            Field(max_length=MOST_STRATA),
            Shown(_("Stratify by"), _("The same share is taken of all who have the same values.")),
        ] = ()

        @model_validator(mode="after")
        def _one_size(self) -> Self:
            if (self.percent is None) == (self.number is None):
                raise RefusedError(
                    "one_size",
                    gettext("A control group has one size."),
                    gettext("Give either “percent” or “number”."),
                )
            return self

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, CONTROL_PORT)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        strata = {f"/stratify/{number}": name for number, name in enumerate(config.stratify)}
        yield from population_problems(inbound)
        yield from attribute_problems(strata, shape_in(inbound), world, types=COMPARABLE)
        yield from repeated_problems(strata, code="control_group.repeated_stratum", mend="remove")

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        size = config.number if config.percent is None else share_of(came.row_count, config.percent)
        order = by_chance(config.seed or context.activity_id)
        profiles = Profiles(context, came)
        if config.stratify:
            chosen = first_of_strata(profiles, config.stratify, order, min(size, came.row_count))
        else:
            chosen = first_people(profiles.select(), came.columns, order=order, number=size)
        return Populations(
            {
                "control": Outflow(
                    chosen,
                    came.dimension,
                    came.columns,
                    decided=deciding(context, came, partial(_decide, config.stratify)),
                ),
                "main": Outflow(lambda made: rest_of(came, made["control"]), came.dimension, came.columns),
            }
        )


def _decide(strata: Sequence[str], decision: Decision, _made: Made) -> None:
    """Put down the values that chance drew within; without any, chance alone decided."""
    for number, name in enumerate(strata):
        decision.compared(f"/stratify/{number}", name)
