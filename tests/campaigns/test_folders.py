"""Folders: what is refused, and what moving a campaign leaves alone."""

from __future__ import annotations

import pytest
from django.db import IntegrityError

from campaigns.document import canonical
from campaigns.drafts import duplicate_campaign, load_draft
from campaigns.folders import (
    MOST_LEVELS,
    create_folder,
    delete_folder,
    load_tree,
    move_folder,
    put_into_folder,
    rename_folder,
)
from campaigns.models import AuditEntry, Campaign, CampaignFolder
from campaigns.problems import ProblemsError
from tests.config.admin.pages import mailing

pytestmark = pytest.mark.django_db


def codes(refused: pytest.ExceptionInfo[ProblemsError]) -> list[str]:
    assert all(problem.remedy for problem in refused.value.problems)
    return [problem.code for problem in refused.value.problems]


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "two\x07bells"])
def test_a_name_has_to_be_one(name: str) -> None:
    with pytest.raises(ProblemsError) as refused:
        create_folder(name)
    assert codes(refused) == ["folder.bad_name"]


def test_two_of_one_name_do_not_lie_beside_each_other_whatever_the_case() -> None:
    top = create_folder("Retention")
    for parent in (None, top.pk):
        create_folder("pets", parent=parent)
        with pytest.raises(ProblemsError) as refused:
            create_folder("PETS", parent=parent)
        assert codes(refused) == ["folder.name_taken"]
    assert CampaignFolder.objects.count() == 3


def test_the_database_refuses_a_second_one_too() -> None:
    CampaignFolder.objects.create(name="Pets")
    with pytest.raises(IntegrityError):
        CampaignFolder.objects.create(name="pets")


def test_a_folder_never_lies_in_itself_or_below() -> None:
    top = create_folder("top")
    below = create_folder("below", parent=create_folder("middle", parent=top.pk).pk)
    for place in (top.pk, below.pk):
        with pytest.raises(ProblemsError) as refused:
            move_folder(top, place)
        assert codes(refused) == ["folder.into_itself"]
    top.refresh_from_db()
    assert top.parent_id is None


def test_a_place_has_to_be_there() -> None:
    folder = create_folder("top")
    with pytest.raises(ProblemsError) as refused:
        move_folder(folder, 10**9)
    assert codes(refused) == ["folder.unknown"]
    with pytest.raises(ProblemsError) as refused:
        put_into_folder([mailing()], 10**9)
    assert codes(refused) == ["folder.unknown"]


def test_folders_lie_in_each_other_so_deep_and_no_deeper() -> None:
    parent = None
    for level in range(MOST_LEVELS):
        parent = create_folder(f"level {level}", parent=parent).pk
    with pytest.raises(ProblemsError) as refused:
        create_folder("one more", parent=parent)
    assert codes(refused) == ["folder.too_deep"]
    pair = create_folder("pair")
    create_folder("inner", parent=pair.pk)
    with pytest.raises(ProblemsError) as refused:
        move_folder(pair, load_tree().path(parent)[-2].pk)
    assert codes(refused) == ["folder.too_deep"]


@pytest.mark.parametrize("state", ["draft", "archived"])
def test_only_an_empty_folder_is_deleted(state: str) -> None:
    folder = create_folder("Pets")
    campaign = mailing()
    put_into_folder([campaign], folder.pk)
    Campaign.objects.update(state=state)
    with pytest.raises(ProblemsError) as refused:
        delete_folder(folder)
    assert codes(refused) == ["folder.not_empty"]
    assert "1 campaign and 0 folders" in refused.value.problems[0].message
    put_into_folder([campaign], None)
    inner = create_folder("inner", parent=folder.pk)
    with pytest.raises(ProblemsError):
        delete_folder(folder)
    delete_folder(inner)
    delete_folder(folder)
    assert not CampaignFolder.objects.exists()


def test_moving_a_campaign_leaves_its_draft_alone() -> None:
    campaign = mailing()
    before = (campaign.draft_hash, campaign.revision, campaign.modified_at, canonical(load_draft(campaign)))
    assert put_into_folder([campaign], create_folder("Pets").pk) == 1
    campaign.refresh_from_db()
    assert campaign.folder is not None
    after = (campaign.draft_hash, campaign.revision, campaign.modified_at, canonical(load_draft(campaign)))
    assert after == before
    assert put_into_folder([campaign], campaign.folder_id) == 0


def test_a_copy_lies_where_the_original_does() -> None:
    campaign = mailing()
    put_into_folder([campaign], create_folder("Pets").pk)
    copy = duplicate_campaign(campaign, slug="copy")
    assert Campaign.objects.get(slug="copy").folder_id == copy.folder_id == campaign.folder_id


def test_the_tree_counts_what_lies_below() -> None:
    top = create_folder("Retention")
    inner = create_folder("Pets", parent=top.pk)
    for number, folder in enumerate((top, inner, inner)):
        put_into_folder([mailing(f"c-{number}")], folder.pk)
    Campaign.objects.filter(slug="c-2").update(state="archived")
    tree = load_tree()
    assert (tree.own[top.pk], tree.count(top.pk), tree.count(inner.pk)) == (1, 2, 1)
    assert tree.words(inner.pk) == "Retention / Pets"
    assert [(folder.name, level) for folder, level in tree.ordered()] == [("Retention", 0), ("Pets", 1)]


def test_every_act_is_written_down() -> None:
    folder, other = create_folder("Pets"), create_folder("Retention")
    rename_folder(folder, "Cats")
    move_folder(folder, other.pk)
    put_into_folder([mailing()], folder.pk)
    put_into_folder(Campaign.objects.all(), None)
    delete_folder(folder)
    acts = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"folder.create", "folder.rename", "folder.move", "campaign.move", "folder.delete"} <= acts
