from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from config.management.commands import document_activities
from orchestration.activity_pages import activities_page


def test_it_writes_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(document_activities, "ROOT", tmp_path)
    monkeypatch.setattr(document_activities, "PAGE", tmp_path / "activities.md")
    call_command("document_activities", verbosity=0)
    assert (tmp_path / "activities.md").read_text(encoding="utf-8") == activities_page()
