from typing import Any

import pytest
from django.db import connection

from campaigns.introspection import CatalogueError, columns_of, read_relation, unique_keys_of
from campaigns.managed_tables import (
    ManagedColumn,
    ManagedTable,
    add_index,
    add_primary_key,
    adopt_managed_table,
    begin_managed_table,
    create_managed_table,
    has_unique_key,
)
from campaigns.models import Table
from campaigns.targeting.schema import FieldType
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db


def seats(**values: Any) -> ManagedTable:
    columns = [
        ManagedColumn("coach", FieldType.INTEGER),
        ManagedColumn("Seat No", FieldType.TEXT, "Seat", "As on the ticket", slug="seat"),
        ManagedColumn("price", FieldType.DECIMAL, digits=(12, 2)),
    ]
    return ManagedTable(**{"slug": "seat", "columns": columns, "key": ["Seat No", "coach"]} | values)


@pytest.mark.parametrize("slug", ["Seat", "seat; DROP TABLE x", "1seat", ""])
def test_a_slug_that_is_no_name_creates_nothing(slug: str) -> None:
    with pytest.raises(CatalogueError, match="cannot be a slug"):
        create_managed_table(seats(slug=slug))
    assert not Table.objects.exists()


def test_a_registered_slug_is_not_used_again() -> None:
    create_managed_table(seats())
    with pytest.raises(CatalogueError, match="Another table is registered as “seat”"):
        create_managed_table(seats())


def test_a_table_that_happens_to_have_the_name_is_left_alone() -> None:
    execute('CREATE SCHEMA IF NOT EXISTS data; CREATE TABLE data.seat ("precious" int)')
    with pytest.raises(CatalogueError, match=r"has a table “data\.seat” already"):
        create_managed_table(seats())
    assert [column.name for column in columns_of(read_relation("data", "seat"))] == ["precious"]


def test_a_created_table_is_registered_with_its_words_and_key() -> None:
    table = create_managed_table(seats(label="Seats", description="All seats"))
    assert (table.origin, table.label, table.description) == ("managed", "Seats", "All seats")
    fields = {field.slug: field for field in table.fields.all()}
    assert {slug: field.key_position for slug, field in fields.items()} == {
        "coach": 2,
        "seat": 1,
        "price": None,
    }
    assert (fields["seat"].label, fields["seat"].description) == ("Seat", "As on the ticket")
    assert fields["price"].database_type == "numeric(12,2)"


def test_a_table_begun_elsewhere_is_adopted_unless_its_name_is_taken() -> None:
    execute("CREATE SCHEMA IF NOT EXISTS staging")
    for name in ("one", "two"):
        begin_managed_table(seats(), "staging", name, beside="line")
    assert not Table.objects.exists()
    table = adopt_managed_table(seats(label="Seats"), "staging", "one", beside="line")
    assert (table.label, table.fields.count()) == ("Seats", 3)
    with pytest.raises(CatalogueError, match="Another table is registered as “seat”"):
        adopt_managed_table(seats(), "staging", "two", beside="line")
    assert [column.name for column in columns_of(read_relation("staging", "two"))][-1] == "line"


def test_a_table_begun_elsewhere_gets_its_key_where_no_row_repeats_it() -> None:
    execute("CREATE SCHEMA IF NOT EXISTS staging")
    begin_managed_table(seats(), "staging", "one", beside="line")
    row = "INSERT INTO staging.one VALUES (1, 'a', 1, 1)"
    execute(f"{row}; {row}")
    assert not has_unique_key("staging", "one", ["Seat No", "coach"])
    execute("DELETE FROM staging.one; " + row)
    assert has_unique_key("staging", "one", ["Seat No", "coach"])
    assert has_unique_key("staging", "one", ["Seat No", "coach"])


def test_key_and_indexes_follow_the_rows() -> None:
    table = create_managed_table(seats())
    add_primary_key(table, ["Seat No", "coach"])
    add_index(table, on=["coach", "price DESC"], include=["Seat No"])
    add_index(table, on=["Seat No"], unique=True)
    keys = unique_keys_of(read_relation("data", "seat"), nullable=True)
    assert keys == (("Seat No", "coach"), ("Seat No",))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT indexdef FROM pg_indexes WHERE schemaname = 'data' AND indexdef LIKE '%%DESC%%'", []
        )
        assert cursor.fetchone()[0].endswith('(coach, price DESC) INCLUDE ("Seat No")')
