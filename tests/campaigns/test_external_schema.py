"""A schema that belongs to somebody else: registered as it is, never touched, and asked about across its tables."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from campaigns.catalogue import load_catalogue
from campaigns.dimensions import register_dimension
from campaigns.introspection import CatalogueError
from campaigns.link_paths import add_link_path, add_many_to_many
from campaigns.links import LinkNames, add_link
from campaigns.models import Link, Table
from campaigns.registration import register_table
from campaigns.schema_registration import register_schema
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Cardinality
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import select_keys
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
STORE = Path(__file__).parent / "data" / "video_store.sql"
# Everything that an ALTER, a GRANT, an ANALYZE or a trigger would change.
PRINT = """
    SELECT md5(string_agg(line, E'\n' ORDER BY line)) FROM (
        SELECT concat_ws('|', 'r', c.oid, c.xmin, c.relname, c.relkind, c.relacl, c.reloptions, c.reltuples) line
          FROM pg_class c WHERE c.relnamespace = 'video'::regnamespace
        UNION ALL SELECT concat_ws('|', 'a', a.attrelid, a.attnum, a.xmin, a.attname, a.atttypid, a.attnotnull)
          FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
         WHERE c.relnamespace = 'video'::regnamespace
        UNION ALL SELECT concat_ws('|', 'c', oid, xmin, conname) FROM pg_constraint
         WHERE connamespace = 'video'::regnamespace
        UNION ALL SELECT concat_ws('|', 't', t.oid, t.tgname) FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
           WHERE c.relnamespace = 'video'::regnamespace
        UNION ALL SELECT concat_ws('|', 'd', d.objoid, d.description) FROM pg_description d
    ) found
"""
HORROR = {"kind": "condition", "attribute": "name", "operator": "equal", "value": "Horror"}


def one(query: str) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(query)
        return cursor.fetchone()[0]


@pytest.fixture
def video(db: None) -> None:
    execute(STORE.read_text())


@pytest.fixture
def registered(video: None) -> None:
    register_schema("video")
    tables = {table.slug: table for table in Table.objects.all()}
    add_many_to_many(tables["film_category"], "film", "category", names=LinkNames("categories", "", "films"))
    add_many_to_many(tables["film_actor"], "actor", "film", names=LinkNames("films", "", "actors"))
    add_link_path(
        tables["customer"], ["rental", "inventory", "film"], names=LinkNames("films", "", "renters")
    )


def count(rule: dict[str, Any], table: str = "customer") -> int:
    scope = Scope(catalogue=load_catalogue(), table=table, now=timezone.now(), zone="UTC")
    statement = render(select_keys(parse_rule(rule), scope))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return len(cursor.fetchall())


def test_a_foreign_schema_is_registered_whole_and_not_touched(video: None) -> None:
    before = one(PRINT)
    done = register_schema("video")
    assert (len(done.registered), done.refused) == (17, ())
    assert register_schema("video").unchanged
    register_dimension("customer", Table.objects.get(slug="customer"), label="C", fields={"email": "email"})
    assert one(PRINT) == before
    known = load_catalogue()
    assert known.tables["payment"].primary_key == ("payment_date", "payment_id")
    assert known.links["store", "manager_staff"].target == "staff"
    assert known.links["staff", "store"].target == "store"
    assert "payment_p1" not in known.tables
    assert known.tables["film"].columns["rating"].enumeration
    assert "special_features" not in known.tables["film"].columns


def test_rules_across_four_links_count_as_sql_written_by_hand(registered: None) -> None:
    rented_horror = {"kind": "exists", "link": "films.categories", "where": HORROR}
    expected = one("""
        SELECT count(DISTINCT r.customer_id) FROM video.rental r JOIN video.inventory i USING (inventory_id)
          JOIN video.film_category fc USING (film_id) JOIN video.category c USING (category_id) WHERE c.name = 'Horror'""")
    assert 0 < expected < 180
    assert count(rented_horror) == expected
    assert count(rented_horror | {"negate": True}) == 180 - expected
    plain = rented_horror | {"link": "rental.inventory.film.film_category.category"}
    assert count(plain) == expected


def test_aggregates_over_many_to_many_count_each_pair(registered: None) -> None:
    rule = {
        "kind": "aggregate", "link": "films.actors", "function": "count", "operator": "greater", "value": 60,
        "where": {"kind": "condition", "attribute": "last_name", "operator": "in", "value": ["B1", "B2"]},
    }  # fmt: skip
    expected = one("""
        SELECT count(*) FROM (
            SELECT r.customer_id FROM video.rental r JOIN video.inventory i USING (inventory_id)
              JOIN video.film_actor fa USING (film_id) JOIN video.actor a USING (actor_id)
             WHERE a.last_name IN ('B1', 'B2') GROUP BY 1 HAVING count(*) > 60) found""")
    assert 0 < expected < 180
    assert count(rule) == expected
    distinct = one("""
        SELECT count(*) FROM (
            SELECT r.customer_id FROM video.rental r JOIN video.inventory i USING (inventory_id)
             GROUP BY 1 HAVING count(DISTINCT i.film_id) >= 4) found""")
    assert 0 < distinct < 180
    different = {
        "kind": "aggregate", "link": "films", "function": "count_distinct", "attribute": "film_id",
        "operator": "greater_or_equal", "value": 4,
    }  # fmt: skip
    assert count(different) == distinct


def test_far_attributes_and_nested_conditions_count_as_sql_written_by_hand(registered: None) -> None:
    in_korea = {
        "kind": "condition",
        "attribute": "address.city.country.country",
        "operator": "equal",
        "value": "Korea",
    }
    paid = {
        "kind": "exists", "link": "payment",
        "where": {"kind": "all", "of": [
            {"kind": "condition", "attribute": "amount", "operator": "greater", "value": "8"},
            {"kind": "condition", "attribute": "rental.inventory.film.rating", "operator": "equal", "value": "R"}]},
    }  # fmt: skip
    expected = one("""
        SELECT count(*) FROM video.customer cu JOIN video.address a USING (address_id) JOIN video.city USING (city_id)
          JOIN video.country co USING (country_id) WHERE co.country = 'Korea' AND EXISTS (
            SELECT FROM video.payment p JOIN video.rental r USING (rental_id) JOIN video.inventory i USING (inventory_id)
              JOIN video.film f USING (film_id) WHERE p.customer_id = cu.customer_id AND p.amount > 8 AND f.rating = 'R')""")
    assert 0 < expected < 60
    assert count({"kind": "all", "of": [in_korea, paid]}) == expected


def test_tables_with_composite_keys_are_asked_and_counted(registered: None) -> None:
    rule = {"kind": "condition", "attribute": "customer.activebool", "operator": "is_false"}
    expected = one(
        "SELECT count(*) FROM video.payment JOIN video.customer USING (customer_id) WHERE NOT activebool"
    )
    assert 0 < expected == count(rule, "payment")
    with pytest.raises(CatalogueError):
        register_dimension("payment", Table.objects.get(slug="payment"), label="P")


def test_tables_are_linked_by_two_columns_and_followed_both_ways(video: None) -> None:
    execute(
        "CREATE TABLE video.refund (at timestamptz, payment int, reason text);"
        "INSERT INTO video.refund SELECT payment_date, payment_id, 'late' FROM video.payment WHERE payment_id % 50 = 0"
    )
    register_schema("video")
    refund, payment = Table.objects.get(slug="refund"), Table.objects.get(slug="payment")
    add_link(refund, payment, on=[("at", "payment_date"), ("payment", "payment_id")])
    assert load_catalogue().links["payment", "refund"].cardinality is Cardinality.MANY
    assert count({"kind": "exists", "link": "refund"}, "payment") == 24
    assert count({"kind": "exists", "link": "payment.refund"}) == one(
        "SELECT count(DISTINCT customer_id) FROM video.payment WHERE payment_id % 50 = 0"
    )


def test_a_view_that_fails_and_names_that_collide_keep_no_table_out() -> None:
    execute(
        'CREATE SCHEMA odd; CREATE TABLE odd."Person" (id int PRIMARY KEY); CREATE TABLE odd.person (id int PRIMARY KEY);'
        'CREATE TABLE odd."x""; DROP SCHEMA odd; --" ("a""b" int PRIMARY KEY, "select" int REFERENCES odd.person);'
        'CREATE TABLE odd."고객" ("이름" text PRIMARY KEY); CREATE VIEW odd.broken AS SELECT 1 / 0 AS id;'
        "CREATE TABLE odd.old (id int PRIMARY KEY)"
    )
    done = register_schema("odd")
    assert [problem.code for problem in done.refused] == ["catalogue.unreadable"]
    slugs = {made.table.slug for made in done.registered}
    assert slugs == {"person", "person_2", "x_drop_schema_odd", "table", "old"}
    execute("DROP TABLE odd.old; ALTER TABLE odd.person ADD COLUMN born date")
    again = register_schema("odd")
    assert [table.slug for table in again.gone] == ["old"]
    assert [changes.added for _table, changes in again.changed] == [("born",)]


def test_120_tables_of_30_columns_take_seconds() -> None:
    execute("CREATE SCHEMA wide")
    columns = ", ".join(f"c{number} text" for number in range(27))
    for number in range(120):
        links = f"a int REFERENCES wide.t{max(0, number - 1)}, b int REFERENCES wide.t{number // 2}"
        execute(f"CREATE TABLE wide.t{number} (id int PRIMARY KEY, {columns}, {links})")
    started = time.monotonic()
    done = register_schema("wide")
    seconds = time.monotonic() - started
    print(f"120 tables of 30 columns with {Link.objects.count()} links registered in {seconds:.1f} s")
    assert (len(done.registered), seconds < 20) == (120, True)
    assert not register_schema("wide").changed


def test_what_is_registered_one_by_one_gets_the_same_links(video: None) -> None:
    register_schema("video")
    whole = list(Link.objects.values_list("source__slug", "target__slug", "on", "cardinality"))
    names = list(Table.objects.order_by("-slug").values_list("table_name", flat=True))
    Table.objects.all().delete()
    for name in names:
        register_table("video", name)
    alone = Link.objects.values_list("source__slug", "target__slug", "on", "cardinality")
    assert {(*each[:2], str(each[2]), each[3]) for each in alone} == {
        (*each[:2], str(each[2]), each[3]) for each in whole
    }
