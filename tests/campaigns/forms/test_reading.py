from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from campaigns import activity_types
from campaigns.forms.drawing import draw_form
from campaigns.forms.durations import split_duration
from campaigns.forms.elements import Element
from campaigns.forms.reading import Read, read_form
from campaigns.forms.schemas import Kind
from tests.campaigns.forms.kinds import SCHEMA, Everything

UNTIL = {"kind": "never"}


def read(*sent: tuple[str, str], schema: Any = SCHEMA) -> Read:
    return read_form(schema, QueryDict(urlencode(sent)), place="config")


def sent_by(element: Element) -> list[tuple[str, str]]:  # noqa: PLR0911 - one for each kind
    """What a browser would send for this form, untouched."""
    match element.kind:
        case Kind.TOGGLE:
            return [(element.name, "on")] if element.value else []
        case Kind.CHOICES:
            return [(element.name, value) for value in element.value]
        case Kind.DURATION:
            return [(element.name, element.value), (element.name + "~", element.limits["unit"])]
        case Kind.UNION:
            chosen = [pair for v in element.variants if v.is_chosen for pair in sent_by(v.element)]
            return [(f"{element.name}/{element.widget}", element.value), *chosen]
        case Kind.GROUP:
            if not element.value:
                return []
            mark = [(element.name + "?", "on")] if element.is_optional else []
            return [*mark, *(pair for child in element.children for pair in sent_by(child))]
        case Kind.LIST:
            return [pair for c in element.children for pair in [(c.name + "?", "on"), *sent_by(c)]]
    return [(element.name, element.value)]


def there_and_back(settings: Any, value: Any) -> Any:
    schema = settings.model_json_schema()
    form = draw_form(schema, value, place="config")
    return settings.model_validate(read(*sent_by(form), schema=schema).data)


def test_nothing_sent_is_nothing_set() -> None:
    assert read().data == {"really": False}


def test_a_value_of_the_wrong_form_is_kept_for_the_schema_to_refuse() -> None:
    assert read(("config/count", "many")).data["count"] == "many"


def test_a_rule_that_cannot_be_read_is_refused_at_its_line() -> None:
    found = read(("config/rule", "kind: all\nof: [}"))
    assert "rule" not in found.data
    assert [(p.path, p.line) for p in found.problems] == [("/config/rule", 2)]


def test_a_switched_off_part_is_left_out_though_its_fields_are_sent() -> None:
    assert "window" not in read(("config/window/from", "9")).data


def test_entries_come_in_the_order_of_the_page() -> None:
    sent = [
        ("config/words/7?", "on"),
        ("config/words/7", "b"),
        ("config/words/2?", "on"),
        ("config/words/2", "a"),
    ]
    assert read(*sent).data["words"] == ["b", "a"]


def test_the_entry_to_be_copied_is_no_entry() -> None:
    assert "words" not in read(("config/words/__1__?", "on"), ("config/words/__1__", "x")).data


def test_empty_entries_are_dropped() -> None:
    assert "words" not in read(("config/words/0?", "on"), ("config/words/0", " ")).data


def test_an_id_left_empty_follows_from_the_label() -> None:
    sent = [("config/branches/0?", "on"), ("config/branches/0/label", "Very Fond Ones!")]
    assert read(*sent).data["branches"] == [{"id": "very-fond-ones", "label": "Very Fond Ones!"}]


def test_a_rule_is_read_from_yaml_and_from_json() -> None:
    for text in ("kind: all\nof: []", '{"kind": "all", "of": []}'):
        assert read(("config/rule", text)).data["rule"] == {"kind": "all", "of": []}


def test_a_form_sent_back_untouched_means_the_same() -> None:
    value = {
        "name": "N",
        "count": 4,
        "percent": "12.5",
        "mode": "odd_one",
        "really": False,
        "days": ["mon", "fri"],
        "words": ["a", "b"],
        "branches": [{"id": "one", "label": "One"}, {"id": "two", "label": "Two"}],
        "window": {"from": "9"},
        "until": {"kind": "later", "amount": 2},
        "rule": {"kind": "all"},
        "dimension": "household",
    }
    assert there_and_back(Everything, value) == Everything.model_validate(value)


EXAMPLES: dict[str, dict[str, Any]] = {
    "fork": {"branches": [{"id": "a", "label": "A"}, {"id": "b"}]},
    "wait": {"until": {"kind": "weekday", "weekdays": ["mon"], "at": "09:00"}},
    "deduplication": {"keys": ["email"], "method": {"kind": "list", "attribute": "x", "values": ["1", "2"]}},
    "split": {"subsets": [{"id": "s", "limit": {"percent": "10"}, "sort": {"attribute": "age"}}]},
}


@pytest.mark.parametrize("name", sorted(EXAMPLES))
def test_an_activity_sent_back_untouched_means_the_same(name: str) -> None:
    settings, value = activity_types.get(name).Config, EXAMPLES[name]
    assert there_and_back(settings, value) == settings.model_validate(value)


def test_a_duration_is_a_number_and_a_unit() -> None:
    schema = {"type": "object", "properties": {"late": {"type": "string", "format": "duration"}}}
    assert read(("config/late", "90"), ("config/late~", "minutes"), schema=schema).data == {"late": "PT90M"}
    assert read(("config/late", "soon"), ("config/late~", "days"), schema=schema).data == {"late": "soon"}


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("PT6H", ("6", "hours")),
        ("P1DT12H", ("36", "hours")),
        ("PT90M", ("90", "minutes")),
        ("P2D", ("2", "days")),
        ("soon", ("soon", "hours")),
        ("", ("", "hours")),
    ],
)
def test_a_duration_is_shown_in_its_largest_whole_unit(text: str, shown: tuple[str, str]) -> None:
    assert split_duration(text) == shown


def test_an_expression_is_read_after_an_equals_sign_and_shown_so() -> None:
    schema = activity_types.registered()["enrichment"].Config.model_json_schema()
    addition = {"kind": "attribute", "attribute": {"expression": "Length(name)"}, "name": "letters"}
    form = draw_form(schema, {"add": [addition]}, place="config")
    sent = dict(sent_by(form))
    assert sent["config/add/0/attribute"] == "= Length(name)"
    read_back = read_form(schema, QueryDict(urlencode(list(sent.items()))), place="config")
    assert read_back.data["add"][0]["attribute"] == {"expression": "Length(name)"}
