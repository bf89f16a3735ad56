from typing import Any

import pytest
from django.db import connection, transaction

from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.dimensions import register_dimension
from campaigns.links import add_link
from campaigns.models import Field, Link, Table
from campaigns.registration import refresh_table, register_table
from campaigns.targeting.schema import Cardinality, FieldType
from tests.campaigns.shop import execute, open_shop


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_an_empty_catalogue_is_empty() -> None:
    assert load_catalogue().tables == {}


def test_skipped_and_vanished_columns_are_unknown_to_rules() -> None:
    table = register_table("shop", "person").table
    execute("ALTER TABLE shop.person DROP COLUMN born")
    refresh_table(table)
    assert {"born", "fingerprint", "tags"}.isdisjoint(load_catalogue().tables["person"].columns)


def test_a_link_over_a_vanished_column_is_unknown_to_rules() -> None:
    person, visit = register_table("shop", "person").table, register_table("shop", "visit").table
    add_link(visit, person, on=[("person_id", "person_id")])
    assert ("visit", "person") in load_catalogue().links
    execute("ALTER TABLE shop.visit DROP COLUMN person_id")
    refresh_table(visit)
    assert load_catalogue().links == {}


def test_tables_columns_and_links_are_known_by_slug_and_keep_their_names() -> None:
    register_table("shop", "person", slug="buyer")
    register_table("shop", "orders")
    catalogue = load_catalogue()
    buyer = catalogue.tables["buyer"]
    assert (buyer.schema, buyer.name, buyer.primary_key) == ("shop", "person", ("person_id",))
    assert (buyer.columns["full_name"].name, buyer.columns["full_name"].type) == ("Full Name", FieldType.TEXT)
    assert buyer.columns["joined"].stored_zone == "UTC"
    link = catalogue.links["orders", "buyer"]
    assert (link.target, link.on, link.cardinality) == (
        "buyer",
        (("buyer_id", "person_id"),),
        Cardinality.ONE,
    )


def test_the_same_catalogue_is_served_while_nothing_changes(django_assert_num_queries: Any) -> None:
    register_table("shop", "person")
    first = load_catalogue()
    with django_assert_num_queries(1):
        assert load_catalogue() is first


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE campaigns_field SET label = label WHERE slug = 'born'",
        "UPDATE campaigns_table SET label = 'X'",
        "DELETE FROM campaigns_field WHERE slug = 'born'",
    ],
)
def test_a_change_by_plain_sql_is_seen_at_once(statement: str) -> None:
    register_table("shop", "person")
    before = load_catalogue()
    execute(statement)
    assert load_catalogue() is not before


def test_a_change_of_a_link_is_seen_at_once() -> None:
    register_table("shop", "person")
    register_table("shop", "orders")
    before = load_catalogue()
    Link.objects.update(label="X")
    assert load_catalogue().links != before.links


def test_a_change_and_its_undoing_in_one_transaction_are_both_seen() -> None:
    register_table("shop", "person")
    with transaction.atomic():
        save = transaction.savepoint()
        Field.objects.filter(slug="born").update(label="First")
        assert load_catalogue().tables["person"].columns["born"].label == "First"
        transaction.savepoint_rollback(save)
        assert load_catalogue().tables["person"].columns["born"].label == "Born"
        Field.objects.filter(slug="born").update(label="Second")
        assert load_catalogue().tables["person"].columns["born"].label == "Second"


@pytest.mark.django_db(transaction=True)
def test_a_rolled_back_change_leaves_nothing_behind() -> None:
    try:
        with transaction.atomic():
            Table.objects.create(slug="ghost", schema_name="shop", table_name="ghost", label="Ghost")
            assert "ghost" in load_catalogue().tables
            transaction.set_rollback(True)
        assert "ghost" not in load_catalogue().tables
    finally:
        execute("DROP SCHEMA shop CASCADE")


def test_dimensions_are_known_by_slug_with_the_slugs_of_their_fields() -> None:
    person = register_table("shop", "person").table
    register_dimension("buyer", person, label="Buyers", fields={"email": "email"})
    dimension = load_dimensions()["buyer"]
    assert (dimension.table, dimension.key, dimension.email) == ("person", "person_id", "email")
    assert (dimension.phone, dimension.language, dimension.time_zone) == ("", "", "")


def test_dimensions_are_read_in_two_queries(django_assert_num_queries: Any) -> None:
    person = register_table("shop", "person").table
    for slug in ("one", "two", "three"):
        register_dimension(slug, person, label=slug, fields={"email": "email", "name": "full_name"})
    with django_assert_num_queries(2):
        assert len(load_dimensions()) == 3
    assert connection.in_atomic_block
