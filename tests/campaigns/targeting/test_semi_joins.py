from __future__ import annotations

from typing import Any

import pytest

from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.semi_joins import SEMI_JOINED
from campaigns.targeting.statements import count_statement
from tests.campaigns.targeting.conftest import Company

pytestmark = pytest.mark.django_db

GROWN = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 17}
BOUGHT = {"kind": "exists", "link": "orders"}
OFTEN = {"kind": "aggregate", "link": "orders", "function": "count", "operator": "greater", "value": 2}


@pytest.mark.parametrize("rule", [GROWN, OFTEN, {"kind": "all", "of": [BOUGHT, OFTEN]}])
def test_hashing_is_kept_where_nothing_exists_or_rows_are_grouped(
    company: Company, rule: dict[str, Any]
) -> None:
    assert render(count_statement(parse_rule(rule), company.scope("person"))).planner == {}


@pytest.mark.parametrize(
    "rule", [BOUGHT, {"kind": "all", "of": [GROWN, BOUGHT]}, {"kind": "not", "of": BOUGHT}]
)
def test_rows_that_exist_are_joined_as_they_are(company: Company, rule: dict[str, Any]) -> None:
    assert render(count_statement(parse_rule(rule), company.scope("person"))).planner == SEMI_JOINED
