from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from campaigns.activity_types import World
from campaigns.document import Document
from campaigns.lint import lint_document
from campaigns.problems import Problem
from tests.campaigns.mending import fixed
from tests.orchestration.playground import WORLD

PEOPLE = {"id": "people", "type": "build_audience", "config": {"dimension": "person"}}
OTHERS = {**PEOPLE, "id": "others"}
ADULTS = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}
FOOT = "<p>Leave: {{ unsubscribe_url }} {{ postal_address }}</p>"
ONE_CHANNEL = replace(WORLD, channels={"post": "email", "texts": "sms"})
ONE_DIMENSION = replace(WORLD, dimensions={"person": WORLD.dimensions["person"]})


def document(*parts: dict[str, Any], arrows: list[tuple[str, str]] | None = None) -> dict[str, Any]:
    """The activities in a row, unless their arrows are given."""
    pairs = arrows or list(pairwise(part["id"] for part in parts))
    return {
        "tutti": 1,
        "campaign": {"slug": "spring", "name": "Spring"},
        "variables": {"goal": {"type": "number", "value": "10"}},
        "activities": list(parts),
        "transitions": [{"from": source, "to": target} for source, target in pairs],
    }


def behind(kind: str, **config: Any) -> dict[str, Any]:
    return document(PEOPLE, {"id": "x", "type": kind, "config": config})


def uniting(kind: str, **config: Any) -> dict[str, Any]:
    joined = {"id": "x", "type": kind, "config": config}
    return document(PEOPLE, OTHERS, joined, arrows=[("people", "x"), ("others", "x")])


def choosing(rule: dict[str, Any]) -> dict[str, Any]:
    return document({**PEOPLE, "config": {"dimension": "person", "rule": rule}})


def mail(**content: str) -> dict[str, Any]:
    return behind("email", channel="marketing-mail", content={"subject": "Hello", **content})


def going_back(**saving: Any) -> dict[str, Any]:
    parts = (
        PEOPLE,
        {"id": "there", "type": "wait", "config": {"until": {"kind": "duration", "amount": 1}}},
        {
            "id": "saved",
            "type": "save_audience",
            "config": {"audience": "new_ones", "label": "New", **saving},
        },
        {"id": "back", "type": "jump", "config": {"to": "there"}},
    )
    return document(*parts)


SUBSET = {"id": "a"}
SKIPPED = {"id": "a", "skip_empty": True}
OF_GROUPS = {"percent": "10", "of": "inbound", "by": "city"}
MENDED: dict[str, tuple[dict[str, Any], World, str, list[str]]] = {
    "dimension": (
        document({**PEOPLE, "config": {"dimension": "persn"}}),
        WORLD,
        "dimension.unknown",
        ["Use “person”"],
    ),
    "no dimension, of one": (
        document({**PEOPLE, "config": {}}),
        ONE_DIMENSION,
        "settings.missing",
        ["Use “person”"],
    ),
    "empty dimension, of one": (
        document({**PEOPLE, "config": {"dimension": ""}}),
        ONE_DIMENSION,
        "settings.too_short",
        ["Use “person”"],
    ),
    "no channel, of one": (
        behind("email", content={"subject": "Hello", "html": FOOT}),
        ONE_CHANNEL,
        "settings.missing",
        ["Use “post”"],
    ),
    "another channel": (
        behind("email", channel="", content={"subject": "Hello", "html": FOOT}),
        ONE_CHANNEL,
        "channel.unknown",
        ["Use “post”"],
    ),
    "attribute": (choosing({**ADULTS, "attribute": "agee"}), WORLD, "rule.unknown_attribute", ["Use “age”"]),
    "attribute of a link": (
        choosing({**ADULTS, "attribute": "profile.incom", "operator": "equal", "value": "high"}),
        WORLD,
        "rule.unknown_attribute",
        ["Use “profile.income”"],
    ),
    "link": (
        choosing({**ADULTS, "attribute": "profil.income", "operator": "equal", "value": "high"}),
        WORLD,
        "rule.unknown_link",
        ["Use “profile.income”"],
    ),
    "link of rows": (
        choosing({"kind": "exists", "link": "purchase.product"}),
        WORLD,
        "rule.unknown_link",
        ["Use “purchases.product”"],
    ),
    "audience in a rule": (
        choosing({"kind": "member", "audience": "regular"}),
        WORLD,
        "rule.unknown_audience",
        ["Use “regulars”"],
    ),
    "variable in a rule": (
        choosing({**ADULTS, "value": {"variable": "gaol"}}),
        WORLD,
        "rule.unknown_variable",
        ["Use “goal”"],
    ),
    "audience": (
        document({"id": "read", "type": "read_audience", "config": {"audience": "regular"}}),
        WORLD,
        "audience.unknown",
        ["Use “regulars”"],
    ),
    "columns of an audience": (
        document(
            {
                "id": "read",
                "type": "read_audience",
                "config": {"audience": "regulars", "columns": ["tier"]},
            }
        ),
        WORLD,
        "read_audience.needless_columns",
        ["Keep these", "Remove the columns"],
    ),
    "arrow": (
        uniting("combine", operation="union", primary="poeple"),
        WORLD,
        "arrow.unknown",
        ["Use “people”"],
    ),
    "arrow to wait for, twice": (
        uniting("and_join", primary="people", wait_for=["others", "others"]),
        WORLD,
        "and_join.repeated_arrow",
        ["Remove the repetition"],
    ),
    "complement of a union": (
        uniting("combine", operation="union", complement=True),
        WORLD,
        "combine.no_complement",
        ["Switch the complement off"],
    ),
    "limit of an intersection": (
        uniting("combine", operation="intersection", limit=5),
        WORLD,
        "combine.needless_limit",
        ["Remove the limit"],
    ),
    "rules of a union": (
        uniting("combine", operation="union", rules=[{"arrow": "others", "link": "contracts"}]),
        WORLD,
        "combine.needless_rules",
        ["Remove the rules"],
    ),
    "columns by keys": (
        uniting("combine", operation="union", columns=["email"]),
        WORLD,
        "combine.needless_columns",
        ["Remove the columns"],
    ),
    "variable of a limit": (
        behind("split", subsets=[{**SUBSET, "limit": {"variable": "gaol"}}]),
        WORLD,
        "variable.unknown",
        ["Use “goal”"],
    ),
    "subset twice": (
        behind("split", subsets=[SUBSET, SUBSET]),
        WORLD,
        "split.repeated_subset",
        ["Use “a_2”"],
    ),
    "share of groups": (
        behind("split", subsets=[{**SUBSET, "limit": OF_GROUPS}]),
        WORLD,
        "split.share_of_all_in_groups",
        ["Take the percentage of those left"],
    ),
    "sorting of all": (
        behind("split", subsets=[{**SUBSET, "sort": {"attribute": "age"}}]),
        WORLD,
        "split.sort_without_limit",
        ["Remove the sorting"],
    ),
    "overlap in one table": (
        behind("split", subsets=[SUBSET], one_table=True, overlap=True),
        WORLD,
        "split.overlap_in_one_table",
        ["Let everybody be in one subset only", "Give each subset a way out of its own"],
    ),
    "skipped in one table": (
        behind("split", subsets=[{"id": "b"}, SKIPPED], one_table=True),
        WORLD,
        "split.skip_in_one_table",
        ["Skip none"],
    ),
    "branch twice": (
        behind("fork", branches=[SUBSET, SUBSET]),
        WORLD,
        "fork.repeated_branch",
        ["Use “a_2”"],
    ),
    "stratum twice": (
        behind("control_group", percent="10", stratify=["city", "city"]),
        WORLD,
        "control_group.repeated_stratum",
        ["Remove the repetition"],
    ),
    "key twice": (
        behind("deduplication", keys=["email", "email"]),
        WORLD,
        "deduplication.repeated_key",
        ["Remove the repetition"],
    ),
    "sorted rows of all": (
        behind("change_dimension", dimension="contract", link="contracts", sort=[{"attribute": "amount"}]),
        WORLD,
        "change_dimension.needless_sort",
        ["Remove the sorting"],
    ),
    "column that is taken": (
        behind(
            "change_dimension",
            dimension="contract",
            link="contracts",
            add=[{"name": "kind", "attribute": "kind"}, {"name": "kind", "attribute": "amount"}],
        ),
        WORLD,
        "column.taken",
        ["Use “kind_2”"],
    ),
    "link to unsubscribe": (
        mail(html="<p>Hello</p>{{ postal_address }}"),
        WORLD,
        "missing_unsubscribe",
        ["Insert the link to unsubscribe"],
    ),
    "link to unsubscribe in the text": (
        mail(html=FOOT, text="Hello"),
        WORLD,
        "missing_unsubscribe",
        ["Insert the link to unsubscribe"],
    ),
    "link to unsubscribe in MJML": (
        mail(
            mjml="<mjml><mj-body><mj-section><mj-column><mj-text>Hello {{ postal_address }}</mj-text>"
            "</mj-column></mj-section></mj-body></mjml>"
        ),
        WORLD,
        "missing_unsubscribe",
        ["Insert the link to unsubscribe"],
    ),
    "postal address": (
        mail(html='<html><body><a href="{{ unsubscribe_url }}">Leave</a></body></html>'),
        WORLD,
        "missing_postal_address",
        ["Insert the postal address"],
    ),
    "how to opt out": (
        behind("sms", channel="texts", content={"text": "Hello"}),
        WORLD,
        "sms.missing_opt_out",
        ["Put it at the end"],
    ),
    "audience created in each round": (
        going_back(mode="create"),
        WORLD,
        "save_audience.created_again",
        ["Append", "Overwrite"],
    ),
}


@pytest.mark.parametrize("name", MENDED)
def test_every_fix_mends_and_breaks_nothing(name: str) -> None:
    data, world, code, expected = MENDED[name]

    def lint(document: Document) -> tuple[Problem, ...]:
        return lint_document(document, world)

    assert [label for label, _after in fixed(data, code, lint)] == expected


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (document({**PEOPLE, "config": {}}), "settings.missing"),
        (choosing({**ADULTS, "attribute": "elsewhere"}), "rule.unknown_attribute"),
        (choosing({**ADULTS, "attribute": "age.age"}), "rule.unknown_link"),
    ],
)
def test_where_several_might_be_meant_nothing_is_offered(data: dict[str, Any], code: str) -> None:
    def lint(document: Document) -> tuple[Problem, ...]:
        return lint_document(document, WORLD)

    assert fixed(data, code, lint) == []
