"""What an author asks of a rule before there is a run: its words, its SQL, how many people, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.document import Document, Variable
from campaigns.limited_queries import Answer, answer
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.compile import check_rule
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.render import pretty, render
from campaigns.targeting.rules import Rule, parse_rule
from campaigns.targeting.schema import Catalogue, Column
from campaigns.targeting.scope import Scope, Value
from campaigns.targeting.sentence import sentence
from campaigns.targeting.statements import count_statement, preview_statement, select_keys

MOST_SHOWN = 8
MOST_COLUMNS = 6


@dataclass
class RuleQuestion:
    """One rule, as it was written, on one table; without a rule everybody is meant."""

    data: Any
    table: str
    catalogue: Catalogue
    document: Document
    columns: Mapping[str, Column] = field(default_factory=dict)
    """What the population carries at the rule's place; only a run has their values."""

    @cached_property
    def rule(self) -> Rule | None:
        """Raises RuleError."""
        return None if self.data is None else parse_rule(self.data)

    @cached_property
    def scope(self) -> Scope:
        return Scope(
            catalogue=self.catalogue,
            table=self.table,
            now=timezone.now(),
            zone=self.document.campaign.time_zone,
            variables=variables_of(self.document),
            columns={slug: (column, exp.column(slug)) for slug, column in self.columns.items()},
        )

    def problems(self) -> Sequence[RuleProblem]:
        """Everything wrong with the rule."""
        try:
            return check_rule(self.rule, self.scope) if self.rule else ()
        except RuleError as error:
            return error.problems

    @property
    def needs_a_run(self) -> bool:
        """Whether it speaks of columns that are made on the way."""
        return _speaks_of_columns(self.data)

    def words(self) -> str:
        return sentence(self.rule, self.catalogue, self.table)

    def sql(self) -> str:
        return pretty(select_keys(self.rule, self.scope))

    def count(self) -> Answer:
        """One row with one number; raises RuleError or TookTooLong."""
        return answer(render(count_statement(self.rule, self.scope)))

    def sample(self, columns: Sequence[str]) -> Answer:
        """The first people by key; raises RuleError or TookTooLong."""
        return answer(render(preview_statement(self.rule, self.scope, columns=columns, limit=MOST_SHOWN)))

    def columns_shown(self) -> Mapping[str, Column]:
        """The first columns of the table: enough to recognise somebody by."""
        columns = self.catalogue.tables[self.table].columns
        return dict(list(columns.items())[:MOST_COLUMNS])


def _speaks_of_columns(data: Any) -> bool:
    if isinstance(data, Mapping):
        named = data.get("attribute")
        is_column = isinstance(named, str) and named.startswith(POPULATION_MARK)
        return is_column or any(_speaks_of_columns(value) for value in data.values())
    return isinstance(data, list) and any(_speaks_of_columns(value) for value in data)


def variables_of(document: Document) -> dict[str, Value | None]:
    """The values runs begin with; one that is not valid yet counts as empty."""
    return {name: _typed(variable) for name, variable in document.variables.items()}


def _typed(variable: Variable) -> Value | None:
    value = variable.value
    if value is None or value == "" or isinstance(value, bool):
        return value if isinstance(value, bool) else None
    try:
        match variable.type:
            case "number":
                return Decimal(value)
            case "date":
                return date.fromisoformat(value)
    except (ValueError, InvalidOperation):
        return None
    return value


def run_needed() -> str:
    return _("The rule uses columns that are made in the flow. Run a test to see its numbers.")
