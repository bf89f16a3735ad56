"""The pages of saved filters."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from campaigns.models import AuditEntry, PredefinedFilter
from tests.config.admin.offices import furnish, person

pytestmark = pytest.mark.django_db
URL = "/admin/campaigns/predefinedfilter/"
RULE = {"kind": "condition", "attribute": "id", "operator": "less", "value": {"parameter": "last"}}
PARAMETERS = [{"name": "last", "type": "number"}]


@pytest.fixture
def author() -> Client:
    user = person("Author")
    furnish(user)
    client = Client()
    client.force_login(user)
    return client


def sent(**changes: Any) -> dict[str, Any]:
    rule, parameters = json.dumps(RULE), json.dumps(PARAMETERS)
    told = {"slug": "few", "label": "Few", "description": "", "table": "person"}
    return told | {"rule": rule, "parameters": parameters, "seen": ""} | changes


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"rule": "{"}, "Enter a valid JSON"),
        ({"rule": '{"kind": "nothing"}'}, "is no kind of rule"),
        ({"parameters": "[]"}, "which is not described"),
        ({"table": "nowhere"}, "Select a valid choice"),
        ({"slug": "Not A Slug"}, "Begin with a lower-case letter"),
    ],
)
def test_what_is_no_filter_is_shown_again_with_what_was_typed(
    author: Client, changes: dict[str, Any], told: str
) -> None:
    page = author.post(URL + "add/", sent(**changes)).content.decode()
    assert told in page
    assert "Few" in page
    assert not PredefinedFilter.objects.filter(label="Few").exists()


def test_a_viewer_reads_a_filter_and_changes_nothing(author: Client) -> None:
    viewer = Client()
    viewer.force_login(person("Viewer"))
    row = PredefinedFilter.objects.get(slug="has_mail")
    page = viewer.get(f"{URL}{row.pk}/change/").content.decode()
    assert "Has an address" in page
    assert viewer.post(f"{URL}{row.pk}/change/", sent(label="Mine")).status_code == 403


def test_a_filter_is_made_changed_and_deleted_and_every_act_is_audited(author: Client) -> None:
    assert author.post(URL + "add/", sent()).status_code == 302
    row = PredefinedFilter.objects.get(slug="few")
    assert (row.shared, row.owner.username) == (False, "author")  # type: ignore[union-attr]
    page = author.get(f"{URL}{row.pk}/change/").content.decode()
    assert "Person where id is less than the parameter “last”" in page
    assert (
        author.post(f"{URL}{row.pk}/change/", sent(label="Fewer", seen=row.content_hash)).status_code == 302
    )
    assert author.post(f"{URL}{row.pk}/delete/", {"post": "yes"}).status_code == 302
    acts = AuditEntry.objects.filter(object="filter few").order_by("pk").values_list("action", "door")
    assert list(acts) == [("filter.create", "admin"), ("filter.save", "admin"), ("filter.delete", "admin")]


def test_a_change_to_what_somebody_else_changed_is_shown_again(author: Client) -> None:
    author.post(URL + "add/", sent())
    row = PredefinedFilter.objects.get(slug="few")
    page = author.post(f"{URL}{row.pk}/change/", sent(label="Typed just now", seen="0" * 64)).content.decode()
    assert "Somebody else has changed this filter" in page
    assert "Typed just now" in page
    row.refresh_from_db()
    assert row.label == "Few"


def test_a_filter_in_use_is_not_deleted(author: Client) -> None:
    author.post(URL + "add/", sent(shared="on"))
    used = PredefinedFilter.objects.get(slug="few")
    rule = json.dumps({"kind": "filter", "filter": "few", "parameters": {"last": 3}})
    author.post(URL + "add/", sent(slug="fewer", rule=rule, parameters="[]"))
    page = author.post(f"{URL}{used.pk}/delete/", {"post": "yes"}, follow=True).content.decode()
    assert "filter “fewer”" in page
    assert PredefinedFilter.objects.filter(slug="few").exists()
