"""Columns of a foreign database whose collation takes different texts for equal.

Where PostgreSQL was built without ICU, there is no such collation: one that the system tables call so stands for it,
and what only a real one can show is not run.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from campaigns.catalogue import load_catalogue
from campaigns.limited_queries import NotComputable, answer
from campaigns.models import Field, Table
from campaigns.registration import refresh_table, register_table
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting.attributes import Subject, find_attribute
from campaigns.targeting.render import Statement, render
from campaigns.targeting.scope import Compilation
from campaigns.targeting.statements import distribution_statement
from orchestration.selection.joins import storable
from tests.campaigns.collations import make_loose_collation, skip_without_icu
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
WORDS = ["Ada", "ADA", "ada lovelace", "Bob", ""]


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    execute("CREATE SCHEMA shop")
    make_loose_collation("shop.loose")
    execute(
        """CREATE TABLE shop.word (id int PRIMARY KEY, loose text COLLATE shop.loose, plain text);
           CREATE TABLE shop.saying (id int PRIMARY KEY, word_id int REFERENCES shop.word,
                                     said varchar(20) COLLATE shop.loose);
           CREATE INDEX word_by_beginning ON shop.word (plain text_pattern_ops)"""
    )
    with connection.cursor() as cursor:
        for number, word in enumerate(WORDS, 1):
            cursor.execute("INSERT INTO shop.word VALUES (%s, %s, %s)", [number, word, word])
            cursor.execute("INSERT INTO shop.saying VALUES (%s, %s, %s)", [number, 1, word])
    for name in ("word", "saying"):
        register_table("shop", name)


def question(rule: Any, table: str = "word") -> RuleQuestion:
    return RuleQuestion(rule, table, load_catalogue())


def counted(operator: str, value: Any, **more: Any) -> int:
    number: int = question(asked(operator, value, **more)).count().rows[0][0]
    return number


def asked(operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": "loose", "operator": operator, "value": value, **more}


@pytest.mark.parametrize(
    ("operator", "value", "expected"),
    [
        ("starts_with", "A", 2),
        ("not_starts_with", "A", 3),
        ("contains", "da", 2),
        ("not_contains", "da", 3),
        ("like", "%DA", 1),
        ("not_like", "a%", 4),
        ("like", "Ada", 1),
        ("greater", "Ada", 2),
        ("starts_with", {"attribute": "plain"}, 4),
    ],
)
def test_what_looks_inside_a_text_goes_by_code_points(operator: str, value: Any, expected: int) -> None:
    assert 'COLLATE "C"' in render(question(asked(operator, value)).selection()).sql
    assert counted(operator, value) == expected


def test_case_is_folded_only_where_the_rule_says_so() -> None:
    assert [counted(each, "ADA", case_sensitive=False) for each in ("starts_with", "contains")] == [3, 3]
    assert counted("like", "ADA%", case_sensitive=False) == 3


def test_equal_goes_by_the_collation() -> None:
    skip_without_icu()
    assert (counted("equal", "ada"), counted("in", ["ada", "x"]), counted("not_equal", "ada")) == (2, 2, 3)


def test_figures_and_expressions_of_such_texts_can_be_looked_into() -> None:
    listed = {
        "kind": "aggregate", "link": "sayings", "function": "string", "attribute": "said",
        "operator": "contains", "value": "ADA, Ada",
    }  # fmt: skip
    links = load_catalogue().links_of("word")
    listed["link"] = links[0].slug
    assert question(listed).count().rows == [(1,)]
    formula = {
        "kind": "condition",
        "attribute": {"expression": "MemoContains(loose, 'DA')"},
        "operator": "is_true",
    }
    assert question(formula).count().rows == [(1,)]


def test_the_distribution_tells_the_texts_apart() -> None:
    found = answer(render(distribution_statement("loose", question(None).scope)))
    assert {value for value, _count, _total in found.rows} == {"Ada", "ADA", "ada lovelace", "Bob", None}


def test_a_working_table_keeps_none_of_the_collation() -> None:
    state = Compilation.of(question(None).scope)
    subject = find_attribute(load_catalogue(), state.root(), "loose", "").of(state.root())
    assert isinstance(subject, Subject)
    kept = render(storable(subject)).sql
    execute(f"CREATE TEMP TABLE kept AS SELECT {kept} AS v FROM shop.word t")
    assert answer(Statement("SELECT count(*) FROM kept WHERE v LIKE 'A%%'", ())).rows == [(2,)]


def test_a_text_of_an_ordinary_column_is_asked_as_it_stands_so_that_indexes_serve_it() -> None:
    for operator, value in (("starts_with", "Bo"), ("like", "Bo%")):
        rule = {"kind": "condition", "attribute": "plain", "operator": operator, "value": value}
        statement = render(question(rule).selection())
        assert "COLLATE" not in statement.sql
        execute("SET LOCAL enable_seqscan = off")
        plan = answer(Statement("EXPLAIN " + statement.sql, statement.parameters)).rows
        assert any("word_by_beginning" in line and "Cond" not in line for (line,) in plan), plan


def test_a_refresh_follows_a_new_collation() -> None:
    table = Table.objects.get(slug="word")
    plain = Field.objects.get(table=table, slug="plain")
    assert (plain.deterministic, Field.objects.get(table=table, slug="loose").deterministic) == (True, False)
    execute(
        "DROP INDEX shop.word_by_beginning; ALTER TABLE shop.word ALTER plain TYPE text COLLATE shop.loose USING plain"
    )
    assert refresh_table(table).changed == ("plain",)
    plain.refresh_from_db()
    assert plain.deterministic is False
    assert load_catalogue().tables["word"].columns["plain"].deterministic is False


def test_a_column_that_nobody_has_refreshed_is_a_problem_and_no_failure() -> None:
    skip_without_icu()
    Field.objects.update(deterministic=True)
    with pytest.raises(NotComputable, match="nondeterministic collations"):
        counted("starts_with", "A")
