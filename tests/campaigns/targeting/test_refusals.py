"""What a person reads who wrote a rule that cannot be used: the whole of it, word for word.

`refusals.json` holds one faulty rule a line. A text that is changed on purpose is changed there too.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest

from campaigns.targeting.compile import check_rule
from campaigns.targeting.problems import RuleError
from campaigns.targeting.rules import parse_rule
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

REFUSED = json.loads(Path(__file__).with_name("refusals.json").read_text(encoding="utf-8"))


def told(company: Company, rule: Any, table: str) -> list[dict[str, Any]]:
    try:
        found = check_rule(parse_rule(rule), company.scope(table))
    except RuleError as error:
        found = list(error.problems)
    return [{name: value for name, value in asdict(problem).items() if name != "fixes"} for problem in found]


@pytest.mark.parametrize(
    "refused", REFUSED, ids=[f"{at}-{each['problems'][0]['code']}" for at, each in enumerate(REFUSED)]
)
def test_a_refusal_names_the_place_the_fault_and_the_remedy(company: Company, refused: Any) -> None:
    assert told(company, refused["rule"], refused["table"]) == refused["problems"]


def test_every_line_tells_what_is_wrong_and_what_to_do() -> None:
    problems = [problem for each in REFUSED for problem in each["problems"]]
    assert all(problem["message"] and problem["remedy"] for problem in problems)
    assert len({problem["code"] for problem in problems}) > 50
