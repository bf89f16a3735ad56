from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.config.admin.offices import person


@pytest.fixture
def sign_in(db: None) -> Callable[[str], Client]:
    """A browser in which somebody of this group has signed in."""

    def signed_in(role: str) -> Client:
        client = Client()
        client.force_login(person(role))
        return client

    return signed_in


@pytest.fixture
def author(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("Author")


@pytest.fixture
def viewer(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("Viewer")


@pytest.fixture
def publisher(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("Publisher")


@pytest.fixture
def administrator(sign_in: Callable[[str], Client]) -> Client:
    return sign_in("Administrator")
