"""Laws that hold whatever a rule means: negation, groups and counts agree with sets."""

from __future__ import annotations

import psycopg
import pytest

from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import count_statement
from tests.campaigns.targeting.conftest import FULL, Company
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.vocabulary import SORTABLE, Rule
from tests.campaigns.targeting.world import Described

pytestmark = pytest.mark.django_db

_TIMES = 10 if FULL else 1
Couple = tuple[Rule, Rule]
Linked = tuple[str, str, Rule]
LINKS = [("person", "orders"), ("person", "visits"), ("city", "people.orders"), ("order", "visits")]
LINKS += [("person", "referrals"), ("visit", "order.visits"), ("person", "city.people")]


@pytest.fixture(scope="module")
def couples(described: dict[str, Described], rule_seed: int) -> list[Couple]:
    generator = RuleGenerator(rule_seed + 1_000, described)
    return [(generator.rule("person", 2), generator.rule("person", 2)) for _ in range(_TIMES * 50)]


@pytest.fixture(scope="module")
def linked(described: dict[str, Described], rule_seed: int) -> list[Linked]:
    """Links to many, and a rule on the rows that they lead to."""
    generator = RuleGenerator(rule_seed + 2_000, described)
    ends = [(table, link, generator.end(table, link)) for table, link in LINKS] * (_TIMES * 4)
    return [(table, link, generator.rule(end, 2)) for table, link, end in ends]


def test_a_rule_and_its_negation_split_everyone(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        yes, no = company.selected(rule), company.selected({"kind": "not", "of": rule})
        assert (yes | no, yes & no) == (company.everyone(), set()), rule


def test_not_not_is_the_rule(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        twice = {"kind": "not", "of": {"kind": "not", "of": rule}}
        assert company.selected(twice) == company.selected(rule), rule


def test_de_morgan(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        neither = {"kind": "not", "of": {"kind": "any", "of": [one, other]}}
        both_not = {"kind": "all", "of": [{"kind": "not", "of": one}, {"kind": "not", "of": other}]}
        assert company.selected(neither) == company.selected(both_not), (one, other)


def test_groups_are_sets(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        first, second = company.selected(one), company.selected(other)
        for kind, expected in (("all", first & second), ("any", first | second), ("except", first - second)):
            assert company.selected({"kind": kind, "of": [one, other]}) == expected, (kind, one, other)


def test_a_further_condition_adds_nobody(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        assert company.selected({"kind": "all", "of": [one, other]}) <= company.selected(one), (one, other)
        assert company.selected({"kind": "any", "of": [one, other]}) >= company.selected(one), (one, other)


def test_the_order_of_parts_does_not_matter(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        for kind in ("all", "any"):
            turned = {"kind": kind, "of": [other, one]}
            assert company.selected(turned) == company.selected({"kind": kind, "of": [one, other]}), turned


def test_except_is_all_with_the_others_denied(company: Company, couples: list[Couple]) -> None:
    for one, other in couples:
        without = {"kind": "all", "of": [one, {"kind": "not", "of": other}]}
        assert company.selected({"kind": "except", "of": [one, other]}) == company.selected(without), without


def test_exists_and_its_negation_split_everyone(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        rule = {"kind": "exists", "link": link, "where": where}
        some, none = company.selected(rule, table), company.selected({**rule, "negate": True}, table)
        assert (some | none, some & none) == (company.everyone(table), set()), rule


def test_one_or_more_is_some(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        count = {"kind": "aggregate", "link": link, "function": "count", "where": where}
        some = company.selected({"kind": "exists", "link": link, "where": where}, table)
        for compared in ({"operator": "greater_or_equal", "value": 1}, {"operator": "not_equal", "value": 0}):
            assert company.selected({**count, **compared}, table) == some, (table, link, where)


def test_the_first_of_any_is_some_that_has_a_place(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        by = company.tables[_end(company, table, link)].key[0]
        nth = {"kind": "nth", "link": link, "by": by, "among": where, "where": None}
        known = {"kind": "condition", "attribute": by, "operator": "is_not_empty"}
        some = {"kind": "exists", "link": link, "where": {"kind": "all", "of": [where, known]}}
        if _sorts(company, table, link, by):
            assert company.selected(nth, table) == company.selected(some, table), nth


def test_a_later_place_is_had_by_fewer(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        by = _moment(company, table, link)
        nth = {"kind": "nth", "link": link, "by": by, "among": where}
        found = [company.selected({**nth, "n": n}, table) for n in (1, 2, 3)]
        assert found[0] >= found[1] >= found[2], nth


def test_what_is_true_of_all_is_true_of_the_last(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        nth = {"kind": "nth", "link": link, "by": _moment(company, table, link), "among": where}
        assert company.selected({**nth, "where": where}, table) == company.selected(nth, table), nth


def test_a_sequence_of_equal_steps_is_several_moments(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        at = _moment(company, table, link)
        sequence = {"kind": "sequence", "link": link, "at": at}
        moments = {"kind": "aggregate", "link": link, "function": "count_distinct", "attribute": at,
                   "operator": "greater_or_equal", "where": where}  # fmt: skip
        for length in (2, 3):
            found = company.selected({**sequence, "steps": [{"where": where}] * length}, table)
            assert found == company.selected({**moments, "value": length}, table), (table, link, where)


def test_a_sequence_with_less_time_is_had_by_fewer(company: Company, linked: list[Linked]) -> None:
    for table, link, where in linked:
        sequence = {"kind": "sequence", "link": link, "at": _moment(company, table, link)}
        ways = [{"where": where}, {}]
        found = [
            company.selected({**sequence, "steps": [ways[0], {"within": within}]}, table)
            for within in ({"n": 2}, {"n": 14}, {"n": 2, "unit": "week"}, {"n": 1, "unit": "month"}, None)
        ]
        assert found[0] <= found[1] == found[2] <= found[3] <= found[4], sequence


def _end(company: Company, table: str, link: str) -> str:
    for step in link.split("."):
        table = company.tables[table].links[step][0]
    return table


def _fields(company: Company, table: str, link: str) -> dict[str, str]:
    return {name: kind for name, kind, _sql in company.tables[_end(company, table, link)].fields}


def _sorts(company: Company, table: str, link: str, field: str) -> bool:
    return _fields(company, table, link)[field] in SORTABLE


def _moment(company: Company, table: str, link: str) -> str:
    return next(name for name, kind in _fields(company, table, link).items() if kind in ("date", "datetime"))


def test_the_count_is_the_number_of_keys(company: Company, couples: list[Couple]) -> None:
    for rule, _other in couples:
        statement = render(count_statement(parse_rule(rule), company.scope("person")))
        assert company.run(statement) == {(len(company.selected(rule)),)}, rule


def test_values_bound_by_the_client_select_the_same(company: Company, couples: list[Couple]) -> None:
    cursor = psycopg.ClientCursor(company.database)
    for rule, _other in couples:
        statement = company.statement(rule, "person")
        found = cursor.execute(statement.sql, statement.parameters).fetchall()  # type: ignore[arg-type]
        assert set(found) == company.selected(rule), rule
