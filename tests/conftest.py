"""What every test may count on; the servers are the business of `tests.services`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.utils import translation

from config.messages import CATALOGUES, compile_catalogues


def pytest_configure() -> None:
    """WhiteNoise warns of a missing folder, and warnings are errors here. Django reads catalogues once."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
    for folder in CATALOGUES:
        compile_catalogues(folder)


@pytest.fixture(autouse=True)
def default_language() -> Iterator[None]:
    """A request of the test client leaves its reader's language active."""
    yield
    translation.deactivate()
