"""`python -m tests.faults.broken_services FOLDER`: what an installation does when both of its servers die under it.

It runs apart from the tests, on servers of its own that keep what they are told: DATABASE_URL and BROKER_URL name those
of FOLDER. The hints of many runs lie in the broker when it is killed and loses them all; PostgreSQL is killed in the same
moment. Prints one line of JSON: what came of every run and message, and the seconds until all of it was done.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import sys
import time
from collections import Counter
from pathlib import Path

import django

django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import DatabaseError, connection  # noqa: E402
from kombu import Connection  # noqa: E402

from config.embedded.launcher import start_services  # noqa: E402
from config.embedded.record import Record, read_record  # noqa: E402
from orchestration.models import CampaignRun, Message  # noqa: E402
from tests.faults.installation import Installation, wait_until  # noqa: E402
from tests.faults.mailings import arrived, make_mailing, make_people, publish  # noqa: E402

CAMPAIGNS = 20
PEOPLE = 200
ROLES = {"engine": "engine,default", "sender": "email"}


def main(folder: Path) -> None:
    call_command("migrate", verbosity=0)
    house = Installation(folder, dict(os.environ))
    try:
        print(json.dumps(play(house)))
    finally:
        house.stop()


def play(house: Installation) -> dict[str, object]:
    make_people(PEOPLE)
    port = house.start_sink()
    for number in range(CAMPAIGNS):
        publish(make_mailing(f"c{number}", port=port))
    queued = hints("engine")
    for name, queues in ROLES.items():
        house.start_worker(name, queues)
    house.start_beat()
    wait_until(
        lambda: Message.objects.filter(state="sent").exists(), seconds=120, what="the first message is sent"
    )
    left = hints("engine") + hints("email")
    break_both(house.folder)
    began = time.monotonic()
    while not all_done(house):
        if time.monotonic() - began > 300:
            break
        time.sleep(0.5)
    return {
        "seconds": round(time.monotonic() - began, 1),
        "queued": queued,
        "left": left,
        "runs": Counter(CampaignRun.objects.values_list("state", flat=True)),
        "messages": Counter(Message.objects.values_list("state", flat=True)),
        "doubled": sum(1 for times in arrived(house).values() if times > 1),
        "in_the_sink": len(arrived(house)),
    }


def hints(queue: str) -> int:
    with Connection(os.environ["BROKER_URL"]) as broker:
        return int(broker.default_channel.client.llen(queue))


def break_both(folder: Path) -> None:
    """The broker's file goes too, so that not one hint comes back."""
    record = read_record(folder)
    assert record is not None
    assert record.broker is not None
    assert record.postgresql is not None
    os.kill(record.broker.pid, signal.SIGKILL)
    os.kill(record.postgresql.pid, signal.SIGQUIT)
    wait_until(lambda: servers_are_gone(record), seconds=60, what="both servers are gone")
    shutil.rmtree(record.home / "broker")
    start_services(folder)


def servers_are_gone(record: Record) -> bool:
    return not any(server and server.alive for server in (record.postgresql, record.broker))


def all_done(house: Installation) -> bool:
    """As the supervisor does, a process that ended is started again meanwhile."""
    for name, process in list(house.processes.items()):
        if process.poll() is not None:
            house.start_beat() if name == "beat" else house.start_worker(name, ROLES[name])
    try:
        return not CampaignRun.objects.exclude(state="completed").exists()
    except DatabaseError:
        connection.close()
        return False


if __name__ == "__main__":
    main(Path(sys.argv[1]))
