"""Every nth: of each so many people, those at the chosen places.

What somebody would put into `orchestration/activities/`; only tests read it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import pydantic
from pydantic import Field
from sqlglot import exp

from campaigns.activity_types import MAIN_PORT, Category, Inbound, Law, Port, Settings, World, register
from campaigns.problems import Problem
from campaigns.schedules.choices import Choices
from campaigns.settings_fields import Shown
from campaigns.targeting import trees
from orchestration.arrow_lint import population_problems
from orchestration.compilation import (
    CompileContext,
    ExecutableType,
    Outflow,
    Populations,
    key_of,
    select_from,
)
from orchestration.rule_lint import repeated_problems
from orchestration.selection.joins import ascending
from orchestration.selection.membership import counted, rest_of, wrapped
from orchestration.selection.sampling import PLACE, by_chance, row_number
from orchestration.setting_fields import Label, Seed

REST_PORT = Port("rest", "the others")


class Order(Choices):
    """In which order people are counted through."""

    CHANCE = "chance", "By chance"
    KEY = "key", "By their key"


class Counted(pydantic.BaseModel):
    """A place that is chosen among each so many."""

    model_config = pydantic.ConfigDict(extra="forbid", frozen=True)

    place: Annotated[int, Field(strict=True, ge=1, le=1000), Shown("Place")]
    label: Annotated[Label, Shown("Remark")] = ""


@register
class EveryNth(ExecutableType):
    """Counts people through and takes those at the chosen places of each so many."""

    name = "every_nth"
    label = "Every nth"
    description = "Take every third, tenth or hundredth of the people."
    category = Category.TARGETING
    law = Law.PARTITION
    icon = "linear_scale"

    class Config(Settings):
        every: Annotated[int, Field(strict=True, ge=2, le=1000), Shown("People to count", "From 2 to 1000.")]
        order: Annotated[Order, Shown("Order of counting")] = Order.CHANCE
        seed: Annotated[Seed, Shown("Lottery number", "Empty: the id of the activity.")] = ""
        places: Annotated[
            tuple[Counted, ...],
            Field(max_length=10),
            Shown("Places that are taken", "Without any: the first."),
        ] = ()
        complement: Annotated[bool, Shown("Generate the others", "Whoever is not taken.")] = False

    @classmethod
    def ports(cls, config: Any) -> tuple[Port, ...]:
        return (MAIN_PORT, REST_PORT) if config.complement else (MAIN_PORT,)

    @classmethod
    def lint(cls, config: Any, inbound: Sequence[Inbound], world: World) -> Iterable[Problem]:
        places = {f"/places/{number}/place": str(each.place) for number, each in enumerate(config.places)}
        yield from population_problems(inbound)
        yield from repeated_problems(places, code="every_nth.repeated_place")
        for path, place in places.items():
            if int(place) > config.every:
                message = f"Among {config.every} people nobody has place {place}."
                yield Problem("every_nth.no_such_place", path, message, f"Choose from 1 to {config.every}.")

    @classmethod
    def execute(cls, context: CompileContext) -> Populations:
        config, came = context.config, context.population()
        by_key = [ascending(key_of())]
        order = by_key if config.order == Order.KEY else by_chance(config.seed or context.activity_id)
        lined_up = select_from(came).select(trees.named(row_number(order=order), PLACE), copy=False)
        taken = wrapped(lined_up, came.columns).where(_at_a_place(config), copy=False)
        outflows = {"main": Outflow(taken, came.dimension, came.columns)}
        if not config.complement:
            return Populations(
                outflows, reported={"others": lambda made: counted(rest_of(came, made["main"]))}
            )
        outflows["rest"] = Outflow(lambda made: rest_of(came, made["main"]), came.dimension, came.columns)
        return Populations(outflows)


def _at_a_place(config: Any) -> exp.Expr:
    places = [each.place % config.every for each in config.places] or [1]
    place = exp.Mod(this=trees.column("p", PLACE), expression=exp.Literal.number(config.every))
    return exp.In(this=exp.paren(place), expressions=[exp.Literal.number(number) for number in places])
