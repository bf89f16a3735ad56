from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from campaigns.admin.acts import MOST_WITHOUT_TYPING, Consequences, typing_problem
from campaigns.admin.page import campaign_url
from orchestration.models import ActivityRun, CampaignRun, Delivery
from tests.config.admin.offices import Office, furnish, person
from tests.config.admin.pages import look, send
from tests.orchestration.engine import draft, work_off

pytestmark = pytest.mark.django_db


@pytest.fixture
def office(db: None) -> Office:
    furnished = furnish(person("nobody"))
    furnished.things["delivery"].refresh_from_db()
    return furnished


def page_of(client: Client, office: Office) -> str:
    return look(client, office.live, "run", run_id=office.run.pk)


def test_a_run_of_another_campaign_is_not_found(viewer: Client, office: Office) -> None:
    url = campaign_url(office.draft, "run", run_id=office.run.pk)
    assert viewer.get(url).status_code == 404


def test_an_author_may_not_pause_a_live_run(author: Client, office: Office) -> None:
    url = campaign_url(office.live, "run_act", run_id=office.run.pk, name="pause")
    assert author.post(url).status_code == 403
    office.run.refresh_from_db()
    assert office.run.state == "running"


def test_a_second_test_is_refused_while_one_is_open(author: Client, office: Office) -> None:
    send(author, office.draft, "start_test")
    assert "still open" in send(author, office.draft, "start_test").content.decode()
    assert office.draft.runs.count() == 1


def test_a_test_of_a_draft_that_cannot_be_read_is_refused(author: Client) -> None:
    start = {"id": "all", "type": "build_audience", "config": {"dimension": "person"}}
    broken = draft("broken", [start, {"id": "on", "type": "unheard_of"}], ["all on"])
    assert "no activity type “unheard_of”" in send(author, broken, "start_test").content.decode()
    assert not broken.runs.exists()


def test_people_who_are_no_longer_kept_are_not_found(viewer: Client, office: Office) -> None:
    office.population.table_name = ""
    office.population.save()
    url = campaign_url(office.live, "people", run_id=office.run.pk, population_id=office.population.pk)
    assert viewer.get(url).status_code == 404


def test_a_test_run_is_started_and_its_numbers_shown(author: Client, office: Office) -> None:
    send(author, office.draft, "start_test")
    run = work_off(CampaignRun.objects.get(kind="test"))
    state = author.get(campaign_url(office.draft, "run_state", run_id=run.pk)).json()
    assert (state["state"], state["over"], state["ports"]["all.main"]) == ("completed", True, "3")
    assert state["activities"]["mail"]["words"] == "✓ succeeded"


def test_nothing_is_sent_again_while_nothing_changes(viewer: Client, office: Office) -> None:
    url = campaign_url(office.live, "run_state", run_id=office.run.pk)
    first = viewer.get(url)
    again = viewer.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    ActivityRun.objects.filter(run=office.run, activity_id="mail").update(state="failed")
    assert viewer.get(url, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_an_error_is_shown_in_plain_words(viewer: Client, office: Office) -> None:
    ActivityRun.objects.filter(run=office.run, activity_id="mail").update(
        problem="The channel is off. Switch it on."
    )
    assert "The channel is off. Switch it on." in page_of(viewer, office)


def test_the_people_of_a_port_are_hidden_from_a_viewer(
    sign_in: Callable[[str], Client], office: Office
) -> None:
    keys = {"run_id": office.run.pk, "population_id": office.population.pk}
    assert "p1@example.com" not in look(sign_in("Viewer"), office.live, "people", **keys)
    assert "p1@example.com" in look(sign_in("Publisher"), office.live, "people", **keys)


def test_a_publisher_pauses_resumes_and_stops(publisher: Client, office: Office) -> None:
    for name, state in (("pause", "paused"), ("resume", "running"), ("stop", "stopped")):
        send(publisher, office.live, "run_act", run_id=office.run.pk, name=name)
        office.run.refresh_from_db()
        assert office.run.state == state


def test_stopping_says_how_many_messages_it_cancels(publisher: Client, office: Office) -> None:
    page = look(publisher, office.live, "run_act", run_id=office.run.pk, name="stop")
    assert "3 messages that have not left are cancelled." in page


def test_a_send_is_confirmed_with_its_waterfall(publisher: Client, office: Office) -> None:
    url = campaign_url(office.live, "confirm_delivery", delivery_id=office.delivery.pk)
    page = publisher.get(url).content.decode()
    assert "is sent to 3 people" in page
    publisher.post(url)
    assert Delivery.objects.get(pk=office.delivery.pk).state == "sending"


def test_for_many_people_the_name_has_to_be_typed(publisher: Client, office: Office) -> None:
    many = Consequences(people=MOST_WITHOUT_TYPING + 1)
    assert typing_problem(many, "Win back", {"typed_name": "win back"})
    assert typing_problem(many, "Win back", {})
    assert typing_problem(many, "Win back", {"typed_name": " Win back "}) is None
    assert typing_problem(Consequences(people=MOST_WITHOUT_TYPING), "Win back", {}) is None


def test_an_untyped_name_sends_nothing(
    publisher: Client, office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("campaigns.admin.acts.MOST_WITHOUT_TYPING", 2)
    url = campaign_url(office.live, "confirm_delivery", delivery_id=office.delivery.pk)
    assert 'data-typed-name="Live"' in publisher.get(url).content.decode()
    publisher.post(url, {"typed_name": "Life"})
    assert Delivery.objects.get(pk=office.delivery.pk).state == "awaiting_confirmation"
    publisher.post(url, {"typed_name": "Live"})
    assert Delivery.objects.get(pk=office.delivery.pk).state == "sending"


def test_home_says_what_waits(viewer: Client, office: Office) -> None:
    page = viewer.get("/admin/").content.decode()
    assert "waits for a confirmation: 3 people targeted" in page
    assert campaign_url(office.live, "delivery", delivery_id=office.delivery.pk) in page


@pytest.mark.parametrize("route", ["run", "flow", "report"])
def test_pages_with_numbers_cost_few_queries(
    viewer: Client, office: Office, route: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    kwargs = {"run_id": office.run.pk} if route == "run" else {}
    with django_assert_max_num_queries(35 if route == "report" else 22):
        look(viewer, office.live, route, **kwargs)
