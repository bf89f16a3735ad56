from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting.conftest import Company, Keys

pytestmark = pytest.mark.django_db

TODAY = {"kind": "condition", "attribute": "born", "operator": "anniversary", "value": {"days": [0, 0]}}


def celebrating(company: Company, day: date, last: int = 0) -> Keys:
    noon = datetime(day.year, day.month, day.day, 17, tzinfo=UTC)
    rule = {**TODAY, "value": {"days": [0, last]}}
    return company.run(render(select_keys(parse_rule(rule), company.scope("person", now=noon))))


def born_on(company: Company, day: date, *days: tuple[int, int]) -> Keys:
    born = [(row["id"], row["born"]) for row in company.tables["person"].rows if row["born"]]
    return {(key,) for key, at in born if at < day and (at.month, at.day) in days}


def test_days_in_a_list_are_one_list_in_sql_where_each_is_a_single_value(company: Company) -> None:
    days = ["2024-03-09", "2024-03-10"]
    rule = parse_rule({"kind": "condition", "attribute": "born", "operator": "in", "value": days})
    spans = parse_rule({"kind": "condition", "attribute": "joined", "operator": "in", "value": days})
    assert " IN (" in render(select_keys(rule, company.scope("person"))).sql
    assert " IN (" not in render(select_keys(spans, company.scope("person"))).sql


@pytest.mark.parametrize(
    ("day", "days"),
    [
        (date(2028, 2, 28), [(2, 28)]),  # a leap year, so that 29 February has a day of its own
        (date(2028, 2, 29), [(2, 29)]),
        (date(2027, 3, 1), [(3, 1)]),
        (date(2027, 2, 27), [(2, 27)]),
        (date(2027, 2, 28), [(2, 28), (2, 29)]),
    ],
)
def test_29_february_is_kept_on_the_28th_in_years_without_one(
    company: Company, day: date, days: list[tuple[int, int]]
) -> None:
    assert celebrating(company, day) == born_on(company, day, *days)


def test_a_window_may_lack_a_single_day_of_the_year(company: Company) -> None:
    day = date(2023, 3, 1)
    everybody = {(row["id"],) for row in company.tables["person"].rows if row["born"] and row["born"] < day}
    leap = born_on(company, day, (2, 29))
    assert leap
    assert celebrating(company, day, 364) == everybody - leap  # to 28 February of a leap year
    assert celebrating(company, day, 365) == everybody


def test_a_window_of_a_year_holds_everybody_born_before_it(company: Company) -> None:
    year = {**TODAY, "value": {"days": [0, 366]}}
    day = (company.scope("person").now).date()
    born = {(row["id"],) for row in company.tables["person"].rows if row["born"] and row["born"] < day}
    assert company.selected(year) == born
