from __future__ import annotations

import re
from pathlib import Path

from campaigns.targeting.operators import LABELS, NEGATIVES, Operator, operators_of, positive_of
from campaigns.targeting.schema import FieldType
from tests.campaigns.targeting.vocabulary import OPERATORS

PAGE = Path(__file__).resolve().parents[3] / "docs" / "rules.md"


def test_the_page_of_rules_lists_the_operators_of_each_type() -> None:
    section = PAGE.read_text("utf-8").split("## Operators by type")[1].split("##")[0]
    listed = dict(re.findall(r"^\| (\w+) \| ([a-z_, ]+) \|$", section, re.MULTILINE))

    assert listed == {kind.value: ", ".join(operators_of(kind)) for kind in FieldType}


def test_the_page_of_rules_lists_the_negative_operators() -> None:
    sentence = PAGE.read_text("utf-8").split("A *negative* operator (")[1].split(")")[0]
    assert set(re.findall(r"`(\w+)`", sentence)) == set(NEGATIVES)


def test_generated_rules_use_all_of_them() -> None:
    assert {kind.value: sorted(operators_of(kind)) for kind in FieldType} == {
        kind: sorted(operators) for kind, operators in OPERATORS.items()
    }


def test_every_operator_has_words() -> None:
    assert set(LABELS) == set(Operator)


def test_a_negative_operator_is_its_twin_denied() -> None:
    assert positive_of(Operator.NOT_LIKE) == (Operator.LIKE, True)
    assert positive_of(Operator.LIKE) == (Operator.LIKE, False)
