"""Whatever a rule holds, it is refused as a rule or it runs as one SELECT with its texts beside the SQL."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import pytest
import sqlglot
from sqlglot import exp

from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import Statement
from tests.campaigns.targeting.conftest import FULL, Company
from tests.campaigns.targeting.hostile import MARK, HostileGenerator
from tests.campaigns.targeting.world import MEMBERS, SCHEMA

pytestmark = pytest.mark.django_db


NUMBER = 12_000 if FULL else 1_000


@pytest.mark.slow
@pytest.mark.timeout(3_600)
def test_hostile_rules_are_refused_or_run_as_one_select(company: Company, rule_seed: int) -> None:
    ends = Counter[str]()
    for table, rule in HostileGenerator(rule_seed, company.tables).rules(NUMBER):
        statement = _compiled(company, table, rule)
        ends["refused" if statement is None else "ran"] += 1
        if statement is not None:
            assert MARK not in statement.sql
            _check_is_one_select(company, statement)
            company.run(statement)

    print(f"seed {rule_seed}: {NUMBER} hostile rules, {dict(ends)}")
    assert min(ends["refused"], ends["ran"]) > NUMBER // 10
    assert (
        company.selected({"kind": "condition", "attribute": "id", "operator": "is_not_empty"})
        == company.everyone()
    )


def _compiled(company: Company, table: str, rule: Any) -> Statement | None:
    try:
        return company.statement(rule, table)
    except RuleError as error:
        problems = error.problems
    assert all(problem.message and problem.remedy and problem.code for problem in problems)
    return None


def _check_is_one_select(company: Company, statement: Statement) -> None:
    (tree,) = sqlglot.parse(statement.sql.replace("%%", "%"), dialect="postgres")
    assert isinstance(tree, exp.Select)
    assert not list(tree.find_all(exp.DML, exp.DDL, exp.Command, exp.Into, exp.Lock))
    own = {each.alias for each in tree.find_all(exp.CTE)}
    assert all(re.fullmatch(r"_\d+", name) for name in own)
    relations = {
        (table.db, table.name) for table in tree.find_all(exp.Table) if table.db or table.name not in own
    }
    assert relations <= {(SCHEMA, name) for name in [*company.tables, *MEMBERS]}
    assert len(list(tree.find_all(exp.Placeholder))) == len(statement.parameters)


def test_a_text_of_sql_is_found_as_the_text_it_is(company: Company) -> None:
    hostile = "'; DROP TABLE person; -- %s \\"
    company.database.execute('UPDATE "rule world".person SET nick = %s WHERE id = 1', [hostile])
    try:
        rule = {"kind": "condition", "attribute": "nick", "operator": "equal", "value": hostile}
        assert company.selected(rule) == {(1,)}
    finally:
        original = company.tables["person"].rows[0]["nick"]
        company.database.execute('UPDATE "rule world".person SET nick = %s WHERE id = 1', [original])
