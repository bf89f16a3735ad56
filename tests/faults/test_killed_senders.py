"""Senders killed in the middle of a send: nobody gets a message twice, nobody is forgotten, and the rest is shown."""

from __future__ import annotations

import os
import random
import signal
import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.models import CampaignRun, Message
from orchestration.occurrences import database_now
from tests.faults.installation import Installation, children_of, installation, wait_until
from tests.faults.mailings import arrived, make_mailing, make_people, publish
from tests.ledger import forget_events

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.faults, pytest.mark.slow]

FULL = os.environ.get("TUTTI_FAULTS") == "full"
PEOPLE = 20_000 if FULL else 2_000
KILLS = 20 if FULL else 3
SEED = int(os.environ.get("TUTTI_SEED", "20180101"))
IN_FLIGHT_BOUND = 10


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Installation]:
    with installation(tmp_path) as made:
        yield made
    forget_events()


def in_flight(since: datetime) -> int:
    """Messages in flight that no earlier victim left behind."""
    return Message.objects.filter(state="in_flight", in_flight_at__gt=since).count()


def kill_while_in_flight(house: Installation, luck: random.Random) -> str:
    """Stop the sender at a random moment at which it holds messages in flight, then kill the group or one child."""
    since = database_now()
    while True:
        wait_until(lambda: in_flight(since), seconds=120, what="the sender has messages in flight")
        time.sleep(luck.uniform(0, 0.3))
        house.signal_group("sender", signal.SIGSTOP)
        if in_flight(since):
            break
        house.signal_group("sender", signal.SIGCONT)
    if luck.random() < 0.5:
        house.kill_group("sender")
        house.start_worker("sender", "email")
        return "group"
    return _kill_child(house, luck)


def _kill_child(house: Installation, luck: random.Random) -> str:
    """One pool process of the stopped group; the others go on."""
    os.kill(luck.choice(children_of(house.processes["sender"].pid)), signal.SIGKILL)
    house.signal_group("sender", signal.SIGCONT)
    return "child"


def test_every_kill_leaves_at_most_a_micro_batch_unknown_and_nothing_doubled(house: Installation) -> None:
    luck = random.Random(SEED)
    make_people(PEOPLE)
    campaign = make_mailing("killed", port=house.start_sink())
    house.start_worker("engine", "engine,default")
    house.start_worker("sender", "email")
    house.start_beat()
    run = publish(campaign)
    kills = [kill_while_in_flight(house, luck) for _ in range(KILLS)]
    recovery = wait_until(
        lambda: CampaignRun.objects.get(pk=run.pk).state == "completed",
        seconds=240,
        what="the run has completed",
    )
    _judge(house, Counter(kills), recovery)


def _judge(house: Installation, kills: Counter[str], recovery: float) -> None:
    states = Counter(Message.objects.values_list("state", flat=True))
    sent = set(Message.objects.filter(state="sent").values_list("pk", flat=True))
    unknown = set(Message.objects.filter(state="unknown").values_list("pk", flat=True))
    sink = arrived(house)
    bound = IN_FLIGHT_BOUND * (2 * kills["group"] + kills["child"])
    print(
        f"seed {SEED}: {PEOPLE} messages, kills {dict(kills)}, {recovery:.0f} s after the last; {dict(states)};"
        f" unknown {len(unknown)} of at most {bound}, of which the sink had {len(unknown & set(sink))};"
        f" doubled {sum(1 for times in sink.values() if times > 1)}"
    )
    assert sum(states.values()) == PEOPLE
    assert set(states) <= {"sent", "unknown", "excluded", "failed_permanent"}
    assert max(sink.values()) == 1
    assert sent <= set(sink)
    assert set(sink) <= sent | unknown
    assert len(unknown) <= bound
