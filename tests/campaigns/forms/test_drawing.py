from __future__ import annotations

from typing import Any

import pytest

from campaigns import activity_types
from campaigns.forms.drawing import draw_form
from campaigns.forms.elements import Element
from campaigns.forms.schemas import Choice, Kind
from campaigns.problems import Problem
from campaigns.schedules.reading import schedule_json_schema
from tests.campaigns.forms.kinds import SCHEMA


def drawn(value: dict[str, Any] | None = None, **more: Any) -> dict[str, Element]:
    form = draw_form(SCHEMA, value or {}, place="config", **more)
    return {child.name.removeprefix("config/"): child for child in form.children}


def test_a_value_of_the_wrong_type_is_shown_as_it_is() -> None:
    assert drawn({"count": "many"})["count"].value == "many"
    assert drawn({"branches": "none"})["branches"].children == []


def test_a_value_that_is_no_choice_any_more_stays_visible() -> None:
    assert drawn({"mode": "gone"})["mode"].choices[-1] == Choice("gone", "gone")


def test_a_problem_stands_at_its_element() -> None:
    problems = [Problem("x", "/config/branches/0/id", "Missing.", "Add it.")]
    branches = drawn({"branches": [{}]}, problems=problems)["branches"]
    assert branches.problems == []
    assert branches.children[0].children[1].problems == ["Missing. Add it."]


def test_a_problem_deep_in_a_rule_stands_at_the_rule() -> None:
    problems = [Problem("x", "/config/rule/of/0/value", "Odd.", "Mend it.")]
    assert drawn(problems=problems)["rule"].problems == ["Odd. Mend it."]


def test_an_enumerations_docstring_is_not_shown() -> None:
    schema = {
        "type": "object",
        "properties": {"size": {"$ref": "#/$defs/Size"}},
        "$defs": {"Size": {"type": "string", "enum": ["s", "m"], "description": "For readers of the code."}},
    }
    [size] = draw_form(schema, {}, place="config").children
    assert (size.kind, size.help) == (Kind.CHOICE, "")


def test_the_kinds_follow_from_the_schema() -> None:
    kinds = {name: element.kind for name, element in drawn().items()}
    assert kinds == {
        "name": Kind.TEXT,
        "note": Kind.TEXT,
        "count": Kind.NUMBER,
        "percent": Kind.TEXT,
        "mode": Kind.CHOICE,
        "really": Kind.TOGGLE,
        "days": Kind.CHOICES,
        "words": Kind.LIST,
        "branches": Kind.LIST,
        "window": Kind.GROUP,
        "until": Kind.UNION,
        "rule": Kind.RULE,
        "dimension": Kind.TEXT,
    }


def test_defaults_are_shown_where_nothing_is_set() -> None:
    form = drawn()
    assert (form["note"].value, form["count"].value, form["really"].value) == ("as usual", "3", True)


def test_an_optional_part_is_switched_off_until_it_is_there() -> None:
    assert drawn()["window"].value is False
    assert drawn({"window": {"from": "9"}})["window"].children[0].value == "9"


def test_a_widget_with_options_becomes_a_choice() -> None:
    options = {"dimension": lambda: [Choice("household", "Household")]}
    element = drawn(options=options)["dimension"]
    assert (element.kind, element.choices) == (Kind.CHOICE, [Choice("household", "Household")])


def test_only_the_chosen_variant_has_the_value() -> None:
    until = drawn({"until": {"kind": "later", "amount": 5}})["until"]
    assert [(v.choice.label, v.is_chosen) for v in until.variants] == [("Later", True), ("Never", False)]
    assert until.variants[0].element.children[0].value == "5"


def test_the_discriminator_is_asked_for_once() -> None:
    variants = drawn()["until"].variants
    assert [child.label for v in variants for child in v.element.children] == ["Amount"]


def test_the_label_comes_before_the_id() -> None:
    pattern = drawn()["branches"].pattern
    assert pattern is not None
    assert [child.label for child in pattern.children] == ["Label", "Id"]


def test_an_entry_to_be_copied_carries_its_placeholder() -> None:
    branches = drawn()["branches"]
    assert branches.placeholder == "__1__"
    assert branches.pattern is not None
    assert branches.pattern.name == "config/branches/__1__"


@pytest.mark.parametrize("name", sorted(activity_types.registered()))
def test_every_activity_type_has_a_form_in_which_all_is_named(name: str) -> None:
    form = draw_form(activity_types.get(name).Config.model_json_schema(), {}, place="config")
    assert all(element.label for element in _members(form))


def test_the_schedule_has_a_form() -> None:
    form = draw_form(schedule_json_schema(), {"frequency": "daily", "at": "09:00"}, place="schedule")
    assert form.kind is Kind.UNION
    assert [v.choice.label for v in form.variants if v.is_chosen] == ["Daily"]


def _members(element: Element) -> list[Element]:
    own = [*element.children, *(child for v in element.variants for child in v.element.children)]
    return [child for child in own if element.kind is not Kind.LIST] + [
        deeper for child in own for deeper in _members(child)
    ]
