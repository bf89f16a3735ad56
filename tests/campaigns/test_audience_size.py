"""Audiences at size: 20,000 members every day, a million with TUTTI_FAULTS=full, which prints how long each step took."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from time import monotonic

import pytest
from django.db import connection, transaction
from sqlglot import exp

from campaigns.audiences import (
    Description,
    Members,
    Provenance,
    add_audience,
    lock_audience,
    write_members,
)
from campaigns.catalogue import load_catalogue
from campaigns.dimensions import register_dimension
from campaigns.models import Audience, AudienceChange
from campaigns.registration import register_table
from campaigns.targeting.render import Statement, render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Column, FieldType
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import count_statement
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
PEOPLE = 1_000_000 if os.environ.get("TUTTI_FAULTS") == "full" else 20_000
CITY = {"city": Column("city", "city", FieldType.TEXT, "City")}


@pytest.fixture
def audience() -> Audience:
    execute("CREATE SCHEMA crowd; CREATE TABLE crowd.person (id bigint PRIMARY KEY, city text)")
    execute(f"INSERT INTO crowd.person SELECT g, 'c' || g % 50 FROM generate_series(1, {PEOPLE}) AS g")
    execute("ANALYZE crowd.person")
    register_dimension("person", register_table("crowd", "person").table, label="Person")
    return add_audience(Description("half", "Half", "person"), Audience.Origin.SAVED)


@contextmanager
def timed(what: str) -> Iterator[None]:
    begun = monotonic()
    yield
    print(f"{what}: {monotonic() - begun:.2f} s")


def people(condition: exp.Expr) -> Members:
    select = exp.select("p.id AS key", "p.city").from_("crowd.person AS p").where(condition)
    return Members(select, CITY)


def write(members: Members, *, append: bool) -> AudienceChange:
    with transaction.atomic():
        mode, nobody = AudienceChange.Mode.OVERWRITE, Provenance()
        return write_members(lock_audience("half"), mode, members, nobody, append=append)


def asked(negate: bool) -> Statement:
    rule = parse_rule({"kind": "member", "audience": "half", "negate": negate})
    return render(
        count_statement(
            rule, Scope(catalogue=load_catalogue(), table="person", now=datetime.now(UTC), zone="UTC")
        )
    )


@pytest.mark.timeout(600)
def test_members_are_written_and_asked_for_as_sets(audience: Audience) -> None:
    even = exp.EQ(
        this=exp.Mod(this=exp.column("id", "p"), expression=exp.Literal.number(2)),
        expression=exp.Literal.number(0),
    )
    with timed(f"create {PEOPLE}"):
        assert write(people(exp.true()), append=False).rows_added == PEOPLE
    with timed(f"overwrite with {PEOPLE // 2}"):
        assert write(people(even), append=False).rows_after == PEOPLE // 2
    for negate, join in [(False, "Join"), (True, "Anti Join")]:
        statement = asked(negate)
        with timed(f"count those {'not ' * negate}in it"), connection.cursor() as cursor:
            cursor.execute(statement.sql, statement.parameters)
            assert cursor.fetchone() == (PEOPLE // 2,)
        with connection.cursor() as cursor:
            cursor.execute("EXPLAIN " + statement.sql, statement.parameters)
            plan = "\n".join(line for (line,) in cursor.fetchall())
        assert join in plan
        assert "SubPlan" not in plan
    with timed(f"append {PEOPLE}, half of them new"):
        assert write(people(exp.true()), append=True).rows_added == PEOPLE // 2
