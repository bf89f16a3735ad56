"""A grocer's tables: households, what they bought and what they brought back."""

from __future__ import annotations

from django.db import connection

from campaigns.dimensions import register_dimension
from campaigns.models import Campaign, Field, Table
from campaigns.schema_registration import register_schema
from tests.orchestration.engine import draft, email, make_channel

HOSTILE = "<img src=x onerror=alert(1)>"
"""What somebody could write where text is kept."""

_TABLES = """
    DROP SCHEMA IF EXISTS market CASCADE;
    CREATE SCHEMA market;
    CREATE TABLE market.household (
        id integer PRIMARY KEY, name text NOT NULL, email text, city text, income numeric(10, 2), joined date,
        profile jsonb);
    CREATE TABLE market.product (id integer PRIMARY KEY, title text NOT NULL, department text NOT NULL);
    CREATE TABLE market.purchase (
        id integer PRIMARY KEY, household_id integer NOT NULL REFERENCES market.household,
        product_id integer NOT NULL REFERENCES market.product, bought_at timestamptz NOT NULL,
        amount numeric(10, 2) NOT NULL);
    CREATE TABLE market.goods_return (
        id integer PRIMARY KEY, household_id integer NOT NULL REFERENCES market.household, reason text);
    INSERT INTO market.product SELECT n, 'Product ' || n, (ARRAY['GROCERY', 'PET', 'BAKERY'])[n % 3 + 1]
      FROM generate_series(1, 9) AS n;
    INSERT INTO market.household
    SELECT n, 'Household ' || n, 'h' || n || '@example.com',
           (ARRAY['Seoul', 'Busan', 'Daegu', '<img src=x onerror=alert(1)>'])[n % 4 + 1],
           1000 + n * 10, date '2024-01-01' + n, jsonb_build_object('tier', (ARRAY['gold', 'silver'])[n % 2 + 1])
      FROM generate_series(1, 60) AS n;
    INSERT INTO market.purchase
    SELECT row_number() OVER (), h, h % 9 + 1, now() - make_interval(days => k * 20 + h % 7), 5 + k * h % 40
      FROM generate_series(1, 60) AS h, generate_series(1, 8) AS k WHERE k <= h % 9;
    INSERT INTO market.goods_return SELECT n, n * 4, '<img src=x onerror=alert(1)>' FROM generate_series(1, 15) AS n;
"""

LOYAL = """
    SELECT count(*) FROM market.household h
     WHERE (SELECT count(*) FROM market.purchase p
             WHERE p.household_id = h.id AND p.bought_at >= date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC'
                                                            - interval '90 days') >= 3
       AND NOT EXISTS (SELECT FROM market.goods_return r WHERE r.household_id = h.id)
"""
"""How many bought at least three times in the last 90 days, and never returned anything."""


def build_tables() -> None:
    """Before anybody has registered them."""
    with connection.cursor() as cursor:
        cursor.execute(_TABLES)


def open_market() -> Campaign:
    """The tables, their dimension, and a campaign that begins with everybody."""
    build_tables()
    register_schema("market")
    table = Table.objects.get(schema_name="market", table_name="household")
    register_dimension("household", table, label="Households", fields={"email": "email"})
    Table.objects.filter(pk=table.pk).update(label="Households")
    Field.objects.filter(table__schema_name="market", slug="reason").update(label=HOSTILE)
    make_channel(provider="file", provider_config={"folder": "tests"})
    start = {"id": "all", "type": "build_audience", "config": {"dimension": "household"}}
    return draft("autumn", [start, email()], ["all mail"])


def close_market() -> None:
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA IF EXISTS market CASCADE")


def count_of(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])
