"""What was started for one folder, kept in `services.json` there, so that a later process finds it again."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from config.embedded.faults import ServicesUnavailableError
from config.embedded.processes import Server

FILE = "services.json"


@dataclass(frozen=True)
class Record:
    """`home` holds programs, data and logs; `sockets` is the short private folder both servers listen in."""

    home: Path
    sockets: Path
    postgresql: Server | None = None
    broker: Server | None = None

    @property
    def complete(self) -> bool:
        return all(server and server.alive for server in (self.postgresql, self.broker))

    def without_the_dead(self) -> Record:
        return replace(
            self,
            postgresql=self.postgresql if self.postgresql and self.postgresql.alive else None,
            broker=self.broker if self.broker and self.broker.alive else None,
        )


def read_record(directory: Path) -> Record | None:
    try:
        stored = json.loads((directory / FILE).read_text())
        return Record(
            home=Path(stored["home"]),
            sockets=Path(stored["sockets"]),
            postgresql=_server(stored["postgresql"]),
            broker=_server(stored["broker"]),
        )
    except FileNotFoundError:
        return None
    except (ValueError, KeyError, TypeError) as error:
        raise ServicesUnavailableError(
            f"{directory / FILE} is damaged: {error}. If no server of it runs any more, delete it "
            "(as a normal user the data beside it is found again)."
        ) from error


def write_record(directory: Path, record: Record) -> None:
    """Replaces the file in one step: a kill in between leaves the old one whole."""
    draft = directory / f"{FILE}.new"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(asdict(record), file, default=str, indent=2)
    draft.replace(directory / FILE)


def _server(stored: dict[str, object] | None) -> Server | None:
    return Server(int(str(stored["pid"])), str(stored["fingerprint"])) if stored else None
