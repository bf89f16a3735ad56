"""Writes docs/expressions.md from the functions of the expression language."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand
from django.utils.translation import gettext_lazy, override

from campaigns.targeting.expressions.reference import expressions_page
from config.environment import ROOT

PAGE = ROOT / "docs" / "expressions.md"


class Command(BaseCommand):
    help = gettext_lazy("Write docs/expressions.md from the expression language.")  # type: ignore[assignment]
    requires_system_checks = ()

    def handle(self, *args: Any, **options: Any) -> None:
        with override("en"):
            PAGE.write_text(expressions_page(), encoding="utf-8")
        self.stdout.write(f"{PAGE.relative_to(ROOT)}")
