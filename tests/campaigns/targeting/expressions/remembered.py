"""The last resort of `tests.mutation`, which alone collects it: the oracle's answers, given before any mutant.

The oracle shares no code with the compiler, so its answers are the same for every mutant; and a statement that is
word for word that of the sound compiler need not run again.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from campaigns.targeting.render import Statement
from tests.campaigns.targeting.conftest import Company
from tests.campaigns.targeting.expressions.conftest import Calculator, same
from tests.campaigns.targeting.expressions.generator import ExpressionGenerator
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.world import Described
from tests.mutation.baseline import Answer, watched

pytestmark = pytest.mark.django_db

NUMBER = 600
Answers = dict[str, list[Answer]]


def test_rules_are_remembered(
    company: Company, described: dict[str, Described], rule_seed: int, answers: Answers, remembering: Path
) -> None:
    answers["rules"] = [
        _remembered(company, table, rule, remembering)
        for table, rule in RuleGenerator(rule_seed, described).rules(NUMBER)
    ]


def test_expressions_are_remembered(
    calculator: Calculator, rule_seed: int, answers: Answers, remembering: Path
) -> None:
    answers["expressions"] = [
        _calculated(calculator, table, text, remembering)
        for table, text, _kind in ExpressionGenerator(rule_seed).expressions(NUMBER)
    ]


def _remembered(company: Company, table: str, rule: Any, folder: Path) -> Answer:
    with watched(folder) as blocks:
        statement = company.statement(rule, table)
    return Answer(table, rule, _plain(statement), company.expected(rule, table), frozenset(blocks))


def _calculated(calculator: Calculator, table: str, text: str, folder: Path) -> Answer:
    with watched(folder) as blocks:
        statement, (kind,) = calculator.statement([text], table)
    return Answer(table, text, _plain(statement), calculator.expected(text, table, kind), frozenset(blocks))


def test_rules_select_whom_the_oracle_selected(company: Company, answers: Answers) -> None:
    for each in answers["rules"]:
        statement = company.statement(each.question, each.table)
        if _plain(statement) != each.statement:
            assert company.run(statement) == each.expected


def test_expressions_give_what_the_oracle_gave(calculator: Calculator, answers: Answers) -> None:
    for each in answers["expressions"]:
        statement, _types = calculator.statement([each.question], each.table)
        if _plain(statement) != each.statement:
            found = calculator._read(statement, each.table, 1)[0]
            assert all(same(found[key], value) for key, value in each.expected.items())


def _plain(statement: Statement) -> tuple[Any, Any]:
    """Without a type of the compiler's, of which each mutant has another."""
    return statement.sql, repr(statement.parameters)
