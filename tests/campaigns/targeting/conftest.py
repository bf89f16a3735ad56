"""The small company in the test run's PostgreSQL, and everything needed to ask rules of it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg import sql

from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import Statement, render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.schema import Catalogue
from campaigns.targeting.scope import Scope
from campaigns.targeting.statements import select_keys
from tests.campaigns.targeting import world
from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.vocabulary import VARIABLES, Rule
from tests.oracle.evaluator import Oracle

Keys = set[tuple[Any, ...]]
FULL = os.environ.get("TUTTI_FAULTS") == "full"


@dataclass
class Company:
    """The world, its tables in PostgreSQL, its catalogue and its oracle."""

    tables: dict[str, world.Described]
    catalogue: Catalogue
    oracle: Oracle
    database: psycopg.Connection[tuple[Any, ...]]

    def scope(self, table: str, **changes: Any) -> Scope:
        return Scope(
            **{
                "catalogue": self.catalogue,
                "table": table,
                "now": world.NOW,
                "zone": world.ZONE,
                "variables": VARIABLES,
                **changes,
            }
        )

    def statement(self, rule: Rule, table: str) -> Statement:
        return render(select_keys(parse_rule(rule), self.scope(table)))

    def run(self, statement: Statement) -> Keys:
        return set(self.database.execute(statement.sql, statement.parameters).fetchall())  # type: ignore[arg-type]

    def selected(self, rule: Rule, table: str = "person") -> Keys:
        return self.run(self.statement(rule, table))

    def expected(self, rule: Rule, table: str = "person") -> Keys:
        key = self.tables[table].key
        return {tuple(row[field] for field in key) for row in self.oracle.rows(rule, table)}

    def everyone(self, table: str = "person") -> Keys:
        key = self.tables[table].key
        return {tuple(row[field] for field in key) for row in self.tables[table].rows}

    def refusals(self, rule: Any, table: str = "person") -> list[tuple[str, str]]:
        """What is wrong with a rule, as (pointer, code)."""
        try:
            select_keys(parse_rule(rule), self.scope(table))
        except RuleError as error:
            return [(problem.path, problem.code) for problem in error.problems]
        return []


@pytest.fixture(scope="session")
def rule_seed() -> int:
    """TUTTI_RULE_SEED tries other rules than those of every day."""
    return int(os.environ.get("TUTTI_RULE_SEED", "1"))


@pytest.fixture(scope="session")
def described() -> dict[str, world.Described]:
    return world.make_world(seed=7)


@pytest.fixture(scope="session")
def rules(described: dict[str, world.Described], rule_seed: int) -> list[tuple[str, Rule]]:
    return list(RuleGenerator(rule_seed, described).rules(2_000))


@pytest.fixture(scope="session")
def company(
    described: dict[str, world.Described], django_db_setup: None, django_db_blocker: Any
) -> Iterator[Company]:
    with django_db_blocker.unblock():
        parameters = connection.get_connection_params()
    # pytest-django makes the test database only for tests marked django_db.
    assert parameters["dbname"].startswith("test_"), "mark the module with django_db"
    wanted = {
        name: parameters[name]
        for name in ("dbname", "user", "password", "host", "port")
        if name in parameters
    }
    with psycopg.connect(**wanted, autocommit=True) as database:
        world.create_tables(database.cursor(), described)
        oracle = Oracle(world.oracle_world(described), world.NOW, world.ZONE, VARIABLES)
        yield Company(described, world.catalogue(described), oracle, database)
        # Tests elsewhere have a company of their own in the same place.
        database.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(world.SCHEMA)))
