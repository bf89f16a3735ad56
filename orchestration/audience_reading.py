"""The people of an audience as populations: those whose row is in the dimension, and those whose row is gone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from sqlglot import exp

from campaigns.activity_types import World
from campaigns.problems import Problem
from campaigns.targeting import trees
from campaigns.targeting.compile import check_rule
from campaigns.targeting.memberships import MEMBER_KEY, member_table
from campaigns.targeting.problems import as_problems
from campaigns.targeting.rules import Rule, parse_rule
from campaigns.targeting.schema import Audience, Column
from orchestration.compilation import CompileContext, Deciding, Made
from orchestration.exceptions import ActivityFailed
from orchestration.rule_lint import lint_scope, unknown
from orchestration.selection.deciding import deciding_of_rows
from orchestration.selection.dimension_rows import DimensionRows
from orchestration.selection.membership import counted, not_in_population
from orchestration.working_tables import KEY


def audience_problems(slug: str, world: World, *, path: str) -> Iterator[Problem]:
    """Why the audience cannot be read, its own rule included."""
    audience = world.catalogue.audiences.get(slug)
    if audience is None:
        yield unknown(slug, world.catalogue.audiences, path=path, code="audience.unknown")
        return
    found = check_rule(_membership(slug), lint_scope(audience.table, world))
    yield from as_problems((replace(each, path="") for each in found), path)


def _membership(slug: str) -> Rule:
    return parse_rule({"kind": "member", "audience": slug})


def readable(slug: str, world: World) -> Audience:
    """The audience; raises ActivityFailed, with the remedy, where nobody can be read."""
    problems = list(audience_problems(slug, world, path=""))
    if problems:
        raise ActivityFailed(f"{problems[0].message} {problems[0].remedy}")
    return world.catalogue.audiences[slug]


def kept_columns(config: Any, audience: Audience) -> dict[str, Column]:
    if config.keep == "none":
        return {}
    return {
        slug: column
        for slug, column in audience.columns.items()
        if config.keep == "all" or slug in config.columns
    }


class AudienceRows:
    """SELECTs of the people of an audience: of its members `m`, or of the rows `t` that its rule finds."""

    def __init__(self, context: CompileContext, audience: Audience, columns: Mapping[str, Column]) -> None:
        self.columns = columns
        self._audience = audience
        self._rows = DimensionRows(context, audience.dimension)

    def present(self) -> exp.Select:
        """Those whose row is in the dimension."""
        if self._audience.is_composed:
            return self._rows.select(self._rows.condition(_membership(self._audience.slug)))
        return self._members().where(self._has_row(), copy=False)

    def missing(self) -> exp.Select:
        """Those whose row is gone; whom a rule finds is there."""
        if self._audience.is_composed:
            return self._rows.select(exp.false())
        return self._members().where(exp.Not(this=self._has_row()), copy=False)

    def complement(self, made: Made) -> exp.Select:
        """Everybody in the dimension who is not among those present."""
        return self._rows.select(not_in_population(made["main"], self._rows.key()))

    def decided(self) -> Deciding | None:
        """What decided where a rule does; a list says of nobody why they are not on it."""
        if not self._audience.is_composed:
            return None
        rule = parse_rule(self._audience.rule)
        return deciding_of_rows(
            self._rows.context,
            self._audience.dimension,
            lambda decision, _made: decision.rule("/audience", rule, is_setting=False),
        )

    def counted(self) -> dict[str, exp.Select]:
        """How many are on the list: what those present and those missing have to add up to."""
        return {} if self._audience.is_composed else {"members": counted(self._members())}

    def _members(self) -> exp.Select:
        carried = (trees.column("m", column.name) for column in self.columns.values())
        key = trees.named(trees.column("m", MEMBER_KEY), KEY)
        return trees.select([key, *carried], member_table(self._audience, "m"))

    def _has_row(self) -> exp.Exists:
        same = exp.EQ(this=self._rows.key(), expression=trees.column("m", MEMBER_KEY))
        return trees.exists(trees.relation(self._rows.row), same)
