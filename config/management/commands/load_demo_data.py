"""`manage.py load_demo_data`: real purchases to try Tutti with."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext_lazy

from campaigns.problems import ProblemsError
from config.demo_data.loading import load_demo_data


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Load and register the demo data: purchases of 2,469 households in 2017, with made-up addresses."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            load_demo_data(self.stdout.write)
        except ProblemsError as error:
            raise CommandError(str(error)) from error
