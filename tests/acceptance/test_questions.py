"""Thirty questions as a marketer asks them: each rule counts what DuckDB counts in the files, and says what it means."""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from typing import Any, get_args

import duckdb
import pytest
from django.db import transaction

from campaigns.targeting.faults import KINDS
from campaigns.targeting.operands import PERIODS, Days
from campaigns.targeting.rules import Function
from tests.acceptance.questions import (
    ANSWERS,
    PAGE,
    BusinessQuestion,
    asked_of,
    lay_out,
    page,
    read_questions,
    surroundings,
)
from tests.campaigns.api.callers import make_caller, make_holder

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db]
QUESTIONS = read_questions()
every_question = pytest.mark.parametrize("asked", QUESTIONS, ids=[each.slug for each in QUESTIONS])
LEAST, MOST = 0.005, 0.99
DATES = {"in_period", "anniversary"}
TEXTS = {"starts_with", "contains", "like", "not_like"}
LISTS_AND_GAPS = {"in", "not_in", "between", "is_empty", "not_equal"}

Counted = dict[str, tuple[int, int, int]]


@pytest.fixture(scope="module", autouse=True)
def _laid_out(demo: None, django_db_blocker: Any) -> Iterator[None]:
    with django_db_blocker.unblock(), transaction.atomic():
        lay_out(make_holder("owner", "change_campaign"))
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def answers(witness: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    witness.execute((ANSWERS / "questions.sql").read_text(encoding="utf-8"))
    return witness


@pytest.fixture(scope="module")
def counted(_laid_out: None, answers: duckdb.DuckDBPyConnection, django_db_blocker: Any) -> Counted:
    """By question: what we count, what DuckDB counts, and how many rows there are."""
    with django_db_blocker.unblock():
        return {each.slug: (each.counted(), each.answer_of(answers), each.everybody()) for each in QUESTIONS}


def parts_of(data: Any) -> Iterator[dict[str, Any]]:
    if isinstance(data, dict):
        yield data
    for child in data.values() if isinstance(data, dict) else data if isinstance(data, list) else ():
        yield from parts_of(child)


def rules() -> Sequence[Any]:
    shared = surroundings()
    return [each.rule for each in QUESTIONS] + [each["rule"] for each in shared["filters"].values()]


def used(name: str) -> set[Any]:
    return {part[name] for part in parts_of(rules()) if isinstance(part.get(name), str)}


@every_question
def test_it_counts_what_the_witness_counts(asked: BusinessQuestion, counted: Counted) -> None:
    ours, theirs, _everybody = counted[asked.slug]
    assert ours == theirs


@every_question
def test_it_means_neither_nobody_nor_everybody(asked: BusinessQuestion, counted: Counted) -> None:
    """But for two at most, which then say why."""
    ours, _theirs, everybody = counted[asked.slug]
    assert 0 < ours < everybody
    assert (LEAST <= ours / everybody <= MOST) != bool(asked.why)


def test_at_most_two_are_exceptions() -> None:
    assert len(QUESTIONS) == 30
    assert sum(bool(each.why) for each in QUESTIONS) <= 2


@every_question
@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_sentence_is_what_is_shown(asked: BusinessQuestion, language: str) -> None:
    caller = make_caller(make_holder("asker", "view_campaign"), "read")
    variables = surroundings()["variables"]
    body = {"table": asked.table, "rule": asked.rule, "variables": variables}
    shown = caller.post("/api/v1/rules/check/", body, format="json", headers={"Accept-Language": language})
    assert shown.json()["problems"] == []
    assert shown.json()["sentence"] == asked.sentence(language)


@every_question
def test_nothing_is_wrong_with_it(asked: BusinessQuestion) -> None:
    assert asked_of(asked.rule, asked.table).problems() == ()


def test_every_question_has_its_answer_and_every_answer_its_question() -> None:
    assert {path.stem for path in (ANSWERS / "questions").iterdir()} == {each.slug for each in QUESTIONS}


def test_together_they_use_every_kind_of_rule_and_every_function() -> None:
    assert used("kind") == set(KINDS)
    assert used("function") == set(get_args(Function))


def test_together_they_use_dates_texts_lists_gaps_variables_and_expressions() -> None:
    assert used("operator") >= DATES | TEXTS | LISTS_AND_GAPS
    assert used("variable") >= {"a_lot"}
    assert used("expression")
    assert {part.get("case_sensitive") for part in parts_of(rules())} >= {False}
    assert {part.get("negate") for part in parts_of(rules()) if part.get("kind") == "member"} == {None, True}


def test_relative_dates_count_from_the_day_the_data_end() -> None:
    marks = {name for period in (*PERIODS, Days) for name in period.model_fields} - {
        "anchor",
        "unit",
        "shift",
    }
    relative = [part for part in parts_of(rules()) if marks & part.keys()]
    assert len(relative) > 10
    assert {part.get("anchor") for part in relative} == {"data_as_of"}


def test_the_page_is_what_is_computed(counted: Counted) -> None:
    made = page([(each, *counted[each.slug]) for each in QUESTIONS])
    if os.environ.get("TUTTI_WRITE_PAGES"):
        PAGE.write_text(made, encoding="utf-8")
    assert PAGE.read_text(encoding="utf-8") == made
