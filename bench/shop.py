"""The benchmark's people and orders, registered in the catalogue as anybody's tables would be."""

from __future__ import annotations

import os
import time
from pathlib import Path

from django.db import connection

from bench.turns import say
from campaigns.dimensions import register_dimension
from campaigns.links import LinkNames, add_link
from campaigns.models import Table
from campaigns.registration import register_table
from campaigns.targeting.schema import Cardinality

STATEMENTS = Path(__file__).with_name("shop.sql")
PEOPLE = 1_000_000
ORDERS_PER_PERSON = 5


def make_shop() -> int:
    """The shop at the scale asked for, unless it is there; the number of its people."""
    people = max(1000, round(PEOPLE * float(os.environ.get("TUTTI_BENCH_SCALE", "1"))))
    if Table.objects.filter(slug="person").exists():
        return people
    started = time.perf_counter()
    open_shop(people)
    orders, seconds = people * ORDERS_PER_PERSON, time.perf_counter() - started
    say(f"{people:,} people and {orders:,} orders made in {seconds:.0f} s")
    return people


def open_shop(people: int) -> None:
    """Make `people` people with five orders each on average, and register them with a dimension `person`."""
    sizes = {"people": people, "orders": people * ORDERS_PER_PERSON}
    with connection.cursor() as cursor:
        for statement in STATEMENTS.read_text().split(";\n"):
            if statement.strip():
                cursor.execute(statement, sizes)
        # Index-only scans need the visibility map, which only a vacuum writes.
        cursor.execute("VACUUM (ANALYZE) shop.person")
        cursor.execute("VACUUM (ANALYZE) shop.orders")
    person, orders = register_table("shop", "person").table, register_table("shop", "orders").table
    _link(orders, person)
    roles = {"email": "email", "name": "first_name"}
    register_dimension("person", person, label="Person", fields=roles)


def _link(orders: Table, person: Table) -> None:
    names = LinkNames("person", "Person", "orders", "Orders")
    add_link(
        orders,
        person,
        on=[("person_id", "id")],
        cardinality=Cardinality.ONE,
        inverse_cardinality=Cardinality.MANY,
        names=names,
    )
