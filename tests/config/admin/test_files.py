from __future__ import annotations

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.drafts import read_draft
from campaigns.files.store import keep_upload
from campaigns.models import AuditEntry, Campaign, StoredFile
from tests.orchestration.engine import draft

pytestmark = pytest.mark.django_db
CSV = "id;이름;spent\n1;김하늘;1.234,50\n".encode("cp949")


@pytest.fixture
def campaign() -> Campaign:
    return draft("load", [{"id": "in", "type": "load_file", "config": {}}], [])


def read(client: Client, campaign: Campaign, **sent: Any) -> Any:
    url = f"/admin/campaigns/campaign/{campaign.pk}/activities/in/columns/"
    return client.post(url, {"if_match": read_draft("load").hash, **sent}, follow=True)


def config() -> dict[str, Any]:
    return dict(read_draft("load").document.activity("in").config)


def test_a_file_that_cannot_be_read_changes_nothing(administrator: Client, campaign: Campaign) -> None:
    answer = read(administrator, campaign, file=SimpleUploadedFile("a.csv", b"a,a\n1,2\n"), load="on")
    assert "twice" in answer.content.decode()
    assert config() == {}


def test_without_a_file_one_is_asked_for(administrator: Client, campaign: Campaign) -> None:
    assert "Choose a file to read the columns from" in read(administrator, campaign).content.decode()


def test_the_columns_of_a_file_become_settings(administrator: Client, campaign: Campaign) -> None:
    read(administrator, campaign, file=SimpleUploadedFile("People.csv", CSV), load="on")
    assert config()["source"] == {"kind": "stored", "file": "people"}
    assert config()["format"]["encoding"] == "cp949"
    assert [(c["kind"], c["header"], c["name"]) for c in config()["columns"]] == [
        ("integer", "id", "id"),
        ("text", "이름", "column"),
        ("decimal", "spent", "spent"),
    ]
    again = read(administrator, campaign).content.decode()
    assert "The columns were read" in again


def test_places_of_fixed_width_are_asked_for_and_stay(administrator: Client) -> None:
    format_: dict[str, Any] = {"kind": "fixed_width", "columns": []}
    campaign = draft("load", [{"id": "in", "type": "load_file", "config": {"format": format_}}], [])
    sent = {"file": SimpleUploadedFile("a.txt", b"  1Ada  \n"), "load": "on"}
    assert "cannot be guessed" in read(administrator, campaign, **sent).content.decode()
    assert config() == {"format": format_}


def test_columns_of_fixed_width_are_read_from_their_places(administrator: Client) -> None:
    places = [{"header": "n", "start": 1, "length": 3}, {"header": "namn", "start": 4, "length": 5}]
    format_ = {"kind": "fixed_width", "columns": places}
    campaign = draft("load", [{"id": "in", "type": "load_file", "config": {"format": format_}}], [])
    sent = {"file": SimpleUploadedFile("a.txt", b"  1Ada  \n"), "load": "on"}
    page = read(administrator, campaign, **sent).content.decode()
    assert (config()["format"]["kind"], config()["format"]["columns"]) == ("fixed_width", places)
    assert [(c["kind"], c["header"]) for c in config()["columns"]] == [("integer", "n"), ("text", "namn")]
    assert page.count('value="namn"') >= 2


def test_the_page_of_the_activity_shows_what_was_read(administrator: Client, campaign: Campaign) -> None:
    read(administrator, campaign, file=SimpleUploadedFile("People.csv", CSV), load="on")
    page = administrator.get(f"/admin/campaigns/campaign/{campaign.pk}/activities/in/").content.decode()
    assert "Read the columns from a file" in page
    assert 'value="이름"' in page


def test_files_are_sent_listed_downloaded_and_removed(administrator: Client) -> None:
    sent = administrator.post(
        "/admin/campaigns/storedfile/upload/", {"file": SimpleUploadedFile("a.csv", CSV)}, follow=True
    )
    assert "campaigns name it “a”" in sent.content.decode()
    file = StoredFile.objects.get()
    answer = administrator.get(f"/admin/campaigns/storedfile/{file.pk}/content/")
    assert b"".join(answer.streaming_content) == CSV
    administrator.post(f"/admin/campaigns/storedfile/{file.pk}/delete/", {"post": "yes"})
    assert not StoredFile.objects.exists()
    acts = AuditEntry.objects.order_by("pk").values_list("action", flat=True)
    assert list(acts) == ["file.upload", "file.download", "file.delete"]


def test_nothing_chosen_is_said(administrator: Client) -> None:
    answer = administrator.post("/admin/campaigns/storedfile/upload/")
    assert "Choose a file first" in answer.content.decode()


def test_the_palette_has_the_category(administrator: Client, campaign: Campaign) -> None:
    keep_upload("a.csv", [CSV])
    page = administrator.get(f"/admin/campaigns/campaign/{campaign.pk}/choose/").content.decode()
    assert "Data management" in page
