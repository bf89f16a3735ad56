"""Where the servers keep their files.

A normal user's data lies in the folder given. Root's lies where the lent account can reach it, which a
checkout under a closed home is not. Sockets lie in a short folder of their own: the system allows them 107
bytes.
"""

from __future__ import annotations

import os
import stat
import tempfile
from pathlib import Path

from config.embedded.accounts import Account
from config.embedded.faults import ServicesUnavailableError

LASTING = (Path("/var/lib"), Path("/var/tmp"))  # noqa: S108
SHORT = Path("/tmp")  # noqa: S108
PREFIX = "tutti-"


def lasting_home(directory: Path, account: Account) -> Path:
    if not account.lent:
        return directory
    return _private_folder(LASTING, account)


def passing_home(account: Account) -> Path:
    return _private_folder((Path(tempfile.gettempdir()), SHORT, *LASTING), account)


def sockets_folder(account: Account) -> Path:
    return _private_folder((SHORT, Path(tempfile.gettempdir())), account)


def _private_folder(parents: tuple[Path, ...], account: Account) -> Path:
    for parent in parents:
        if folder := _try_folder(parent, account):
            return folder
    tried = ", ".join(str(parent) for parent in parents)
    raise ServicesUnavailableError(
        f"The servers' account (uid {account.uid}) can write in none of {tried}; make one writable."
    )


def _try_folder(parent: Path, account: Account) -> Path | None:
    try:
        folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    except OSError:
        return None
    account.own(folder)
    if account.can_write(folder):
        return folder
    folder.rmdir()
    return None


def is_private(folder: Path, account: Account) -> bool:
    try:
        found = os.lstat(folder)
    except FileNotFoundError:
        return False
    closed_to_others = stat.S_ISDIR(found.st_mode) and not found.st_mode & (stat.S_IRWXG | stat.S_IRWXO)
    return closed_to_others and found.st_uid == account.uid
