"""The demo data as Tutti has them, and DuckDB over the files they come from: two who are asked the same."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import duckdb
import pytest
from django.db import transaction

from campaigns.files.store import keep_upload
from campaigns.models import Channel
from config.demo_data.consents import statement_of
from config.demo_data.loading import load_demo_data
from config.demo_data.people import make_people
from config.demo_data.source import open_source
from config.environment import ROOT
from tests.orchestration.engine import make_channel

FILES = ROOT / "examples" / "files"


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo data, channels and the files that examples load, for all tests of a module, gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo_data(lambda _line: None)
        make_channel()
        make_channel("marketing-texts", channel=Channel.SMS, provider="sms_file", default_region="US")
        for path in FILES.iterdir():
            keep_upload(path.name, [path.read_bytes()])
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def witness() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB over the Parquet files, with the addresses and consents that the demo makes up."""
    source = open_source()
    source.execute("SET enable_progress_bar = false")
    ids = source.execute(
        "SELECT household_id::INT FROM transactions UNION SELECT household_id FROM campaigns"
        " UNION SELECT household_id FROM demographics UNION SELECT household_id FROM coupon_redemptions"
    )
    households = [row[0] for row in ids.fetchall()]
    source.execute("CREATE TABLE people (household_id INT, email VARCHAR, phone VARCHAR, language VARCHAR)")
    people = [[each.household_id, each.email, each.phone, each.language] for each in make_people(households)]
    source.executemany("INSERT INTO people VALUES (?, ?, ?, ?)", people)
    for table, channel in (("consents", Channel.EMAIL), ("text_consents", Channel.SMS)):
        said = [(household, statement_of(household, channel)) for household in households]
        rows = [[who, str(what)] for who, what in said if what]
        source.execute(f"CREATE TABLE {table} (household_id INT, state VARCHAR)")
        source.executemany(f"INSERT INTO {table} VALUES (?, ?)", rows)
    yield source
    source.close()
