from __future__ import annotations

import random
from threading import Thread

import pytest
from django.db import connection

from campaigns.consents import (
    ConsentRefused,
    Statement,
    consent_differences,
    import_consents,
    record_consent,
    suppress_address,
)
from campaigns.models import Channel, Consent, ConsentRecord, Suppression, TargetingDimension
from tests.ledger import make_dimension

IN, OUT = "opted_in", "opted_out"


@pytest.fixture
def dimension(db: None) -> TargetingDimension:
    return make_dimension()


def say(dimension: TargetingDimension, state: str, key: str = "7") -> bool:
    return record_consent(
        Statement(
            dimension_id=dimension.pk,
            recipient_key=key,
            channel=Channel.EMAIL,
            state=state,
            source="form",
            text_version="2026-01",
        )
    )


def load(dimension: TargetingDimension, *statements: tuple[str, str]) -> tuple[int, int, int, int]:
    outcome = import_consents(statements, dimension=dimension, channel=Channel.EMAIL, source="file")
    return outcome.opted_in, outcome.opted_out, outcome.kept_out, outcome.unchanged


def states() -> dict[str, str]:
    return dict(Consent.objects.values_list("recipient_key", "state"))


def test_an_import_never_opts_in_who_opted_out(dimension: TargetingDimension) -> None:
    say(dimension, OUT)
    assert load(dimension, ("7", IN)) == (0, 0, 1, 0)
    assert states() == {"7": OUT}
    assert ConsentRecord.objects.count() == 1


@pytest.mark.parametrize("order", [(IN, OUT), (OUT, IN)])
def test_who_is_named_with_both_states_is_opted_out(
    dimension: TargetingDimension, order: tuple[str, str]
) -> None:
    assert load(dimension, *[("7", state) for state in order]) == (0, 1, 0, 0)
    assert states() == {"7": OUT}


@pytest.mark.parametrize(("key", "state"), [("8", "yes"), ("", IN), ("x" * 201, IN), ("a\0b", IN)])
def test_a_line_that_is_no_consent_is_named_and_nothing_is_applied(
    dimension: TargetingDimension, key: str, state: str
) -> None:
    with pytest.raises(ConsentRefused, match="Line 2"):
        load(dimension, ("7", IN), (key, state))
    assert not Consent.objects.exists()


def test_an_import_opts_in_who_never_spoke_and_takes_every_no(dimension: TargetingDimension) -> None:
    say(dimension, IN, "1")
    say(dimension, IN, "2")
    assert load(dimension, ("1", OUT), ("2", IN), ("3", IN)) == (1, 1, 0, 1)
    assert states() == {"1": OUT, "2": IN, "3": IN}


def test_an_import_repeated_changes_and_records_nothing(dimension: TargetingDimension) -> None:
    load(dimension, ("1", IN), ("2", OUT))
    assert load(dimension, ("1", IN), ("2", OUT))[:2] == (0, 0)
    assert ConsentRecord.objects.count() == 2


def test_the_last_statement_is_the_consent_and_each_is_kept(dimension: TargetingDimension) -> None:
    assert [say(dimension, state) for state in (IN, OUT, OUT, IN)] == [True, True, False, True]
    assert states() == {"7": IN}
    assert list(ConsentRecord.objects.order_by("pk").values_list("state", flat=True)) == [IN, OUT, OUT, IN]


def test_consents_follow_from_their_records_after_any_history(dimension: TargetingDimension) -> None:
    dice = random.Random(20)
    for _ in range(60):
        if dice.random() < 0.3:
            load(dimension, *[(str(dice.randrange(9)), dice.choice((IN, OUT))) for _ in range(5)])
        else:
            say(dimension, dice.choice((IN, OUT)), str(dice.randrange(9)))
    assert consent_differences() == []


def test_a_consent_written_by_hand_is_found(dimension: TargetingDimension) -> None:
    say(dimension, OUT)
    Consent.objects.update(state=IN)
    (difference,) = consent_differences()
    assert (difference.recipient_key, difference.consent, difference.records) == ("7", IN, OUT)


@pytest.mark.django_db(transaction=True)
def test_no_import_wins_against_a_no_said_meanwhile() -> None:
    dimension = make_dimension()

    def refuse_all() -> None:
        for key in range(40):
            say(dimension, OUT, str(key))
        connection.close()

    thread = Thread(target=refuse_all)
    thread.start()
    for _ in range(20):
        load(dimension, *[(str(key), IN) for key in range(40)])
    thread.join()
    load(dimension, *[(str(key), IN) for key in range(40)])
    assert set(states().values()) == {OUT}
    assert consent_differences() == []


@pytest.mark.django_db
def test_an_address_is_suppressed_once_whatever_its_case() -> None:
    reason = Suppression.Reason.COMPLAINT
    assert suppress_address(" Ann@Example.com ", channel=Channel.EMAIL, reason=reason)
    assert not suppress_address("ann@example.com", channel=Channel.EMAIL, reason=Suppression.Reason.MANUAL)
    assert Suppression.objects.values_list("address", "reason").get() == ("ann@example.com", "complaint")
