import pytest

from campaigns.introspection import (
    CatalogueError,
    columns_of,
    foreign_keys_of,
    is_filled_and_unique,
    primary_key_of,
    read_relation,
    unique_keys_of,
    unregistered_relations,
)
from campaigns.models import Table
from campaigns.registration import register_table
from campaigns.targeting.schema import FieldType
from tests.campaigns.shop import execute, open_shop


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def test_a_relation_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(CatalogueError, match=r"no table or view “persons” in schema “shop”"):
        read_relation("shop", "persons")


def test_own_tables_system_tables_and_partitions_are_not_offered() -> None:
    offered = {(relation.schema, relation.name) for relation in unregistered_relations()}
    assert ("shop", "person") in offered
    assert ("shop", "log_2018") not in offered
    assert not {schema for schema, _name in offered} & {"pg_catalog", "information_schema", "work"}
    assert not {name for schema, name in offered if schema == "public"}


def test_a_registered_table_is_not_offered_again() -> None:
    register_table("shop", "person")
    offered = {(relation.schema, relation.name) for relation in unregistered_relations()}
    assert ("shop", "person") not in offered


def test_a_table_in_the_working_schema_is_not_offered() -> None:
    execute("CREATE SCHEMA IF NOT EXISTS work; CREATE TABLE work.p1 (id int)")
    assert "p1" not in {relation.name for relation in unregistered_relations()}


def test_views_and_partitioned_tables_are_known_as_what_they_are() -> None:
    assert read_relation("shop", "active_person").kind == Table.Kind.VIEW
    assert read_relation("shop", "log").kind == Table.Kind.TABLE
    assert read_relation("shop", "log_2018").is_partition


@pytest.mark.parametrize(
    ("column", "type_"),
    [
        ("person_id", FieldType.INTEGER),
        ("Full Name", FieldType.TEXT),
        ("email", FieldType.TEXT),
        ("born", FieldType.DATE),
        ("balance", FieldType.DECIMAL),
        ("score", FieldType.FLOAT),
        ("active", FieldType.BOOLEAN),
        ("seen", FieldType.DATETIME),
        ("joined", FieldType.DATETIME),
        ("token", FieldType.UUID),
        ("extra", FieldType.JSON),
        ("fingerprint", None),
        ("tags", None),
    ],
)
def test_every_column_has_a_type_or_a_reason(column: str, type_: FieldType | None) -> None:
    columns = {found.name: found for found in columns_of(read_relation("shop", "person"))}
    assert columns[column].type == type_
    assert bool(columns[column].skipped_reason) == (type_ is None)


def test_a_column_of_a_type_named_like_a_known_one_is_not_taken_for_it() -> None:
    execute('CREATE TYPE shop."text" AS (a int); CREATE TABLE shop.odd (a shop."text")')
    (column,) = columns_of(read_relation("shop", "odd"))
    assert column.type is None


def test_an_enum_is_text_with_its_values_in_order() -> None:
    columns = {found.name: found for found in columns_of(read_relation("shop", "orders"))}
    assert columns["state"].type == FieldType.TEXT
    assert list(columns["state"].enumeration) == ["open", "paid", "sent"]


def test_only_a_time_without_zone_needs_one() -> None:
    zones = {found.name: found.stored_zone for found in columns_of(read_relation("shop", "person"))}
    assert (zones["joined"], zones["seen"]) == ("UTC", "")


def test_a_dropped_column_is_gone() -> None:
    execute("ALTER TABLE shop.person DROP COLUMN born")
    assert "born" not in {found.name for found in columns_of(read_relation("shop", "person"))}


def test_a_composite_key_keeps_the_order_of_its_columns() -> None:
    execute("CREATE TABLE shop.seat (number int, coach int, PRIMARY KEY (coach, number))")
    assert primary_key_of(read_relation("shop", "seat")) == ("coach", "number")


def test_partial_expression_and_nullable_indexes_are_no_keys() -> None:
    execute(
        "CREATE TABLE shop.thing (a int NOT NULL, b text NOT NULL, c int UNIQUE);"
        "CREATE UNIQUE INDEX ON shop.thing (a) WHERE a > 0; CREATE UNIQUE INDEX ON shop.thing (lower(b))"
    )
    assert unique_keys_of(read_relation("shop", "thing")) == ()
    assert unique_keys_of(read_relation("shop", "thing"), nullable=True) == (("c",),)


def test_included_columns_are_not_part_of_a_key() -> None:
    execute(
        "CREATE TABLE shop.part (a int NOT NULL, b int); CREATE UNIQUE INDEX ON shop.part (a) INCLUDE (b)"
    )
    assert unique_keys_of(read_relation("shop", "part")) == (("a",),)


def test_a_composite_foreign_key_keeps_its_pairs() -> None:
    (key,) = foreign_keys_of([read_relation("shop", "return_line").oid])
    assert key.columns == (("order_id", "order_id"), ("line", "line"))


@pytest.mark.parametrize(
    ("columns", "expected"), [(["person_id"], False), (["page"], False), (["person_id", "page"], False)]
)
def test_columns_with_a_null_or_a_repeated_value_are_not_unique(columns: list[str], expected: bool) -> None:
    assert is_filled_and_unique("shop", "visit", columns) is expected


def test_a_filled_column_of_different_values_is_unique() -> None:
    assert is_filled_and_unique("shop", "person", ["Full Name"])
