"""What an author asks of a rule before there is a run: its words, its SQL, how many people, and which."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from functools import cached_property
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _
from sqlglot import exp

from campaigns.document import Document, Variable
from campaigns.limited_queries import Answer, answer
from campaigns.personal_data import MASKED, hidden_fields
from campaigns.problems import ProblemsError
from campaigns.rule_nodes import end_of
from campaigns.schedules.zones import zone_named
from campaigns.targeting.attributes import POPULATION_MARK
from campaigns.targeting.compile import check_rule
from campaigns.targeting.expressions import tokens
from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.render import pretty, render
from campaigns.targeting.rules import Rule, parse_rule
from campaigns.targeting.schema import Catalogue, Column, FieldType
from campaigns.targeting.scope import Scope, Value
from campaigns.targeting.sentence import sentence
from campaigns.targeting.statements import count_statement, preview_statement, select_keys

MOST_SHOWN = 8
MOST_COLUMNS = 6


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a rule means depends on these: the zone, the variables, and the time relative dates count from."""

    zone: str = "UTC"
    variables: Mapping[str, Value | None] = field(default_factory=dict)
    now: datetime = field(default_factory=timezone.now)


@dataclass(frozen=True, slots=True)
class Sample:
    """Some of the people, as text; None where there is no value, a mask where it may not be seen."""

    columns: Mapping[str, Column]
    rows: Sequence[Sequence[str | None]]
    seconds: float


@dataclass
class RuleQuestion:
    """One rule, as it was written, on one table; without a rule everybody is meant."""

    data: Any
    table: str
    catalogue: Catalogue
    surroundings: Surroundings = field(default_factory=Surroundings)
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
            now=self.surroundings.now,
            zone=self.surroundings.zone,
            variables=self.surroundings.variables,
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
        return speaks_of_columns(self.data)

    def words(self) -> str:
        return sentence(self.rule, self.catalogue, self.table)

    def sql(self) -> str:
        return pretty(self.selection())

    def selection(self) -> exp.Select:
        """The keys of the rows; raises RuleError."""
        return select_keys(self.rule, self.scope)

    def count(self) -> Answer:
        """One row with one number; raises RuleError or Unanswered."""
        return answer(render(count_statement(self.rule, self.scope)))

    def sample(self, columns: Sequence[str]) -> Answer:
        """The first people by key; raises RuleError or Unanswered."""
        return answer(render(preview_statement(self.rule, self.scope, columns=columns, limit=MOST_SHOWN)))

    def people(self, *, personal: bool) -> Sample:
        """The first people by their first columns; raises RuleError or Unanswered."""
        columns = self.columns_shown()
        found = self.sample(list(columns))
        hidden = hidden_fields(self.table, personal=personal)
        rows = [
            [_shown(value, slug in hidden) for slug, value in zip(columns, row, strict=True)]
            for row in found.rows
        ]
        return Sample(columns, rows, found.seconds)

    @property
    def carried_types(self) -> Mapping[str, FieldType]:
        """The types of the columns that the population carries, by slug."""
        return {slug: column.type for slug, column in self.columns.items()}

    def column_of(self, attribute: str) -> Column | None:
        """The column that a name leads to; None where it leads to none."""
        if attribute.startswith(POPULATION_MARK):
            return self.columns.get(attribute.removeprefix(POPULATION_MARK))
        path, _dot, field = attribute.rpartition(".")
        end = end_of(self.catalogue, self.table, path) if path else self.table
        return self.catalogue.tables[end].columns.get(field) if end else None

    def columns_shown(self) -> Mapping[str, Column]:
        """The first columns of the table: enough to recognise somebody by."""
        columns = self.catalogue.tables[self.table].columns
        return dict(list(columns.items())[:MOST_COLUMNS])


def _shown(value: Any, is_hidden: bool) -> str | None:
    if value is None:
        return None
    return MASKED if is_hidden else str(value)


def speaks_of_columns(data: Any) -> bool:
    """Whether a rule, as data, names columns that the population carries."""
    if isinstance(data, Mapping):
        named, formula = data.get("attribute"), data.get("expression")
        is_column = isinstance(named, str) and named.startswith(POPULATION_MARK)
        is_column = is_column or (isinstance(formula, str) and tokens.speaks_of_columns(formula))
        return is_column or any(speaks_of_columns(value) for value in data.values())
    return isinstance(data, list) and any(speaks_of_columns(value) for value in data)


def surroundings_of(document: Document) -> Surroundings:
    """Where a campaign's rules are asked: its zone (UTC until it names one that exists) and its variables."""
    zone = document.campaign.time_zone
    try:
        zone_named(zone)
    except ProblemsError:
        zone = "UTC"
    return Surroundings(zone, variables_of(document))


def variables_of(document: Document) -> dict[str, Value | None]:
    """The values runs begin with; one that is not valid yet counts as empty."""
    return {name: typed_value(variable) for name, variable in document.variables.items()}


def typed_value(variable: Variable) -> Value | None:
    """The value of a variable in its type; None where it has none that is valid."""
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
