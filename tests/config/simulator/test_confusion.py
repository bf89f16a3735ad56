"""How well the verdicts tell people from software that shares their agents and addresses."""

from __future__ import annotations

import time
from collections import Counter, defaultdict
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from config.simulator.habits import visits_of
from config.simulator.letters import Letter
from config.simulator.visits import make_visits, read_truth
from orchestration.models import EventVerdict, Message, MessageEvent
from orchestration.tokens import Purpose, make_token, read_token, url_of
from orchestration.verdicts import judge_recent
from tests.ledger import forget_events, make_delivery, make_dimension, make_messages

LETTERS = 160
Seen = tuple[int, int, str, str, str]


def letter_of(message: Message, base: str) -> Letter:
    def click(link: int) -> str:
        return url_of(Purpose.CLICK, make_token(Purpose.CLICK, message=message.pk, link=link), base=base)

    pixel = url_of(Purpose.OPEN, make_token(Purpose.OPEN, message=message.pk), base=base)
    return Letter(message.address, pixel, tuple(click(n) for n in range(1, 5)), click(0))


def told(path: Path) -> dict[Seen, list[str]]:
    """Who fetched what, by what the server can see of it, in order."""
    found: dict[Seen, list[str]] = defaultdict(list)
    for row in read_truth(path):
        if row["method"] == "GET":
            is_click = "/c/" in row["url"]
            content = read_token(Purpose.CLICK if is_click else Purpose.OPEN, row["url"].rsplit("/", 1)[1])
            assert content is not None
            key = (
                content.message,
                content.link,
                "clicked" if is_click else "opened",
                row["address"],
                row["agent"],
            )
            found[key].append(row["truth"])
    return found


def matrix(truth: dict[Seen, list[str]]) -> Counter[tuple[str, str]]:
    verdicts = dict(EventVerdict.objects.values_list("event_id", "bot"))
    counts: Counter[tuple[str, str]] = Counter()
    for event in MessageEvent.objects.filter(kind__in=("opened", "clicked")).order_by("occurred_at"):
        who = truth[
            event.message_id, event.link_number or 0, event.kind, str(event.ip), event.user_agent
        ].pop(0)
        counts[who, "software" if verdicts[event.id] else "person"] += 1
    return counts


@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
def test_software_is_told_from_people(
    live_server: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    delivery = make_delivery(make_dimension(), links=4)
    messages = make_messages(delivery, range(LETTERS))
    began = time.monotonic() + 0.5
    Message.objects.update(finished_at=timezone.now() + timedelta(seconds=0.5), in_flight_at=timezone.now())
    visits = visits_of([letter_of(message, live_server.url) for message in messages], seed=7)
    assert make_visits(visits, truth=tmp_path / "truth.jsonl", began=began) == len(visits)
    judge_recent()
    found = matrix(told(tmp_path / "truth.jsonl"))
    forget_events()
    people, software = (found[who, "person"] + found[who, "software"] for who in ("person", "software"))
    recall, false_alarm = found["software", "software"] / software, found["person", "software"] / people
    with capsys.disabled():
        print(f"\n{len(visits)} visits to {LETTERS} letters; confusion matrix (truth × verdict):")
        for who in ("person", "software"):
            print(
                f"  {who:9} judged person {found[who, 'person']:5}   judged software {found[who, 'software']:5}"
            )
        print(f"  software recognised {recall:.1%}, people mistaken {false_alarm:.1%}")
    assert people > 100
    assert software > 200
    assert recall >= 0.9
    assert false_alarm <= 0.03
