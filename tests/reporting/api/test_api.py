from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from rest_framework.test import APIClient

from campaigns.models import AuditEntry, Campaign
from orchestration.models import CampaignRun, Message
from orchestration.verdicts import People
from reporting.reports import By, Question, table, totals
from reporting.rollups import refresh_rollup
from reporting.scopes import Scope
from tests.campaigns.api.callers import is_problem, make_caller, make_user
from tests.reporting.history import make_history
from tests.reporting.recount import read

pytestmark = pytest.mark.django_db
BASE = "/api/v1"


def caller_with(*codenames: str) -> APIClient:
    user = make_user(f"user-{len(codenames)}", may=())
    user.user_permissions.set(Permission.objects.filter(codename__in=codenames))
    return make_caller(user, "read")


@pytest.fixture
def viewer() -> APIClient:
    return caller_with("view_campaign", "view_message")


@pytest.fixture
def insider() -> APIClient:
    return caller_with("view_campaign", "view_message", "view_personal_data")


@pytest.fixture
def campaign() -> Campaign:
    return make_history(people=40)


EVERY_ROUTE = (
    "/campaigns/history/report/",
    "/campaigns/history/report/day/",
    "/campaigns/history/exports/day/",
    "/campaigns/history/exports/events/",
    "/messages/",
    "/messages/export/",
    "/runs/1/trace/?recipient=1",
)


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_nobody_reads_without_signing_in(campaign: Campaign, route: str) -> None:
    assert is_problem(APIClient().get(BASE + route), 401, "not_authenticated")


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_an_account_without_permissions_reads_nothing(campaign: Campaign, route: str) -> None:
    assert is_problem(caller_with().get(BASE + route), 403, "permission_denied")


@pytest.mark.parametrize("route", EVERY_ROUTE)
def test_reporting_only_reads(viewer: APIClient, campaign: Campaign, route: str) -> None:
    assert is_problem(viewer.post(BASE + route, {}, format="json"), 405, "method_not_allowed")


@pytest.mark.parametrize(
    "route",
    [
        "/campaigns/nothing/report/",
        "/campaigns/history/report/moon/",
        "/campaigns/nothing/exports/events/",
        "/runs/999999/trace/?recipient=1",
        "/runs/999999999999999999/trace/?recipient=1",
    ],
)
def test_what_does_not_exist_is_not_found(viewer: APIClient, campaign: Campaign, route: str) -> None:
    assert is_problem(viewer.get(BASE + route), 404, "not_found")


@pytest.mark.parametrize(
    "route",
    [
        "/campaigns/history/report/?people=dogs",
        "/campaigns/history/report/day/?source=memory",
        "/campaigns/history/report/?run=99999999999999999999",
        "/messages/?state=lost",
        "/messages/?run=x",
        "/messages/?recipient=%00",
    ],
)
def test_a_question_that_makes_no_sense_is_refused_at_its_place(
    viewer: APIClient, campaign: Campaign, route: str
) -> None:
    assert is_problem(viewer.get(BASE + route), 400, "invalid")


def test_the_totals_are_those_of_the_report(viewer: APIClient, campaign: Campaign) -> None:
    answer = viewer.get(f"{BASE}/campaigns/history/report/?people=all").json()
    expected = totals(Question(Scope(campaign), People.ALL))
    assert answer["numbers"] == dict(expected.numbers)
    assert answer["rates"]["ctr"] == str(expected.rates["ctr"])
    assert answer["people"] == "all"


@pytest.mark.parametrize("by", list(By))
def test_every_table_can_be_asked_for_and_exported(viewer: APIClient, campaign: Campaign, by: By) -> None:
    refresh_rollup()
    lines = table(Question(Scope(campaign)), by)
    route = f"{BASE}/campaigns/history/report/{by}/?source=rollup"
    assert [row["numbers"] for row in viewer.get(route).json()] == [dict(line.numbers) for line in lines]
    exported = viewer.get(route.replace("/report/", "/exports/"))
    assert exported["Content-Type"] == "text/csv; charset=utf-8"
    text = b"".join(exported.streaming_content).decode()
    assert [row["Value"] for row in read([text])] == [line.value for line in lines]


def test_the_ledger_goes_page_by_page(viewer: APIClient, campaign: Campaign) -> None:
    route: str | None = f"{BASE}/messages/?campaign=history&page_size=7"
    seen: list[int] = []
    while route:
        page = viewer.get(route).json()
        seen += [row["id"] for row in page["results"]]
        route = page["next"]
    live = Message.objects.filter(delivery__kind="live")
    assert seen == list(live.order_by("-pk").values_list("pk", flat=True))


def shown_everywhere(client: APIClient, message: Message) -> str:
    run = message.delivery.activity_run.run_id
    answers: list[Any] = [
        client.get(f"{BASE}/messages/?campaign=history").content,
        b"".join(client.get(f"{BASE}/messages/export/?campaign=history").streaming_content),
        b"".join(client.get(f"{BASE}/campaigns/history/exports/events/").streaming_content),
        client.get(f"{BASE}/runs/{run}/trace/?recipient={message.recipient_key}&dimension=person").content,
    ]
    return b"".join(answers).decode()


def test_addresses_are_for_those_who_may_see_them(
    viewer: APIClient, insider: APIClient, campaign: Campaign
) -> None:
    message = Message.objects.filter(state="sent").exclude(address="").first()
    assert message.address not in shown_everywhere(viewer, message)
    assert message.address in shown_everywhere(insider, message)


def test_an_export_of_people_is_written_into_the_audit_log(insider: APIClient, campaign: Campaign) -> None:
    insider.get(f"{BASE}/messages/export/")
    insider.get(f"{BASE}/campaigns/history/exports/events/")
    exports = AuditEntry.objects.filter(action__startswith="report.").order_by("pk")
    assert list(exports.values_list("action", "door", "detail")) == [
        ("report.export_ledger", "api", {"personal": True}),
        ("report.export_events", "api", {"personal": True}),
    ]


def test_a_key_that_cannot_be_one_is_refused_with_what_one_looks_like(
    viewer: APIClient, campaign: Campaign
) -> None:
    run = CampaignRun.objects.filter(kind="live").first()
    answer = viewer.get(f"{BASE}/runs/{run.pk}/trace/?recipient=abc&dimension=person")
    assert is_problem(answer, 422, "not_a_key")
