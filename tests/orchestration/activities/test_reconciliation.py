from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection

from tests.oracle_activities.reconciliation import reconciled
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, Rows, T, came, codes, play, signal

EMAIL = {"attributes": [{"source": "@mail", "destination": "email"}]}
RULE = {"kind": "condition", "attribute": "email", "operator": "equal", "value": {"attribute": "@mail"}}
ROWS = Came("a", {}, {"mail": T.TEXT, "number": T.DECIMAL}, "contract")
TO_PEOPLE = {"dimension": "person"}


def lines(*mails: str | None) -> Came:
    """Rows that stand for nobody yet, known by a contract's number."""
    return Came(
        "a", {f"L-{n:03d}": {"mail": mail} for n, mail in enumerate(mails)}, {"mail": T.TEXT}, "contract"
    )


@pytest.mark.parametrize(
    "config",
    [{}, TO_PEOPLE, {**EMAIL, "several": "some"}, {"attributes": [{"source": "@mail"}]}, {**EMAIL, "x": 1}],
)
def test_misshapen_settings_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("reconciliation", config, ROWS)


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({**EMAIL, "dimension": "persn"}, ("dimension.unknown", "/dimension")),
        (EMAIL, ("rule.unknown_attribute", "/attributes/0/destination")),
        (
            {**TO_PEOPLE, "attributes": [{"source": "@male", "destination": "email"}]},
            ("rule.unknown_attribute", "/attributes/0/source"),
        ),
        (
            {**TO_PEOPLE, "attributes": [{"source": "@mail", "destination": "age"}]},
            ("match.incomparable", "/attributes/0"),
        ),
        (
            {**TO_PEOPLE, "attributes": [{"source": "@mail", "destination": "extra"}]},
            ("attribute.wrong_type", "/attributes/0/destination"),
        ),
        ({**TO_PEOPLE, "rule": {**RULE, "attribute": "male"}}, ("rule.unknown_attribute", "/rule/attribute")),
        (
            {**TO_PEOPLE, "rule": {**RULE, "value": {"attribute": "@male"}}},
            ("rule.unknown_attribute", "/rule/value/attribute"),
        ),
        ({**TO_PEOPLE, "rule": {**RULE, "value": "a"}}, ("reconciliation.no_reference", "/rule")),
        ({**TO_PEOPLE, **EMAIL, "filter": RULE}, ("rule.unknown_attribute", "/filter/attribute")),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, object], found: tuple[str, str]) -> None:
    assert found in codes("reconciliation", config, ROWS)


def test_without_rows_there_is_nothing_to_reconcile() -> None:
    assert codes("reconciliation", {**TO_PEOPLE, **EMAIL}, signal("a")) == {("arrow.nobody", "")}


def test_an_empty_value_matches_nobody(small_shop: Rows) -> None:
    played = play("reconciliation", {**TO_PEOPLE, **EMAIL}, lines("", None))
    assert played.counts() == {"main": 0, "unmatched": 2}


def test_unmatched_rows_that_are_not_kept_are_counted(small_shop: Rows) -> None:
    config = {**TO_PEOPLE, **EMAIL, "keep_unmatched": False}
    played = play("reconciliation", config, lines("nobody@x.org"))
    assert (played.counts(), played.reported["unmatched"]) == ({"main": 0}, 1)


@pytest.mark.parametrize(("several", "found"), [("first", 1), ("all", 3), ("none", 0)])
def test_where_several_are_found_the_setting_says_who(shop: Rows, several: str, found: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE play.person SET email = 'same@x.org' WHERE person_id IN (7, 8, 9)")
    played = play("reconciliation", {**TO_PEOPLE, **EMAIL, "several": several}, lines("same@x.org"))
    assert played.keys() == set(range(7, 7 + found))
    assert (played.reported["ambiguous"], played.reported["matched"]) == (1, int(found > 0))


def test_rows_that_stand_for_the_same_person_are_one(shop: Rows) -> None:
    with connection.cursor() as cursor:
        cursor.execute("UPDATE play.person SET email = 'one@x.org' WHERE person_id = 7")
    played = play("reconciliation", {**TO_PEOPLE, **EMAIL}, lines("one@x.org", "one@x.org"))
    assert played.ports == {"main": {7: {"mail": "one@x.org"}}, "unmatched": {}}
    assert (played.reported["matched"], played.reported["doubled"]) == (2, 1)


def test_only_whom_the_filter_names_is_asked_for(shop: Rows) -> None:
    rows = [row["person_id"] for row in shop["person"]]
    config = {
        "attributes": [{"source": "person_id", "destination": "person_id"}],
        "filter": {"kind": "condition", "attribute": "person_id", "operator": "less", "value": 10},
    }
    played = play("reconciliation", config, came("a", rows))
    assert (played.keys(), played.keys("unmatched")) == (set(range(1, 10)), set(rows[9:]))
    assert played.reported["not_asked"] == len(rows) - 9


def test_a_person_may_be_found_by_one_of_a_linked_row(shop: Rows) -> None:
    config = {
        **TO_PEOPLE,
        "attributes": [{"source": "@mail", "destination": "profile.income"}],
        "several": "all",
    }
    played = play("reconciliation", config, lines("high"))
    first = {row["person_id"]: row["income"] for row in reversed(shop["profile"])}
    assert played.keys() == {person for person, income in first.items() if income == "high"}


OTHER_CITY = {**RULE, "attribute": "city", "operator": "not_equal", "value": {"attribute": "@mark"}}
WAYS: list[dict[str, Any]] = [
    {"attributes": [{"source": "@mark", "destination": "name"}]},
    {"attributes": [{"source": "email", "destination": "email"}]},
    {"attributes": [{"source": "email", "destination": "email"}], "ignore_case": True},
    {"attributes": [{"source": "@score", "destination": "amount"}], "dimension": "contract"},
    {"attributes": [{"source": "age", "destination": "age"}, {"source": "city", "destination": "city"}]},
    {"attributes": [{"source": "spend", "destination": "spend"}], "rule": OTHER_CITY},
    {"rule": {**RULE, "attribute": "amount", "value": {"attribute": "@score"}}, "dimension": "contract"},
]


def holds(config: dict[str, Any], row: dict[str, Any], carried: dict[str, Any]) -> bool:
    """The two rules above, by hand."""
    if "rule" not in config:
        return True
    if config.get("dimension") == "contract":
        return carried["score"] is not None and row["amount"] == carried["score"]
    return not (row["city"] and carried["mark"]) or row["city"] != carried["mark"]


@pytest.mark.parametrize("several", ["first", "all", "none"])
@pytest.mark.parametrize("config", WAYS)
def test_the_reference_finds_the_same_rows(shop: Rows, config: dict[str, Any], several: str) -> None:
    inbound = draw_people(random.Random(repr((config, several))), shop)
    table = config.get("dimension", "person")
    played = play("reconciliation", {**config, "several": several}, inbound)
    ports, counts = reconciled(
        shop,
        "person",
        inbound.people,
        {**config, "several": several},
        table=table,
        rule=lambda row, carried: holds(config, row, carried),
        asked=lambda _row, _carried: True,
    )
    assert played.ports == ports
    assert played.reported == counts


def test_equal_values_are_hashed_not_looked_up_row_by_row(shop: Rows) -> None:
    played = play("reconciliation", {**TO_PEOPLE, **EMAIL}, lines(*(f"p{n}@x.org" for n in range(50))))
    assert "CROSS JOIN" in played.activity_run.statements
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE play.person")
        statement = played.activity_run.statements.split(";")[0].split("\n", 1)[1]
        cursor.execute("EXPLAIN " + statement)
        plan = "\n".join(row[0] for row in cursor.fetchall())
    assert "Hash Join" in plan
    assert "Nested Loop" not in plan


def test_the_table_of_pairs_is_gone_when_the_activity_is_done(shop: Rows) -> None:
    played = play("reconciliation", {**TO_PEOPLE, **EMAIL}, lines("p1@x.org"))
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'work' AND tablename LIKE 'r%'")
        left = {row[0] for row in cursor.fetchall()}
    assert left == set(played.activity_run.populations.values_list("table_name", flat=True))
