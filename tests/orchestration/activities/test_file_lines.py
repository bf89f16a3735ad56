"""What activities make of a population that came from a file: it has a line as its key, columns, and no table."""

from __future__ import annotations

from typing import Any

import pytest

from campaigns.file_lines import FILE
from tests.orchestration.playground import Came, Rows, T, came, codes, play, problems

COLUMNS = {"mail": T.TEXT, "points": T.INTEGER}
LINES = {
    2: {"mail": "a@x.org", "points": 5},
    3: {"mail": "A@x.org", "points": None},
    4: {"mail": "", "points": 7},
    5: {"mail": "b@x.org", "points": 9},
}
FROM_FILE = Came("a", LINES, COLUMNS, FILE)
CONTENT = {
    "subject": "Hello",
    "html": '<p>Hello <a href="{{ unsubscribe_url }}">Leave</a> {{ postal_address }}</p>',
}


def condition(attribute: str, value: Any) -> dict[str, Any]:
    return {"kind": "condition", "attribute": attribute, "operator": "greater", "value": value}


@pytest.mark.parametrize(
    ("kind", "config", "place"),
    [
        ("split", {"subsets": [{"id": "x", "rule": condition("age", 3)}]}, "/subsets/0/rule/attribute"),
        ("deduplication", {"keys": ["email"]}, "/keys/0"),
        ("change_dimension", {"dimension": "person", "link": "person"}, "/link"),
        ("email", {"channel": "marketing-mail", "content": CONTENT}, ""),
        (
            "enrichment",
            {"add": [{"kind": "attribute", "attribute": "city", "name": "c"}]},
            "/add/0/attribute",
        ),
    ],
)
def test_whatever_needs_a_row_of_a_person_is_told_to_reconcile(
    kind: str, config: dict[str, Any], place: str
) -> None:
    found = problems(kind, config, FROM_FILE)
    assert [problem.path for problem in found] == [place]
    assert "reconciliation" in found[0].remedy


def test_nobody_chooses_the_dimension_of_files() -> None:
    assert codes("build_audience", {"dimension": FILE}) == {("dimension.unknown", "/dimension")}


def test_a_split_by_a_column_or_by_the_line_needs_no_table(small_shop: Rows) -> None:
    subsets = [
        {"id": "rich", "rule": condition("@points", 6)},
        {"id": "late", "rule": condition("line", 2)},
    ]
    played = play("split", {"subsets": subsets, "complement": True}, FROM_FILE)
    assert {port: set(people or {}) for port, people in played.ports.items()} == {
        "rich": {4, 5},
        "late": {3},
        "complement": {2},
    }


def test_duplicates_are_found_by_columns_and_the_first_line_is_kept(small_shop: Rows) -> None:
    method = {"kind": "value", "attribute": "line"}
    played = play("deduplication", {"keys": ["@mail"], "method": method}, FROM_FILE)
    assert played.keys() == {2, 4, 5}


def test_lines_of_one_file_combine_and_keep_their_columns(small_shop: Rows) -> None:
    some = Came("b", {3: {"mail": "z", "points": 1}}, COLUMNS, FILE)
    played = play("combine", {"operation": "exclusion", "primary": "a"}, FROM_FILE, some)
    assert played.ports["main"] == {key: LINES[key] for key in (2, 4, 5)}
    assert played.columns["main"] == {"key": "bigint", "mail": "text", "points": "bigint"}


def test_lines_and_people_do_not_combine_by_key() -> None:
    found = codes("combine", {"operation": "intersection", "primary": "a"}, FROM_FILE, came("b", [1]))
    assert "combine.dimensions_differ" in {code for code, _path in found}


def test_a_control_group_is_withheld_by_chance_of_the_line(small_shop: Rows) -> None:
    played = play("control_group", {"number": 1, "stratify": ["@mail"]}, FROM_FILE)
    assert played.counts() == {"control": 1, "main": 3}
