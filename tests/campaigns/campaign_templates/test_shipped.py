"""Every shipped template, on a company's tables it knows nothing of: it lints without an error, and draws."""

from __future__ import annotations

from typing import Any

import pytest
from django.utils import timezone, translation

from campaigns.campaign_templates.blanks import Kind, blanks_in, choices
from campaigns.campaign_templates.gallery import shipped_templates
from campaigns.campaign_templates.template import Template, create_from_template
from campaigns.drafts import load_draft
from campaigns.drawing.picture import draw
from campaigns.lint import lint_campaign, lint_document
from campaigns.models import Campaign
from campaigns.problems import ProblemsError, errors_of
from campaigns.world import load_world
from tests.config.admin.offices import with_dates
from tests.ledger import make_dimension
from tests.orchestration.engine import make_channel

TEMPLATES = {each.slug: each for each in shipped_templates()}

pytestmark = pytest.mark.django_db


@pytest.fixture
def _company(db: None) -> None:
    with_dates(make_dimension())
    make_channel()


def answers_for(template: Template) -> dict[str, str]:
    found = {Kind.DIMENSION: "person", Kind.CHANNEL: "marketing-mail", Kind.DATE: "joined_on"}
    return {each.name: found[each.kind] for each in template.blanks}


def made(template: Template, **header: Any) -> Campaign:
    return create_from_template(template, {"slug": "made", "name": "Made", **header}, answers_for(template))


def test_there_are_enough() -> None:
    assert len(TEMPLATES) >= 6


@pytest.mark.parametrize("slug", TEMPLATES)
def test_without_answers_it_says_what_is_missing(slug: str) -> None:
    with pytest.raises(ProblemsError) as refused:
        create_from_template(TEMPLATES[slug], {"slug": "made", "name": "Made"}, {})
    assert {problem.code for problem in refused.value.problems} == {"template.unanswered"}
    assert all(problem.remedy for problem in refused.value.problems)
    assert not Campaign.objects.exists()


@pytest.mark.usefixtures("_company")
@pytest.mark.parametrize("slug", TEMPLATES)
@pytest.mark.parametrize("language", ["en", "ko"])
def test_answered_it_lints_without_an_error(slug: str, language: str) -> None:
    with translation.override(language):
        campaign = made(TEMPLATES[slug])
        assert errors_of(lint_campaign(campaign)) == ()


@pytest.mark.usefixtures("_company")
@pytest.mark.parametrize("slug", TEMPLATES)
def test_nothing_is_left_open_and_nobody_s_table_is_assumed(slug: str) -> None:
    template = TEMPLATES[slug]
    assert set(blanks_in(template.document())) >= {each.name for each in template.blanks}
    assert not list(blanks_in(load_draft(made(template)).model_dump(mode="json")))


@pytest.mark.parametrize("slug", TEMPLATES)
def test_it_is_drawn_before_anything_is_answered(slug: str) -> None:
    picture = draw(TEMPLATES[slug].example())
    assert len(picture.boxes) >= 3
    assert len({box.id for box in picture.boxes}) == len(TEMPLATES[slug].document()["activities"])


@pytest.mark.parametrize("slug", TEMPLATES)
def test_its_words_are_said_in_korean_too(slug: str) -> None:
    template = TEMPLATES[slug]
    spoken = {}
    for language in ("en", "ko"):
        with translation.override(language):
            labels = [each["label"] for each in template.document()["activities"]]
            spoken[language] = [str(template.name), str(template.sentence), str(template.needs), *labels]
    pairs = zip(spoken["en"], spoken["ko"], strict=True)
    assert [one for one, other in pairs if one == other] == []


@pytest.mark.usefixtures("_company")
def test_a_welcome_is_not_for_those_who_came_before() -> None:
    (newcomers,) = [
        part for part in load_draft(made(TEMPLATES["welcome"])).activities if part.id == "newcomers"
    ]
    assert newcomers.config["start"] == f"{timezone.localdate().isoformat()}T00:00"


@pytest.mark.usefixtures("_company")
def test_each_is_still_right_for_another_world_of_dates() -> None:
    world = load_world(TEMPLATES["anniversary"].example())
    assert [choice.value for choice in choices(Kind.DATE, world, "person")] == ["joined_on"]
    assert errors_of(lint_document(load_draft(made(TEMPLATES["anniversary"])), world)) == ()
