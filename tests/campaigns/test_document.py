from decimal import Decimal
from typing import Any, Literal

import pydantic
import pytest

from campaigns import activity_types
from campaigns.activity_types import Port, Settings
from campaigns.document import as_data, canonical, canonical_config, document_hash, parse_document, parse_text
from campaigns.problems import ProblemsError
from tests.campaigns.documents import example
from tests.campaigns.kinds import Step, flow, kinds

__all__ = ["kinds"]


NOTE = {"text": "Ask legal", "at": [5, -7]}


def refused(data):
    with pytest.raises(ProblemsError) as raised:
        parse_document(data)
    return [(problem.code, problem.path) for problem in raised.value.problems]


@pytest.mark.parametrize(
    ("changes", "code", "path"),
    [
        ({"tutti": 2}, "document.not_a_choice", "/tutti"),
        ({"color": "red"}, "document.unknown_key", "/color"),
        ({"campaign": {"slug": "Win Back", "name": "x"}}, "document.malformed", "/campaign/slug"),
        ({"campaign": {"slug": "a"}}, "document.missing", "/campaign/name"),
        ({"campaign": {"slug": "a", "name": " "}}, "document.too_short", "/campaign/name"),
        ({"campaign": {"slug": "a", "name": "n" * 201}}, "document.too_long", "/campaign/name"),
        ({"campaign": []}, "document.not_an_object", "/campaign"),
        ({"activities": {}}, "document.not_a_list", "/activities"),
        ({"activities": [{"id": "a/b~c", "type": "x"}]}, "document.malformed", "/activities/0/id"),
        ({"variables": {"Big": {"type": "text"}}}, "document.malformed", "/variables/Big"),
        ({"variables": {"x": {"type": "money"}}}, "document.not_a_choice", "/variables/x/type"),
        (
            {"errors": {"policy": "ignore", "consecutive": 2000}},
            "document.out_of_range",
            "/errors/consecutive",
        ),
        ({"layout": {"done": [1, "x"]}}, "document.not_a_whole_number", "/layout/done/1"),
        ({"notes": []}, "document.not_an_object", "/notes"),
        ({"notes": {"A": {"text": "", "at": [0, 0]}}}, "document.malformed", "/notes/A"),
        ({"notes": {"a": {"at": [0, 0]}}}, "document.missing", "/notes/a/text"),
        (
            {"notes": {"a": {"text": "x", "at": [0, 0], "color": "red"}}},
            "document.unknown_key",
            "/notes/a/color",
        ),
        ({"notes": {"a": {"text": "x" * 2001, "at": [0, 0]}}}, "document.too_long", "/notes/a/text"),
        (
            {"notes": {"a": {"text": "", "at": [0, 0], "size": [9, 80]}}},
            "document.out_of_range",
            "/notes/a/size/0",
        ),
        (
            {"notes": {f"n{number}": {"text": "", "at": [0, 0]} for number in range(101)}},
            "document.too_many",
            "/notes",
        ),
        ({"transitions": [{"from": "a"}]}, "document.missing", "/transitions/0/to"),
        ({"activities": [{"id": "a", "type": "x"}] * 2}, "document.repeated", "/activities/1/id"),
        (
            {"transitions": [{"from": "a", "to": "b"}, {"from": "a", "port": "main", "to": "b"}]},
            "document.repeated",
            "/transitions/1",
        ),
    ],
)
def test_a_wrong_part_is_refused_at_its_place(changes, code, path):
    assert refused(example(**changes)) == [(code, path)]


def test_more_than_five_hundred_activities_are_refused():
    parts = [{"id": f"a{number}", "type": "x"} for number in range(501)]
    assert refused(example(activities=parts)) == [("document.too_many", "/activities")]


@pytest.mark.parametrize("data", [None, [], "text", 3])
def test_what_is_no_object_is_no_document(data):
    assert refused(data) == [("document.not_an_object", "")]


def test_every_wrong_place_is_named():
    assert len(refused({"tutti": 1, "campaign": {"slug": "A", "name": ""}, "x": 1})) == 3


def test_order_and_defaults_make_no_difference():
    long = example(
        errors={"policy": "suspend", "consecutive": 3},
        schedule={"frequency": "as_soon_as_possible"},
        transitions=[{"from": "lapsed", "to": "done", "port": "main", "label": ""}],
        layout={},
    )
    long["activities"].reverse()
    assert canonical(parse_document(long)) == canonical(parse_document(example()))


def test_the_layout_does_not_change_the_hash():
    placed = parse_document(example(layout={"done": [1, 2], "gone": [3, 4]}))
    assert document_hash(placed) == document_hash(parse_document(example()))
    assert as_data(placed)["layout"] == {"done": [1, 2]}


def test_no_notes_leave_the_hash_as_it_was():
    assert document_hash(parse_document(example(notes={}))) == document_hash(parse_document(example()))


def test_notes_are_part_of_the_draft():
    empty, noted = (parse_document(example(notes=notes)) for notes in ({}, {"n": NOTE}))
    assert document_hash(empty) != document_hash(noted)
    assert as_data(noted)["notes"] == {"n": {"text": "Ask legal", "at": [5, -7]}}
    assert canonical(parse_text(canonical(noted))) == canonical(noted)


def test_a_note_of_the_usual_size_does_not_say_so():
    usual = parse_document(example(notes={"n": {**NOTE, "size": [200, 120]}}))
    assert canonical(usual) == canonical(parse_document(example(notes={"n": NOTE})))


def test_tags_are_a_set():
    header = {"slug": "a", "name": "A", "tags": ["b", "e\u0301", "é", "b"]}
    assert as_data(parse_document(example(campaign=header)))["campaign"]["tags"] == ["b", "é"]


def test_numbers_of_variables_stay_exact():
    document = parse_document(
        example(variables={"n": {"type": "number", "value": 10**30}, "t": {"type": "text", "value": "1.50"}})
    )
    assert {name: variable.value for name, variable in document.variables.items()} == {
        "n": "1" + "0" * 30,
        "t": "1.50",
    }


def test_names_are_composed_and_what_is_compared_with_data_is_not():
    rule = {"kind": "condition", "attribute": "name", "operator": "equal", "value": "Zoe\u0308"}
    data = example(
        campaign={"slug": "a", "name": "Cafe\u0301", "description": "e\u0301", "tags": ["e\u0301", "é"]},
        variables={"who": {"type": "text", "value": "Zoe\u0308", "label": "e\u0301"}},
        activities=[{"id": "pick", "type": "unheard_of", "label": "e\u0301", "config": {"rule": rule}}],
        transitions=[{"from": "pick", "to": "pick", "label": "e\u0301"}],
    )
    kept = as_data(parse_text(canonical(parse_document(data))))
    assert kept["campaign"] == {"slug": "a", "name": "Café", "description": "é", "tags": ["é"]}
    assert kept["variables"] == {"who": {"type": "text", "value": "Zoe\u0308", "label": "é"}}
    assert kept["activities"][0] == {
        "id": "pick", "type": "unheard_of", "label": "é", "config": {"rule": rule}
    }  # fmt: skip
    assert kept["transitions"][0]["label"] == "é"


def test_texts_that_differ_as_data_are_different_documents():
    rules = [{"value": text} for text in ("é", "e\u0301")]
    made = {document_hash(parse_document(example(activities=[part(rule)], transitions=[]))) for rule in rules}
    assert len(made) == 2


def part(config):
    return {"id": "pick", "type": "unheard_of", "config": config}


def test_canonical_text_reads_back():
    text = canonical(parse_document(example()))
    assert canonical(parse_text(text)) == text
    assert text.endswith("}\n")


class Shade(pydantic.BaseModel):
    kind: Literal["shade"] = "shade"
    depth: Decimal = Decimal("1.50")


class Hue(pydantic.BaseModel):
    kind: Literal["hue"] = "hue"


class Painted(Step):
    """Has settings that can not all be left out."""

    name = "painted"

    class Config(Settings):
        colour: Shade | Hue | None = pydantic.Field(default=None, discriminator="kind")
        times: int = 1

    @classmethod
    def ports(cls, config: Any) -> Any:
        return (Port("done", "done"), Port("left", "left"))


@pytest.fixture
def _painted(monkeypatch):
    monkeypatch.setitem(activity_types._registry, "painted", Painted)


@pytest.mark.usefixtures("_painted")
def test_defaults_that_carry_meaning_are_kept():
    short = canonical_config("painted", {"colour": {"kind": "shade"}, "times": 1})
    assert short == {"colour": {"kind": "shade", "depth": "1.50"}, "times": 1}
    assert canonical_config("painted", short) == short
    assert canonical_config("painted", {"times": 2}) == {"times": 2}
    assert canonical_config("painted", {"times": "many"}) == {"times": "many"}


@pytest.mark.usefixtures("_painted", "kinds")
def test_an_arrow_without_a_port_leaves_by_the_first():
    arrows = parse_document(flow({"id": "p", "type": "painted"})).transitions
    assert [(arrow.source, arrow.port) for arrow in arrows] == [("people", "main"), ("p", "done")]


@pytest.mark.usefixtures("_painted")
def test_the_first_port_written_out_or_not_is_the_same_arrow():
    parts = [{"id": "p", "type": "painted"}, {"id": "q", "type": "x"}]
    arrows = [{"from": "p", "to": "q"}, {"from": "p", "to": "q", "port": "done"}]
    assert refused(example(activities=parts, transitions=arrows)) == [("document.repeated", "/transitions/1")]
