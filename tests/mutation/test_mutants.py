"""The generator: what it leaves alone, what it changes, and that what it makes can be run."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from textwrap import dedent

import pytest

from config.environment import ROOT
from tests.mutation.equivalents import Equivalent, equivalents, is_equivalent
from tests.mutation.mutants import IMPORTING, Mutant, Source, mutants_of
from tests.mutation.samples import sampled
from tests.mutation.sources import UnknownModuleError, sources

FUNCTIONS = """
    LIMIT = 1

    @decorated(2)
    def outer(value=3):
        inner = lambda: 4
        return [each for each in inner() if each > 5]
"""


def mutants(folder: Path, text: str) -> list[Mutant]:
    path = folder / "module.py"
    path.write_text(dedent(text), encoding="utf-8")
    return mutants_of(Source("module", path))


def test_a_module_that_is_not_there_is_refused_by_name() -> None:
    with pytest.raises(UnknownModuleError, match=r"campaigns\.targeting\.nowhere"):
        sources(["temporal", "nowhere"])


@pytest.mark.parametrize(
    "text",
    [
        '"""What a module is for."""',
        "from __future__ import annotations\nimport os as system",
        "if TYPE_CHECKING:\n    LIMIT = 1",
        'def f(value: "int") -> "int":\n    """Says."""',
        'x = _("Give a number.")',
        'x = ngettext("one", "many", n)',
        '@dataclass(frozen=True)\nclass A:\n    a: Literal["x"]\n    """What it is."""',
        "Word = int | None",
        "x = zip(a, strict=True)",
        "x = isinstance(a, b)",
        "x = f(a, b())",
        "assert a < b",
        "def f():\n    raise AssertionError('nobody comes here')",
        "def f():\n    return None",
        "def f():\n    return",
    ],
)
def test_what_no_test_could_notice_is_left_alone(tmp_path: Path, text: str) -> None:
    assert [each.told for each in mutants(tmp_path, text)] == []


@pytest.mark.parametrize(
    ("text", "kind", "changes"),
    [
        ("x = a < b", "comparison", ["a < b → a <= b", "a < b → a >= b"]),
        ("x = a not in b", "comparison", ["a not in b → a in b"]),
        ("x = a and b", "boolean", ["a and b → a or b"]),
        ("x = not a", "dropped not", ["not a → a"]),
        ("x = a + b", "arithmetic", ["a + b → a - b"]),
        ("x = -a", "arithmetic", ["-a → a"]),
        ("x = 1", "constant", ["1 → 2", "1 → 0"]),
        ("x = 'one'", "constant", ["'one' → 'onex'"]),
        ("def f(a=True): pass", "default", ["True → False"]),
        ("x = a if b else c", "negated condition", ["b → not b"]),
        ("x = [a for a in b if c]", "negated condition", ["c → not c"]),
        ("def f(a):\n    return a", "returned nothing", ["return a → return None"]),
        ("def f(a):\n    a.b = a", "removed statement", ["a.b = a → pass"]),
        ("def f(a):\n    raise a", "removed statement", ["raise a → pass"]),
        ("x = f(a, b)", "swapped arguments", ["f(a, b) → f(b, a)"]),
        ("x = f(this=a, that=b)", "swapped arguments", ["f(this=a, that=b) → f(this=b, that=a)"]),
        ("x = exp.GTE", "SQL operator", ["exp.GTE → exp.GT"]),
        ("x = exp.EQ(this=a, expression=b)", "SQL operator", ["exp.EQ → exp.NEQ"]),
    ],
)
def test_each_kind_of_fault(tmp_path: Path, text: str, kind: str, changes: list[str]) -> None:
    assert [(each.kind, each.told) for each in mutants(tmp_path, text)] == [(kind, each) for each in changes]


def test_a_mutant_knows_the_innermost_function_around_it(tmp_path: Path) -> None:
    blocks = {each.told: each.block for each in mutants(tmp_path, FUNCTIONS) if each.kind != "comparison"}
    importing = ["1 → 2", "2 → 3", "3 → 4"]
    assert [blocks[told] for told in importing] == [IMPORTING] * 3
    assert (blocks["4 → 5"], blocks["5 → 6"]) == (6, 4)


def test_a_mutant_differs_from_its_module_by_the_change_alone(tmp_path: Path) -> None:
    found = {}
    for each in mutants(tmp_path, "def f(a):\n    return a < 1, a < 1\n"):
        names: dict[str, object] = {}
        exec(each.code(), names)  # noqa: S102
        found[each.told] = names["f"](1)  # type: ignore[operator]
    assert found["a < 1 → a <= 1"] == (False, True)
    assert found["return (a < 1, a < 1) → return None"] is None


def test_a_control_is_its_module_as_it_is(tmp_path: Path) -> None:
    (mutant,) = mutants(tmp_path, "x = a and b\n")
    names: dict[str, object] = {"a": 0, "b": 1}
    exec(replace(mutant, is_control=True).code(), names)  # noqa: S102
    assert names["x"] == 0


def test_every_module_has_mutants_that_compile() -> None:
    every = {each.module: mutants_of(each) for each in sources([])}
    for mutant in random.Random(1).sample([each for found in every.values() for each in found], 50):
        assert mutant.code().co_filename == str(mutant.source.path)


def test_a_sample_has_its_share_of_every_module_and_is_drawn_again_by_its_seed() -> None:
    every = {each.module: mutants_of(each) for each in sources(["temporal", "hashing", "expressions.dates"])}
    first = sampled(every, 60, 1)
    assert (first, {each.source.module for each in first}) == (sampled(every, 60, 1), set(every))
    assert len(first) in range(55, 66)
    assert first != sampled(every, 60, 2)


@pytest.mark.parametrize("known", equivalents(), ids=lambda each: f"{each.file}: {each.change}")
def test_what_is_called_equivalent_is_a_mutant_and_has_a_reason(known: Equivalent) -> None:
    found = mutants_of(Source("", ROOT / known.file))
    assert any(is_equivalent(each, [known], ROOT) for each in found)
    assert known.reason
