"""The first administrator of a fresh installation, so that a newcomer can log in at once."""

from __future__ import annotations

import secrets

from django.contrib.auth import get_user_model

NAME = "admin"
PASSWORD_BYTES = 12


def create_first_admin() -> str | None:
    """The random password, to be shown once and kept nowhere; None when somebody can administer already."""
    users = get_user_model()._default_manager
    if users.filter(is_superuser=True).exists() or users.filter(username=NAME).exists():
        return None
    password = secrets.token_urlsafe(PASSWORD_BYTES)
    users.create_superuser(username=NAME, password=password)
    return password
