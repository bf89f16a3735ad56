from __future__ import annotations

import pytest
from django.contrib.auth.models import Group, User
from django.test import Client

from config.admin.accounts import NAMES
from tests.config.admin.offices import GROUPS

pytestmark = pytest.mark.django_db
KOREAN = {"HTTP_ACCEPT_LANGUAGE": "ko"}


def test_every_group_that_comes_along_has_words() -> None:
    assert set(NAMES) == set(GROUPS) == set(Group.objects.values_list("name", flat=True))


def test_groups_are_read_in_the_reader_s_language(administrator: Client) -> None:
    Group.objects.create(name="Interns")
    page = administrator.get("/admin/auth/group/", **KOREAN).content.decode()
    assert all(words in page for words in ("조회자", "작성자", "승인자", "게시 담당자", "관리자", "Interns"))
    assert "Publisher" not in page


def test_a_user_s_groups_are_offered_in_the_reader_s_language(administrator: Client) -> None:
    user = User.objects.create_user("somebody")
    page = administrator.get(f"/admin/auth/user/{user.pk}/change/", **KOREAN).content.decode()
    assert ">게시 담당자</option>" in page


def test_users_are_filtered_by_group(administrator: Client) -> None:
    publisher = Group.objects.get(name="Publisher")
    User.objects.create_user("somebody").groups.add(publisher)
    page = administrator.get(f"/admin/auth/user/?groups__id__exact={publisher.pk}", **KOREAN).content.decode()
    assert "somebody" in page
    assert "게시 담당자" in page
    assert ">administrator</a>" not in page
