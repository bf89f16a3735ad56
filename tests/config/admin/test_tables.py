from __future__ import annotations

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from campaigns.models import AuditEntry, Link, Table
from campaigns.registration import register_table
from tests.campaigns.shop import execute, open_shop

pytestmark = pytest.mark.django_db
TABLES = "/admin/campaigns/table/"
TEXT = (
    "CREATE TABLE a (id int PRIMARY KEY, b_id int REFERENCES b);\nCREATE TABLE b (id int PRIMARY KEY, n text)"
)


def test_faulty_text_is_shown_again_with_its_lines(administrator: Client) -> None:
    page = administrator.post(
        f"{TABLES}create/", {"text": f"{TEXT};\nDROP TABLE a", "create": "1"}
    ).content.decode()
    assert '<td class="num">3</td>' in page
    assert "DROP TABLE a" in page
    assert not Table.objects.exists()


def test_text_is_shown_as_tables_first_and_created_by_one_button(administrator: Client) -> None:
    file = SimpleUploadedFile("shop.sql", TEXT.encode())
    page = administrator.post(f"{TABLES}create/", {"file": file}).content.decode()
    assert "2 tables would be created" in page
    assert "a.b → b" in page
    assert not Table.objects.exists()
    administrator.post(f"{TABLES}create/", {"text": TEXT, "create": "1"})
    assert set(Table.objects.values_list("slug", flat=True)) == {"a", "b"}
    assert AuditEntry.objects.get().action == "catalogue.create_tables"


def test_words_of_a_hostile_text_are_shown_as_text(administrator: Client) -> None:
    text = 'CREATE TABLE "<script>alert(1)</script>" (id int PRIMARY KEY)'
    page = administrator.post(f"{TABLES}create/", {"text": text}).content.decode()
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page


def test_a_schema_is_registered_by_one_button(administrator: Client) -> None:
    open_shop()
    page = administrator.get(f"{TABLES}add/").content.decode()
    assert "Register all 8 of schema shop" in page
    administrator.post(f"{TABLES}register-schema/", {"schema": "shop"})
    assert Table.objects.count() == 8
    answer = administrator.post(f"{TABLES}register-schema/", {"schema": "nowhere"}, follow=True)
    assert "has nothing to register" in answer.content.decode()


def test_a_path_of_links_is_named_and_kept_whole(administrator: Client) -> None:
    execute(
        "CREATE SCHEMA m; CREATE TABLE m.a (id int PRIMARY KEY); CREATE TABLE m.b (id int PRIMARY KEY);"
        "CREATE TABLE m.ab (a_id int REFERENCES m.a, b_id int REFERENCES m.b, PRIMARY KEY (a_id, b_id))"
    )
    a, _b, _ab = (register_table("m", name).table for name in ("a", "b", "ab"))
    assert "ab.b" in administrator.get(f"{TABLES}{a.pk}/path/").content.decode()
    page = administrator.post(f"{TABLES}{a.pk}/path/", {"path": "ab.nowhere"}).content.decode()
    assert "has no link" in page
    administrator.post(f"{TABLES}{a.pk}/path/", {"path": "ab.b", "slug": "bees", "inverse_slug": "ays"})
    assert Link.objects.get(slug="bees").path == ["ab", "b"]
    step = Link.objects.get(source__slug="ab", slug="b")
    assert administrator.post(f"/admin/campaigns/link/{step.pk}/delete/", {"post": "yes"}).status_code == 403
    bees = Link.objects.get(slug="bees")
    data = {"action": "count_orphans", "_selected_action": bees.pk}
    answer = administrator.post("/admin/campaigns/link/", data, follow=True).content.decode()
    assert "is a path of links" in answer
