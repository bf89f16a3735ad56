import random
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.contrib.auth import get_user_model
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis.extra.django import TestCase

from campaigns.conflicts import DraftConflict
from campaigns.document import as_data, canonical, document_hash, parse_document
from campaigns.drafts import (
    KEPT_REVISIONS,
    duplicate_campaign,
    load_draft,
    read_draft,
    save_draft,
    save_layout,
)
from campaigns.merging import Fate
from campaigns.models import AuditEntry, Campaign, DraftRevision, PublishedActivityId
from campaigns.problems import ProblemsError
from tests.campaigns.documents import documents, example, named


def with_label(text, **changes):
    parts = [{"id": "lapsed", "type": "x", "label": text}, {"id": "done", "type": "end"}]
    return parse_document(example(activities=parts, **changes))


def codes(raised):
    return [(problem.code, problem.path) for problem in raised.value.problems]


@pytest.mark.django_db
def test_a_second_campaign_with_the_slug_is_refused():
    save_draft(None, parse_document(example()))
    with pytest.raises(ProblemsError) as raised:
        save_draft(None, parse_document(example()))
    assert codes(raised) == [("campaign.slug_taken", "/campaign/slug")]


@pytest.mark.django_db
def test_another_slug_is_refused():
    campaign = save_draft(None, named("one"))
    with pytest.raises(ProblemsError) as raised:
        save_draft(campaign, named("two"), if_match=campaign.draft_hash)
    assert codes(raised) == [("campaign.slug_changed", "/campaign/slug")]


@pytest.mark.django_db
@pytest.mark.parametrize("if_match", [None, "", "0" * 64])
def test_a_save_with_another_hash_changes_nothing(if_match):
    campaign = save_draft(None, with_label("A"))
    before = canonical(load_draft(campaign))
    with pytest.raises(DraftConflict) as raised:
        save_draft(campaign, with_label("B"), if_match=if_match)
    assert (raised.value.current, raised.value.yours) == (campaign.draft_hash, if_match or "")
    assert canonical(load_draft(campaign)) == before
    assert Campaign.objects.get().revision == 1


@pytest.mark.django_db
def test_a_conflict_says_who_changed_what():
    campaign = save_draft(None, with_label("A"))
    base = campaign.draft_hash
    save_draft(campaign, with_label("B"), if_match=base)
    with pytest.raises(DraftConflict) as raised:
        save_draft(campaign, with_label("A", variables={"x": {"type": "text"}}), if_match=base)
    assert {part.key.name: part.fate for part in raised.value.parts} == {
        "lapsed": Fate.THEIRS,
        "x": Fate.YOURS,
    }
    assert raised.value.mergeable


@pytest.mark.django_db
def test_an_id_that_was_published_keeps_its_type():
    campaign = save_draft(None, with_label("A"))
    PublishedActivityId.objects.create(campaign=campaign, activity_id="lapsed", type="email")
    with pytest.raises(ProblemsError) as raised:
        save_draft(campaign, with_label("B"), if_match=campaign.draft_hash)
    assert codes(raised) == [("activity.id_taken", "/activities/0/id")]


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["closed", "stopped", "archived"])
def test_what_is_over_cannot_be_edited(state):
    campaign = save_draft(None, with_label("A"))
    Campaign.objects.update(state=state)
    with pytest.raises(ProblemsError) as raised:
        save_draft(campaign, with_label("B"), if_match=campaign.draft_hash)
    assert codes(raised) == [("campaign.not_editable", "")]


@pytest.mark.django_db
def test_a_save_counts_is_remembered_and_audited():
    ann = get_user_model().objects.create(username="ann")
    campaign = save_draft(None, with_label("A"), by=ann)
    save_draft(campaign, with_label("B"), if_match=campaign.draft_hash, by=ann)
    assert (campaign.revision, campaign.draft_hash) == (2, document_hash(with_label("B")))
    assert list(DraftRevision.objects.values_list("revision", "saved_by__username")) == [
        (2, "ann"),
        (1, "ann"),
    ]
    acts = AuditEntry.objects.order_by("pk").values_list("action", "object", "actor_name")
    assert list(acts) == [
        ("campaign.create", "campaign win-back", "ann"),
        ("campaign.save", "campaign win-back", "ann"),
    ]


@pytest.mark.django_db
def test_only_the_latest_revisions_are_kept():
    campaign = save_draft(None, with_label("0"))
    for number in range(KEPT_REVISIONS + 3):
        save_draft(campaign, with_label(f"n{number}"), if_match=campaign.draft_hash)
    kept = campaign.draft_revisions.values_list("revision", flat=True)
    assert (len(kept), max(kept)) == (KEPT_REVISIONS, campaign.revision)


@pytest.mark.django_db
def test_a_new_layout_never_conflicts():
    campaign = save_draft(None, with_label("A"))
    save_layout(campaign, {"lapsed": (3, 4), "gone": (1, 1)})
    save_draft(campaign, with_label("A", layout={"done": [5, 6]}), if_match=campaign.draft_hash)
    campaign.refresh_from_db()
    assert (campaign.layout, campaign.revision) == ({"done": [5, 6]}, 1)
    save_layout(campaign, {"lapsed": (3, 4)})
    assert as_data(load_draft(campaign))["layout"] == {"done": [5, 6], "lapsed": [3, 4]}


@pytest.mark.django_db
def test_positions_that_are_kept_outlive_the_replacement_of_the_draft():
    campaign = save_draft(None, with_label("A", layout={"done": [5, 6]}))
    save_layout(campaign, {"done": (7, 8)})
    stale = with_label("B", layout={"done": [5, 6], "lapsed": [1, 1]})
    save_draft(campaign, stale, if_match=campaign.draft_hash, keep_positions=True)
    assert as_data(load_draft(campaign))["layout"] == {"done": [7, 8], "lapsed": [1, 1]}
    save_draft(campaign, stale, if_match=campaign.draft_hash, keep_positions=True)
    assert as_data(load_draft(campaign))["layout"] == {"done": [7, 8], "lapsed": [1, 1]}


@pytest.mark.django_db
def test_a_position_can_be_taken_out():
    campaign = save_draft(None, with_label("A", layout={"done": [5, 6], "lapsed": [1, 1]}))
    save_layout(campaign, {"done": None})
    assert as_data(load_draft(campaign))["layout"] == {"lapsed": [1, 1]}


@pytest.mark.django_db
def test_a_duplicate_has_the_same_content():
    campaign = save_draft(None, with_label("A"))
    copy = duplicate_campaign(campaign, slug="again")
    assert (copy.name, copy.state, copy.revision) == ("Copy of Win back", "draft", 1)
    assert as_data(load_draft(copy))["activities"] == as_data(load_draft(campaign))["activities"]


@pytest.mark.django_db
def test_notes_are_saved_changed_and_duplicated_with_the_draft():
    noted = with_label("A", notes={"n": {"text": "Ask legal", "at": [1, 2]}})
    campaign = save_draft(None, noted)
    base = campaign.draft_hash
    moved = with_label("A", notes={"n": {"text": "Ask legal", "at": [3, 4], "size": [300, 90]}})
    save_draft(campaign, moved, if_match=base)
    assert (campaign.draft_hash != base, campaign.revision) == (True, 2)
    copy = duplicate_campaign(campaign, slug="again")
    assert as_data(load_draft(copy))["notes"] == as_data(moved)["notes"]


@pytest.mark.django_db
def test_notes_of_two_people_do_not_meet():
    campaign = save_draft(None, with_label("A"))
    base = campaign.draft_hash
    save_draft(campaign, with_label("A", notes={"n": {"text": "theirs", "at": [0, 0]}}), if_match=base)
    with pytest.raises(DraftConflict) as raised:
        save_draft(campaign, with_label("B", notes={"m": {"text": "mine", "at": [0, 0]}}), if_match=base)
    fates = {part.key.name: part.fate for part in raised.value.parts}
    assert fates == {"lapsed": Fate.YOURS, "n": Fate.THEIRS, "m": Fate.YOURS}


class EveryDocument(TestCase):
    @settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
    @given(data=documents())
    def test_comes_back_from_the_rows_byte_for_byte(self, data):
        try:
            document = parse_document(data)
        except ProblemsError:
            return
        campaign = save_draft(None, document)
        assert canonical(load_draft(campaign)) == canonical(document)
        assert campaign.draft_hash == document_hash(load_draft(campaign))


def in_threads(count, work):
    """Runs `work(number)` in so many threads at once, each with a connection of its own."""
    barrier = Barrier(count)

    def one(number):
        barrier.wait()
        try:
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(one, range(count)))


@pytest.mark.django_db(transaction=True)
def test_of_many_writers_at_once_one_is_accepted_and_the_others_told():
    campaign = save_draft(None, with_label("A"))
    base = campaign.draft_hash

    def write(number):
        try:
            save_draft(Campaign.objects.get(), with_label(f"W{number}"), if_match=base)
        except DraftConflict as conflict:
            return conflict
        return number

    answers = in_threads(8, write)
    (winner,) = [answer for answer in answers if isinstance(answer, int)]
    draft = read_draft("win-back")
    assert draft.document.activity("lapsed").label == f"W{winner}"
    assert {conflict.current for conflict in answers if conflict != winner} == {draft.hash}
    assert {part.fate for answer in answers if answer != winner for part in answer.parts} == {Fate.BOTH}


@pytest.mark.django_db(transaction=True)
def test_no_accepted_change_is_lost_in_a_hundred_interleavings():
    campaign = save_draft(None, named("win-back", activities=[], transitions=[]))
    order = random.Random(7)
    turns = [order.sample(range(4), 4) for _ in range(25)]

    def write(number):
        accepted = []
        for turn, seats in enumerate(turns):
            name = f"v{number}-{turn}-{seats[number]}"
            while True:
                draft = read_draft("win-back")
                data = as_data(draft.document)
                data["activities"] = [*data.get("activities", []), {"id": name, "type": "end"}]
                try:
                    save_draft(draft.campaign, parse_document(data), if_match=draft.hash)
                except DraftConflict:
                    continue
                accepted.append(name)
                break
        return accepted

    accepted = [name for names in in_threads(4, write) for name in names]
    assert len(accepted) == 100
    assert sorted(accepted) == [part.id for part in load_draft(campaign).activities if part.id in accepted]
    assert Campaign.objects.get().revision == 101
