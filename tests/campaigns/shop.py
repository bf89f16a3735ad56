"""A small foreign database: the tables a company might have had before Tutti came."""

from __future__ import annotations

from django.db import connection

SHOP = """
    CREATE SCHEMA shop;
    CREATE TYPE shop.order_state AS ENUM ('open', 'paid', 'sent');
    CREATE DOMAIN shop.email_address AS text CHECK (VALUE LIKE '%@%');
    CREATE TABLE shop.person (
        person_id bigint PRIMARY KEY, "Full Name" text, email shop.email_address, born date,
        balance numeric(12, 2), score double precision, active boolean NOT NULL DEFAULT true,
        seen timestamptz, joined timestamp, token uuid UNIQUE, extra jsonb, fingerprint bytea, tags text[]);
    COMMENT ON TABLE shop.person IS 'Everybody who ever bought';
    COMMENT ON COLUMN shop.person.born IS 'As told by the person';
    CREATE TABLE shop.passport (person_id bigint PRIMARY KEY REFERENCES shop.person, number text NOT NULL);
    CREATE TABLE shop.orders (
        order_id uuid PRIMARY KEY, buyer_id bigint REFERENCES shop.person, state shop.order_state);
    CREATE TABLE shop.order_line (
        order_id uuid REFERENCES shop.orders, line int, sku text, PRIMARY KEY (order_id, line));
    CREATE TABLE shop.return_line (
        order_id uuid, line int, reason text, FOREIGN KEY (order_id, line) REFERENCES shop.order_line);
    CREATE TABLE shop.visit (person_id bigint, page text);
    CREATE VIEW shop.active_person AS SELECT person_id, "Full Name" FROM shop.person WHERE active;
    CREATE TABLE shop.log (id bigint, at date) PARTITION BY RANGE (at);
    CREATE TABLE shop.log_2018 PARTITION OF shop.log FOR VALUES FROM ('2018-01-01') TO ('2019-01-01');
    INSERT INTO shop.person (person_id, "Full Name", email)
         VALUES (1, 'Ada', 'ada@example.com'), (2, 'Grace', NULL), (3, '김하늘', 'sky@example.org');
    INSERT INTO shop.visit VALUES (1, '/'), (1, '/a'), (7, '/'), (8, '/'), (NULL, '/');
"""


def execute(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def open_shop() -> None:
    execute(SHOP)
