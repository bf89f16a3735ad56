from __future__ import annotations

import random
from typing import Any

import pytest
from django.db import connection, transaction
from psycopg import sql

from campaigns.audience_tables import ADDED_AT
from campaigns.dimensions import register_dimension
from campaigns.models import Audience, AudienceChange
from campaigns.registration import register_table
from orchestration.exceptions import ActivityFailed
from orchestration.models import RunLogEntry
from tests.oracle_activities.lookup import Rows
from tests.oracle_activities.save_audience import saved
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.playground import Came, People, T, came, codes, play, signal

COLUMNS = [{"attribute": "@score", "name": "points"}, {"attribute": "city", "name": "home"}]
COLUMNS += [{"attribute": "profile.income", "name": "income"}]


@pytest.fixture
def library(small_shop: Rows) -> Rows:
    """The company, with people one can be addressed by."""
    register_dimension("person", register_table("play", "person").table, label="Person")
    return small_shop


def audience(slug: str = "readers") -> Audience:
    return Audience.objects.get(slug=slug)


def members_of(slug: str = "readers") -> People:
    name = sql.Identifier("audience", audience(slug).table_name)
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("SELECT * FROM {}").format(name))
        names = [column.name for column in cursor.description]
        rows = [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
    return {row["key"]: {n: v for n, v in row.items() if n not in ("key", ADDED_AT)} for row in rows}


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"audience": "adults"}, ("save_audience.composed", "/audience")),
        ({"audience": "kept"}, ("save_audience.dimension", "/audience")),
        ({"audience": "regulars", "mode": "create"}, ("save_audience.exists", "/mode")),
        ({"audience": "theirs"}, ("save_audience.other_campaign", "/mode")),
        ({"audience": "bought"}, ("save_audience.other_campaign", "/mode")),
        ({"audience": "new", "label": "Regulars"}, ("save_audience.label_taken", "/label")),
        (
            {"audience": "new", "columns": [{"attribute": "ctiy", "name": "home"}]},
            ("rule.unknown_attribute", "/columns/0/attribute"),
        ),
        (
            {"audience": "new", "columns": [{"attribute": "city", "name": "key"}]},
            ("column.repeated", "/columns/0/name"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, object], found: tuple[str, str]) -> None:
    assert codes("save_audience", config, came("a", [1])) == {found}


@pytest.mark.parametrize("slug", ["regulars", "lapsed", "promised", "theirs", "bought", "new"])
def test_appending_is_open_to_several_campaigns(slug: str) -> None:
    assert codes("save_audience", {"audience": slug, "mode": "append"}, came("a", [1])) == set()


def test_without_people_there_is_nothing_to_save() -> None:
    assert codes("save_audience", {"audience": "new"}, signal("a")) == {("arrow.nobody", "")}


@pytest.mark.parametrize("days", [-1, 91, "7"])
def test_members_are_kept_for_90_days_at_most(days: object) -> None:
    with pytest.raises(ValueError, match="retention_days"):
        codes("save_audience", {"audience": "new", "retention_days": days}, came("a", [1]))


def test_a_test_run_saves_nothing_and_says_so(library: Rows) -> None:
    people = draw_people(random.Random(1), library)
    played = play("save_audience", {"audience": "readers", "columns": COLUMNS}, people, is_test=True)
    assert played.ports == {
        "main": people.people,
        "members": saved(library, "person", people.people, COLUMNS, None),
    }
    assert not Audience.objects.exists()
    assert RunLogEntry.objects.filter(event="audience_not_saved", run=played.activity_run.run).exists()


@pytest.mark.parametrize("mode", ["create", "overwrite", "append"])
def test_the_reference_saves_the_same_members(library: Rows, mode: str) -> None:
    people = draw_people(random.Random(mode), library)
    config = {"audience": "readers", "label": "Readers", "mode": mode, "columns": COLUMNS}
    played = play("save_audience", config, people)
    expected = saved(library, "person", people.people, COLUMNS, None)
    assert members_of() == expected
    assert played.ports == {"main": people.people, "members": expected}
    made = audience()
    assert (made.label, made.origin, made.row_count) == ("Readers", "saved", len(people.people))
    assert made.dimension.slug == "person"


def test_overwriting_leaves_nobody_of_before(library: Rows) -> None:
    first, second = draw_people(random.Random(1), library), draw_people(random.Random(2), library)
    config = {"audience": "readers", "columns": COLUMNS}
    play("save_audience", config, first)
    before = audience().table_name
    play("save_audience", config, second)
    assert members_of() == saved(library, "person", second.people, COLUMNS, None)
    assert audience().table_name != before


def test_appending_keeps_who_was_there_as_they_were(library: Rows) -> None:
    chance = random.Random(3)
    config: dict[str, Any] = {"audience": "readers", "mode": "append", "columns": COLUMNS}
    expected: People = {}
    for number in range(4):
        people = draw_people(chance, library)
        columns = COLUMNS[: 2 + number % 2] if number else COLUMNS
        play("save_audience", {**config, "columns": columns}, people)
        expected = saved(library, "person", people.people, columns, expected)
        assert members_of() == {
            key: {**dict.fromkeys(["points", "home", "income"]), **values} for key, values in expected.items()
        }
    changes = list(audience().changes.order_by("pk"))
    assert changes[-1].rows_after == len(expected) == audience().row_count
    assert sum(change.rows_added or 0 for change in changes) == len(expected)
    assert [change.mode for change in changes] == ["create", "append", "append", "append"]


def test_columns_that_do_not_fit_are_not_appended(library: Rows) -> None:
    config: dict[str, Any] = {"audience": "readers", "mode": "append"}
    play("save_audience", config, came("a", [1]))
    with pytest.raises(ActivityFailed, match="no column “home” of type text"):
        play("save_audience", {**config, "columns": COLUMNS[1:2]}, came("a", [2]))
    assert set(members_of()) == {1}


def test_creating_what_is_there_fails_with_the_remedy(library: Rows) -> None:
    config = {"audience": "readers", "mode": "create"}
    play("save_audience", config, came("a", [1]))
    with pytest.raises(ActivityFailed, match=r"already\..*Choose “overwrite” or “append”"):
        play("save_audience", config, came("a", [2]))


def test_another_campaign_s_audience_is_not_overwritten(library: Rows) -> None:
    play("save_audience", {"audience": "readers"}, came("a", [1]))
    Audience.objects.update(campaign="another")
    with pytest.raises(ActivityFailed, match="another Choose “append”"):
        play("save_audience", {"audience": "readers"}, came("a", [2]))
    play("save_audience", {"audience": "readers", "mode": "append"}, came("a", [2]))
    assert set(members_of()) == {1, 2}
    assert audience().campaign == "another"


def test_a_label_that_is_taken_fails_with_its_place(library: Rows) -> None:
    play("save_audience", {"audience": "readers", "label": "Readers"}, came("a", [1]))
    with pytest.raises(ActivityFailed, match="already exists"):
        play("save_audience", {"audience": "others", "label": "Readers"}, came("a", [2]))


def test_what_ended_in_the_middle_is_saved_once(library: Rows) -> None:
    people = draw_people(random.Random(5), library)
    config = {"audience": "readers", "mode": "append", "columns": COLUMNS}
    with transaction.atomic():
        play("save_audience", config, people)
        transaction.set_rollback(True)
    assert not Audience.objects.exists()
    play("save_audience", config, people)
    assert members_of() == saved(library, "person", people.people, COLUMNS, None)
    assert audience().changes.count() == 1


def test_the_history_names_campaign_run_and_activity(library: Rows) -> None:
    played = play("save_audience", {"audience": "readers"}, came("a", [1, 2]))
    change = AudienceChange.objects.get()
    assert (change.campaign, change.run, change.activity) == ("play", played.activity_run.run_id, "here")
    assert (change.rows_before, change.rows_after, change.rows_added) == (None, 2, 2)


def test_members_expire_as_many_days_after_the_last_saving(library: Rows) -> None:
    play("save_audience", {"audience": "readers", "retention_days": 7}, came("a", [1]))
    made = audience()
    assert made.expires_at is not None
    assert made.filled_at is not None
    assert (made.expires_at - made.filled_at).days == 7
    play("save_audience", {"audience": "readers", "retention_days": 0}, came("a", [1]))
    assert audience().expires_at is None


def test_columns_are_stored_in_types_of_their_own(library: Rows) -> None:
    people = Came("a", {1: {"score": None}}, {"score": T.DECIMAL})
    names = ["joined", "seen", "active", "token", "extra", "weight"]
    columns = [
        {"attribute": "@score", "name": "score"},
        *({"attribute": n, "name": f"of_{n}"} for n in names),
    ]
    play("save_audience", {"audience": "readers", "columns": columns}, people)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT column_name, data_type FROM information_schema.columns WHERE table_schema = 'audience'"
            " AND table_name = %s ORDER BY ordinal_position",
            [audience().table_name],
        )
        types = dict(cursor.fetchall())
    assert types == {
        "key": "bigint", "added_at": "timestamp with time zone", "score": "numeric", "of_joined": "date",
        "of_seen": "timestamp with time zone", "of_active": "boolean", "of_token": "uuid", "of_extra": "jsonb",
        "of_weight": "double precision",
    }  # fmt: skip
    assert {data["slug"]: data["type"] for data in audience().columns}["of_seen"] == "datetime"
