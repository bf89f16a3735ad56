"""The messages a sink has taken: how they are kept, and how a mailbox page reads them.

A folder holds one file a message, in a folder for each day, and a log with one line a message in the order of
their arrival. A message exists once its line is complete; a file without a line is one whose sender got no
answer.
"""

from __future__ import annotations

import email
import email.policy
import json
import os
import re
import secrets
import threading
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

LOG = "messages.jsonl"
MESSAGE_ID = re.compile(rb"^Message-ID:[ \t]*(?:\r\n[ \t]+)?(\S+)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log; `path` is relative to the folder."""

    at: datetime
    message_id: str
    sender: str
    recipient: str
    size: int
    path: str


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message as its recipient sees it. `html` is not sanitised: show it in a sandboxed frame only."""

    headers: tuple[tuple[str, str], ...]
    subject: str
    sender: str
    text: str
    html: str


class MailStore:
    """The writing side: one process at a time keeps messages in a folder."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.folder = folder
        _end_torn_line(folder / LOG)
        self.log = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    def keep(self, content: bytes, *, sender: str, recipients: list[str]) -> None:
        """File first, then one line for each recipient; both stand when this returns, though not yet on the
        disk.
        """
        now = datetime.now(UTC)
        path = f"{now:%Y-%m-%d}/{now:%H%M%S}-{secrets.token_hex(8)}.eml"
        _write_whole(self.folder / path, content)
        found = MESSAGE_ID.search(content.partition(b"\r\n\r\n")[0])
        message_id = found[1].decode("ascii", "replace") if found else ""
        for recipient in recipients:
            entry = Entry(now, message_id, sender, recipient, len(content), path)
            os.write(self.log, _line(entry))

    def close(self) -> None:
        os.close(self.log)


class Mailbox:
    """The reading side: an index by address in memory that follows the log as it grows. Thread-safe."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.lock = threading.Lock()
        self.position = 0
        self.entries: list[Entry] = []
        self.by_address: defaultdict[str, list[int]] = defaultdict(list)

    def messages_for(self, address: str, *, limit: int = 100) -> list[Entry]:
        """The newest first; addresses compare without regard to case."""
        with self.lock:
            self._follow()
            numbers = self.by_address.get(address.lower(), [])
            return [self.entries[number] for number in reversed(numbers[-limit:])]

    def latest(self, *, limit: int = 100) -> list[Entry]:
        with self.lock:
            self._follow()
            return self.entries[: -limit - 1 : -1]

    def read(self, entry: Entry) -> ReadMessage:
        """Raises FileNotFoundError when the file has been removed."""
        return read_message(self.folder / entry.path)

    def _follow(self) -> None:
        if _size(self.folder / LOG) < self.position:
            self._forget()
        for entry, end in _entries(self.folder / LOG, self.position):
            self.position = end
            if entry is not None:
                self.by_address[entry.recipient.lower()].append(len(self.entries))
                self.entries.append(entry)

    def _forget(self) -> None:
        """The log was emptied behind our back."""
        self.position, self.entries = 0, []
        self.by_address.clear()


def read_message(path: Path) -> ReadMessage:
    """Reads what it can: a message that breaks the rules shows as text, with no error."""
    parsed = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    if not isinstance(parsed, EmailMessage):
        raise TypeError("The policy makes another kind of message.")
    return ReadMessage(
        headers=tuple((name, str(value)) for name, value in parsed.items()),
        subject=str(parsed.get("Subject", "")),
        sender=str(parsed.get("From", "")),
        text=_body(parsed, "plain"),
        html=_body(parsed, "html"),
    )


def _body(message: EmailMessage, kind: str) -> str:
    part = message.get_body((kind,))
    payload = part.get_payload(decode=True) if part else b""
    if part is None or not isinstance(payload, bytes):
        return ""
    try:
        return payload.decode(part.get_content_charset() or "utf-8", "replace")
    except LookupError:
        return payload.decode("utf-8", "replace")


def _entries(log: Path, position: int) -> Iterator[tuple[Entry | None, int]]:
    """Complete lines behind `position` with the position they end at; None for a line that was torn by a
    kill.
    """
    with suppress(FileNotFoundError), log.open("rb") as file:
        file.seek(position)
        for line in file:
            if not line.endswith(b"\n"):
                return
            position += len(line)
            yield _entry(line), position


def _entry(line: bytes) -> Entry | None:
    try:
        values: dict[str, Any] = json.loads(line)
        return Entry(**{**values, "at": datetime.fromisoformat(values["at"])})
    except (ValueError, TypeError, KeyError):
        return None


def _line(entry: Entry) -> bytes:
    values = {
        "at": entry.at.isoformat(timespec="microseconds"),
        "message_id": entry.message_id,
        "sender": entry.sender,
        "recipient": entry.recipient,
        "size": entry.size,
        "path": entry.path,
    }
    return json.dumps(values).encode() + b"\n"


def _end_torn_line(log: Path) -> None:
    """After a kill amid a write the next line must not be glued to the torn one."""
    with suppress(FileNotFoundError), log.open("rb+") as file:
        size = file.seek(0, os.SEEK_END)
        if size and (file.seek(size - 1), file.read(1))[1] != b"\n":
            file.write(b"\n")


def _write_whole(path: Path, content: bytes) -> None:
    path.parent.mkdir(mode=0o700, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _size(log: Path) -> int:
    return log.stat().st_size if log.exists() else 0
