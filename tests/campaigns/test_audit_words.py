from __future__ import annotations

import ast
import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import translation

from campaigns.audit_words import ACTS, act_words, detail_words, door_words
from campaigns.models import AuditEntry
from config.environment import ROOT

APPS = ("campaigns", "orchestration", "reporting", "config")


def entry(action: str, **detail: object) -> AuditEntry:
    return AuditEntry(action=action, door="api", object="campaign one", detail=detail)


def recorded() -> Iterator[str]:
    """Every act that a module of ours writes down by its name."""
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py")):
        calls = (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
        yield from (name for call in calls if _is_record(call) for name in _first(call, path))


def _is_record(call: ast.Call) -> bool:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    return name == "record"


def _first(call: ast.Call, path: Path) -> Iterator[str]:
    """Written there, or a constant of the module."""
    match call.args:
        case [ast.Constant(value=str(name)), *_]:
            yield name
        case [ast.Name(id=name), *_] if name.isupper():
            dotted = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield getattr(importlib.import_module(dotted), name)


def test_every_act_has_words() -> None:
    found = set(recorded())
    assert len(found) > 15
    assert found - set(ACTS) == set()


def test_an_unknown_act_is_shown_as_it_is_written() -> None:
    assert act_words(entry("pie.bake")) == "pie.bake"


@pytest.mark.parametrize(
    ("action", "words"),
    [("campaign.save", "Draft saved"), ("table.change", "Table changed"), ("user.add", "User added")],
)
def test_acts_are_words(action: str, words: str) -> None:
    assert act_words(entry(action)) == words


def test_words_are_in_the_reader_s_language() -> None:
    with translation.override("ko"):
        assert (act_words(entry("campaign.save")), door_words(entry("x"))) == ("초안 저장", "API")


def test_what_only_programs_use_is_left_out() -> None:
    shown = detail_words(entry("campaign.publish", hash="f" * 64, version=3, fields=["a", "b"]))
    assert shown == [("version", "3"), ("fields", "a, b")]
