"""What is kept of a decision about everybody, beside what the oracle says of each."""

from __future__ import annotations

import json
import math
from collections import Counter
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from campaigns.activity_types import Dimension, World
from campaigns.decisions import Entry, Fact, layout_from_data, layout_to_data
from campaigns.explanations import MOST_NODES, Explanation
from campaigns.kept_explanations import explain_kept, value_of
from campaigns.rule_nodes import nodes_of
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.explanation import Role
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import FieldType
from orchestration.compilation import CompileContext
from orchestration.selection.deciding import MOST_JOINS, RowDecision
from orchestration.selection.dimension_rows import DimensionRows
from orchestration.working_tables import DECIDED, KEY
from tests.campaigns.targeting.conftest import FULL, Company
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.vocabulary import VARIABLES
from tests.campaigns.targeting.world import NOW, ZONE, Described
from tests.oracle.evaluator import Oracle

pytestmark = pytest.mark.django_db
RULES = 2_000 if FULL else 60
NAMED = {"kind": "condition", "attribute": "name", "operator": "is_not_empty"}
Kept = tuple[list[Entry], dict[Any, list[str | None]]]


def context_of(company: Company) -> CompileContext:
    dimensions = {slug: Dimension(slug, slug, slug, "id") for slug in ("person", "product", "visit")}
    return CompileContext(
        activity_id="here",
        config=None,
        arrivals=[],
        world=World(catalogue=company.catalogue, dimensions=dimensions),
        anchor=NOW,
        zone=ZoneInfo(ZONE),
        now=NOW,
        variables=VARIABLES,
        is_test=False,
        real_waits=False,
        recurring=False,
        campaign_id=0,
        label="",
    )


def kept(company: Company, rule: Any, table: str) -> Kept:
    """What is kept of a rule, for everybody of a table by key."""
    context = context_of(company)
    decision = RowDecision(context, table)
    decision.rule("/rule", parse_rule(rule))
    decided = decision.within(DimensionRows(context, table).select())
    if decided is None:
        return [], {}
    assert [each.alias_or_name for each in decided.select.expressions] == [KEY, DECIDED]
    statement = render(decided.select)
    rows = company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
    layout = layout_from_data(json.loads(json.dumps(layout_to_data(decided.layout))))
    assert layout.entries == decided.layout.entries
    return list(layout.entries), dict(rows)


def told(company: Company, rule: Any, found: Kept, key: Any, table: str = "person") -> Explanation:
    question = RuleQuestion(rule, table, company.catalogue)
    entries, texts = found
    return explain_kept(question, entries, texts[key], at=NOW, personal=True)


def at(rule: Any, path: str) -> Any:
    steps = [step.replace("~1", "/").replace("~0", "~") for step in path.split("/")[1:]]
    return reduce(lambda part, step: part[int(step)] if isinstance(part, list) else part[step], steps, rule)


class Compared(Oracle):
    """The oracle, telling which values or figures its comparison was of."""

    def _compares(self, rule: Any, values: list[Any], *others: Any) -> bool:
        self.compared = values
        return super()._compares(rule, values, *others)


def differs(text: str | None, entry: Entry, values: list[Any]) -> bool:
    """Whether a kept value is none of those that the oracle compared; links to one may lead to several or none."""
    if text is None:
        return any(value is not None for value in values) and not any(value is None for value in values)
    return not any(_same(text, entry.type, value) for value in values)


def _same(text: str, kind: FieldType, value: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return value is not None and text == str(value).lower()
    if isinstance(value, int | Decimal | Fraction | float):
        number = float(text)
        return math.isclose(number, float(value), rel_tol=1e-9) or (math.isnan(number) and math.isnan(value))
    if kind is FieldType.DATETIME:
        return bool(value_of(text, kind) == value)
    if kind is FieldType.JSON:
        return bool(json.loads(text) == value)
    return text == str(value)[:201]


def test_what_stands_in_no_column_of_the_population_is_told_of_everybody(company: Company) -> None:
    entries, texts = found = kept(company, NAMED, "person")
    assert [entry.says for entry in entries] == [Role.HOLDS, Role.VALUE]
    for row in company.tables["person"].rows:
        assert texts[row["id"]] == ["1" if row["name"] else "0", row["name"] or None]
        explanation = told(company, NAMED, found, row["id"])
        assert (explanation.holds, explanation.at) == (bool(row["name"]), NOW)


def test_a_rule_that_asks_nothing_keeps_nothing(company: Company) -> None:
    decision = RowDecision(context_of(company), "person")
    assert decision.within(DimensionRows(decision.context, "person").select()) is None


def test_parts_beyond_the_limit_are_not_kept_and_say_so(company: Company) -> None:
    rule = {"kind": "any", "of": [NAMED] * (MOST_NODES + 5)}
    found = kept(company, rule, "person")
    assert len([entry for entry in found[0] if entry.says is Role.HOLDS]) == MOST_NODES - 1
    nobody = next(row["id"] for row in company.tables["person"].rows if not row["name"])
    explanation = told(company, rule, found, nobody)
    assert len(explanation.nodes) == MOST_NODES + 6
    assert (explanation.nodes[-1].holds, explanation.nodes[-1].reason) == (None, "This part was not kept.")
    assert (explanation.holds, explanation.nodes[0].reason) == (None, "This part was not kept.")


def test_what_would_need_too_many_joins_is_not_kept_and_the_rest_is(company: Company) -> None:
    deep = {
        "kind": "exists",
        "link": "orders",
        "where": {"kind": "exists", "link": "lines", "where": {"kind": "condition", "attribute": "price"}},
    }
    deep["where"]["where"] |= {"operator": "greater", "value": 1}  # type: ignore[index]
    rule = {"kind": "any", "of": [deep] * (MOST_JOINS + 3) + [NAMED]}
    found = kept(company, rule, "person")
    explanation = told(company, rule, found, 1)
    top = [node for node in explanation.nodes if node.path.count("/") == 2]
    assert [node.holds is None for node in top].count(True) == 4
    assert top[-1].holds is bool(company.tables["person"].rows[0]["name"])


def test_every_part_of_generated_rules_is_kept_as_the_oracle_says(
    company: Company, described: dict[str, Described], rule_seed: int
) -> None:
    oracle = company.oracle
    compared = Compared(oracle.world, oracle.now, oracle.zone, VARIABLES)
    generator = RuleGenerator(rule_seed + 9_000, described)
    asked = Counter[str]()
    for table, rule in generator.rules(RULES):
        if len(company.tables[table].key) > 1:
            continue
        ways = {node.path: node.way for node in nodes_of(parse_rule(rule), company.catalogue, table)}
        entries, texts = kept(company, rule, table)
        compared._known.clear()
        for row in company.tables[table].rows[:: 1 if FULL else 4]:
            found = texts[row["id"]]
            for entry in entries:
                asked[entry.says] += 1
                expected = Expected(compared, rule, table, row, ways[entry.path])
                assert not expected.differs_from(entry, found), (rule, entry, found, row)
            if entries:
                holds = told(company, rule, (entries, texts), row["id"], table).holds
                asked["whole"] += holds is not None
                assert holds in (None, compared.holds(rule, table, row)), (rule, row)
    print(f"seed {rule_seed}: {RULES} rules, {dict(asked)} answers, 0 differences")
    assert min(asked[each] for each in (*Role, "whole")) > RULES / 4
    assert Fact.FOUND not in asked


@dataclass(frozen=True)
class Expected:
    """What the oracle says of one person."""

    oracle: Compared
    rule: Any
    table: str
    row: Any
    way: str

    def differs_from(self, entry: Entry, texts: list[str | None]) -> bool:
        part, text = at(self.rule, entry.path), texts[entry.number]
        match entry.says:
            case Role.HOLDS:
                return entry.is_set(texts) != self.oracle.holds(part, self.table, self.row)
            case Role.FIGURE:
                self.oracle._aggregate(part, self.table, self.row)  # anew, so that what it compares is told
                return differs(text, entry, self.oracle.compared)
            case Role.VALUE:
                return isinstance(entry.attribute, str) and differs(text, entry, self.values(entry.attribute))
        return text != str(self.counted(part, entry.says))

    def values(self, attribute: str) -> list[Any]:
        return self.oracle._values(attribute, self.table, self.row, stored=True)

    def counted(self, part: Any, says: Any) -> int:
        ends = self.oracle._ends(self.table, self.row, (self.way or part["link"]).split("."))
        return len(ends if says is Role.ROWS else [end for end in ends if self.oracle.holds(part, *end)])
