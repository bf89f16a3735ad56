from __future__ import annotations

import json
import random
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest

from orchestration.selection.indexes import leads_an_index
from tests.campaigns.shop import execute
from tests.oracle_activities.enrichment import added, joined
from tests.oracle_activities.lookup import Row, Rows
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, T, came, codes, play, signal

INCOME = {"kind": "attribute", "attribute": "profile.income", "name": "income"}
COUNT = {"kind": "aggregate", "link": "purchases", "function": "count", "name": "bought"}
LAST: dict[str, Any] = {
    "kind": "rows",
    "link": "purchases",
    "number": 2,
    "name": "buys",
    "sort": [{"attribute": "at"}],
    "fields": [{"attribute": "amount", "name": "amount"}, {"attribute": "product.name", "name": "product"}],
}


@pytest.mark.parametrize(
    ("addition", "found"),
    [
        ({**INCOME, "name": "x"}, ("column.taken", "/add/0/name")),
        ({**INCOME, "name": "key"}, ("column.taken", "/add/0/name")),
        ({**INCOME, "name": "last"}, ("column.taken", "/add/0/name")),
        ({**INCOME, "attribute": "contracts.kind"}, ("rule.collection", "/add/0/attribute")),
        ({**INCOME, "attribute": "@y"}, ("rule.unknown_attribute", "/add/0/attribute")),
        ({**COUNT, "link": "purchase"}, ("rule.unknown_link", "/add/0/link")),
        ({**COUNT, "link": "profile"}, ("enrichment.not_a_collection", "/add/0/link")),
        ({**COUNT, "function": "sum"}, ("enrichment.no_attribute", "/add/0/attribute")),
        ({**COUNT, "function": "sum", "attribute": "gift"}, ("attribute.wrong_type", "/add/0/attribute")),
        ({**LAST, "sort": [{"attribute": "amout"}]}, ("rule.unknown_attribute", "/add/0/sort/0/attribute")),
        ({**LAST, "fields": LAST["fields"][:1] * 2}, ("column.taken", "/add/0/fields/1/name")),
        ({"kind": "set", "arrow": "z"}, ("arrow.unknown", "/add/0/arrow")),
        (
            {"kind": "set", "arrow": "a", "columns": [{"column": "y", "name": "z"}]},
            ("column.unknown", "/add/0/columns/0/column"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(addition: dict[str, Any], found: tuple[str, str]) -> None:
    assert codes("enrichment", {"add": [addition]}, Came("a", {}, {"x": T.INTEGER})) == {found}


def test_two_additions_must_not_make_the_same_column() -> None:
    clash = {**INCOME, "name": "buys_2_amount"}
    assert codes("enrichment", {"add": [LAST, clash]}, came("a", [])) == {("column.taken", "/add/1/name")}


def test_several_sets_need_a_primary_one() -> None:
    config = {"add": [INCOME]}
    assert codes("enrichment", config, came("a", []), came("b", [])) == {
        ("enrichment.no_primary", "/primary")
    }
    assert codes("enrichment", config, signal("a")) == {("arrow.nobody", "")}


def test_a_set_of_another_dimension_cannot_be_joined() -> None:
    config = {"primary": "a", "add": [{"kind": "set", "arrow": "c", "flag": "in_c"}]}
    contracts = came("c", [], dimension="contract")
    assert codes("enrichment", config, came("a", []), contracts) == {
        ("enrichment.dimensions_differ", "/add/0/arrow")
    }


def test_the_columns_of_another_set_join_by_key(small_shop: Rows) -> None:
    theirs = Came("b", {1: {"x": "one"}, 9: {"x": "nine"}}, {"x": T.TEXT})
    addition = {"kind": "set", "arrow": "b", "flag": "in_b", "columns": [{"column": "x", "name": "y"}]}
    played = play("enrichment", {"primary": "a", "add": [addition]}, came("a", [1, 2]), theirs)
    assert played.ports["main"] == {1: {"y": "one", "in_b": True}, 2: {"y": None, "in_b": False}}


BIG = {"kind": "condition", "attribute": "amount", "operator": "greater", "value": 2}
Predicate = Callable[[Row], bool]
ADDITIONS: list[tuple[dict[str, Any], Predicate]] = [
    (INCOME, lambda row: True),
    ({"kind": "attribute", "attribute": "email", "name": "mail"}, lambda row: True),
    ({"kind": "attribute", "attribute": "@mark", "name": "again"}, lambda row: True),
    ({"kind": "attribute", "attribute": "token", "name": "token"}, lambda row: True),
    (COUNT, lambda row: True),
    ({**COUNT, "name": "big", "where": BIG}, lambda row: (row["amount"] or 0) > 2),
    ({**COUNT, "name": "filled", "attribute": "product.department"}, lambda row: True),
    ({**COUNT, "name": "kinds", "function": "count_distinct", "attribute": "product.name"}, lambda row: True),
    ({**COUNT, "name": "total", "function": "sum", "attribute": "amount"}, lambda row: True),
    ({**COUNT, "name": "mean", "function": "avg", "attribute": "amount"}, lambda row: True),
    ({**COUNT, "name": "since", "function": "min", "attribute": "at"}, lambda row: True),
    ({**COUNT, "name": "best", "function": "max", "attribute": "product.name"}, lambda row: True),
    ({**COUNT, "name": "deep", "link": "contracts.person.purchases"}, lambda row: True),
    (LAST, lambda row: True),
    ({**LAST, "name": "dear", "where": BIG, "number": 1}, lambda row: (row["amount"] or 0) > 2),
    (
        {**LAST, "name": "deal", "link": "contracts", "sort": [{"attribute": "amount", "order": "ascending"}],
         "fields": [{"attribute": "kind", "name": "kind"}, {"attribute": "amount", "name": "amount"}]},
        lambda row: True,
    ),
]  # fmt: skip


def _plain(row: Row) -> Row:
    lists = {name: json.loads(value, parse_float=Decimal) for name, value in row.items() if name in LISTS}
    return {**row, **lists}


LISTS = [addition["name"] for addition, _where in ADDITIONS if addition["kind"] == "rows"]


@pytest.mark.parametrize("indexed", [True, False])
def test_the_reference_adds_the_same(shop: Rows, indexed: bool) -> None:
    if not indexed:
        execute("DROP INDEX play.purchase_person_id_idx")
    assert leads_an_index("play", "purchase", ["person_id"]) is indexed
    chance = random.Random(6)
    keys = [*(row["person_id"] for row in shop["person"]), 1001]
    people = Came("a", {key: {"mark": chance.choice([None, "", "x"])} for key in keys}, {"mark": T.TEXT})
    played = play("enrichment", {"add": [addition for addition, _where in ADDITIONS]}, people)
    for key, found in (played.ports["main"] or {}).items():
        expected = dict(people.people[key])
        for addition, where in ADDITIONS:
            expected |= added(shop, key, people.people[key], addition, where)
        mean, wanted = found.pop("mean"), expected.pop("mean")
        assert (mean is None) == (wanted is None)
        assert mean is None or abs(mean - wanted) < Decimal("1e-12")
        assert _plain(found) == expected, key
    assert played.keys() == set(people.people)


LENGTH = {"kind": "attribute", "attribute": {"expression": "Length(name)"}, "name": "letters"}


def test_a_fault_in_an_expression_is_named_where_it_stands() -> None:
    wrong = {**LENGTH, "attribute": {"expression": "Length(age)"}}
    assert codes("enrichment", {"add": [wrong]}, came("a", [])) == {
        ("rule.expression_wrong_type", "/add/0/attribute/expression")
    }


def test_expressions_are_added_summed_and_sorted_by(small_shop: Rows) -> None:
    figure = {**COUNT, "function": "sum", "attribute": {"expression": "amount * 2"}, "name": "twice"}
    plain = {**COUNT, "function": "sum", "attribute": "amount", "name": "once"}
    joined = {"kind": "attribute", "attribute": {"expression": "name || '!'"}, "name": "loud"}
    rows = {**LAST, "sort": [{"attribute": {"expression": "Abs(amount)"}}], "number": 1}
    people = [row["person_id"] for row in small_shop["person"]]
    played = play("enrichment", {"add": [LENGTH, joined, figure, plain, rows]}, came("a", people))
    assert {name: played.columns["main"][name] for name in ("letters", "loud", "twice")} == {
        "letters": "bigint",
        "loud": "text",
        "twice": "numeric",
    }
    for row in small_shop["person"]:
        found = (played.ports["main"] or {})[row["person_id"]]
        assert found["letters"] == (len(row["name"]) if row["name"] else None)
        assert found["loud"] == (row["name"] + "!" if row["name"] else None)
        assert found["twice"] == 2 * found["once"]


def test_a_link_that_is_a_path_adds_what_its_links_add(shop: Rows) -> None:
    people = came("a", [row["person_id"] for row in shop["person"]])
    named, written = (
        play(
            "enrichment",
            {
                "add": [
                    {**COUNT, "link": link},
                    {
                        **COUNT,
                        "name": "kinds",
                        "function": "count_distinct",
                        "attribute": "name",
                        "link": link,
                    },
                    {
                        "kind": "rows",
                        "name": "got",
                        "link": link,
                        "number": 2,
                        "fields": [{"attribute": "name", "name": "name"}],
                        "sort": [{"attribute": "name"}],
                    },
                ]
            },
            people,
        )
        for link in ("products", "purchases.product")
    )
    assert any(row["bought"] for row in (named.ports["main"] or {}).values())
    assert named.ports == written.ports


JOIN: dict[str, Any] = {
    "kind": "joined",
    "table": "person",
    "attributes": [{"source": "city", "destination": "city"}],
    "fields": [{"attribute": "name", "name": "name"}, {"attribute": "person_id", "name": "id"}],
    "name": "peers",
}


@pytest.mark.parametrize("wrong", [{"arrow": "b"}, {"table": ""}, {"attributes": []}, {"fields": []}])
def test_rows_are_joined_from_one_place_by_something(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("enrichment", {"add": [{**JOIN, **wrong}]}, came("a", []))


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"table": "persn"}, ("table.unknown", "/add/0/table")),
        ({"table": "", "arrow": "z"}, ("arrow.unknown", "/add/0/arrow")),
        (
            {"attributes": [{"source": "city", "destination": "age"}]},
            ("match.incomparable", "/add/0/attributes/0"),
        ),
        (
            {"fields": [{"attribute": "@y", "name": "y"}]},
            ("rule.unknown_attribute", "/add/0/fields/0/attribute"),
        ),
        ({"sort": [{"attribute": "extra"}]}, ("attribute.wrong_type", "/add/0/sort/0/attribute")),
        ({"where": {**BIG, "attribute": "@y"}}, ("rule.unknown_attribute", "/add/0/where/attribute")),
        ({"fields": JOIN["fields"][:1] * 2}, ("column.taken", "/add/0/fields/1/name")),
    ],
)
def test_joined_rows_are_checked(change: dict[str, Any], found: tuple[str, str]) -> None:
    assert found in codes("enrichment", {"add": [{**JOIN, **change}]}, Came("a", {}, {"x": T.INTEGER}))


OLDER = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}
NOT_MARKED = {"kind": "condition", "attribute": "@mark", "operator": "is_empty"}
JOINS: list[tuple[dict[str, Any], Predicate]] = [
    (JOIN, lambda row: True),
    ({**JOIN, "number": 3, "sort": [{"attribute": "spend"}]}, lambda row: True),
    ({**JOIN, "where": OLDER, "number": 2}, lambda row: (row["age"] or 0) > 25),
    (
        {**JOIN, "attributes": [*JOIN["attributes"], {"source": "@mark", "destination": "name"}], "number": 2},
        lambda row: True,
    ),
    (
        {**JOIN, "table": "", "arrow": "b", "number": 2, "sort": [{"attribute": "@score", "order": "ascending"}],
         "attributes": [{"source": "@mark", "destination": "@mark"}],
         "fields": [*JOIN["fields"], {"attribute": "@score", "name": "score"}]},
        lambda row: True,
    ),
    (
        {**JOIN, "table": "", "arrow": "b", "attributes": [{"source": "age", "destination": "age"}],
         "where": NOT_MARKED},
        lambda row: row["mark"] in (None, ""),
    ),
]  # fmt: skip


@pytest.mark.parametrize("number", range(len(JOINS)))
def test_the_reference_joins_the_same_rows(shop: Rows, number: int) -> None:
    addition, where = JOINS[number]
    chance = random.Random(number)
    people, theirs = draw_people(chance, shop), draw_people(chance, shop, source="b")
    played = play("enrichment", {"primary": "a", "add": [addition]}, people, theirs)
    everybody: list[tuple[Any, Row]] = [(row["person_id"], {}) for row in shop["person"]]
    others = list(theirs.people.items()) if addition.get("arrow") else everybody
    for key, found in (played.ports["main"] or {}).items():
        expected = people.people[key] | joined(shop, key, people.people[key], addition, others, where)
        found["peers"] = json.loads(found["peers"], parse_float=Decimal)
        assert found == expected, key
    assert played.keys() == set(people.people)


def test_a_table_s_filter_may_speak_of_the_person(shop: Rows) -> None:
    """The advanced join: who else lives there."""
    other = {
        "kind": "condition",
        "attribute": "person_id",
        "operator": "not_equal",
        "value": {"attribute": "@self"},
    }
    keys = [row["person_id"] for row in shop["person"]]
    people = Came("a", {key: {"self": key} for key in keys}, {"self": T.INTEGER})
    played = play("enrichment", {"add": [{**JOIN, "where": other, "number": 20}]}, people)
    cities = {row["person_id"]: row["city"] for row in shop["person"]}
    for key, row in (played.ports["main"] or {}).items():
        peers = [each for each in keys if each != key and cities[key] and cities[each] == cities[key]]
        assert [each["id"] for each in json.loads(row["peers"])] == peers[:20]
