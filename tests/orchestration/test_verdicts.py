from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from orchestration.models import Delivery, EventKind, EventVerdict, Message, MessageEvent
from orchestration.verdicts import RULES, SIGNAL_LABELS, Ruleset, Signal, judge_events, judge_recent
from tests.ledger import add_event, make_delivery, make_dimension, make_message

pytestmark = pytest.mark.django_db
BROWSER = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/142.0 Safari/537.36"
CLICK, OPEN, PROBE = EventKind.CLICKED, EventKind.OPENED, EventKind.PROBED


@pytest.fixture
def sent_at() -> datetime:
    return timezone.now() - timedelta(hours=2)


@pytest.fixture
def delivery(sent_at: datetime) -> Delivery:
    delivery = make_delivery(make_dimension())
    Delivery.objects.update(created_at=sent_at - timedelta(hours=1))
    return delivery


@pytest.fixture
def message(delivery: Delivery, sent_at: datetime) -> Message:
    return sent(delivery, 7, sent_at)


def sent(delivery: Delivery, key: int, at: datetime) -> Message:
    return make_message(delivery, key, finished_at=at, in_flight_at=at - timedelta(seconds=1))


def hit(
    message: Message,
    seconds: float,
    kind: EventKind = CLICK,
    *,
    link: int = 1,
    ip: str = "192.0.2.7",
    agent: str = BROWSER,
) -> None:
    at = message.finished_at + timedelta(seconds=seconds)
    add_event(message, kind, at=at, link_number=link if kind == CLICK else None, ip=ip, user_agent=agent)


def judge(rules: Ruleset = RULES) -> int:
    return judge_events(timezone.now() - timedelta(days=1), timezone.now() + timedelta(days=1), rules)


def verdicts() -> list[tuple[bool, list[str]]]:
    judge()
    return list(EventVerdict.objects.order_by("occurred_at").values_list("bot", "signals"))


def bots() -> list[bool]:
    return [bot for bot, _ in verdicts()]


def test_a_person_who_reads_and_clicks_is_a_person(message: Message) -> None:
    hit(message, 40, OPEN)
    hit(message, 55, link=1)
    hit(message, 58, link=2)
    assert verdicts() == [(False, [])] * 3


def test_a_person_who_clicks_one_link_thrice_at_once_is_a_person(message: Message) -> None:
    for seconds in (60, 60.2, 60.4):
        hit(message, seconds, link=1)
    assert bots() == [False] * 3


def test_three_links_in_two_seconds_are_no_burst(message: Message) -> None:
    for link, seconds in enumerate((60, 61.01, 62.02), start=1):
        hit(message, seconds, link=link)
    assert bots() == [False] * 3


def test_three_links_within_a_second_are_a_burst_wherever_it_begins(message: Message) -> None:
    for link, seconds in enumerate((50, 60, 60.4, 60.9, 70), start=1):
        hit(message, seconds, link=link)
    assert verdicts() == [(False, [])] + [(True, ["burst"])] * 3 + [(False, [])]


def test_a_burst_of_another_address_does_not_touch_the_reader(message: Message) -> None:
    hit(message, 60.1, link=1, ip="192.0.2.200")
    for link in (1, 2, 3):
        hit(message, 60 + link / 5, link=link, ip="198.51.100.1")
    assert sorted(bots()) == [False, True, True, True]


@pytest.mark.parametrize(
    "agent",
    ["", "Mozilla/5.0", "curl/8.1", "Mozilla/5.0 (compatible; Barracuda)", "SomeBot/2.0", "X-Scanner"],
)
def test_what_calls_itself_a_machine_is_one(message: Message, agent: str) -> None:
    hit(message, 600, agent=agent)
    assert verdicts() == [(True, ["agent"])]


@pytest.mark.parametrize(
    "agent", [BROWSER, "Botswana Mail 1.0", "Mozilla/5.0 (iPhone) Mail", "Thunderbird/140"]
)
def test_ordinary_programs_are_not_called_machines(message: Message, agent: str) -> None:
    hit(message, 600, agent=agent)
    assert bots() == [False]


def test_who_asked_for_headers_first_is_a_machine_and_the_probe_is_not_judged(message: Message) -> None:
    hit(message, 600, PROBE)
    hit(message, 601)
    hit(message, 660)
    assert verdicts() == [(True, ["agent"]), (False, [])]


def test_the_link_nobody_sees_gives_its_visitor_away(message: Message) -> None:
    hit(message, 600, link=1)
    hit(message, 605, link=0)
    hit(message, 605, link=2, ip="192.0.2.200")
    assert sorted(map(str, verdicts())) == sorted(
        map(str, [(True, ["honeypot"]), (True, ["honeypot"]), (False, [])])
    )


@pytest.mark.parametrize(("seconds", "bot"), [(-0.5, True), (1.9, True), (2.1, False)])
def test_a_click_within_two_seconds_of_sending_is_a_machines(
    message: Message, seconds: float, bot: bool
) -> None:
    hit(message, seconds)
    assert bots() == [bot]


def test_an_open_right_after_sending_may_be_a_person_looking(message: Message) -> None:
    hit(message, 1.5, OPEN)
    assert verdicts() == [(False, ["instant"])]


def test_a_message_found_sent_much_later_does_not_make_its_readers_machines(
    delivery: Delivery, sent_at: datetime
) -> None:
    message = make_message(delivery, 7, finished_at=sent_at + timedelta(hours=1), in_flight_at=sent_at)
    hit(message, -1800)
    assert bots() == [False]


def sweep(delivery: Delivery, sent_at: datetime, seconds: Iterable[float], kind: EventKind) -> None:
    for key, second in enumerate(seconds):
        hit(sent(delivery, 100 + key, sent_at), second, kind, ip="198.51.100.1")


def test_many_readers_behind_one_address_stay_people(delivery: Delivery, sent_at: datetime) -> None:
    sweep(delivery, sent_at, range(60, 70), CLICK)
    assert verdicts() == [(False, ["sweep"])] * 10


def test_one_address_fetching_for_five_right_after_sending_is_a_machine(
    delivery: Delivery, sent_at: datetime
) -> None:
    sweep(delivery, sent_at, [0.5, 0.7, 0.9, 1.1, 1.3], OPEN)
    assert verdicts() == [(True, ["instant", "sweep"])] * 5


def test_four_recipients_of_one_address_are_no_sweep(delivery: Delivery, sent_at: datetime) -> None:
    sweep(delivery, sent_at, [0.5, 0.7, 0.9, 1.1], OPEN)
    assert verdicts() == [(False, ["instant"])] * 4


def test_one_reader_coming_back_five_times_is_no_sweep(message: Message) -> None:
    for second in range(60, 66):
        hit(message, second, OPEN)
    assert verdicts() == [(False, [])] * 6


def busy_hour(delivery: Delivery, sent_at: datetime) -> None:
    for key in range(30):
        message = sent(delivery, key, sent_at + timedelta(seconds=key * 3))
        for step in range(4):
            hit(message, (key * 7 + step * 0.4) % 40, link=step, ip=f"198.51.100.{key % 4}")
            hit(message, (key * 5 + step) % 11, OPEN, ip=f"198.51.100.{key % 3}")


def test_judging_in_pieces_gives_the_same_verdicts(delivery: Delivery, sent_at: datetime) -> None:
    busy_hour(delivery, sent_at)
    whole = verdicts()
    EventVerdict.objects.all().delete()
    for second in range(-10, 150):
        since = sent_at + timedelta(seconds=second)
        judge_events(since, since + timedelta(seconds=1))
    pieces = list(EventVerdict.objects.order_by("occurred_at").values_list("bot", "signals"))
    assert len(pieces) == 240
    assert sorted(map(str, pieces)) == sorted(map(str, whole))
    assert 20 < sum(bot for bot, _ in pieces) < 220


def test_judging_again_writes_nothing_and_new_rules_write_what_changes(
    delivery: Delivery, sent_at: datetime
) -> None:
    busy_hour(delivery, sent_at)
    assert judge() == MessageEvent.objects.count()
    assert judge() == 0
    assert judge(replace(RULES, version=2, sweep=100)) == 240
    assert set(EventVerdict.objects.filter(signals__contains=["sweep"]).values_list("bot", "ruleset")) == {
        (True, 2)
    }


def test_recent_hits_are_judged_by_the_beat(message: Message) -> None:
    add_event(message, CLICK, link_number=1, user_agent="curl/8.1")
    assert judge_recent() == 1


def test_every_signal_has_words_for_a_reader() -> None:
    assert set(SIGNAL_LABELS) == set(Signal)
