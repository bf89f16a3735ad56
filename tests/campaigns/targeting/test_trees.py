from __future__ import annotations

import pytest
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import Bound, bound
from campaigns.targeting.render import render
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

NULL, ONE, TWO = exp.null(), exp.Literal.number(1), exp.Literal.number(2)


def value(company: Company, tree: exp.Expr) -> object:
    statement = render(exp.Select(expressions=[tree]))
    (row,) = company.database.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
    return row[0]


@pytest.mark.parametrize("tree", [trees.cast(NULL.copy(), "integer"), Bound(this=1), ONE])
def test_a_constant_is_a_value_that_is_bound_and_nothing_else(tree: exp.Expr) -> None:
    assert not trees.is_constant(tree)
    assert trees.is_constant(bound(1))


@pytest.mark.parametrize("right", [trees.cast(NULL.copy(), "integer"), bound(1), bound(2)])
@pytest.mark.parametrize("left", [trees.cast(NULL.copy(), "integer"), trees.cast(ONE.copy(), "integer")])
def test_what_is_not_true_is_false_or_unknown(company: Company, left: exp.Expr, right: exp.Expr) -> None:
    for operator in (exp.EQ, exp.LT, exp.GTE):
        condition = operator(this=left.copy(), expression=right.copy())
        denied = trees.not_true(condition.copy())
        assert value(company, denied) is (value(company, condition) is not True)
        assert value(company, trees.not_true(denied)) is (value(company, condition) is True)


@pytest.mark.parametrize("descending", [False, True])
def test_nulls_stand_last_going_up_and_first_going_down(company: Company, descending: bool) -> None:
    rows = exp.Subquery(
        this=exp.union(exp.select(exp.alias_(ONE, "v")), exp.select(exp.alias_(NULL, "v"))),
        alias=exp.TableAlias(this=trees.name("t")),
    )
    column = trees.column("t", "v")
    query = trees.select([column], rows)
    query.set("order", exp.Order(expressions=[trees.ordered(column.copy(), descending=descending)]))
    statement = render(query)
    found = [row[0] for row in company.database.execute(statement.sql).fetchall()]  # type: ignore[arg-type]
    assert found == ([None, 1] if descending else [1, None])
