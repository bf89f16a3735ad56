from __future__ import annotations

from typing import Any

import pytest

from tests.campaigns.targeting.conftest import Company, Keys

pytestmark = pytest.mark.django_db

TWICE: dict[str, Any] = {"kind": "sequence", "link": "orders", "at": "at", "steps": [{}, {}]}
PAID = {"kind": "condition", "attribute": "paid", "operator": "is_true"}
HOURS = {"n": 3, "unit": "hour"}


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"at": "total"}, "/at", "wrong_type"),
        ({"at": "nothing"}, "/at", "unknown_attribute"),
        ({"at": ["at"]}, "/at", "wrong_form"),
        ({"link": "nothing"}, "/link", "unknown_link"),
        ({"steps": [{}]}, "/steps", "too_few"),
        ({"steps": [{}] * 11}, "/steps", "wrong_form"),
        ({"steps": [{"within": {"n": 1}}, {}]}, "/steps/0/within", "needless_value"),
        ({"steps": [{}, {"within": {"n": -1}}]}, "/steps/1/within/n", "out_of_range"),
        ({"steps": [{}, {"within": {"n": 10_001}}]}, "/steps/1/within/n", "out_of_range"),
        ({"steps": [{}, {"within": {"n": 1, "unit": "decade"}}]}, "/steps/1/within/unit", "unknown_word"),
        ({"steps": [{}, {"within": 3}]}, "/steps/1/within", "wrong_form"),
        ({"at": "due", "steps": [{}, {"within": HOURS}]}, "/steps/1/within/unit", "unit_too_short"),
        (
            {"steps": [{}, {"where": {**PAID, "attribute": "x"}}]},
            "/steps/1/where/attribute",
            "unknown_attribute",
        ),
        ({"steps": [{}, {"after": PAID}]}, "/steps/1/after", "unknown_key"),
    ],
)
def test_what_is_no_sequence_is_refused(
    company: Company, change: dict[str, Any], path: str, code: str
) -> None:
    assert company.refusals({**TWICE, **change}) == [(path, code)]


def test_rows_of_the_same_moment_do_not_follow_each_other(company: Company) -> None:
    """The lines of an order have its time, so that no line comes after another of the same order."""
    one_order = {"kind": "sequence", "link": "lines", "at": "order.at", "steps": [{}, {}]}
    assert company.selected(one_order, "order") == set()
    assert company.selected({**one_order, "negate": True}, "order") == company.everyone("order")


def test_the_earliest_row_of_a_step_need_not_be_the_right_one(company: Company) -> None:
    """A, A, B with B soon after the second A only: taking the first A would find nothing."""
    rows = [(9_001, "2020-01-01"), (9_002, "2020-03-01"), (9_003, "2020-03-02")]
    insert = (
        'INSERT INTO "rule world"."order" (shop, number, person_id, due, paid) VALUES (%s, %s, 5000, %s, %s)'
    )
    person = 'INSERT INTO "rule world".person (id) VALUES (5000)'
    company.database.execute(person)
    company.database.cursor().executemany(
        insert, [("web", number, day, number < 9_003) for number, day in rows]
    )
    unpaid = {"kind": "condition", "attribute": "paid", "operator": "is_false"}
    steps = [{"where": PAID}, {"where": unpaid, "within": {"n": 7}}]
    try:
        assert (5000,) in company.selected({**TWICE, "at": "due", "steps": steps})
        backwards = [{"where": unpaid}, {"where": PAID}]
        assert (5000,) not in company.selected({**TWICE, "at": "due", "steps": backwards})
    finally:
        company.database.execute('DELETE FROM "rule world"."order" WHERE number > 9000')
        company.database.execute('DELETE FROM "rule world".person WHERE id = 5000')


def test_a_quarter_is_three_months(company: Company) -> None:
    def within(n: int, unit: str) -> Keys:
        steps = [{"where": PAID}, {"within": {"n": n, "unit": unit}}]
        return company.selected({**TWICE, "at": "due", "steps": steps})

    assert within(1, "quarter") == within(3, "month") != within(2, "month")


def test_the_longest_sequence_of_the_longest_times_runs(company: Company) -> None:
    within = {"within": {"n": 10_000, "unit": "year"}}
    endless = {**TWICE, "steps": [{}] * 10}
    assert company.selected({**TWICE, "steps": [{}, *[within] * 9]}) == company.expected(endless)


def test_an_expression_tells_when_as_the_field_that_it_is(company: Company) -> None:
    """Each step has rows of its own, and so an expression of its own."""
    steps = [{"where": PAID}, {"within": {"n": 90}}, {}]
    plain = {**TWICE, "at": "due", "steps": steps}
    found = company.selected(plain)
    assert found == company.expected(plain)
    assert company.selected({**plain, "at": {"expression": "due"}}) == found
