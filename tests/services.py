"""A pytest plugin: the servers of this test run, started before Django is set up and removed after it.

It ignores whatever DATABASE_URL the caller has, so that a test run never touches data that somebody wants.
Real servers are named on purpose, by TUTTI_TEST_DATABASE_URL and TUTTI_TEST_BROKER_URL together.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from config.embedded.faults import ServicesUnavailableError
from config.embedded.launcher import Services, running_services

LEFT_OUT = pytest.StashKey[int]()
GIVEN = ("TUTTI_TEST_DATABASE_URL", "TUTTI_TEST_BROKER_URL")


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """The first moment after the command line is read, and before pytest-django imports the settings."""
    if "PYTEST_XDIST_WORKER" in os.environ:
        os.environ["BROKER_URL"] = own_broker(0)
        return
    stack = ExitStack()
    early_config.add_cleanup(stack.close)
    try:
        set_environment(_given_services() or stack.enter_context(_own_services()))
    except ServicesUnavailableError as error:
        raise pytest.UsageError(str(error)) from None


def pytest_deselected(items: list[pytest.Item]) -> None:
    for item in items:
        if item.get_closest_marker("browser"):
            item.config.stash[LEFT_OUT] = item.config.stash.get(LEFT_OUT, 0) + 1


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Workers of xdist deselect, their controller reports."""
    if hasattr(session.config, "workeroutput"):
        session.config.workeroutput["browser"] = session.config.stash.get(LEFT_OUT, 0)


@pytest.hookimpl(optionalhook=True)
def pytest_testnodedown(node: Any) -> None:
    output = getattr(node, "workeroutput", {})
    node.config.stash[LEFT_OUT] = max(node.config.stash.get(LEFT_OUT, 0), output.get("browser", 0))


def pytest_unconfigure(config: pytest.Config) -> None:
    """After pytest's closing line, where nobody overlooks it."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter and (count := config.stash.get(LEFT_OUT, 0)):
        text = f"NOT RUN: {count} browser tests (`pytest -m browser` runs them, .ci/run requires them)"
        reporter.write_sep("!", text, yellow=True, bold=True)


def own_broker(which: int) -> str:
    """A logical database of the broker that no other worker of pytest-xdist uses: 0 for the tests themselves, 1 for what
    they start beside them. A hint that another's worker takes would be lost.
    """
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw-1").removeprefix("gw")) + 1
    return _numbered(os.environ["BROKER_URL"], 2 * worker + which)


def _numbered(url: str, number: int) -> str:
    if url.startswith("redis+socket"):
        return f"{url.partition('?')[0]}?virtual_host={number}"
    return urlsplit(url)._replace(path=f"/{number}").geturl()


def _own_services() -> AbstractContextManager[Services]:
    return running_services(Path(tempfile.mkdtemp(prefix="tutti-test-")), ephemeral=True)


def _given_services() -> Services | None:
    database, broker = (os.environ.get(name) for name in GIVEN)
    if database and broker:
        return Services(database, broker)
    if database or broker:
        raise pytest.UsageError(f"Set both {GIVEN[0]} and {GIVEN[1]}, or neither.")
    return None


def set_environment(services: Services) -> None:
    """Workers of xdist are children of this process and inherit it."""
    os.environ |= {
        "DATABASE_URL": services.database_url,
        "BROKER_URL": services.broker_url,
        "SECRET_KEY": secrets.token_urlsafe(48),
        "PUBLIC_BASE_URL": "http://testserver",
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "TUTTI_ENV_FILES": "ignore",
    }
