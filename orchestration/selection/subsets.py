"""The subsets of a split: how each is chosen from those who are still there, as settings and as SQL."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator
from sqlglot import exp

from campaigns.activity_types import Settings
from campaigns.settings_fields import RefusedError, Shown
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.scope import Value
from orchestration.compilation import Arrival, CompileContext, key_of, select_from
from orchestration.exceptions import ActivityFailed
from orchestration.selection.joins import ascending, descending, sortable
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import (
    Each,
    by_chance,
    first_of_each,
    first_people,
    first_share,
    first_share_of_each,
    read_step,
    share_of,
)
from orchestration.setting_fields import AttributeSetting, Label, Percent, PersonCount, PortId, RuleSetting


class Limit(Settings):
    """At most so many people."""

    number: Annotated[PersonCount | None, Shown(_("Number of people"))] = None
    variable: Annotated[
        str,
        Field(max_length=40),
        Shown(_("Variable"), _("A number of the campaign's, as it is when the run comes here.")),
    ] = ""
    percent: Annotated[Percent | None, Shown(_("Percent"))] = None
    of: Annotated[
        Literal["left", "inbound"],
        Shown(
            _("Percent of"),
            _("Those the subset's rule finds among the people not taken yet, or everybody who came in."),
        ),
    ] = "left"
    by: Annotated[
        AttributeSetting | None,
        Shown(
            _("For each"), _("The limit then holds among all who have the same value, not of all together.")
        ),
    ] = None

    @model_validator(mode="after")
    def _one_size(self) -> Self:
        sizes = (self.percent is not None, self.number is not None, bool(self.variable))
        if sum(sizes) != 1:
            remedy = gettext("Give either “percent”, “number” or “variable”.")
            raise RefusedError("one_size", gettext("A limit has one size."), remedy)
        return self


class Sort(Settings):
    """Who comes first; equals are put in order by chance."""

    attribute: Annotated[AttributeSetting, Shown(_("Attribute"))]
    order: Annotated[Literal["ascending", "descending"], Shown(_("Order"))] = "ascending"


class Subset(Settings):
    """One way out of a split."""

    id: Annotated[PortId, Shown(_("Id"), _("Names the way out in files and reports."))]
    label: Annotated[Label, Shown(_("Label"))] = ""
    code: Annotated[
        Label, Shown(_("Segment code"), _("What stands in the column of the subset. Empty: the id."))
    ] = ""
    rule: Annotated[RuleSetting | None, Shown(_("Rule"))] = None
    limit: Annotated[Limit | None, Shown(_("Limit"))] = None
    sort: Annotated[
        Sort | None, Shown(_("Sorting"), _("Without it, chance decides who is within the limit."))
    ] = None
    skip_empty: Annotated[bool, Shown(_("Skip the transition when it is empty"))] = False


@dataclass(frozen=True, slots=True)
class Choosing:
    """Chooses the people of a subset among those who came in, less those already taken."""

    context: CompileContext
    came: Arrival
    seed: str

    def select(self, subset: Subset, taken: Sequence[exp.Expr], left: int | None = None) -> exp.Select:
        """`taken` are conditions on `p` that keep those out who have left already; `left` is how many they leave, where
        that is known.
        """
        profiles = Profiles(self.context, self.came)
        conditions = [*taken, *([profiles.condition(subset.rule)] if subset.rule else [])]
        order = self._order(subset, profiles)
        by = sortable(profiles.value(subset.limit.by)) if subset.limit and subset.limit.by else None
        query = profiles.select()
        if conditions:
            query = query.where(*conditions, copy=False)
        if subset.limit is None:
            return query
        if by is not None:
            return self._limited_each(query, subset.limit, Each(order, [by]))
        return self._limited(query, subset.limit, order, left if subset.rule is None else None)

    def _limited(
        self, query: exp.Select, limit: Limit, order: Sequence[exp.Ordered], left: int | None
    ) -> exp.Select:
        columns = self.came.columns
        if limit.percent is None or limit.of != "left":
            return first_people(query, columns, order=order, number=self._size(limit))
        if left is None:
            return first_share(query, columns, order=order, percent=limit.percent)
        return first_people(query, columns, order=order, number=share_of(left, limit.percent))

    def _limited_each(self, query: exp.Select, limit: Limit, each: Each) -> exp.Select:
        columns = self.came.columns
        if limit.percent is not None:
            return first_share_of_each(query, columns, each, percent=limit.percent)
        return first_of_each(query, columns, each, number=self._size(limit))

    def _size(self, limit: Limit) -> int:
        if limit.variable:
            return size_in(self.context.variables.get(limit.variable), limit.variable)
        if limit.percent is not None:
            return share_of(self.came.row_count, limit.percent)
        return limit.number or 0

    def _order(self, subset: Subset, profiles: Profiles) -> Sequence[exp.Ordered]:
        if subset.limit is None:
            return []
        chance = by_chance(f"{self.seed}/{subset.id}")
        if subset.sort is None:
            return chance
        direction = ascending if subset.sort.order == "ascending" else descending
        return [direction(sortable(profiles.value(subset.sort.attribute))), *chance]


def size_in(value: Value | None, name: str) -> int:
    """A variable's value as a number of people; raises ActivityFailed where it is none."""
    if isinstance(value, Decimal) and value >= 0:
        return int(value)
    shown = gettext("no value") if value is None else value
    message = gettext(
        "Variable “%(name)s” has %(value)s, which is no number of people. Set it and run again."
    )
    raise ActivityFailed(message % {"name": name, "value": shown})


def in_one_table(choosing: Choosing, subsets: Sequence[Subset], *, column: str) -> exp.Select:
    """All subsets in one SELECT, each person's subset in a column; later subsets see who was taken before."""
    steps = [
        choosing.select(subset, [_not_in(f"s{earlier}") for earlier in range(number)])
        for number, subset in enumerate(subsets)
    ]
    names = [each.alias_or_name for each in select_from(choosing.came).expressions]
    parts = [_labelled(f"s{number}", names, subset, column) for number, subset in enumerate(subsets)]
    everybody = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)
    columns = [trees.column("p", name) for name in (*names, column)]
    select = exp.select(*columns).from_(everybody.subquery("p", copy=False), copy=False)
    for number, step in enumerate(steps):
        select = select.with_(f"s{number}", as_=step, materialized=True, copy=False)
    return select


def _not_in(step: str) -> exp.Expr:
    same = exp.EQ(this=key_of("m"), expression=key_of())
    return exp.Not(this=trees.exists(read_step(step, "m"), same))


def _labelled(step: str, names: Sequence[str], subset: Subset, column: str) -> exp.Select:
    code = trees.named(bound(subset.code or subset.id), column)
    return trees.select([*(trees.column("p", name) for name in names), code], read_step(step, "p"))
