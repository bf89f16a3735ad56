"""What each type of activity keeps of those it leaves behind: the facts, computed once more from the rows."""

from __future__ import annotations

import math
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from campaigns.decisions import Entry, Fact, Layout, layout_from_data
from campaigns.kept_explanations import value_of
from campaigns.targeting.explanation import Role
from campaigns.targeting.schema import FieldType
from orchestration.working_tables import DECIDED
from tests.oracle_activities.lookup import Rows
from tests.orchestration.playground import Came, Played, came, company, open_company, play

pytestmark = pytest.mark.django_db
OLD = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}
RICH = {"kind": "condition", "attribute": "@points", "operator": "greater", "value": 5}
BOUGHT = {
    "kind": "exists",
    "link": "purchases",
    "where": {"kind": "condition", "attribute": "amount", "operator": "greater", "value": 2},
}
Texts = list[str | None]


@pytest.fixture
def shop(db: None) -> Rows:
    rows = company(5, people=60)
    open_company(rows)
    return rows


class Kept:
    """What stands beside the people of a port."""

    def __init__(self, played: Played, port: str = "complement") -> None:
        population = played.activity_run.populations.get(port=port)
        self.layout: Layout = layout_from_data(population.decided)
        with connection.cursor() as cursor:
            name = sql.Identifier("work", population.table_name)
            cursor.execute(sql.SQL("SELECT key, {} FROM {}").format(sql.Identifier(DECIDED), name))
            self.texts: dict[Any, Texts] = dict(cursor.fetchall())

    def entry(self, says: Any, **named: Any) -> Entry:
        return next(
            each
            for each in self.layout.entries
            if each.says is says and all(getattr(each, name) == value for name, value in named.items())
        )

    def of(self, says: Any, **named: Any) -> dict[Any, Any]:
        """One entry, of everybody."""
        entry = self.entry(says, **named)
        flags = entry.bit is not None
        return {
            key: entry.is_set(texts) if flags else value_of(texts[entry.number], entry.type)
            for key, texts in self.texts.items()
        }


def people(rows: Rows) -> dict[int, dict[str, Any]]:
    return {row["person_id"]: row for row in rows["person"]}


def test_without_a_rule_or_a_complement_nothing_is_kept(shop: Rows) -> None:
    played = play("build_audience", {"dimension": "person", "complement": True})
    assert [each.decided for each in played.activity_run.populations.all()] == [None, None]
    played = play("build_audience", {"dimension": "person", "rule": OLD})
    assert [each.decided for each in played.activity_run.populations.all()] == [None]


def test_the_port_of_those_who_fit_keeps_nothing(shop: Rows) -> None:
    played = play("build_audience", {"dimension": "person", "rule": OLD, "complement": True})
    kept = {each.port: each.decided is not None for each in played.activity_run.populations.all()}
    assert kept == {"main": False, "complement": True}


def test_a_question_that_explains_nothing_keeps_nothing(shop: Rows) -> None:
    config = {"dimension": "person", "rule": OLD, "complement": True}
    played = play("build_audience", config, lasts=False)
    assert not played.activity_run.populations.filter(decided__isnull=False).exists()


def test_build_audience_keeps_the_rule_of_those_it_does_not_hold_for(shop: Rows) -> None:
    rule = {"kind": "all", "of": [OLD, BOUGHT]}
    kept = Kept(play("build_audience", {"dimension": "person", "rule": rule, "complement": True}))
    bought = [p["person_id"] for p in shop["purchase"] if p["amount"] and p["amount"] > 2]
    for key, value in kept.of(Role.VALUE, path="/of/0").items():
        assert value == (str(people(shop)[key]["age"]) if people(shop)[key]["age"] is not None else None)
    for key, met in kept.of(Role.MEETING, path="/of/1/where").items():
        assert int(met) == bought.count(key)
    assert kept.of(Role.HOLDS, path="/of/1") == {key: key in bought for key in kept.texts}
    assert not any(
        kept.of(Role.HOLDS, path="/of/0")[key] and kept.of(Role.HOLDS, path="/of/1")[key]
        for key in kept.texts
    )


def test_an_incremental_query_keeps_the_date_and_whether_it_lies_in_the_reading(shop: Rows) -> None:
    config = {"dimension": "person", "dated": "seen", "start": "2017-12-01T00:00", "rule": OLD}
    kept = Kept(play("incremental_query", {**config, "complement": True, "exclude_returned": True}))
    since = datetime(2017, 12, 1, tzinfo=UTC)
    rows = people(shop)
    assert kept.of(Fact.COMPARED, part="/dated") == {key: rows[key]["seen"] for key in kept.texts}
    assert kept.of(Fact.IN_WINDOW) == {
        key: bool(rows[key]["seen"] and rows[key]["seen"] >= since) for key in kept.texts
    }
    assert kept.of(Role.HOLDS) == {key: (rows[key]["age"] or 0) > 25 for key in kept.texts}


def points(keys: Any) -> Came:
    """People some of whom are in no table any more, with points."""
    return Came(
        "a", {key: {"points": Decimal(key % 11)} for key in [*keys, 1001]}, {"points": FieldType.DECIMAL}
    )


def test_a_split_keeps_the_rules_of_all_subsets_and_what_was_carried(shop: Rows) -> None:
    subsets = [
        {"id": "old", "rule": {"kind": "all", "of": [OLD, RICH]}},
        {"id": "few", "rule": BOUGHT, "limit": {"number": 2}, "sort": {"attribute": "spend"}},
    ]
    played = play("split", {"subsets": subsets, "complement": True}, points(people(shop)))
    kept = Kept(played)
    assert played.columns["complement"] == {"key": "bigint", "points": "numeric"}
    rows = people(shop)
    assert {float(value) for value in kept.of(Role.VALUE, path="/of/1").values()} <= set(
        map(float, range(11))
    )
    assert kept.of(Role.HOLDS, part="/subsets/0/rule", path="/of/1") == {
        key: key % 11 > 5 for key in kept.texts
    }
    assert kept.of(Fact.FOUND) == {key: key in rows for key in kept.texts}
    assert kept.entry(Fact.WITHIN_LIMIT).about == "/subsets/1/rule"
    assert {key for key, held in kept.of(Role.HOLDS, part="/subsets/1/rule").items() if held}
    spent = kept.of(Fact.COMPARED, part="/subsets/1/sort")
    assert all(
        (spent[key] and Decimal(spent[key])) == rows[key]["spend"] for key in kept.texts if key in rows
    )


def test_a_duplicate_is_told_whose_it_is(shop: Rows) -> None:
    played = play("deduplication", {"keys": ["email"], "complement": True}, came("a", people(shop)))
    kept, rows = Kept(played), people(shop)
    assert kept.texts
    for key, owner in kept.of(Fact.KEPT).items():
        assert int(owner) in played.keys("main")
        assert rows[int(owner)]["email"].strip().lower() == rows[key]["email"].strip().lower()
    assert kept.of(Fact.COMPARED) == {key: rows[key]["email"] for key in kept.texts}


@pytest.mark.parametrize(
    ("operation", "more"),
    [("intersection", {}), ("exclusion", {"primary": "a"}), ("union", {"limit": 7, "primary": "a"})],
)
def test_a_combination_keeps_in_which_sets_somebody_was(
    shop: Rows, operation: str, more: dict[str, Any]
) -> None:
    sets = {"a": range(1, 30), "b": range(10, 45, 2), "c": range(25, 50, 3)}
    inbound = [came(name, keys) for name, keys in sets.items()]
    kept = Kept(play("combine", {"operation": operation, "complement": True, **more}, *inbound))
    assert kept.texts
    for name, keys in sets.items():
        assert kept.of(Fact.IN_SET, about=f"{name}.main") == {key: key in keys for key in kept.texts}


def test_a_combination_by_columns_keeps_who_counted_as_being_in_a_set(shop: Rows) -> None:
    config = {"operation": "exclusion", "primary": "a", "reconcile": "columns", "columns": ["city"]}
    kept = Kept(
        play("combine", {**config, "complement": True}, came("a", range(1, 40)), came("b", [50, 51, 52]))
    )
    cities = {people(shop)[key]["city"] for key in (50, 51, 52)} - {None, ""}
    assert kept.of(Fact.IN_SET, about="b.main") == dict.fromkeys(kept.texts, True)
    assert {people(shop)[key]["city"] for key in kept.texts} <= cities


def test_who_was_not_reconciled_keeps_what_was_compared(shop: Rows) -> None:
    inbound = Came(
        "a", {1: {"mail": "a@x.org"}, 2: {"mail": "nobody"}, 3: {"mail": ""}}, {"mail": FieldType.TEXT}
    )
    config = {
        "attributes": [{"source": "@mail", "destination": "email"}],
        "several": "none",
        "filter": {"kind": "condition", "attribute": "@mail", "operator": "is_not_empty"},
    }
    kept = Kept(play("reconciliation", config, inbound), "unmatched")
    found = [row["email"] for row in shop["person"]].count("a@x.org")
    assert found > 1
    assert kept.of(Fact.MATCHES) == {1: str(found), 2: None, 3: None}
    assert kept.of(Role.HOLDS, part="/filter") == {1: True, 2: True, 3: False}
    assert kept.of(Fact.COMPARED) == {1: "a@x.org", 2: "nobody", 3: None}


def test_a_control_group_keeps_its_stratum_and_none_keeps_nothing(shop: Rows) -> None:
    inbound = came("a", people(shop))
    kept = Kept(play("control_group", {"percent": "20", "stratify": ["city"]}, inbound), "control")
    assert kept.of(Fact.COMPARED) == {key: people(shop)[key]["city"] or None for key in kept.texts}
    played = play("control_group", {"percent": "20"}, inbound)
    assert not played.activity_run.populations.filter(decided__isnull=False).exists()


def test_who_leads_to_no_row_keeps_what_would_have_led_there(shop: Rows) -> None:
    contracts = Came("a", {row["contract_no"]: {} for row in shop["contract"]}, dimension="contract")
    config = {"dimension": "person", "link": "person"}
    kept = Kept(play("change_dimension", config, contracts), "unmatched")
    owners = {row["contract_no"]: row["person_id"] for row in shop["contract"]}
    found = {key: value and int(value) for key, value in kept.of(Fact.COMPARED).items()}
    assert found == {key: owners[key] for key in kept.texts}


def test_a_composed_audience_keeps_its_own_rule_and_a_saved_one_nothing(shop: Rows) -> None:
    kept = Kept(play("read_audience", {"audience": "adults", "complement": True}))
    assert kept.layout.rules == {"/audience": OLD}
    assert not any(kept.of(Role.HOLDS).values())
    played = play("read_audience", {"audience": "regulars", "complement": True})
    assert not played.activity_run.populations.filter(decided__isnull=False).exists()


HOSTILE = {
    "name": "\U0001f600" * 5_000,
    "city": "'; DROP TABLE play.person; --\x1f{},\"\\ NULL",
    "age": 2**62,
    "spend": Decimal("1e3000"),
    "weight": math.nan,
    "joined": "infinity",
    "seen": "-infinity",
    "extra": '{"a": "' + "\\u0001" * 900 + '"}',
}


def test_hostile_values_are_kept_cut_and_read_back(shop: Rows) -> None:
    with connection.cursor() as cursor:
        columns = sql.SQL(", ").join(
            sql.SQL("{} = {}").format(sql.Identifier(name), sql.Literal(str(value)))
            for name, value in HOSTILE.items()
        )
        cursor.execute(sql.SQL("UPDATE play.person SET {} WHERE person_id = 1").format(columns))
    parts = [{"kind": "condition", "attribute": name, "operator": "is_empty"} for name in HOSTILE]
    rule = {"kind": "all", "of": parts}
    kept = Kept(play("build_audience", {"dimension": "person", "rule": rule, "complement": True}))
    found = {name: kept.of(Role.VALUE, path=f"/of/{number}")[1] for number, name in enumerate(HOSTILE)}
    assert found["name"] == "\U0001f600" * 201
    assert (found["city"], found["age"]) == (HOSTILE["city"], str(2**62))
    assert len(found["spend"]) == 201
    assert math.isnan(found["weight"])
    assert (found["joined"], found["seen"]) == ("infinity", "-infinity")
    assert len(found["extra"]) == 201


def test_an_infinite_figure_is_kept(shop: Rows) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE play.purchase SET amount = 'NaN' WHERE person_id = 3")
    rule = {
        "kind": "aggregate",
        "link": "purchases",
        "function": "sum",
        "attribute": "amount",
        "operator": "less",
        "value": 1,
    }
    kept = Kept(play("build_audience", {"dimension": "person", "rule": rule, "complement": True}))
    bought = {row["person_id"] for row in shop["purchase"]}
    assert 3 in bought
    assert kept.of(Role.FIGURE)[3] == "NaN"
    assert kept.layout.at == datetime(2018, 1, 1, 12, tzinfo=UTC) + timedelta()
