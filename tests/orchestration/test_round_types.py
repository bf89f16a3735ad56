"""What types that read or keep something do in each round, or why a document must not let them come to it twice."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings

from campaigns.files.store import path_of
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, StoredFile, TargetingDimension
from campaigns.problems import errors_of
from orchestration.execution import execute_activity
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run, wake_run
from tests.ledger import add_person
from tests.orchestration.engine import draft, problems, work_off
from tests.orchestration.going_round import (
    ALL,
    END,
    WAIT,
    first_two,
    fork,
    hold,
    jump,
    launched,
    make_people,
    round_counts_of,
)

pytestmark = pytest.mark.django_db
LINES = {"kind": "integer", "header": "n", "name": "n"}


@pytest.fixture(autouse=True)
def _people(db: None) -> None:
    make_people(7)


def loading(**source: Any) -> Campaign:
    """Each round reads the file of the inbox beside those who go round."""
    config = {"source": {"kind": "inbox", "pattern": "*.csv", **source}, "columns": [LINES]}
    load = {"id": "load", "type": "load_file", "config": config}
    arrows = ["all hold", "hold.main fork", "fork.x load", "load end", "fork.y again"]
    return draft("loads", [ALL, hold(), fork(), load, jump("hold", 2), END], arrows)


@pytest.fixture
def inbox(settings: LazySettings, tmp_path: Path) -> Path:
    settings.FILE_INBOX = tmp_path
    (tmp_path / "numbers.csv").write_text("n\n1\n2\n3\n")
    return tmp_path


def test_a_file_that_is_deleted_cannot_be_loaded_in_each_round(inbox: Path) -> None:
    (problem,) = errors_of(lint_campaign(loading(delete=True)))
    assert (problem.code, problem.activity) == ("load_file.deleted", "load")
    assert problem.path.endswith("/config/source/delete")


def test_a_file_is_loaded_in_each_round(inbox: Path) -> None:
    run = work_off(launched(loading()))
    assert (run.state, problems(run)) == ("completed", {})
    assert round_counts_of(run)["load.main"] == [3, 3, 3]


def extracting() -> Campaign:
    out = {"id": "out", "type": "extract_file", "config": {"columns": [{"attribute": "id"}]}}
    arrows = ["all parts", "parts.done out", "parts.complement again", "again.main end"]
    return draft("writes", [ALL, first_two(), out, jump("parts", 2), END], arrows)


def test_each_round_writes_a_file_of_its_own() -> None:
    run = work_off(launched(extracting()))
    assert (run.state, problems(run)) == ("completed", {})
    files = StoredFile.objects.filter(origin="extracted").order_by("pk")
    assert [path_of(each).read_text() for each in files] == ["id\n1\n2\n", "id\n3\n4\n", "id\n5\n6\n"]


def test_a_test_run_writes_none() -> None:
    assert work_off(start_test_run(extracting())).state == "completed"
    assert not StoredFile.objects.exists()


def selecting() -> Campaign:
    """Whoever comes only gives the sign to select everybody anew."""
    anew = {**ALL, "id": "anew"}
    arrows = ["all wait", "wait anew", "anew hold", "hold.main again", "again.main end"]
    return draft("selects", [ALL, WAIT, anew, hold(), jump("wait", 2), END], arrows)


def test_an_audience_is_built_anew_in_each_round() -> None:
    run = work_off(start_test_run(selecting(), real_waits=True))
    for key in (8, 9, 10):
        add_person(TargetingDimension.objects.get(), key)
        wait_no_longer(run)
    assert (run.state, problems(run)) == ("completed", {})
    assert round_counts_of(run)["anew.main"] == [8, 9, 10]
    assert round_counts_of(run)["hold.main"] == [7, 8, 9]


def wait_no_longer(run: CampaignRun) -> None:
    wake_run(run)
    execute_activity(run.activity_runs.get(state="waiting").pk)
    work_off(run)
