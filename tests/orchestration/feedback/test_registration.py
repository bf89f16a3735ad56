from __future__ import annotations

import uuid
from typing import Any

import pytest
from django.db import connection

from campaigns.catalogue import load_catalogue
from campaigns.models import Link, Table, TargetingDimension
from campaigns.targeting.schema import Cardinality
from orchestration.feedback.registration import feedback_tables, register_feedback
from tests.ledger import add_person, make_campaign, make_delivery, make_dimension, make_message, make_run
from tests.orchestration.feedback.selecting import keys_of

pytestmark = pytest.mark.django_db


def view_rows(view: str) -> list[dict[str, Any]]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM feedback.{view} ORDER BY 1")
        names = [column.name for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]


def test_a_dimension_has_its_feedback_from_the_moment_it_exists() -> None:
    messages, events = feedback_tables(make_dimension())
    assert (messages.origin, events.origin) == (Table.Origin.SYSTEM, Table.Origin.SYSTEM)
    assert view_rows("person_messages") == []


def test_registering_again_changes_no_row() -> None:
    dimension = make_dimension()
    before = list(Link.objects.values().order_by("pk")), list(Table.objects.values().order_by("pk"))
    register_feedback(dimension)
    after = list(Link.objects.values().order_by("pk")), list(Table.objects.values().order_by("pk"))
    assert [row["pk"] if "pk" in row else row["id"] for row in after[0]] == [row["id"] for row in before[0]]
    assert after == before


def test_links_lead_both_ways() -> None:
    make_dimension()
    links = load_catalogue().links
    there = links["person", "messages"], links["person", "message_events"], links["person_messages", "events"]
    back = (
        links["person_messages", "person"],
        links["person_events", "person"],
        links["person_events", "message"],
    )
    assert {link.cardinality for link in there} == {Cardinality.MANY}
    assert {link.cardinality for link in back} == {Cardinality.ONE}
    assert all(row.inverse and row.inverse.inverse_id == row.pk for row in Link.objects.all())


def test_names_that_a_company_uses_itself_are_left_to_it() -> None:
    Table.objects.create(slug="person_messages", schema_name="crm", table_name="msg", label="Messages")
    messages, _events = feedback_tables(make_dimension())
    assert messages.slug == "person_messages_2"


def test_two_dimensions_with_long_names_get_views_of_their_own() -> None:
    names = {feedback_tables(make_dimension("p" * 60 + end))[0].table_name for end in "ab"}
    assert len(names) == 2


def test_a_dimension_that_goes_takes_its_feedback_along() -> None:
    dimension = make_dimension()
    dimension.delete()
    assert not Table.objects.filter(origin=Table.Origin.SYSTEM).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_views WHERE schemaname = 'feedback'")
        assert cursor.fetchone() == (0,)


@pytest.mark.parametrize(
    ("key_type", "key"),
    [("integer", 12), ("uuid", uuid.UUID("12345678-9abc-def0-1234-56789abcdef0")), ("text", "é, 'x'\" %s")],
)
def test_a_recipient_has_the_key_the_company_gave_them(key_type: str, key: Any) -> None:
    dimension = make_dimension(key_type=key_type)
    add_person(dimension, key)
    make_message(make_delivery(dimension), key)
    assert view_rows("person_messages")[0]["recipient"] == key
    assert keys_of(dimension, {"kind": "exists", "link": "messages"}) == {key}


def test_a_key_that_is_no_number_in_another_dimension_hurts_nobody() -> None:
    numbered, named = make_dimension("person"), make_dimension("shop", "text")
    add_person(numbered, 1)
    make_message(make_delivery(named), "not a number")
    make_message(make_delivery(numbered), 1)
    assert keys_of(numbered, {"kind": "exists", "link": "messages"}) == {1}


def test_a_test_run_leaves_no_feedback() -> None:
    dimension = make_dimension()
    run = make_run(make_campaign(), kind="test")
    make_message(make_delivery(dimension, run), 1, state="ready")
    assert view_rows("person_messages") == []


def test_a_changed_key_is_registered_with_its_new_type() -> None:
    dimension = make_dimension()
    add_person(dimension, 1)
    make_message(make_delivery(dimension), "Person 1")
    dimension.key_field = dimension.table.fields.get(slug="name")
    dimension.save()
    assert view_rows("person_messages")[0]["recipient"] == "Person 1"
    assert TargetingDimension.objects.get().key_field.type == "text"
