from __future__ import annotations

import pytest

from campaigns.consents import Statement, add_record, set_consent
from campaigns.models import Campaign, Channel, ConsentState
from orchestration.models import Message
from orchestration.runs import start_test_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import counts, draft, email, make_channel, problems, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def campaign() -> Campaign:
    """Everybody of ten people, one without an address, eight of them with consent."""
    dimension = make_dimension()
    make_channel(provider="file", provider_config={"folder": "tests"})
    for key in range(1, 11):
        add_person(dimension, key)
        if key <= 8:
            statement = Statement(
                dimension_id=dimension.pk,
                recipient_key=str(key),
                channel=Channel.EMAIL,
                state=ConsentState.OPTED_IN,
                source="test",
            )
            set_consent(statement)
            add_record(statement)
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("first", [everybody, email(), {"id": "end", "type": "end"}], ["all mail", "mail.sent end"])


def test_a_test_run_counts_everybody_and_sends_nothing(campaign: Campaign) -> None:
    run = work_off(start_test_run(campaign))
    assert problems(run) == {}
    assert run.state == "completed"
    assert counts(run) == {
        "all.main": 10,
        "mail.sent": 8,
        "mail.excluded": 2,
        "mail.failed": 0,
        "mail.undecided": 0,
    }
    assert Message.objects.filter(delivery__kind="live").count() == 0
