from __future__ import annotations

from typing import Any

import pytest

from campaigns.campaign_templates.blanks import blanks_in
from campaigns.campaign_templates.gallery import all_templates, of_row, shipped_templates, template_named
from campaigns.campaign_templates.saving import delete_template, save_as_template, what_it_needs
from campaigns.campaign_templates.template import create_from_template
from campaigns.document import as_data
from campaigns.drafts import load_draft
from campaigns.lint import lint_campaign
from campaigns.models import Campaign, CampaignTemplate
from campaigns.problems import ProblemsError, errors_of
from tests.ledger import make_dimension
from tests.orchestration.engine import draft, email, make_channel

pytestmark = pytest.mark.django_db

OPENED = {
    "kind": "exists",
    "link": "message_events",
    "where": {
        "kind": "all",
        "of": [
            {"kind": "condition", "attribute": "campaign", "operator": "equal", "value": "letters"},
            {"kind": "condition", "attribute": "kind", "operator": "equal", "value": "opened"},
        ],
    },
}


@pytest.fixture
def campaign(db: None) -> Campaign:
    make_dimension()
    make_channel()
    everybody = {"id": "all", "type": "build_audience", "config": {"dimension": "person", "rule": OPENED}}
    return draft(
        "letters", [everybody, email()], ["all mail"], schedule={"frequency": "daily", "at": "09:00"}
    )


def saved(campaign: Campaign, **sent: Any) -> CampaignTemplate:
    return save_as_template(campaign, **{"slug": "mine", "name": "Mine", **sent})


@pytest.mark.parametrize("slug", ["welcome", "Not a slug", ""])
def test_a_slug_that_is_shipped_or_none_is_refused(campaign: Campaign, slug: str) -> None:
    with pytest.raises(ProblemsError) as refused:
        saved(campaign, slug=slug)
    assert refused.value.problems[0].code in ("template.slug_taken", "template.bad_name")
    assert not CampaignTemplate.objects.exists()


def test_a_second_one_of_the_slug_is_refused(campaign: Campaign) -> None:
    saved(campaign)
    with pytest.raises(ProblemsError) as refused:
        saved(campaign, name="Other")
    assert refused.value.problems[0].code == "template.slug_taken"


def test_a_name_is_needed(campaign: Campaign) -> None:
    with pytest.raises(ProblemsError) as refused:
        saved(campaign, name=" ")
    assert refused.value.problems[0].code == "template.no_name"


def test_answers_that_are_unknown_are_refused_at_their_place(campaign: Campaign) -> None:
    template = of_row(saved(campaign))
    with pytest.raises(ProblemsError) as refused:
        create_from_template(template, {"slug": "new", "name": "New"}, {"channel": "pigeon", "hat": "red"})
    found = {problem.path: problem.code for problem in refused.value.problems}
    assert found == {"/answers/hat": "template.not_asked", "/answers/channel": "template.unknown_answer"}


def test_the_channel_and_the_campaign_s_own_slug_are_left_open(campaign: Campaign) -> None:
    row = saved(campaign)
    assert sorted(blanks_in(row.document)) == ["channel", "slug"]
    assert [(each["name"], each["default"]) for each in row.blanks] == [("channel", "marketing-mail")]
    assert "slug" not in row.document["campaign"]
    assert what_it_needs(load_draft(campaign)) == "the dimension “person”, a channel like “marketing-mail”"


def test_a_campaign_of_it_is_the_same_under_another_name(campaign: Campaign) -> None:
    make_channel("other-mail")
    template = of_row(saved(campaign))
    made = create_from_template(template, {"slug": "new", "name": "New"}, {"channel": "other-mail"})
    assert errors_of(lint_campaign(made)) == ()
    text = str(as_data(load_draft(made)))
    assert text.replace("other-mail", "marketing-mail").replace("'new'", "'letters'").replace(
        "'New'", "'Letters'"
    ) == str(as_data(load_draft(campaign)))


def test_without_another_answer_the_old_channel_is_kept(campaign: Campaign) -> None:
    made = create_from_template(of_row(saved(campaign)), {"slug": "new", "name": "New"}, {})
    assert load_draft(made).activities[1].config["channel"] == "marketing-mail"


def test_own_templates_come_first_and_go_again(campaign: Campaign) -> None:
    row = saved(campaign)
    assert [each.slug for each in all_templates()] == ["mine", *(each.slug for each in shipped_templates())]
    delete_template(row)
    assert template_named("mine") is None
