"""Which of several people comes first: the methods of a deduplication, as settings, as lint and as an order in SQL."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal

from django.utils.translation import gettext_lazy as _
from pydantic import Field
from sqlglot import exp

from campaigns.activity_types import Settings, Shape, World
from campaigns.problems import Problem
from campaigns.settings_fields import Shown
from campaigns.targeting.bound import bound
from campaigns.targeting.clock import Clock
from campaigns.targeting.operands import LiteralValue
from campaigns.targeting.problems import RuleError, as_problems
from campaigns.targeting.schema import FieldType
from campaigns.targeting.values import literal
from orchestration.compilation import CompileContext, key_of
from orchestration.rule_lint import LINT_CLOCK, attribute_of, attribute_problems, is_known
from orchestration.selection.joins import ascending, descending, filled, sortable
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import by_chance
from orchestration.setting_fields import MOST_PARTS, AttributeName, AttributeSetting, Seed

COMPARABLE = tuple(each for each in FieldType if each is not FieldType.JSON)
LISTABLE = tuple(each for each in COMPARABLE if each is not FieldType.DATETIME)
MOST_VALUES = 1000


class ByChance(Settings):
    """Any of them, the same ones each time."""

    kind: Annotated[Literal["random"], Shown(_("Random selection"))] = "random"
    seed: Annotated[Seed, Shown(_("Seed"), _("Empty: the id of the activity."))] = ""


class ByValue(Settings):
    """Those with the smallest or largest value; empties last."""

    kind: Annotated[Literal["value"], Shown(_("Smallest or largest value"))]
    attribute: Annotated[AttributeSetting, Shown(_("Attribute"))]
    first: Annotated[Literal["smallest", "largest"], Shown(_("First"))] = "smallest"


class ByPresence(Settings):
    """Those who have a value where others have none."""

    kind: Annotated[Literal["non_empty"], Shown(_("Non-empty values first"))]
    attributes: Annotated[
        tuple[AttributeName, ...],
        Field(min_length=1, max_length=MOST_PARTS),
        Shown(_("Attributes"), _("The first one counts most.")),
    ]


class ByList(Settings):
    """Those whose value stands first in a list; values that are not in it come last."""

    kind: Annotated[Literal["list"], Shown(_("Following a list of values"))]
    attribute: Annotated[AttributeName, Shown(_("Attribute"))]
    values: Annotated[
        tuple[LiteralValue, ...], Field(min_length=1, max_length=MOST_VALUES), Shown(_("Values in order"))
    ]


Preference = Annotated[ByChance | ByValue | ByPresence | ByList, Field(discriminator="kind")]


def preference_problems(
    preference: Preference, shape: Shape | None, world: World, *, path: str
) -> Iterator[Problem]:
    match preference:
        case ByValue(attribute=name):
            yield from attribute_problems({f"{path}/attribute": name}, shape, world, types=COMPARABLE)
        case ByPresence(attributes=names):
            places = {f"{path}/attributes/{number}": name for number, name in enumerate(names)}
            yield from attribute_problems(places, shape, world)
        case ByList():
            yield from _list_problems(preference, shape, world, path)


def _list_problems(preference: ByList, shape: Shape | None, world: World, path: str) -> Iterator[Problem]:
    found = list(
        attribute_problems({f"{path}/attribute": preference.attribute}, shape, world, types=LISTABLE)
    )
    yield from found
    if found or shape is None or not is_known(shape, world):
        return
    field_type = attribute_of(preference.attribute, shape, world).type
    for number, value in enumerate(preference.values):
        try:
            literal(value, field_type, LINT_CLOCK, f"/values/{number}")
        except RuleError as error:
            yield from as_problems(error.problems, path)


def order_of(preference: Preference, profiles: Profiles, context: CompileContext) -> Sequence[exp.Ordered]:
    """The order of people in a query over `p`; what is equal in it is put in the order of keys."""
    match preference:
        case ByChance(seed=seed):
            return by_chance(seed or context.activity_id)
        case ByValue(attribute=name, first=first):
            direction = ascending if first == "smallest" else descending
            return [direction(sortable(profiles.value(name))), ascending(key_of())]
        case ByPresence(attributes=names):
            empty = (exp.Is(this=filled(profiles.value(name)), expression=exp.null()) for name in names)
            return [*map(ascending, empty), ascending(key_of())]
        case ByList():
            return [ascending(_position(preference, profiles, context)), ascending(key_of())]
    raise AssertionError(preference)


def _position(preference: ByList, profiles: Profiles, context: CompileContext) -> exp.Expr:
    subject = profiles.value(preference.attribute)
    clock = Clock(context.anchor, context.zone)
    ifs = [
        exp.If(
            this=exp.EQ(this=subject.value(), expression=bound(literal(value, subject.type, clock, ""))),
            true=exp.Literal.number(number),
        )
        for number, value in enumerate(preference.values)
    ]
    return exp.Case(ifs=ifs, default=exp.Literal.number(len(ifs)))
