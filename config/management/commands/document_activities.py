"""Writes docs/activities.md from the activity types."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy, override

from config.environment import ROOT
from orchestration.activity_pages import activities_page

PAGE = ROOT / "docs" / "activities.md"


class Command(BaseCommand):
    help = gettext_lazy("Write docs/activities.md from the activity types.")  # type: ignore[assignment]
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            PAGE.write_text(activities_page(), encoding="utf-8")
        self.stdout.write(f"{PAGE.relative_to(ROOT)}")
