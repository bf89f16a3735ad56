"""E-mail into files, to try everything without an account: one `.eml` a message and one line in a log."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import pydantic
from django.utils.translation import gettext as _text
from django.utils.translation import gettext_lazy as _

from campaigns.settings_fields import Shown
from orchestration.channels import contract
from orchestration.mail.outgoing import OutgoingMessage
from orchestration.mail.sessions import MailSession
from orchestration.transport import Kind, Outcome, Unavailable, not_attempted

OUTBOX = Path(__file__).resolve().parents[2] / ".local" / "outbox"
LOG = "sent.jsonl"


class FileSettings(contract.Settings):
    """`folder` is below `.local/outbox`; a configuration cannot choose any other place."""

    folder: Annotated[str, Shown(_("Folder"), _("Below .local/outbox."))] = pydantic.Field(
        default="mail", pattern=r"^[a-z0-9][a-z0-9-]{0,62}$"
    )


class FileSession(MailSession):
    """A message is *sent* once its file has its name and its line stands in the log."""

    takes_eight_bit = True

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.log: int | None = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @property
    def is_open(self) -> bool:
        return self.log is not None

    def send(self, messages: Sequence[OutgoingMessage]) -> list[Outcome]:
        return [self._keep(message) for message in messages]

    def close(self) -> None:
        if self.log is not None:
            os.close(self.log)
            self.log = None

    def _keep(self, message: OutgoingMessage) -> Outcome:
        if self.log is None:
            return not_attempted("the session is closed")
        try:
            self._write(message)
        except OSError as error:
            return not_attempted(str(error))
        try:
            os.write(self.log, _line(message))
        except OSError as error:
            return Outcome(Kind.UNKNOWN, None, str(error))
        return Outcome(Kind.SENT, 250, f"250 {message.id}.eml")

    def _write(self, message: OutgoingMessage) -> None:
        unfinished = self.folder / f".{message.id}.{os.getpid()}"
        unfinished.write_bytes(message.data)
        unfinished.replace(self.folder / f"{message.id}.eml")


class File(contract.Provider):
    """Writes messages into a folder instead of sending them."""

    name = "file"
    label = _("Files (nothing is sent)")
    channel = "email"
    Settings = FileSettings

    @classmethod
    def open(cls, settings: Any) -> FileSession:
        folder = OUTBOX / settings.folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return FileSession(folder)
        except OSError as error:
            text = _text(
                "The outbox %(folder)s cannot be written: %(reason)s. Check the owner of the folder."
            )
            raise Unavailable(text % {"folder": settings.folder, "reason": error.strerror}) from error


def _line(message: OutgoingMessage) -> bytes:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": message.id,
        "recipient": message.recipient,
        "size": len(message.data),
    }
    return json.dumps(entry).encode() + b"\n"
