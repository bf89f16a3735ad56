"""`manage.py sink`: a mail server for trying everything out; it keeps all mail and sends none on."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

from django.core.management import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.environment import LOCAL
from config.ports import LOOPBACK
from config.sink import serve

DEFAULT_PORT = 2525
HIGHEST_PORT = 65_535


class Command(BaseCommand):
    help = gettext_lazy("Takes mail on a loopback port and keeps it in a folder. Stop it with Ctrl-C.")  # type: ignore[assignment]
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=DEFAULT_PORT,
            help=_("the port to take, or the next free one (default: %(default)s)"),
        )
        parser.add_argument(
            "--directory",
            type=Path,
            default=LOCAL / "mail",
            help=_("where messages are kept (default: %(default)s)"),
        )

    def handle(self, *args: Any, port: int, directory: Path, **options: Any) -> None:
        if not 1 <= port <= HIGHEST_PORT:
            raise CommandError(f"There is no port {port}; choose one from 1 to {HIGHEST_PORT}.")
        try:
            asyncio.run(serve(directory, port=port, ready=lambda bound: self._say(bound, directory)))
        except OSError as error:
            raise CommandError(f"The sink cannot run: {error}") from error

    def _say(self, port: int, directory: Path) -> None:
        self.stdout.write(f"Taking mail on {LOOPBACK}:{port}, keeping it in {directory}.")
        self.stdout.flush()
