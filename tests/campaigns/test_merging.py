from campaigns.document import parse_document
from campaigns.merging import Fate, compare, is_mergeable
from tests.campaigns.documents import example


def labelled(**labels):
    """The example with other labels; None removes the activity."""
    kept = [part | {"label": labels.get(part["id"], "")} for part in example()["activities"]]
    kept = [part for part in kept if part["label"] is not None]
    new = [{"id": name, "type": "end", "label": text} for name, text in labels.items() if name == "extra"]
    return parse_document(example(activities=kept + new))


def fates(base, theirs, yours):
    return {conflict.key.name: conflict.fate for conflict in compare(base, theirs=theirs, yours=yours)}


def test_changes_of_different_activities_do_not_meet():
    parts = compare(labelled(), theirs=labelled(lapsed="A"), yours=labelled(done="B"))
    assert {part.key.name: part.fate for part in parts} == {"lapsed": Fate.THEIRS, "done": Fate.YOURS}
    assert is_mergeable(parts)


def test_different_changes_of_one_activity_meet():
    (part,) = compare(labelled(), theirs=labelled(done="A"), yours=labelled(done="B"))
    assert (part.fate, part.base.get("label"), part.theirs["label"], part.yours["label"]) == (
        Fate.BOTH,
        None,
        "A",
        "B",
    )
    assert not is_mergeable([part])


def test_removing_what_another_changed_meets():
    assert fates(labelled(), labelled(done=None), labelled(done="B")) == {"done": Fate.BOTH}


def test_the_same_change_is_none_to_choose():
    assert fates(labelled(), labelled(done="A"), labelled(done="A")) == {"done": Fate.SAME}


def test_a_new_activity_is_its_authors():
    assert fates(labelled(), labelled(), labelled(extra="A")) == {"extra": Fate.YOURS}
    assert fates(labelled(), labelled(extra="B"), labelled(extra="A")) == {"extra": Fate.BOTH}


def test_without_a_base_every_difference_has_to_be_chosen():
    assert fates(None, labelled(lapsed="A"), labelled(done="B")) == {"lapsed": Fate.BOTH, "done": Fate.BOTH}
