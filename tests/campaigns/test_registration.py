import time

import pytest
from django.db import connection

from campaigns.introspection import CatalogueError
from campaigns.models import Field, Link, Table
from campaigns.registration import refresh_table, register_table
from campaigns.targeting.schema import Cardinality
from tests.campaigns.shop import execute, open_shop


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def key_of(table: Table) -> list[str]:
    return list(
        table.fields.filter(key_position__isnull=False)
        .order_by("key_position")
        .values_list("slug", flat=True)
    )


@pytest.mark.parametrize(
    ("schema", "name", "code"),
    [
        ("pg_catalog", "pg_class", "catalogue.system_schema"),
        ("information_schema", "tables", "catalogue.system_schema"),
        ("public", "auth_user", "catalogue.own_table"),
        ("public", "campaigns_campaign", "catalogue.own_table"),
        ("public", "django_migrations", "catalogue.own_table"),
        ("shop", "log_2018", "catalogue.partition"),
        ("shop", 'person"; DROP TABLE shop.person; --', "catalogue.no_such_relation"),
    ],
)
def test_what_must_not_be_registered_is_refused_with_a_remedy(schema: str, name: str, code: str) -> None:
    with pytest.raises(CatalogueError) as refusal:
        register_table(schema, name)
    (problem,) = refusal.value.problems
    assert (problem.code, bool(problem.remedy)) == (code, True)


def test_what_tutti_records_is_registered_only_as_a_system_table() -> None:
    table = register_table("public", "campaigns_suppression", origin=Table.Origin.SYSTEM).table
    assert (table.origin, key_of(table)) == ("system", ["id"])


def test_a_working_table_is_refused() -> None:
    execute("CREATE SCHEMA IF NOT EXISTS work; CREATE TABLE work.p1 (id int)")
    with pytest.raises(CatalogueError, match="one of Tutti's own tables"):
        register_table("work", "p1")


def test_a_table_that_may_not_be_read_is_refused() -> None:
    execute("CREATE ROLE reader; SET LOCAL ROLE reader")
    try:
        with pytest.raises(CatalogueError, match="GRANT SELECT"):
            register_table("shop", "person")
    finally:
        execute("RESET ROLE")


def test_a_second_registration_names_the_first() -> None:
    register_table("shop", "person", slug="buyer")
    with pytest.raises(CatalogueError, match="registered already, as “buyer”"):
        register_table("shop", "person")


@pytest.mark.parametrize("slug", ["Buyer", "1st", "buyer-of", "buyer'; --"])
def test_a_slug_that_is_no_name_is_refused(slug: str) -> None:
    with pytest.raises(CatalogueError, match="cannot be a slug"):
        register_table("shop", "person", slug=slug)


def test_a_taken_slug_is_refused_when_asked_for_and_avoided_when_not() -> None:
    register_table("shop", "visit", slug="person")
    with pytest.raises(CatalogueError, match="Choose another slug"):
        register_table("shop", "person", slug="person")
    assert register_table("shop", "person").table.slug == "person_2"


@pytest.mark.parametrize("key", [["page"], ["person_id"], ["nothing"]])
def test_a_key_that_is_empty_repeated_or_missing_is_refused(key: list[str]) -> None:
    with pytest.raises(CatalogueError):
        register_table("shop", "visit", key=key)
    assert not Table.objects.exists()


def test_registering_alters_nothing() -> None:
    before = _structure()
    register_table("shop", "person")
    assert _structure() == before


def test_a_table_without_key_is_registered_and_said_to_be_only_for_links() -> None:
    registration = register_table("shop", "visit")
    assert key_of(registration.table) == []
    assert "No key was found" in registration.notes[0]


def test_the_key_of_a_view_is_guessed_and_said() -> None:
    execute("CREATE VIEW shop.buyer AS SELECT person_id AS buyer_id FROM shop.person")
    registration = register_table("shop", "buyer")
    assert key_of(registration.table) == ["buyer_id"]
    assert "Key guessed: “buyer_id”" in registration.notes[0]


def test_the_key_of_a_view_may_be_given() -> None:
    registration = register_table("shop", "active_person", key=["Full Name"])
    assert key_of(registration.table) == ["full_name"]
    assert registration.notes == ()


def test_a_composite_key_is_kept_in_order() -> None:
    assert key_of(register_table("shop", "order_line").table) == ["order_id", "line"]


def test_columns_keep_their_comment_and_personal_data_is_marked() -> None:
    table = register_table("shop", "person").table
    assert table.description == "Everybody who ever bought"
    assert table.fields.get(slug="born").description == "As told by the person"
    assert set(table.fields.filter(personal=True).values_list("slug", flat=True)) == {"full_name", "email"}


def test_a_type_rules_cannot_use_is_registered_with_the_reason() -> None:
    registration = register_table("shop", "person")
    field = registration.table.fields.get(slug="fingerprint")
    assert (field.type, "bytea" in field.skipped_reason) == ("", True)
    assert any(note.startswith("fingerprint:") for note in registration.notes)


def test_foreign_keys_become_links_both_ways_whichever_table_comes_first() -> None:
    register_table("shop", "orders")
    register_table("shop", "person")
    link = Link.objects.get(source__slug="orders")
    assert (link.slug, link.target.slug, link.on) == ("buyer", "person", [["buyer_id", "person_id"]])
    assert link.cardinality == Cardinality.ONE
    assert link.inverse is not None
    assert (link.inverse.slug, link.inverse.cardinality) == ("orders", Cardinality.MANY)
    assert link.inverse.inverse == link


def test_a_unique_foreign_key_leads_to_one_both_ways() -> None:
    register_table("shop", "person")
    register_table("shop", "passport")
    assert set(Link.objects.values_list("cardinality", flat=True)) == {Cardinality.ONE}


def test_a_composite_foreign_key_becomes_one_link_with_two_pairs() -> None:
    register_table("shop", "order_line")
    register_table("shop", "return_line")
    link = Link.objects.get(source__slug="return_line")
    assert (link.slug, link.on) == ("order_line", [["order_id", "order_id"], ["line", "line"]])


def test_a_foreign_key_to_itself_makes_two_links_of_different_names() -> None:
    execute("CREATE TABLE shop.staff (id int PRIMARY KEY, boss_id int REFERENCES shop.staff)")
    register_table("shop", "staff")
    assert dict(Link.objects.values_list("slug", "cardinality")) == {"boss": "one", "staff": "many"}


def test_two_foreign_keys_to_one_table_make_four_links() -> None:
    execute(
        "CREATE TABLE shop.gift (id int PRIMARY KEY, giver bigint REFERENCES shop.person,"
        " taker bigint REFERENCES shop.person)"
    )
    register_table("shop", "person")
    register_table("shop", "gift")
    assert sorted(Link.objects.values_list("slug", flat=True)) == [
        "gift",
        "gift_2",
        "giver_person",
        "taker_person",
    ]


def test_an_unchanged_table_refreshes_to_nothing() -> None:
    table = register_table("shop", "person").table
    assert not refresh_table(table)


def test_a_refresh_reports_new_gone_and_changed_columns() -> None:
    table = register_table("shop", "person").table
    execute(
        "ALTER TABLE shop.person DROP COLUMN born, ADD COLUMN city text,"
        " ALTER COLUMN balance TYPE numeric(14, 3)"
    )
    changes = refresh_table(table)
    assert (changes.added, changes.removed, changes.changed) == (("city",), ("born",), ("balance",))
    assert "no longer has this column" in table.fields.get(slug="born").skipped_reason


def test_a_column_that_comes_back_finds_its_label_again() -> None:
    table = register_table("shop", "person").table
    table.fields.filter(slug="born").update(label="Birthday")
    execute("ALTER TABLE shop.person DROP COLUMN born")
    refresh_table(table)
    execute("ALTER TABLE shop.person ADD COLUMN born date")
    assert refresh_table(table).returned == ("born",)
    field = table.fields.get(slug="born")
    assert (field.label, field.type, field.skipped_reason) == ("Birthday", "date", "")


def test_a_refresh_keeps_what_people_wrote() -> None:
    table = register_table("shop", "orders").table
    Field.objects.filter(table=table, slug="state").update(label="Progress", enumeration={"open": "Open!"})
    execute("ALTER TYPE shop.order_state ADD VALUE 'lost'; ALTER TABLE shop.orders ADD COLUMN x int")
    refresh_table(table)
    field = table.fields.get(slug="state")
    assert field.label == "Progress"
    assert field.enumeration == {"open": "Open!", "paid": "paid", "sent": "sent", "lost": "lost"}


def test_a_new_primary_key_is_followed_and_said() -> None:
    table = register_table("shop", "visit").table
    execute("DELETE FROM shop.visit; ALTER TABLE shop.visit ADD PRIMARY KEY (person_id)")
    assert "primary key is now person_id" in refresh_table(table).notes[0]
    assert key_of(table) == ["person_id"]


def test_a_refresh_of_a_dropped_table_says_so() -> None:
    table = register_table("shop", "visit").table
    execute("DROP TABLE shop.visit")
    with pytest.raises(CatalogueError, match="no table or view"):
        refresh_table(table)


def test_a_hundred_tables_take_seconds() -> None:
    execute("CREATE TABLE shop.t0 (id int PRIMARY KEY)")
    for number in range(1, 100):
        columns = ", ".join(f"c{column} text" for column in range(20))
        reference = f"t{number - 1}_id int REFERENCES shop.t{number - 1}"
        execute(f"CREATE TABLE shop.t{number} (id int PRIMARY KEY, {reference}, {columns})")
    started = time.monotonic()
    for number in range(100):
        register_table("shop", f"t{number}")
    assert time.monotonic() - started < 20
    assert Link.objects.count() == 198


def _structure() -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, relnatts, relchecks, relhastriggers, xmin::text FROM pg_class"
            " WHERE relnamespace = 'shop'::regnamespace ORDER BY 1"
        )
        return cursor.fetchall()
