from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from campaigns.targeting.limits import MAX_LEVELS, levels_of, measured
from campaigns.targeting.memberships import MAX_NESTED
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import dump_rule, parse_rule
from campaigns.targeting.schema import Audience
from campaigns.targeting.sentence import sentence
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db


def member(audience: str, **more: Any) -> dict[str, Any]:
    return {"kind": "member", "audience": audience, **more}


def composed(slug: str, rule: Any) -> Audience:
    return Audience(slug, slug.title(), "person", "person", "id", rule=rule, origin="composed")


def refusals(company: Company, rule: Any, *audiences: Audience) -> list[tuple[str, str]]:
    known = {**company.catalogue.audiences, **{each.slug: each for each in audiences}}
    scope = company.scope("person", catalogue=replace(company.catalogue, audiences=known))
    try:
        select_keys(parse_rule(rule), scope)
    except RuleError as error:
        return [(problem.path, problem.code) for problem in error.problems]
    return []


@pytest.mark.parametrize("rule", [{"kind": "gone"}, {"kind": "all", "of": [{"kind": "gone"}]}])
def test_an_audience_whose_rule_is_none_cannot_be_used(company: Company, rule: Any) -> None:
    known = {"odd": composed("odd", rule)}
    scope = company.scope("person", catalogue=replace(company.catalogue, audiences=known))
    with pytest.raises(RuleError) as caught:
        select_keys(parse_rule({"kind": "not", "of": member("odd")}), scope)
    (problem,) = caught.value.problems
    assert (problem.path, problem.code) == ("/of/audience", "unknown_kind")
    assert problem.message == "The audience “Odd” cannot be used. “gone” is no kind of rule."


def test_an_unknown_audience_is_told_with_those_of_a_like_name(company: Company) -> None:
    with pytest.raises(RuleError, match=r"no audience “third”") as caught:
        company.selected(member("third"))
    assert "thirds" in caught.value.problems[0].remedy
    assert caught.value.problems[0].path == "/audience"


def test_an_audience_of_another_table_is_refused_at_its_place(company: Company) -> None:
    rule = {"kind": "all", "of": [member("stocked"), member("thirds")]}
    assert company.refusals(rule) == [("/of/0/audience", "wrong_audience")]


@pytest.mark.parametrize(("missing", "code"), [("expired", "audience_expired"), ("empty", "audience_empty")])
def test_members_that_are_not_there_are_refused(company: Company, missing: str, code: str) -> None:
    gone = Audience("gone", "Gone", "person", "person", "id", missing=missing)
    assert refusals(company, member("gone"), gone) == [("/audience", code)]
    assert refusals(company, member("outer"), composed("outer", member("gone")), gone) == [
        ("/audience", code)
    ]


def test_a_circle_of_audiences_is_refused(company: Company) -> None:
    one, other = composed("one", member("other")), composed("other", {"kind": "not", "of": member("one")})
    assert refusals(company, member("one"), one, other) == [("/audience", "audience_circle")]
    assert refusals(company, member("self"), composed("self", member("self"))) == [
        ("/audience", "audience_circle")
    ]


def chain(length: int) -> list[Audience]:
    inner = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 30}
    rules = [inner, *(member(f"c{number}") for number in range(length - 1))]
    return [composed(f"c{number}", rule) for number, rule in enumerate(rules)]


def test_audiences_nest_as_deep_as_they_may_and_no_deeper(company: Company) -> None:
    audiences = chain(MAX_NESTED + 1)
    assert refusals(company, member(f"c{MAX_NESTED - 1}"), *audiences) == []
    assert refusals(company, member(f"c{MAX_NESTED}"), *audiences) == [("/audience", "audience_nested")]


def test_audiences_that_multiply_are_refused_before_they_grow(company: Company) -> None:
    inner: Any = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 30}
    rules = [inner, *({"kind": "any", "of": [member(f"m{n}")] * 40} for n in range(MAX_NESTED - 1))]
    audiences = [composed(f"m{number}", rule) for number, rule in enumerate(rules)]
    found = refusals(company, member(f"m{MAX_NESTED - 1}"), *audiences)
    assert found == [("/audience", "audience_large")]


def test_levels_are_counted_through_audiences(company: Company) -> None:
    deep: Any = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 30}
    for _level in range(59):
        deep = {"kind": "exists", "link": "referrals", "where": deep}
    asked: Any = member("deep")
    assert refusals(company, asked, composed("deep", deep)) == []
    above = MAX_LEVELS - measured(deep)[1] - levels_of("/audience")
    for _level in range(above):
        asked = {"kind": "not", "of": asked}
    assert refusals(company, asked, composed("deep", deep)) == []
    asked = {"kind": "not", "of": asked}
    place = "/of" * (above + 1) + "/audience"
    assert refusals(company, asked, composed("deep", deep)) == [(place, "audience_large")]


def test_an_audience_knows_no_variables_of_the_campaign_that_asks(company: Company) -> None:
    rule = {"kind": "condition", "attribute": "age", "operator": "equal", "value": {"variable": "whole"}}
    assert refusals(company, rule) == []
    assert refusals(company, member("varies"), composed("varies", rule)) == [
        ("/audience", "unknown_variable")
    ]


def test_a_rule_that_no_longer_fits_says_which_audience_it_is(company: Company) -> None:
    bad = composed("bad", {"kind": "exists", "link": "nowhere"})
    known = {**company.catalogue.audiences, "bad": bad}
    scope = company.scope("person", catalogue=replace(company.catalogue, audiences=known))
    with pytest.raises(RuleError, match=r"“Bad” cannot be used\. .*no link “nowhere”"):
        select_keys(parse_rule(member("bad")), scope)


@pytest.mark.parametrize("audience", ["thirds", "nobody", "coded", "paying", "paying_thirds", "young_coded"])
def test_members_and_strangers_are_everybody_once(company: Company, audience: str) -> None:
    members, strangers = company.selected(member(audience)), company.selected(member(audience, negate=True))
    assert members == company.expected(member(audience))
    assert members | strangers == company.everyone()
    assert not members & strangers
    assert company.selected({"kind": "not", "of": member(audience)}) == strangers


def test_membership_is_asked_at_any_depth(company: Company) -> None:
    inner = {"kind": "exists", "link": "product", "where": member("stocked", negate=True)}
    rule = {"kind": "exists", "link": "orders.lines", "where": inner}
    assert company.selected(rule) == company.expected(rule)
    referred = {"kind": "aggregate", "link": "referrals", "function": "count", "where": member("thirds")}
    rule = {**referred, "operator": "greater_or_equal", "value": 1}
    assert company.selected(rule) == company.expected(rule)


@pytest.mark.parametrize(("negate", "join"), [(False, "Join"), (True, "Anti Join")], ids=["in", "not-in"])
def test_membership_is_planned_as_a_join(company: Company, negate: bool, join: str) -> None:
    """The key of members is unique, so an inner join does for a semi-join."""
    statement = company.statement(member("thirds", negate=negate), "person")
    explained = company.database.execute("EXPLAIN " + statement.sql, statement.parameters)  # type: ignore[arg-type, operator]
    plan = "\n".join(line for (line,) in explained.fetchall())
    assert join in plan
    assert "SubPlan" not in plan


def test_it_reads_as_words(company: Company) -> None:
    rule = parse_rule(member("thirds"))
    assert sentence(rule, company.catalogue, "person") == "person in the audience “thirds”"
    negated = parse_rule(member("gone", negate=True))
    assert sentence(negated, company.catalogue, "person") == "person not in the audience “gone”"
    assert dump_rule(negated) == member("gone", negate=True)
