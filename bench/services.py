"""Servers of the benchmark's own that keep what they commit, as an installation's do, and are removed at the end."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.embedded.launcher import Services, running_services
from config.embedded.shutdown import stop_unless_used


@contextmanager
def lasting_services() -> Iterator[dict[str, str]]:
    """The environment of programs that use them; the database is migrated."""
    directory = Path(tempfile.mkdtemp(prefix="tutti-bench-"))
    try:
        with running_services(directory, ephemeral=False) as services:
            environment = {**os.environ, **settings_for(services)}
            subprocess.run(
                [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity", "0"],
                env=environment,
                check=True,
            )
            yield environment
    finally:
        stop_unless_used(directory, remove=True)


def settings_for(services: Services) -> dict[str, str]:
    return {
        "DATABASE_URL": services.database_url,
        "BROKER_URL": services.broker_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PUBLIC_BASE_URL": "http://127.0.0.1:8000",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "TUTTI_ENV_FILES": "ignore",
        "LOG_LEVEL": "WARNING",
    }
