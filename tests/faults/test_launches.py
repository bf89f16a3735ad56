"""Launches while several clocks tick at once and one of them is killed: each planned launch becomes one run."""

from __future__ import annotations

import os
import signal
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django_celery_beat.models import PeriodicTask

from campaigns.document import canonical, document_hash
from campaigns.drafts import load_draft
from campaigns.models import Campaign, CampaignVersion
from orchestration.models import CampaignRun, Occurrence
from orchestration.occurrences import database_now
from tests.faults.installation import Installation, installation, wait_until
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.faults,
    pytest.mark.slow,
    pytest.mark.timeout(900),
]

TICKERS = 6
INSTANTS = 500
FULL = os.environ.get("TUTTI_FAULTS") == "full"
WAVES = 3 if FULL else 2
WAVE = 30
GATE = 7_488_357
TICK = f"""
from django.db import connection
from orchestration.occurrences import tick
with connection.cursor() as cursor:
    cursor.execute("SELECT pg_advisory_lock_shared({GATE})")
print("started", sum(tick() for _round in range(3)))
"""


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made


def due_campaigns(number: int) -> None:
    """Published half an hour ago; the one launch of each was due a few minutes ago."""
    first = Campaign.objects.order_by("pk").first() or _first_campaign()
    at = f"{database_now() - timedelta(minutes=3):%Y-%m-%dT%H:%M}"
    document = load_draft(first).model_copy(update={"schedule": {"frequency": "once", "at": at}})
    start = Campaign.objects.count()
    campaigns = [
        Campaign(slug=f"c{start + n}", name="C", time_zone="UTC", state="scheduled") for n in range(number)
    ]
    text, digest = canonical(document), document_hash(document)
    CampaignVersion.objects.bulk_create(
        CampaignVersion(
            campaign=campaign,
            number=1,
            definition=text,
            hash=digest,
            published_at=database_now() - timedelta(minutes=30),
        )
        for campaign in Campaign.objects.bulk_create(campaigns)
    )


def _first_campaign() -> Campaign:
    add_person(make_dimension(), 1)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("first", [everybody, {"id": "end", "type": "end"}], ["all end"])


@contextmanager
def closed_gate() -> Iterator[None]:
    """Whoever asks for the gate waits until this ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [GATE])
        yield
        cursor.execute("SELECT pg_advisory_unlock(%s)", [GATE])


def waiting_at_the_gate() -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted"
            " AND database = (SELECT oid FROM pg_database WHERE datname = current_database())"
        )
        return int(cursor.fetchone()[0])


def launched_by(house: Installation, name: str) -> int:
    """What a ticking process printed when it ended well."""
    assert house.processes[name].wait(timeout=300) == 0
    return int((house.folder / f"{name}.log").read_text().rpartition("started ")[2])


def test_six_ticks_at_once_launch_each_of_500_due_instants_once(house: Installation) -> None:
    due_campaigns(INSTANTS)
    names = [f"tick{number}" for number in range(TICKERS)]
    with closed_gate():
        for name in names:
            house.start(name, "django", "shell", "-c", TICK)
        wait_until(
            lambda: waiting_at_the_gate() == TICKERS, seconds=120, what="every process waits at the gate"
        )
    started = [launched_by(house, name) for name in names]
    runs = Counter(CampaignRun.objects.values_list("campaign_id", flat=True))
    print(
        f"{TICKERS} processes x {INSTANTS} due instants: {started} runs started, {sum(runs.values())} in all"
    )
    assert sum(started) == INSTANTS
    assert sum(1 for count in started if count) > 1, "the processes did not meet"
    assert set(runs.values()) == {1}
    assert Occurrence.objects.filter(state="launched").count() == len(runs) == INSTANTS


def test_two_beats_and_a_killed_one_launch_everything_once(house: Installation) -> None:
    house.start_worker("engine", "engine,default")
    house.start_beat("beat1")
    wait_until(lambda: ticks() > 0, seconds=120, what="beat has sent a tick")
    house.start_beat("beat2")
    for wave in range(WAVES):
        due_campaigns(WAVE)
        if wave == 1:
            before = ticks()
            wait_until(lambda before=before: ticks() > before, seconds=60, what="a tick was sent")
            house.signal_group("beat1", signal.SIGKILL)
            house.processes.pop("beat1").wait()
            house.start_beat("beat1")
        wait_until(
            lambda wave=wave: _launched() >= WAVE * (wave + 1), seconds=90, what="the wave was launched"
        )
    before = ticks()
    wait_until(lambda: ticks() >= before + 2, seconds=60, what="two more ticks were sent")
    runs = Counter(CampaignRun.objects.values_list("campaign_id", flat=True))
    print(f"2 beats, 1 kill, {ticks()} ticks: {sum(runs.values())} runs of {len(runs)} campaigns")
    assert (len(runs), set(runs.values())) == (WAVES * WAVE, {1})


def ticks() -> int:
    """How often beat has sent it, by its own book."""
    entry = PeriodicTask.objects.filter(task="orchestration.tick")
    return entry.values_list("total_run_count", flat=True).first() or 0


def _launched() -> int:
    return Occurrence.objects.filter(state="launched").count()
