"""SMS into a file, to try everything without an account: one line of JSON a message."""

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
from orchestration.channels.contract import Session
from orchestration.sms.outgoing import OutgoingText
from orchestration.sms.providers import TextProvider
from orchestration.transport import Kind, Outcome, Unavailable, not_attempted

OUTBOX = Path(__file__).resolve().parents[2] / ".local" / "outbox"
LOG = "texts.jsonl"


class SmsFileSettings(contract.Settings):
    """`folder` is below `.local/outbox`; a configuration cannot choose any other place."""

    folder: Annotated[str, Shown(_("Folder"), _("Below .local/outbox."))] = pydantic.Field(
        default="sms", pattern=r"^[a-z0-9][a-z0-9-]{0,62}$"
    )


class SmsFileSession(Session[OutgoingText]):
    """A message is *sent* once its line stands in the file; half a line may or may not be one."""

    def __init__(self, folder: Path) -> None:
        self.log: int | None = os.open(folder / LOG, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)

    @property
    def is_open(self) -> bool:
        return self.log is not None

    def send(self, messages: Sequence[OutgoingText]) -> list[Outcome]:
        return [self._keep(message) for message in messages]

    def close(self) -> None:
        if self.log is not None:
            os.close(self.log)
            self.log = None

    def _keep(self, message: OutgoingText) -> Outcome:
        if self.log is None:
            return not_attempted("the session is closed")
        line = _line(message)
        try:
            written = os.write(self.log, line)
        except OSError as error:
            return not_attempted(str(error))
        if written < len(line):
            return Outcome(Kind.UNKNOWN, None, "the disk took half of a line")
        return Outcome(Kind.SENT, None, f"line of {message.reference}")


class SmsFile(TextProvider):
    """Writes texts into a file instead of sending them."""

    name = "sms_file"
    label = _("SMS into a file (nothing is sent)")
    Settings = SmsFileSettings

    @classmethod
    def open(cls, settings: Any) -> SmsFileSession:
        folder = OUTBOX / settings.folder
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            return SmsFileSession(folder)
        except OSError as error:
            text = _text(
                "The outbox %(folder)s cannot be written: %(reason)s. Check the owner of the folder."
            )
            raise Unavailable(text % {"folder": settings.folder, "reason": error.strerror}) from error


def _line(message: OutgoingText) -> bytes:
    entry = {
        "at": datetime.now(UTC).isoformat(timespec="milliseconds"),
        "id": message.id,
        "reference": message.reference,
        "sender": message.sender,
        "recipient": message.recipient,
        "text": message.text,
        "segments": message.segments,
    }
    return json.dumps(entry, ensure_ascii=False).encode() + b"\n"
