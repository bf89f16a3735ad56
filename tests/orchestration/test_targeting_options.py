"""The page that says which test proves which option: no test on it is missing, and no setting is missing on it."""

from __future__ import annotations

import ast
import re
from functools import cache
from pathlib import Path

import pytest

from campaigns.activity_types import Category, registered
from config.environment import ROOT

PAGE = ROOT / "docs" / "targeting-options.md"
TESTS = Path(__file__).parent
TARGETING = [name for name, kind in registered().items() if kind.category is Category.TARGETING]


@cache
def sections() -> dict[str, str]:
    """Each activity's part of the page."""
    parts = re.split(r"^## ", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    return {part.split("\n", 1)[0].strip(): part for part in parts}


@cache
def functions_of(module: str) -> set[str]:
    path = TESTS / module
    tree = ast.parse(path.read_text(encoding="utf-8")) if path.is_file() else ast.Module([], [])
    return {node.name for node in tree.body if isinstance(node, ast.FunctionDef)}


def rows() -> list[tuple[str, str]]:
    """(module, test) of every row."""
    return re.findall(r"`([\w/]+\.py)::(\w+)`", PAGE.read_text(encoding="utf-8"))


def test_every_test_named_on_the_page_exists() -> None:
    assert [row for row in rows() if row[1] not in functions_of(row[0])] == []
    assert len(rows()) > len(TARGETING)


def test_every_row_of_a_table_names_a_test() -> None:
    lines = [line for part in sections().values() for line in part.splitlines() if line.startswith("| ")]
    told = [line for line in lines if not line.startswith("| Option |")]
    assert [line for line in told if not re.search(r"\.py::test_\w+` \|$", line)] == []


@pytest.mark.parametrize("name", TARGETING)
def test_every_setting_of_a_targeting_activity_is_on_the_page(name: str) -> None:
    part = sections()[name]
    if "\nSee " not in part:
        assert [field for field in registered()[name].Config.model_fields if f"`{field}`" not in part] == []
