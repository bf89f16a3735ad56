"""Whatever an expression holds, it is refused at its place or it runs as one SELECT with its texts beside the SQL."""

from __future__ import annotations

from collections import Counter

import psycopg
import pytest
import sqlglot
from sqlglot import exp

from campaigns.targeting.render import Statement, pretty
from tests.campaigns.targeting.expressions.conftest import Calculator
from tests.campaigns.targeting.expressions.hostile import MARK, WHOLE, HostileExpressions
from tests.campaigns.targeting.world import SCHEMA
from tests.rounds import rounds

pytestmark = pytest.mark.django_db

PARSED = 2_000
"""What sqlglot's parser, which recurses, can read of SQL."""
NUMBER = rounds(2_500, 20_000)


@pytest.mark.slow
def test_hostile_expressions_are_refused_or_run_as_one_select(calculator: Calculator, rule_seed: int) -> None:
    ends = Counter[str]()
    for number, text in enumerate(HostileExpressions(rule_seed).texts(NUMBER)):
        problem = calculator.problem(text)
        if problem is None:
            statement, _types = calculator.statement([text], share=(40, 1))
            _check(calculator, statement, whole=number % 20 == 0 and len(statement.sql) < PARSED)
        else:
            assert problem.position is not None, text
            assert 0 <= problem.position <= len(text), text
            assert problem.path == "/expression"
            assert problem.message, text
            assert problem.remedy, text
        ends["ran" if problem is None else problem.code] += 1

    print(
        f"seed {rule_seed}: {NUMBER} hostile expressions, {len(ends) - 1} kinds of refusal, {ends['ran']} ran"
    )
    assert min(ends["ran"], NUMBER - ends["ran"]) > NUMBER / 50
    assert len(ends) > 12


def _check(calculator: Calculator, statement: Statement, *, whole: bool) -> None:
    assert MARK not in statement.sql
    if whole:
        (tree,) = sqlglot.parse(statement.sql.replace("%%", "%"), dialect="postgres")
        assert isinstance(tree, exp.Select)
        relations = {(table.db, table.name) for table in tree.find_all(exp.Table) if table.name}
        assert relations <= {(SCHEMA, name) for name in calculator.company.tables}
    database = calculator.company.database
    with database.transaction():
        database.execute("SET LOCAL statement_timeout = '5s'")
        database.execute(statement.sql, statement.parameters)  # type: ignore[arg-type]


@pytest.mark.parametrize("text", WHOLE, ids=lambda text: text[:20].encode("unicode_escape").decode())
def test_the_worst_is_answered_at_once(calculator: Calculator, text: str) -> None:
    try:
        problem = calculator.problem(text)
        if problem is None:
            statement, _types = calculator.statement([text])
            _check(calculator, statement, whole=False)
            assert pretty(calculator.query([text])[0])
    except psycopg.Error as error:
        pytest.fail(str(error))
