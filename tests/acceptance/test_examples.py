"""The example campaigns on the demo data: every count of a test run beside DuckDB's, asked in SQL written by hand.

The SQL of an example answers, from its words and the Parquet files alone, how many people cross each transition; it
knows nothing of rules, activities or working tables.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest
from django.db.models import Sum

from campaigns import activity_types
from campaigns.document import Document
from campaigns.document_text import Form, read_document
from campaigns.drafts import save_draft
from campaigns.lint import lint_document
from campaigns.problems import errors_of
from campaigns.world import load_world
from orchestration.models import CampaignRun, Message, Population
from orchestration.runs import start_test_run
from tests.orchestration.engine import problems, work_off

FOLDER = Path(__file__).parents[2] / "examples"
EXAMPLES = sorted(FOLDER.glob("*.yaml"))
NEVER_IN_A_TEST = {"failed", "undecided"}
NOBODY = {"guests.missing", "users.unmatched"}
"""Ways out for what does not occur in the demo data: a guest or a coupon whose household is gone."""

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db]
every_example = pytest.mark.parametrize("path", EXAMPLES, ids=[path.stem for path in EXAMPLES])


def document_of(path: Path) -> Document:
    return read_document(path.read_bytes(), Form.YAML).document


def counts_of(run: CampaignRun) -> dict[str, int]:
    """How many crossed each transition, all rounds of the run together."""
    rows = Population.objects.filter(activity_run__run=run).exclude(port__in=NEVER_IN_A_TEST)
    found = rows.values_list("activity_run__activity_id", "port").annotate(Sum("row_count")).order_by()
    return {f"{activity}.{port}": people for activity, port, people in found}


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
