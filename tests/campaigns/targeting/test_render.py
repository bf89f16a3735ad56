from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from uuid import UUID

import psycopg
import pytest
import sqlglot
from sqlglot import exp

from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.render import pretty, render
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

VALUES: list[object] = ["O'Brien % %s \\ 한글", "", True, False, 0, -1, 2**63, 10**30, Decimal("1.50"), 0.25]
VALUES += [date(2024, 2, 29), datetime(2024, 2, 29, 12, tzinfo=UTC), UUID(int=7)]


def test_a_name_with_a_nul_is_refused() -> None:
    with pytest.raises(ValueError, match="NUL"):
        render(trees.column("t", "a\x00b"))


def test_a_name_cannot_pass_for_a_value() -> None:
    with pytest.raises((ValueError, IndexError)):
        render(exp.Select(expressions=[trees.column("t", "\x000\x00")]))


@pytest.mark.parametrize("cursor", [psycopg.Cursor, psycopg.ClientCursor])
def test_values_come_back_as_they_went(company: Company, cursor: type[psycopg.Cursor[object]]) -> None:
    statement = render(exp.Select(expressions=[bound(value) for value in VALUES]))
    (row,) = cursor(company.database).execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]

    assert list(row) == VALUES  # type: ignore[call-overload]
    assert statement.sql.count("%s") == len(VALUES)


def test_values_stand_in_the_order_of_the_text() -> None:
    deep = trees.exists(trees.named(bound(2), "x"), trees.every([bound(3), trees.some([bound(4), bound(5)])]))
    statement = render(exp.Select(expressions=[bound(1), exp.Paren(this=deep), bound(6)]))

    assert statement.parameters == (1, 2, 3, 4, 5, 6)


@pytest.mark.parametrize("name", ['a"b', "a%b", "a%sb", "a'b", "a\\b", "한글", "select", "a.b", "A b"])
def test_odd_names_are_quoted(company: Company, name: str) -> None:
    inner = exp.Subquery(this=exp.Select(expressions=[trees.named(bound(7), name)]), alias=trees.name("t"))
    statement = render(trees.select([trees.column("t", name)], inner))

    assert company.run(statement) == {(7,)}


def test_what_a_reader_sees_is_one_select_with_the_values_in_it() -> None:
    text = pretty(exp.Select(expressions=[bound("O'Brien"), bound(date(2024, 2, 29)), bound(True)]))

    assert "'O''Brien'" in text
    assert "'2024-02-29'" in text
    assert len(sqlglot.parse(text, dialect="postgres")) == 1


def test_rendering_leaves_the_tree_as_it_was() -> None:
    tree = exp.Select(expressions=[exp.Paren(this=bound(1))])
    assert render(tree) == render(tree)
