from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from campaigns.models import Field, Link, Table

pytestmark = pytest.mark.django_db


def make_table(slug: str = "person", **values: Any) -> Table:
    values = {"schema_name": "shop", "table_name": slug, "label": slug} | values
    return Table.objects.create(slug=slug, **values)


def make_field(table: Table, slug: str = "age", **values: Any) -> Field:
    values = {"column_name": slug, "type": "integer", "label": slug, "position": 1} | values
    return Field.objects.create(table=table, slug=slug, **values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"slug": "person"}, "slug"),
        ({"slug": "other", "table_name": "person"}, "a_table_is_registered_once"),
        ({"slug": "Other"}, "table_slug_is_a_name"),
        ({"slug": "o'; --"}, "table_slug_is_a_name"),
    ],
)
def test_the_database_refuses_a_bad_or_second_table(values: dict[str, Any], constraint: str) -> None:
    make_table()
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_table(**values)


@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"slug": "age"}, "field_slug_is_unique_in_table"),
        ({"slug": "years", "column_name": "age"}, "a_column_is_registered_once"),
        ({"slug": "years", "key_position": 1}, "key_position_is_unique_in_table"),
        ({"slug": "years", "type": ""}, "field_has_a_type_or_a_reason"),
        ({"slug": "years", "type": "money"}, "field_has_a_type_or_a_reason"),
    ],
)
def test_the_database_refuses_a_bad_or_second_field(values: dict[str, Any], constraint: str) -> None:
    table = make_table()
    make_field(table, key_position=1)
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        make_field(table, **values)


def test_the_database_refuses_a_second_link_of_one_name() -> None:
    table = make_table()
    values = {"slug": "self", "label": "", "source": table, "target": table, "on": [["age", "age"]]}
    Link.objects.create(**values, cardinality="many")
    with pytest.raises(IntegrityError, match="link_slug_is_unique_in_table"), transaction.atomic():
        Link.objects.create(**values, cardinality="one")


def test_the_database_refuses_a_count_of_orphans_without_its_time() -> None:
    table, on = make_table(), [["age", "age"]]
    with pytest.raises(IntegrityError, match="orphans_are_counted_at_a_time"), transaction.atomic():
        Link.objects.create(
            slug="self", label="", source=table, target=table, on=on, cardinality="many", orphans_counted=3
        )


@pytest.mark.parametrize("on", [None, [], {}, "age", [["age"]], [["age", 3]], [["age", "age", "age"]]])
def test_a_link_must_pair_fields(on: Any) -> None:
    table = make_table()
    with pytest.raises(ValidationError, match="at least one pair"):
        Link(slug="self", label="", source=table, target=table, on=on).clean()


def test_a_link_does_not_pair_fields_of_two_types() -> None:
    table = make_table()
    make_field(table)
    make_field(table, "name", type="text", position=2)
    with pytest.raises(ValidationError, match="“age” is whole number and “name” is text"):
        Link(slug="self", label="", source=table, target=table, on=[["age", "name"]]).clean()


def test_a_skipped_field_may_have_no_type() -> None:
    assert not make_field(make_table(), type="", skipped_reason="bytea").usable
