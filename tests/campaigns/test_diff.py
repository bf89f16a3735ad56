from campaigns.diff import diff_documents, sentences
from campaigns.document import parse_document
from tests.campaigns.documents import example


def changed(**changes):
    return diff_documents(parse_document(example()), parse_document(example(**changes)))


def test_layout_is_no_difference():
    assert changed(layout={"lapsed": [1, 2]}) == ()


def test_a_note_is_named_by_how_it_begins():
    note = {"text": "Ask\n  legal " + "again and " * 9, "at": [1, 2]}
    assert sentences(changed(notes={"n": note})) == [
        "The note “Ask legal again and again and again and…” is new."
    ]
    assert sentences(changed(notes={"n": {"text": " ", "at": [0, 0]}})) == ["The note “n” is new."]


def test_a_transition_to_what_is_not_there_is_named_by_the_id():
    found = changed(transitions=[{"from": "lapsed", "to": "nowhere"}])
    assert "The transition “lapsed → nowhere” is new." in sentences(found)


def test_a_default_written_out_is_no_difference():
    assert changed(errors={"policy": "suspend"}, schedule={"frequency": "as_soon_as_possible"}) == ()


def test_true_is_not_one():
    old = parse_document(
        example(activities=[{"id": "a", "type": "x", "config": {"n": [True]}}], transitions=[])
    )
    new = parse_document(example(activities=[{"id": "a", "type": "x", "config": {"n": [1]}}], transitions=[]))
    (((change,), *_),) = [(diff_documents(old, new),)]
    assert [field.as_dict() for field in change.fields] == [{"path": "/config/n/0", "old": True, "new": 1}]


def test_settings_are_compared_field_by_field():
    rule = {"rule": {"kind": "any", "of": [1, 2]}}
    (change,) = changed(
        activities=[{"id": "lapsed", "type": "unheard_of", "config": rule}, {"id": "done", "type": "end"}]
    )
    assert change.as_dict() | {"sentence": ""} == {
        "change": "changed",
        "part": "activity",
        "name": "lapsed",
        "label": "lapsed",
        "fields": [{"path": "/config/rule", "old": None, "new": {"kind": "any", "of": [1, 2]}}],
        "sentence": "",
    }


def test_everything_is_said_in_sentences():
    found = changed(
        campaign={"slug": "win-back", "name": "Win them back", "tags": ["pets"]},
        variables={"limit": {"type": "number", "value": 3}},
        schedule={"frequency": "daily", "at": "09:00"},
        activities=[{"id": "lapsed", "type": "unheard_of", "label": "Lapsed", "config": {"rule": None}}],
        transitions=[{"from": "lapsed", "port": "rest", "to": "done"}],
    )
    assert sentences(found) == [
        'The campaign was changed: name from “Win back” to “Win them back”; tags is now ["pets"].',
        "The variable “limit” is new.",
        "The schedule was changed: at is now “09:00”; frequency is now “daily”.",
        "The activity “done” is gone.",
        "The activity “Lapsed” was changed: label is now “Lapsed”.",
        "The transition “Lapsed → done” is gone.",
        "The transition “Lapsed.rest → done” is new.",
    ]


def test_against_nothing_everything_is_new():
    assert {change.verb for change in diff_documents(None, parse_document(example()))} == {"added"}
