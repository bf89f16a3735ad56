from __future__ import annotations

import json

import pytest
from django.contrib import admin
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.folders import create_folder
from campaigns.models import Campaign, CampaignVersion
from orchestration.models import CampaignRun
from tests.config.admin.offices import furnish, person
from tests.config.admin.pages import mailing
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db

LIST = "/admin/campaigns/campaign/"


def shown(client: Client, query: str = "") -> str:
    return str(client.get(LIST + query).content.decode())


def test_archived_campaigns_are_out_of_sight_until_asked_for(viewer: Client) -> None:
    Campaign.objects.filter(pk=mailing("put-away").pk).update(state="archived")
    assert "put-away" not in shown(viewer)
    assert "put-away" in shown(viewer, "?state=archived")
    assert "put-away" in shown(viewer, "?state=every")


def test_campaigns_are_found_by_name_and_tag(viewer: Client) -> None:
    mailing("alpha")
    draft("omega", [], [], campaign={"slug": "omega", "name": "Omega", "tags": ["pets"]})
    for query, there, not_there in (("?q=alpha", "Alpha", "Omega"), ("?tag=pets", "Omega", "Alpha")):
        page = shown(viewer, query)
        assert f"<strong>{there}</strong>" in page
        assert f"<strong>{not_there}</strong>" not in page


def test_a_campaign_shows_its_channel_and_its_last_run(viewer: Client) -> None:
    office = furnish(person("Author"))
    page = shown(viewer)
    assert "E-mail" in page
    assert f"/runs/{office.run.pk}/" in page


def test_fifty_campaigns_cost_as_many_queries_as_one(
    viewer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(50):
        mailing(f"c-{number}")
    with django_assert_max_num_queries(15):
        assert shown(viewer).count("tt-named") == 50


def test_two_hundred_that_launch_and_ran_cost_no_more(
    publisher: Client, django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each with a version, a run, a folder and tags, all on one page."""
    monkeypatch.setattr(admin.site._registry[Campaign], "list_per_page", 200)
    office = furnish(person("Author"))
    version = office.live.versions.get()
    definition = {**json.loads(version.definition), "schedule": {"frequency": "daily", "at": "09:00"}}
    folder = create_folder("Pets", parent=create_folder("Retention").pk)
    for number in range(200):
        campaign = Campaign.objects.create(
            slug=f"c-{number}",
            name=f"C {number}",
            state="scheduled",
            tags=["a"],
            folder=folder,
            owner=office.things["user"],
        )
        made = CampaignVersion.objects.create(
            campaign=campaign, number=1, definition=json.dumps(definition), hash="x"
        )
        CampaignRun.objects.create(
            campaign=campaign, version=made, kind="live", definition="{}", state="failed"
        )
    with django_assert_max_num_queries(25):
        page = shown(publisher)
    assert page.count("tt-named") == 200
    assert page.count("Retention / Pets") >= 198
    assert page.count("9 a.m. (UTC)") >= 198
    assert "in 200 campaigns" in page


def test_campaigns_are_narrowed_by_channel_owner_and_description(viewer: Client) -> None:
    office = furnish(person("Author"))
    Campaign.objects.filter(pk=office.draft.pk).update(
        owner=office.things["user"], description="For the spring"
    )
    mailing("plain")
    for query, there, not_there in (
        ("?channel=email", "Live", "Plain"),
        (f"?owner__id__exact={office.things['user'].pk}", "Drafted", "Live"),
        ("?q=spring", "Drafted", "Live"),
    ):
        page = shown(viewer, query)
        assert f"<strong>{there}</strong>" in page
        assert f"<strong>{not_there}</strong>" not in page


def test_the_last_run_tells_how_many_it_reached(viewer: Client) -> None:
    furnish(person("Author"))
    assert "3 people" in shown(viewer)


@pytest.mark.parametrize(
    "path",
    [
        "orchestration/campaignrun/",
        "orchestration/delivery/",
        "orchestration/occurrence/",
        "campaigns/consent/",
        "campaigns/suppression/",
        "campaigns/table/",
        "campaigns/link/",
        "campaigns/targetingdimension/",
        "campaigns/importjob/",
        "campaigns/auditentry/",
        "campaigns/apitoken/",
        "ledger/",
        "",
    ],
)
def test_every_list_costs_few_queries(
    administrator: Client, path: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    furnish(person("Author"))
    with django_assert_max_num_queries(18):
        assert administrator.get(f"/admin/{path}").status_code == 200
