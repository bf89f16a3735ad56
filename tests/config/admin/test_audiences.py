from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from pytest_django import Settings

from campaigns.audiences import Description, add_audience, archive_audience, compose_audience
from campaigns.member_lists import put_members
from campaigns.models import Audience, Field, ImportJob
from campaigns.tasks import check_import_task
from tests.config.admin.offices import person
from tests.ledger import add_person, make_dimension

pytestmark = pytest.mark.django_db
LIBRARY = "/admin/campaigns/audience/"
FIRST = {"kind": "condition", "attribute": "id", "operator": "less", "value": 3}


@pytest.fixture
def people(settings: Settings, tmp_path: Path) -> Any:
    settings.IMPORTS_FOLDER = tmp_path
    dimension = make_dimension()
    Field.objects.filter(slug="email").update(personal=True)
    for key in range(1, 6):
        add_person(dimension, key)
    return dimension


@pytest.fixture
def author(people: Any) -> Client:
    client = Client()
    client.force_login(person("Author"))
    return client


def compose(client: Client, **sent: str) -> Any:
    body = {"label": "Loyal", "dimension": "person", "rule": json.dumps(FIRST), **sent}
    return client.post(f"{LIBRARY}compose/", body, follow=True)


def test_an_empty_library_says_what_audiences_are(author: Client) -> None:
    assert "Audiences outlive the run that made them" in author.get(LIBRARY).content.decode()


@pytest.mark.parametrize(
    ("sent", "words"),
    [
        ({"rule": ""}, "no rule yet"),
        ({"rule": "[]"}, "This is not a rule"),
        ({"rule": json.dumps({**FIRST, "attribute": "ix"})}, "no field “ix”"),
        ({"label": ""}, "This field cannot be blank"),
        ({"dimension": "x"}, "no targeting dimension “x”"),
    ],
)
def test_what_is_refused_is_told_and_nothing_typed_is_lost(
    author: Client, sent: dict[str, str], words: str
) -> None:
    page = compose(author, description="Kept as typed", **sent)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert "Kept as typed" in page.content.decode()
    assert not Audience.objects.exists()


def test_a_composed_audience_shows_its_words_and_people_without_addresses(author: Client) -> None:
    page = compose(author).content.decode()
    assert "where id is less than 3" in page
    assert "Person 1" in page
    assert "p1@example.com" not in page
    assert Audience.objects.get().slug == "loyal"


def test_whoever_may_see_personal_data_sees_it(author: Client) -> None:
    compose(author)
    publisher = Client()
    publisher.force_login(person("Publisher"))
    pk = Audience.objects.get().pk
    assert "p1@example.com" in publisher.get(f"{LIBRARY}{pk}/change/").content.decode()


def test_a_form_that_was_overtaken_changes_nothing(author: Client) -> None:
    compose(author)
    audience = Audience.objects.get()
    sent = {"label": "Late", "rule": json.dumps(FIRST), "edition": "0"}
    page = author.post(f"{LIBRARY}{audience.pk}/edit/", sent).content.decode()
    assert "changed meanwhile" in page
    assert Audience.objects.get().label == "Loyal"
    sent["edition"] = str(audience.edition)
    author.post(f"{LIBRARY}{audience.pk}/edit/", sent)
    assert Audience.objects.get().label == "Late"


def test_people_are_imported_by_their_address(author: Client) -> None:
    file = SimpleUploadedFile("guests.csv", b"email,table\nP1@example.com,4\nx@example.com,5\n")
    sent = {"file": file, "label": "Guests", "dimension": "person", "match": "email"}
    page = author.post(f"{LIBRARY}import/", sent, follow=True)
    job = ImportJob.objects.get()
    assert page.redirect_chain[-1][0] == f"/admin/campaigns/importjob/{job.pk}/progress/"
    check_import_task(job.pk)
    shown = author.get(page.redirect_chain[-1][0]).content.decode()
    assert "Nobody in “Person” has this value of “email”." in shown
    assert "Import now" in shown


def test_a_file_that_is_refused_leaves_no_audience(author: Client) -> None:
    file = SimpleUploadedFile("guests.csv", b"who\n1\n")
    page = author.post(f"{LIBRARY}import/", {"file": file, "label": "Guests", "dimension": "person"})
    assert "no column “id”" in page.content.decode()
    assert not Audience.objects.exists()


def test_what_is_used_is_not_deleted(author: Client) -> None:
    loyal = compose_audience(Description("loyal", "Loyal", "person"), FIRST)
    compose_audience(Description("other", "Other", "person"), {"kind": "member", "audience": "loyal"})
    place = f"{LIBRARY}{loyal.pk}/act/delete/"
    assert "audience “Other”" in author.get(place).content.decode()
    assert "is in use: audience “Other”" in author.post(place, follow=True).content.decode()
    assert Audience.objects.filter(slug="loyal").exists()


def test_members_of_before_are_put_back(author: Client) -> None:
    guests = add_audience(Description("guests", "Guests", "person"), Audience.Origin.IMPORTED)
    put_members(guests, [1, 2])
    put_members(guests, [3], replace=True)
    change = guests.changes.order_by("pk").first()
    assert change is not None
    page = author.post(f"{LIBRARY}{guests.pk}/put-back/{change.pk}/", follow=True).content.decode()
    assert "The earlier members are back." in page
    guests.refresh_from_db()
    assert guests.row_count == 2


def test_the_archive_is_listed_only_where_it_is_asked_for(author: Client) -> None:
    archive_audience(compose_audience(Description("loyal", "Loyal", "person"), FIRST))
    assert "Loyal" not in author.get(LIBRARY).content.decode()
    assert "Loyal" in author.get(f"{LIBRARY}?archive=yes").content.decode()


def test_the_rule_editor_offers_audiences_of_the_table(author: Client) -> None:
    compose_audience(Description("loyal", "Loyal", "person"), FIRST)
    offered = author.get(f"{LIBRARY}rules/catalogue/?table=person").json()["audiences"]
    assert offered == [{"name": "loyal", "label": "Loyal"}]
    asked = {"rule": {"kind": "member", "audience": "loyal"}, "table": "person"}
    found = author.post(f"{LIBRARY}rules/count/", asked, content_type="application/json").json()
    assert found["count"] == 2
