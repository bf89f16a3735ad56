from __future__ import annotations

from django.utils.translation import override

from campaigns.activity_types import registered
from config.environment import ROOT
from orchestration.activity_pages import activities_page


def test_the_page_in_docs_is_the_one_the_types_make() -> None:
    with override("en"):
        made = activities_page()
    stored = (ROOT / "docs" / "activities.md").read_text(encoding="utf-8")
    assert stored == made, "docs/activities.md is stale: run python manage.py document_activities"


def test_it_names_every_type_and_every_setting() -> None:
    page = activities_page()
    for name, kind in registered().items():
        assert f"(`{name}`)" in page
        assert all(f"`{field}`" in page for field in kind.Config.model_fields)
