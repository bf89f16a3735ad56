from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from pydantic import ValidationError

from campaigns.targeting.problems import RuleError, RuleProblem
from campaigns.targeting.rules import All, dump_rule, parse_rule, rule_schema

LEAF: dict[str, Any] = {"kind": "condition", "attribute": "city.country", "operator": "equal", "value": "KR"}


def problems(data: object) -> tuple[RuleProblem, ...]:
    with pytest.raises(RuleError) as caught:
        parse_rule(data)
    return caught.value.problems


@pytest.mark.parametrize("data", [None, 3, "all", [], {}, {"kin": "all"}, {"kind": None}, {"kind": ["all"]}])
def test_what_is_no_rule_is_refused_at_its_root(data: object) -> None:
    (problem,) = problems(data)
    has_kind = isinstance(data, dict) and "kind" in data
    assert (problem.path, problem.code) == ("", "unknown_kind" if has_kind else "no_kind")
    like = (
        "Did you mean: all?" if data == {"kind": ["all"]} else "Known here: aggregate, all, any, condition,"
    )
    assert problem.remedy.startswith(like)


def test_an_unknown_kind_names_the_nearest() -> None:
    (problem,) = problems({"kind": "al", "of": [LEAF]})
    assert (problem.code, "all" in problem.remedy) == ("unknown_kind", True)


@pytest.mark.parametrize(
    ("change", "path", "code"),
    [
        ({"operator": "equl"}, "/of/1/operator", "unknown_word"),
        ({"valeu": 1}, "/of/1/valeu", "unknown_key"),
        ({"#list": 1}, "/of/1/#list", "unknown_key"),
        ({"value": {"variable": "x", "#list": 1}}, "/of/1/value/#list", "unknown_key"),
        ({"condition": 1}, "/of/1/condition", "unknown_key"),
        ({"attribute": 3}, "/of/1/attribute", "wrong_form"),
        ({"attribute": {"name": "x", "path": []}}, "/of/1/attribute/path", "too_few"),
        ({"case_sensitive": "yes"}, "/of/1/case_sensitive", "wrong_form"),
        ({"value": {"unknown": 1}}, "/of/1/value", "unknown_value"),
        ({"value": ["x", {"last": 1}]}, "/of/1/value/1", "unknown_value"),
        ({"value": ["x", None]}, "/of/1/value/1", "unknown_value"),
        ({"value": {"variable": "x", "more": 1}}, "/of/1/value/more", "unknown_key"),
        ({"value": {"last": -1}}, "/of/1/value/last", "out_of_range"),
        ({"value": {"last": 1, "unit": "dya"}}, "/of/1/value/unit", "unknown_word"),
        ({"value": {"last": "1"}}, "/of/1/value/last", "wrong_form"),
        ({"value": {"days": [0]}}, "/of/1/value/days/1", "missing"),
        ({"a/b~c": 1}, "/of/1/a~1b~0c", "unknown_key"),
    ],
)
def test_a_fault_is_named_at_its_place(change: dict[str, Any], path: str, code: str) -> None:
    (problem,) = problems({"kind": "all", "of": [LEAF, {**LEAF, **change}]})
    assert (problem.path, problem.code) == (path, code)
    assert problem.message
    assert problem.remedy


def test_every_fault_is_named_at_once() -> None:
    found = problems({"kind": "any", "of": [{**LEAF, "operator": "no"}, {"kind": "exists"}, {"kind": "not"}]})
    assert [problem.path for problem in found] == ["/of/0/operator", "/of/1/link", "/of/2/of"]


EXISTS = {"kind": "exists", "link": "orders"}
COUNT = {
    "kind": "aggregate",
    "link": "orders",
    "function": "string",
    "attribute": "x",
    "operator": "is_empty",
}
NTH = {"kind": "nth", "link": "orders", "by": "at"}
STEPS = {"kind": "sequence", "link": "orders", "at": "at", "steps": [{}, {}]}
FILTER = {"kind": "filter", "filter": "rich"}


@pytest.mark.parametrize(
    ("rule", "place", "allowed", "refused"),
    [
        (LEAF, "attribute", {"name": "x", "path": ["y"] * 20}, {"name": "x", "path": ["y"] * 21}),
        (LEAF, "attribute", {"name": "x", "path": ["y"]}, {"name": "x", "path": []}),
        (LEAF, "attribute", {"name": "x", "path": ["y" * 2_000]}, {"name": "x", "path": ["y" * 2_001]}),
        (LEAF, "attribute", "x" * 2_000, "x" * 2_001),
        (EXISTS, "link", "x" * 2_000, "x" * 2_001),
        (EXISTS, "negate", True, 1),
        (COUNT, "separator", "x" * 100, "x" * 101),
        (NTH, "n", 1, 0),
        (NTH, "n", 1_000, 1_001),
        (NTH, "descending", False, 0),
        (STEPS, "steps", [{}] * 2, [{}]),
        (STEPS, "steps", [{}] * 10, [{}] * 11),
        (STEPS, "steps", [{}, {"within": {"n": 0}}], [{}, {"within": {"n": -1}}]),
        (STEPS, "steps", [{}, {"within": {"n": 10_000}}], [{}, {"within": {"n": 10_001}}]),
        (FILTER, "parameters", {f"p{n}": n for n in range(100)}, {f"p{n}": n for n in range(101)}),
    ],
)
def test_a_part_is_allowed_to_its_limit(rule: dict[str, Any], place: str, allowed: Any, refused: Any) -> None:
    assert all(problem.path.startswith(f"/{place}") for problem in problems({**rule, place: refused}))
    parse_rule({**rule, place: allowed})


DEFAULTS: list[tuple[dict[str, Any], dict[str, Any]]] = [
    (LEAF, {"case_sensitive": True}),
    ({**LEAF, "attribute": {"name": "x", "path": ["y"], "type": "text"}}, {}),
    (EXISTS, {"where": None, "negate": False}),
    (COUNT, {"where": None, "separator": None}),
    (NTH, {"descending": True, "n": 1, "among": None, "where": None, "negate": False}),
    (STEPS, {"negate": False}),
    (FILTER, {"parameters": {}, "frozen": None}),
    ({"kind": "member", "audience": "rich"}, {"negate": False}),
]


@pytest.mark.parametrize(("rule", "defaults"), DEFAULTS)
def test_what_is_left_out_means_its_default(rule: dict[str, Any], defaults: dict[str, Any]) -> None:
    read = parse_rule(rule)
    assert {name: getattr(read, name) for name in defaults} == defaults
    assert parse_rule({**rule, **defaults}) == read
    assert not defaults.keys() & dump_rule(parse_rule({**rule, **defaults})).keys()


@pytest.mark.parametrize(
    "group", [{"kind": "all", "of": []}, {"kind": "any", "of": []}, {"kind": "except", "of": [LEAF]}]
)
def test_a_group_without_its_parts_is_refused(group: dict[str, Any]) -> None:
    assert [(problem.path, problem.code) for problem in problems(group)] == [("/of", "too_few")]


def test_a_long_foreign_value_is_quoted_short_and_printable() -> None:
    (problem,) = problems({**LEAF, "operator": "\x1b[31m" + "x" * 10_000})
    assert len(problem.message) < 200
    assert problem.message.isprintable()


def test_a_rule_is_frozen() -> None:
    rule = parse_rule({"kind": "all", "of": [LEAF]})
    assert isinstance(rule, All)
    with pytest.raises(ValidationError):
        rule.of = ()  # type: ignore[misc]


def test_dates_and_numbers_that_yaml_made_are_read_as_json_writes_them() -> None:
    rule = parse_rule({**LEAF, "operator": "in", "value": [date(2018, 1, 31), Decimal("1.50")]})
    assert dump_rule(rule)["value"] == ["2018-01-31", "1.50"]


def test_a_dumped_rule_leaves_defaults_out_and_is_read_back_as_it_was() -> None:
    data = {
        "kind": "except",
        "of": [LEAF, {"kind": "exists", "link": "orders", "where": {"kind": "not", "of": LEAF}}],
    }
    rule = parse_rule(
        {"kind": "except", "of": [{**LEAF, "case_sensitive": True}, {**data["of"][1], "negate": False}]}
    )

    assert dump_rule(rule) == data
    assert parse_rule(dump_rule(rule)) == rule


def test_types_of_literals_are_kept() -> None:
    values = [True, 1, 1.5, "1"]
    rule = parse_rule({**LEAF, "operator": "in", "value": values})
    assert [repr(value) for value in dump_rule(rule)["value"]] == [repr(value) for value in values]


def test_the_schema_knows_every_kind() -> None:
    kinds = {"All", "Any_", "Except", "Not", "Condition", "Exists", "Aggregate", "Nth", "Sequence_"}
    assert kinds <= set(rule_schema()["$defs"])
