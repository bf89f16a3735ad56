from __future__ import annotations

from pathlib import Path

import pytest
from django.core.management import call_command

from campaigns.targeting.expressions.reference import expressions_page
from config.management.commands import document_expressions


def test_it_writes_the_page(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(document_expressions, "ROOT", tmp_path)
    monkeypatch.setattr(document_expressions, "PAGE", tmp_path / "expressions.md")
    call_command("document_expressions", verbosity=0)
    assert (tmp_path / "expressions.md").read_text(encoding="utf-8") == expressions_page()
