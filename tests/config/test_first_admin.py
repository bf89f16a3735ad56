from __future__ import annotations

import pytest
from django.contrib.auth.models import User

from config.first_admin import create_first_admin

pytestmark = pytest.mark.django_db


def test_no_second_administrator_is_made() -> None:
    User.objects.create_superuser("somebody")
    assert create_first_admin() is None
    assert User.objects.count() == 1


def test_an_ordinary_user_called_admin_is_not_raised() -> None:
    User.objects.create_user("admin")
    assert create_first_admin() is None
    assert not User.objects.get().is_superuser


def test_the_password_works_and_is_another_each_time() -> None:
    first = create_first_admin()
    assert User.objects.get(username="admin").check_password(first)
    User.objects.all().delete()
    assert create_first_admin() != first
