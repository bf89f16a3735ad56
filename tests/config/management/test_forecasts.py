from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.db import connection

from campaigns.document_text import Form, write_document
from campaigns.drafts import save_draft
from campaigns.models import Field, TargetingDimension
from config.management.campaign_verbs.outcome import Exit
from orchestration.housekeeping import drop_old_tables
from orchestration.models import CampaignRun
from orchestration.runs import start_test_run
from tests.config.management.test_answers import ask
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import make_channel, work_off
from tests.orchestration.test_forecasts import document

pytestmark = pytest.mark.django_db


@pytest.fixture
def file(tmp_path: Path) -> Path:
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key in range(1, 1_204):
        add_person(dimension, key)
    return write(tmp_path / "fair.yaml")


def write(path: Path, **changes: Any) -> Path:
    path.write_text(write_document(document(**changes), Form.YAML))
    return path


def said(*arguments: object) -> list[str]:
    out = io.StringIO()
    call_command("campaign", *map(str, arguments), stdout=out)
    return [" ".join(line.split()) for line in out.getvalue().splitlines()]


def test_nobody_is_asked_for_where_the_document_has_errors(file: Path) -> None:
    write(file, errors={}, transitions=[{"from": "all", "to": "nowhere"}])
    code, answer = ask("plan", file, "--people")
    assert (code, "people" in answer) == (Exit.REFUSED, False)


def test_people_are_counted_only_when_asked_for(file: Path) -> None:
    assert "people" not in ask("plan", file)[1]


def test_what_does_not_run_to_its_end_is_refused(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.forecasts.execute_activity", lambda pk, **_options: False)
    code, answer = ask("plan", file, "--people")
    assert (code, "does not run to its end" in answer["refused"]) == (Exit.REFUSED, True)


def test_without_a_run_everybody_is_new(file: Path) -> None:
    lines = said("plan", file, "--people")
    assert "No run of this campaign has completed: everybody would be new." in lines
    assert "all.main 0 1,203 1,203 0 0" in lines


def test_the_first_who_come_and_go_are_told_masked(file: Path) -> None:
    work_off(start_test_run(save_draft(None, document())))
    Field.objects.filter(slug="email").update(personal=True)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM person WHERE id <= 7")
    lines = said("plan", file, "--people")
    start = lines.index("all.main, leave (7):")
    assert lines[start + 1 : start + 7] == ["- 1", "- 2", "- 3", "- 4", "- 5", "…"]
    add_person(TargetingDimension.objects.get(), 5_000)
    assert "+ 5000 · Person 5000 · ••• · en · Busan" in said("plan", file, "--people")


def test_the_answer_names_the_run_it_compares_with(file: Path) -> None:
    run = work_off(start_test_run(save_draft(None, document())))
    code, answer = ask("plan", file, "--people")
    people = answer["people"]
    assert (code, people["compared_with"]["run"], people["compared_with"]["kind"]) == (0, run.pk, "test")
    first = people["ports"][0]
    assert len(first.pop("samples")["stay"]) == 20
    assert first == {
        "activity": "all",
        "port": "main",
        "now": 1203,
        "before": 1203,
        "enter": 0,
        "leave": 0,
        "stay": 1203,
        "unknown": None,
    }


def test_keys_that_are_gone_are_said_to_be(file: Path) -> None:
    run = work_off(start_test_run(save_draft(None, document())))
    CampaignRun.objects.filter(pk=run.pk).update(finished_at="2018-01-01T00:00:00Z")
    drop_old_tables()
    lines = said("plan", file, "--people")
    assert "all.main 1,203 1,203 ? ? ?" in lines
    assert any(
        line.startswith("? at all.main, by-city.busan: the keys of that run are gone") for line in lines
    )
