from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from campaigns.models import TargetingDimension
from campaigns.targeting.rules import parse_rule
from orchestration.feedback.filters import BEHAVIOUR_LABELS, Behaviour, FeedbackFilter
from orchestration.models import Delivery, EventKind, Message
from orchestration.verdicts import People, judge_recent
from tests.ledger import (
    add_event,
    add_person,
    make_campaign,
    make_delivery,
    make_dimension,
    make_message,
    make_run,
)
from tests.orchestration.feedback.selecting import keys_of

pytestmark = pytest.mark.django_db
BROWSER, MACHINE = "Mozilla/5.0 (X11) Firefox/140", "curl/8"

SENT, DELIVERED, BOUNCED_LATER, REFUSED, UNRENDERED, UNKNOWN, EXCLUDED = range(1, 8)
READ, CLICKED, CLICKED_BY_MACHINE, LEFT, OF_ANOTHER, NEVER = range(8, 14)


@pytest.fixture
def dimension() -> TargetingDimension:
    """One person for each fate."""
    dimension = make_dimension()
    for key in range(1, 14):
        add_person(dimension, key)
    spring = make_delivery(dimension, make_run(make_campaign("spring")))
    for key in (SENT, DELIVERED, BOUNCED_LATER, READ, CLICKED, CLICKED_BY_MACHINE, LEFT):
        make_message(spring, key)
    make_message(spring, REFUSED, state="failed_permanent", reply_code=550)
    make_message(spring, UNRENDERED, state="failed_permanent")
    make_message(spring, UNKNOWN, state="unknown")
    make_message(spring, EXCLUDED, state="excluded")
    make_message(make_delivery(dimension, make_run(make_campaign("autumn"))), OF_ANOTHER)
    _tell(spring)
    judge_recent()
    return dimension


def _tell(delivery: Delivery) -> None:
    messages = {int(message.recipient_key): message for message in Message.objects.filter(delivery=delivery)}
    add_event(messages[BOUNCED_LATER], EventKind.BOUNCED)
    add_event(messages[REFUSED], EventKind.BOUNCED)
    add_event(messages[READ], EventKind.OPENED, user_agent=BROWSER)
    add_event(messages[CLICKED], EventKind.CLICKED, user_agent=BROWSER, link_number=2)
    add_event(messages[CLICKED_BY_MACHINE], EventKind.CLICKED, user_agent=MACHINE, link_number=1)
    add_event(messages[LEFT], EventKind.UNSUBSCRIBED)
    other = Message.objects.get(recipient_key=str(OF_ANOTHER))
    add_event(other, EventKind.CLICKED, user_agent=BROWSER, link_number=1)


def who(dimension: TargetingDimension, behaviour: Behaviour, **more: Any) -> set[int]:
    wanted = FeedbackFilter(behaviour=behaviour, campaign="spring", **more)
    return keys_of(dimension, wanted.rule(dimension))


REACHED = {SENT, DELIVERED, READ, CLICKED, CLICKED_BY_MACHINE, LEFT}
EXPECTED = {
    Behaviour.SENT: REACHED | {BOUNCED_LATER, REFUSED, UNKNOWN},
    Behaviour.DELIVERED: REACHED,
    Behaviour.OPENED: {READ},
    Behaviour.CLICKED: {CLICKED},
    Behaviour.BOUNCED: {BOUNCED_LATER, REFUSED},
    Behaviour.UNSUBSCRIBED: {LEFT},
    Behaviour.SILENT: REACHED - {READ, CLICKED},
    Behaviour.NONE: {UNRENDERED, EXCLUDED, OF_ANOTHER, NEVER},
}


@pytest.mark.parametrize("behaviour", list(Behaviour))
def test_each_behaviour_selects_exactly_those_who_showed_it(
    dimension: TargetingDimension, behaviour: Behaviour
) -> None:
    assert who(dimension, behaviour) == EXPECTED[behaviour]


def test_software_counts_when_it_is_asked_for(dimension: TargetingDimension) -> None:
    assert who(dimension, Behaviour.CLICKED, people=People.ALL) == {CLICKED, CLICKED_BY_MACHINE}


def test_one_link_and_one_activity_can_be_named(dimension: TargetingDimension) -> None:
    assert who(dimension, Behaviour.CLICKED, link="L2") == {CLICKED}
    assert who(dimension, Behaviour.CLICKED, link="L1") == set()
    assert who(dimension, Behaviour.CLICKED, activity="mail") == {CLICKED}
    assert who(dimension, Behaviour.CLICKED, activity="reminder") == set()


def test_a_period_bounds_when_it_happened(dimension: TargetingDimension) -> None:
    long_ago = timezone.now() - timedelta(days=40)
    Message.objects.filter(recipient_key=str(DELIVERED)).update(finished_at=long_ago)
    month = {"last": 30, "unit": "day"}
    assert who(dimension, Behaviour.DELIVERED, period=month) == REACHED - {DELIVERED}
    assert who(dimension, Behaviour.NONE, period=month) == EXPECTED[Behaviour.NONE] | {DELIVERED}


def test_another_campaign_has_feedback_of_its_own(dimension: TargetingDimension) -> None:
    autumn = FeedbackFilter(behaviour=Behaviour.CLICKED, campaign="autumn")
    assert keys_of(dimension, autumn.rule(dimension)) == {OF_ANOTHER}


def test_a_rule_once_written_is_an_ordinary_one(dimension: TargetingDimension) -> None:
    for behaviour in Behaviour:
        parse_rule(FeedbackFilter(behaviour=behaviour, campaign="spring").rule(dimension))
    assert set(BEHAVIOUR_LABELS) == set(Behaviour)
