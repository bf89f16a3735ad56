from __future__ import annotations

from typing import Any

import pytest
from rest_framework.test import APIClient

from campaigns.models import Campaign, CampaignFolder
from tests.campaigns.api.callers import caller, is_problem, make_caller, make_holder
from tests.config.admin.pages import mailing

pytestmark = pytest.mark.django_db
URL = "/api/v1/folders/"
__all__ = ["caller"]


def make(caller: APIClient, name: str = "Pets", **more: Any) -> Any:
    return caller.post(URL, {"name": name, **more}, format="json")


def test_changing_needs_the_permission_and_the_scope(caller: APIClient) -> None:
    folder = make(caller).json()
    mailing()
    viewer = make_caller(make_holder("viewer", "view_campaign"), "read", "write")
    reader = make_caller(make_holder("reader", "view_campaign", "change_campaign"), "read")
    for other in (viewer, reader):
        assert is_problem(make(other, "More"), 403, "permission_denied")
        assert is_problem(
            other.patch(f"{URL}{folder['id']}/", {"name": "x"}, format="json"), 403, "permission_denied"
        )
        assert is_problem(other.delete(f"{URL}{folder['id']}/"), 403, "permission_denied")
        place = other.put("/api/v1/campaigns/mailing/folder/", {"folder": folder["id"]}, format="json")
        assert is_problem(place, 403, "permission_denied")
        assert other.get(URL).status_code == 200


def test_what_is_wrong_is_said_with_its_code(caller: APIClient) -> None:
    folder = make(caller).json()
    assert is_problem(make(caller, "pets"), 409, "conflict")
    assert is_problem(make(caller, "Deep", parent=10**9), 422, "invalid")
    own = f"{URL}{folder['id']}/"
    assert is_problem(caller.patch(own, {"parent": folder["id"]}, format="json"), 422, "invalid")
    mailing()
    caller.put("/api/v1/campaigns/mailing/folder/", {"folder": folder["id"]}, format="json")
    assert is_problem(caller.delete(own), 409, "conflict")
    assert is_problem(caller.get(f"{URL}999999/"), 404, "not_found")


def test_a_folder_is_made_renamed_moved_and_deleted(caller: APIClient) -> None:
    top = make(caller, "Retention").json()
    made = make(caller)
    assert (made.status_code, made["Location"]) == (201, f"{URL}{made.json()['id']}/")
    own = made["Location"]
    changed = caller.patch(own, {"name": "Cats", "parent": top["id"]}, format="json").json()
    assert (changed["path"], changed["parent"]) == (["Retention", "Cats"], top["id"])
    assert caller.patch(own, {"parent": None}, format="json").json()["path"] == ["Cats"]
    assert caller.delete(own).status_code == 204
    assert CampaignFolder.objects.count() == 1


def test_putting_a_campaign_into_a_folder_changes_no_etag(caller: APIClient) -> None:
    mailing()
    folder = make(caller).json()
    before = caller.get("/api/v1/campaigns/mailing/")
    answer = caller.put("/api/v1/campaigns/mailing/folder/", {"folder": folder["id"]}, format="json")
    assert answer.json() == {"folder": folder["id"]}
    after = caller.get("/api/v1/campaigns/mailing/")
    assert (after["ETag"], after.content) == (before["ETag"], before.content)
    assert caller.get("/api/v1/campaigns/mailing/summary/").json()["folder"] == folder["id"]
    listed = caller.get("/api/v1/campaigns/", {"folder": folder["id"]}).json()["results"]
    assert [each["slug"] for each in listed] == ["mailing"]
    shown = caller.get(f"{URL}{folder['id']}/").json()
    assert (shown["campaigns"], shown["campaigns_below"]) == (1, 1)
    assert Campaign.objects.get().revision == 1


def test_the_list_is_narrowed_to_a_place(caller: APIClient) -> None:
    top = make(caller, "Retention").json()
    make(caller, "Cats", parent=top["id"])
    names = [each["name"] for each in caller.get(URL, {"top": "true"}).json()["results"]]
    inside = [each["name"] for each in caller.get(URL, {"parent": top["id"]}).json()["results"]]
    assert (names, inside) == (["Retention"], ["Cats"])
