"""Which account the servers run as: PostgreSQL refuses root, so root lends them an unprivileged one."""

from __future__ import annotations

import os
import pwd
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from config.embedded.faults import ServicesUnavailableError

ROOT_UID = 0


class Credentials(TypedDict, total=False):
    """The arguments of `subprocess` that change who runs; empty when nobody needs to change."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True)
class Account:
    """An existing account; `lent` says that the present process is root and has to step down to it."""

    uid: int
    gid: int
    lent: bool

    @property
    def credentials(self) -> Credentials:
        if not self.lent:
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def own(self, path: Path) -> None:
        if self.lent:
            os.chown(path, self.uid, self.gid)

    def can_write(self, path: Path) -> bool:
        """Asks the kernel as that account: mode bits alone miss closed parents, ACLs and read-only mounts."""
        answer = subprocess.run(  # noqa: S603
            ["/bin/sh", "-c", 'test -w "$1" && test -x "$1"', "sh", str(path)],
            cwd="/",
            check=False,
            **self.credentials,
        )
        return answer.returncode == 0

    def can_run(self, binary: Path) -> bool:
        try:
            answer = subprocess.run(  # noqa: S603
                [binary, "--version"], cwd="/", check=False, capture_output=True, **self.credentials
            )
        except PermissionError:
            return False
        return answer.returncode == 0


def service_account() -> Account:
    """The present account; for root `nobody`, or else the first unprivileged account of the system."""
    if os.geteuid() != ROOT_UID:
        return _present_account()
    for entry in _candidates():
        return Account(entry.pw_uid, entry.pw_gid, lent=True)
    raise ServicesUnavailableError(
        "PostgreSQL refuses to run as root and this system has no other account. "
        "Create one (useradd --system tutti), or run as a normal user, or set DATABASE_URL and BROKER_URL."
    )


def _present_account() -> Account:
    uid = os.geteuid()
    try:
        pwd.getpwuid(uid)
    except KeyError:
        raise ServicesUnavailableError(
            f"PostgreSQL needs a user with a name, and user id {uid} has none in /etc/passwd. "
            "Add it there, or set DATABASE_URL and BROKER_URL."
        ) from None
    return Account(uid, os.getegid(), lent=False)


def _candidates() -> Iterator[pwd.struct_passwd]:
    entries = [entry for entry in pwd.getpwall() if entry.pw_uid != ROOT_UID]
    yield from (entry for entry in entries if entry.pw_name == "nobody")
    yield from entries
