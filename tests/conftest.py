"""What every test may count on; the servers are the business of `tests.services`."""

from __future__ import annotations

from django.conf import settings


def pytest_configure() -> None:
    """WhiteNoise warns of a missing folder, and warnings are errors here."""
    settings.STATIC_ROOT.mkdir(exist_ok=True)
