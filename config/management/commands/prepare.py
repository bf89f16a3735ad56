"""`manage.py prepare`: brings database, message catalogues and static files up to this version."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management import BaseCommand, CommandError, CommandParser, call_command
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from config.first_admin import NAME, create_first_admin
from config.messages import compile_catalogues


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Migrates the database, compiles message catalogues, collects static files. Safe to repeat."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--first-admin",
            action="store_true",
            help=_("also create the user 'admin' when nobody can administer, and print the password once"),
        )

    def handle(self, *args: Any, first_admin: bool, verbosity: int, **options: Any) -> None:
        call_command("migrate", interactive=False, verbosity=verbosity)
        self._compile()
        call_command("collectstatic", interactive=False, verbosity=0)
        if first_admin:
            self._welcome()

    def _compile(self) -> None:
        for root in settings.LOCALE_PATHS:
            try:
                compile_catalogues(root)
            except ValueError as error:
                raise CommandError(str(error)) from error

    def _welcome(self) -> None:
        if password := create_first_admin():
            text = _("First administrator: user %(name)s, password %(password)s (shown this once)")
            self.stdout.write(text % {"name": NAME, "password": password})
