"""The example campaigns on the demo data: every count of a test run beside DuckDB's, asked in SQL written by hand.

The SQL of an example answers, from its words and the Parquet files alone, how many people cross each transition; it
knows nothing of rules, activities or working tables.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.db import transaction

from campaigns import activity_types
from campaigns.document import Document
from campaigns.document_text import Form, read_document
from campaigns.drafts import save_draft
from campaigns.files.store import keep_upload
from campaigns.lint import lint_document
from campaigns.models import Channel
from campaigns.problems import errors_of
from campaigns.world import load_world
from config.demo_data.consents import statement_of
from config.demo_data.loading import load_demo_data
from config.demo_data.people import make_people
from config.demo_data.source import open_source
from orchestration.models import CampaignRun, Message, Population
from orchestration.runs import start_test_run
from tests.orchestration.engine import make_channel, problems, work_off

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
NEVER_IN_A_TEST = {"failed", "undecided"}
NOBODY = {"guests.missing", "users.unmatched"}
"""Ways out for what does not occur in the demo data: a guest or a coupon whose household is gone."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db]
every_example = pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])


@pytest.fixture(scope="module")
def demo(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """The demo data, a channel and the files that examples load, for all tests of this module, gone after it."""
    with django_db_blocker.unblock(), transaction.atomic():
        load_demo_data(lambda _line: None)
        make_channel()
        for path in FOLDER.glob("files/*"):
            keep_upload(path.name, [path.read_bytes()])
        yield
        transaction.set_rollback(True)


@pytest.fixture(scope="module")
def witness() -> Iterator[duckdb.DuckDBPyConnection]:
    """DuckDB over the Parquet files, with the addresses and consents that the demo makes up."""
    source = open_source()
    ids = source.execute(
        "SELECT household_id::INT FROM transactions UNION SELECT household_id FROM campaigns"
        " UNION SELECT household_id FROM demographics UNION SELECT household_id FROM coupon_redemptions"
    )
    households = [row[0] for row in ids.fetchall()]
    source.execute("CREATE TABLE people (household_id INT, email VARCHAR, language VARCHAR)")
    people = [[each.household_id, each.email, each.language] for each in make_people(households)]
    source.executemany("INSERT INTO people VALUES (?, ?, ?)", people)
    source.execute("CREATE TABLE consents (household_id INT, state VARCHAR)")
    said = [(household, statement_of(household, Channel.EMAIL)) for household in households]
    source.executemany("INSERT INTO consents VALUES (?, ?)", [[who, str(what)] for who, what in said if what])
    yield source
    source.close()


def document_of(path: Path) -> Document:
    return read_document(path.read_bytes(), Form.YAML).document


def counts_of(run: CampaignRun) -> dict[str, int | None]:
    rows = Population.objects.filter(activity_run__run=run).select_related("activity_run")
    return {
        f"{row.activity_run.activity_id}.{row.port}": row.row_count
        for row in rows
        if row.port not in NEVER_IN_A_TEST
    }


def test_together_they_use_every_type() -> None:
    used = {part.type for path in EXAMPLES for part in document_of(path).activities}
    assert used == set(activity_types.registered())


@every_example
def test_nothing_keeps_it_from_being_published(demo: None, path: Path) -> None:
    document = document_of(path)
    assert errors_of(lint_document(document, load_world(document))) == ()


@every_example
def test_every_count_is_that_of_the_witness(
    demo: None, witness: duckdb.DuckDBPyConnection, path: Path
) -> None:
    run = work_off(start_test_run(save_draft(None, document_of(path))))
    assert problems(run) == {}
    assert run.state == "completed"
    query = (Path(__file__).parent / "sql" / f"{path.stem}.sql").read_text()
    expected = dict(witness.execute(query).fetchall())
    assert counts_of(run) == expected
    assert {port for port, people in expected.items() if not people} <= NOBODY
    assert not Message.objects.filter(delivery__kind="live").exists()
