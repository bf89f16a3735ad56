"""What the canvas asks beside the document: ways out, words for values, and what settings may name."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.models import Campaign
from tests.campaigns.api.callers import alone, make_caller, make_user
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, make_channel

__all__ = ["alone"]

pytestmark = pytest.mark.django_db


@pytest.fixture
def caller(db: None) -> Any:
    return make_caller(make_user())


def kinds(caller: Any) -> dict[str, Any]:
    return {kind["name"]: kind for kind in caller.get("/api/v1/activity-types/").json()}


def lint(caller: Any, *activities: dict[str, Any]) -> dict[str, Any]:
    body = {"tutti": 1, "campaign": {"slug": "c", "name": "C"}, "activities": list(activities)}
    answer: dict[str, Any] = caller.post("/api/v1/lint/", body, format="json").json()
    return answer


def names(ports: list[dict[str, Any]]) -> list[str]:
    return [port["name"] for port in ports]


def test_a_type_says_its_ways_out_before_its_settings_are_filled_in(caller: Any) -> None:
    found = kinds(caller)
    assert names(found["end"]["ports"]) == []
    assert names(found["build_audience"]["ports"]) == ["main"]
    assert names(found["email"]["ports"])[0] == "sent"
    assert [port["leads_back"] for port in found["jump"]["ports"]] == [False, True]
    assert names(found["fork"]["ports"]) == ["branch-1", "branch-2"]


def test_values_of_closed_sets_have_words(caller: Any) -> None:
    category = kinds(caller)["email"]["settings"]["properties"]["category"]
    assert category["labels"] == {"marketing": "Marketing", "transactional": "Transactional"}


def test_the_lint_offers_fixes_as_patches_of_the_document_sent(caller: Any) -> None:
    (problem, *_others) = lint(caller, {"id": "x", "type": "end", "config": {"nonsense": 1}})["problems"]
    assert problem["fixes"] == [
        {
            "label": "Remove “nonsense”",
            "operations": [
                {"op": "test", "path": "/activities/0/id", "value": "x"},
                {"op": "remove", "path": "/activities/0/config/nonsense"},
            ],
        }
    ]


def test_a_document_that_cannot_be_read_is_refused_with_fixes(caller: Any) -> None:
    body = {"tutti": 1, "campaign": {"slug": "c", "name": "C", "descripton": "x"}}
    (problem,) = caller.post("/api/v1/lint/", body, format="json").json()["problems"]
    assert [fix["label"] for fix in problem["fixes"]] == ["Rename it to “description”", "Remove “descripton”"]


def test_the_lint_says_the_ways_out_under_these_settings(caller: Any) -> None:
    branches = [{"id": "gold"}, {"id": "silver"}, {"id": "rest"}]
    ports = lint(caller, {"id": "x", "type": "fork", "config": {"branches": branches}})["ports"]
    assert names(ports["x"]) == ["gold", "silver", "rest"]


def test_a_way_out_that_the_settings_lead_back_takes_no_transition(caller: Any) -> None:
    ports = lint(caller, {"id": "x", "type": "jump", "config": {"to": "a"}})["ports"]["x"]
    assert {port["name"]: port["leads_back"] for port in ports} == {"main": False, "back": True}


def test_settings_that_are_not_valid_and_types_nobody_knows_have_ways_out_too(caller: Any) -> None:
    broken = {"id": "x", "type": "fork", "config": {"branches": "many"}}
    ports = lint(caller, broken, {"id": "y", "type": "nobody"})["ports"]
    assert names(ports["x"]) == ["branch-1", "branch-2"]
    assert names(ports["y"]) == []


def test_what_settings_may_name(caller: Any) -> None:
    empty = {"dimension": [], "channel": [], "audience": []}
    assert caller.get("/api/v1/setting-choices/").json() == empty
    make_dimension()
    make_channel()
    found = caller.get("/api/v1/setting-choices/").json()
    assert [choice["value"] for choice in found["dimension"]] == ["person"]
    assert [choice["value"] for choice in found["channel"]] == ["marketing-mail"]


def test_a_channel_that_is_switched_off_is_not_offered(caller: Any) -> None:
    channel = make_channel()
    channel.enabled = False
    channel.save()
    assert caller.get("/api/v1/setting-choices/").json()["channel"] == []


# --- where a campaign stands ----------------------------------------------------------------------------------


def standing(caller: Any) -> dict[str, Any]:
    answer: dict[str, Any] = caller.get("/api/v1/campaigns/c/standing/").json()
    return answer


def refusals(caller: Any) -> dict[str, str]:
    return {act["name"]: act["refused"] for act in standing(caller)["acts"]}


def test_a_campaign_says_what_may_be_done_with_it(alone: None, caller: Any) -> None:
    campaign = draft("c", [{"id": "end", "type": "end"}], [])
    found = standing(caller)
    assert (found["state"], found["label"], found["published"]) == ("draft", "draft", None)
    assert refusals(caller) == {
        "publish": "",
        "back-to-draft": "state",
        "close": "state",
        "stop": "state",
        "archive": "state",
    }
    Campaign.objects.filter(pk=campaign.pk).update(state="live")
    assert refusals(caller)["close"] == ""
    assert {act["possible"] for act in standing(caller)["acts"] if act["refused"]} == {False}


def test_whoever_may_not_is_told_so_and_not_to_wait(alone: None, db: None) -> None:
    draft("c", [{"id": "end", "type": "end"}], [])
    viewer = make_caller(make_user("viewer", may=("view",)))
    assert set(refusals(viewer).values()) == {"permission"}
    reader = make_caller(make_user("reader"), "read")
    assert set(refusals(reader).values()) == {"permission"}
