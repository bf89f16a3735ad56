from __future__ import annotations

import pytest
from django.utils import translation

from campaigns.document import parse_document
from campaigns.drafts import load_draft, save_draft
from campaigns.models import Campaign, Consent
from campaigns.publishing import publish_campaign
from orchestration.admin.affected import affected
from orchestration.models import CampaignRun, Delivery
from orchestration.runs import start_live_run, start_test_run, stop_run
from tests.ledger import add_person, make_dimension
from tests.orchestration.engine import draft, email, make_channel, work_off

pytestmark = pytest.mark.django_db
UNTESTED = "The draft was not tested as it is now. A test shows how many people it reaches."


@pytest.fixture
def campaign() -> Campaign:
    """An e-mail to three people, two of whom gave their consent."""
    dimension = make_dimension()
    for key in range(3):
        add_person(dimension, key)
    for key in ("0", "1"):
        Consent.objects.create(dimension=dimension, recipient_key=key, channel="email", state="opted_in")
    make_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    return draft("thanks", [everybody, {**email(), "label": "Thank you"}], ["all mail"])


def lines(campaign: Campaign) -> list[str]:
    return affected(campaign, load_draft(campaign))


def test_an_untested_draft_says_so(campaign: Campaign) -> None:
    assert lines(campaign) == [UNTESTED]


def test_a_test_that_did_not_complete_says_nothing(campaign: Campaign) -> None:
    stop_run(start_test_run(campaign))
    assert lines(campaign) == [UNTESTED]


def test_the_test_of_an_earlier_draft_says_nothing(campaign: Campaign) -> None:
    work_off(start_test_run(campaign))
    data = load_draft(campaign).model_dump(mode="json", by_alias=True, exclude_defaults=True)
    data["tutti"] = 1
    data["activities"][0]["label"] = "Everybody"
    save_draft(campaign, parse_document(data), if_match=campaign.draft_hash)
    assert lines(campaign) == [UNTESTED]


def test_the_excluded_are_not_counted_as_reached(campaign: Campaign) -> None:
    work_off(start_test_run(campaign))
    assert lines(campaign) == ["In the last test “Thank you” would have gone to 2 of 3 people."]


def test_the_latest_of_two_tests_counts(campaign: Campaign) -> None:
    work_off(start_test_run(campaign))
    add_person(Delivery.objects.get().dimension, 3)
    work_off(start_test_run(campaign))
    assert lines(campaign) == ["In the last test “Thank you” would have gone to 2 of 4 people."]


def test_large_numbers_are_grouped(campaign: Campaign) -> None:
    work_off(start_test_run(campaign))
    Delivery.objects.update(targeted=1_234_568)
    assert lines(campaign) == [
        "In the last test “Thank you” would have gone to 1,234,567 of 1,234,568 people."
    ]


def test_runs_under_way_keep_their_version(campaign: Campaign) -> None:
    version = publish_campaign(campaign, by=None, if_match=campaign.draft_hash, confirm_warnings=True)
    start_live_run(version)
    assert lines(campaign)[1:] == ["1 run under way goes on with the version it began with."]
    start_live_run(version)
    assert lines(campaign)[1:] == ["2 runs under way go on with the versions they began with."]
    CampaignRun.objects.update(state="completed")
    assert lines(campaign) == [UNTESTED]


def test_it_is_said_in_korean(campaign: Campaign) -> None:
    work_off(start_test_run(campaign))
    with translation.override("ko"):
        (line,) = lines(campaign)
    assert line == "최근 테스트에서 “Thank you” 메시지는 대상 3명 중 2명에게 발송되는 것으로 확인되었습니다."
