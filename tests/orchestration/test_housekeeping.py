from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone
from sqlglot import exp

from campaigns.models import Campaign
from orchestration.housekeeping import keep_house, remove_old_tests
from orchestration.models import CampaignRun, Message, Population
from orchestration.runs import start_test_run
from orchestration.working_tables import create_working_table, drop_working_table, orphans
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def tested() -> Campaign:
    add_person(make_dimension(), 1)
    make_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    made = draft("tested", [everybody, email()], ["all mail"])
    work_off(start_test_run(made))
    return made


def ended(days: float) -> None:
    CampaignRun.objects.update(finished_at=timezone.now() - timedelta(days=days))


def test_a_test_run_is_kept_until_its_time_is_over(tested: Campaign) -> None:
    ended(settings.TEST_RUN_DAYS - 0.1)
    assert remove_old_tests() == 0
    assert (tested.runs.count(), Message.objects.count()) == (1, 1)


def test_an_open_test_run_is_kept_however_old(tested: Campaign) -> None:
    CampaignRun.objects.update(
        finished_at=None, state="paused", started_at=timezone.now() - timedelta(days=400)
    )
    keep_house()
    assert tested.runs.exists()


def test_old_test_runs_go_with_their_ledgers(tested: Campaign, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("orchestration.housekeeping.RUNS_AT_ONCE", 1)
    work_off(start_test_run(tested))
    ended(settings.TEST_RUN_DAYS + 0.1)
    assert remove_old_tests() == 2
    assert (tested.runs.count(), Message.objects.count()) == (0, 0)


def test_the_ledger_of_an_old_live_run_stays(tested: Campaign) -> None:
    version = tested.versions.create(number=1, definition="{}", hash="h")
    CampaignRun.objects.update(kind="live", version=version)
    ended(4000)
    keep_house()
    assert (tested.runs.count(), Message.objects.count()) == (1, 1)


def test_tables_of_runs_long_over_are_dropped_and_their_counts_stay(tested: Campaign) -> None:
    ended(settings.WORKING_TABLE_DAYS - 0.1)
    assert keep_house() == 0
    version = tested.versions.create(number=1, definition="{}", hash="h")
    CampaignRun.objects.update(kind="live", version=version)
    ended(settings.WORKING_TABLE_DAYS + 0.1)
    assert keep_house() == Population.objects.filter(owns_table=True).exclude(table_name="").count() > 0
    assert Population.objects.get(activity_run__activity_id="all").row_count == 1


def test_tables_that_no_row_names_are_swept_and_no_others(tested: Campaign) -> None:
    create_working_table("nobody_s", exp.select("1 AS key"))
    assert orphans(10) == ["nobody_s"]
    assert keep_house() == 1
    assert Population.objects.filter(dropped_at=None, owns_table=True).exists()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_tables WHERE schemaname = 'work'")
        assert (
            cursor.fetchone()[0] == Population.objects.filter(owns_table=True).exclude(table_name="").count()
        )


def test_a_table_that_is_gone_already_is_no_fault(tested: Campaign) -> None:
    for population in Population.objects.filter(owns_table=True).exclude(table_name=""):
        drop_working_table(population.table_name)
    ended(settings.WORKING_TABLE_DAYS + 0.1)
    assert keep_house() >= 0
    assert not tested.runs.exists()
