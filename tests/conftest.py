"""What every test may count on; the servers are the business of `tests.services`."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings
from django.utils import translation

from config.messages import CATALOGUES, compile_catalogues
from tests.ledger import forget_events
from tests.quiet import wait_for_quiet


def pytest_configure() -> None:
    """WhiteNoise warns of a missing folder, and warnings are errors here. Django reads catalogues once."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    settings.PASSWORD_HASHERS = ["tests.passwords.QuickPasswordHasher"]
    settings.FILES_FOLDER = Path(tempfile.mkdtemp(prefix="tutti-files-"))
    for folder in CATALOGUES:
        compile_catalogues(folder)


def pytest_unconfigure() -> None:
    shutil.rmtree(settings.FILES_FOLDER, ignore_errors=True)


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """A request of the test client leaves its reader's language active."""
    yield
    translation.deactivate()


@pytest.fixture(autouse=True)
def _events_end_with_their_test(request: pytest.FixtureRequest) -> Iterator[None]:
    """Events live in partitions, which Django's own clearing passes over."""
    marker = request.node.get_closest_marker("django_db")
    committing = marker is not None and marker.kwargs.get("transaction", False)
    if committing:
        request.getfixturevalue("transactional_db")
    yield
    if committing:
        wait_for_quiet()
        forget_events()
