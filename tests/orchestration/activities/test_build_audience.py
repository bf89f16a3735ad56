from __future__ import annotations

import pytest

from campaigns.activity_types import get
from campaigns.targeting.semi_joins import SEMI_JOINED
from tests.oracle_activities.lookup import Rows
from tests.orchestration.playground import codes, context_for, play, signal

ADULT = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}
BOUGHT = {"kind": "exists", "link": "purchases"}
OFTEN = {"kind": "aggregate", "link": "purchases", "function": "count", "operator": "greater", "value": 1}


@pytest.mark.parametrize(
    "config",
    [
        {},
        {"dimension": ""},
        {"dimension": "person", "when_empty": "explode"},
        {"dimension": "person", "x": 1},
    ],
)
def test_misshapen_settings_are_refused(config: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="validation error"):
        codes("build_audience", config)


def test_lint_names_what_is_wrong_and_where() -> None:
    assert codes("build_audience", {"dimension": "persn"}) == {("dimension.unknown", "/dimension")}
    rule = {"kind": "all", "of": [ADULT, {**ADULT, "operator": "like"}]}
    assert codes("build_audience", {"dimension": "person", "rule": rule}) == {
        ("rule.wrong_operator", "/rule/of/1/operator")
    }


def test_nobody_found_stops_the_branch_only_where_that_was_asked(small_shop: Rows) -> None:
    config = {"dimension": "person", "rule": {**ADULT, "value": 200}}
    assert play("build_audience", config).ports == {"main": {}}
    assert play("build_audience", {**config, "when_empty": "stop"}).ports == {"main": None}


def test_without_a_rule_it_is_everybody(small_shop: Rows) -> None:
    played = play("build_audience", {"dimension": "contract", "complement": True}, signal("before"))
    assert played.keys() == {row["contract_no"] for row in small_shop["contract"]}
    assert played.keys("complement") == set()


@pytest.mark.parametrize(("rule", "settings"), [(None, {}), (ADULT, {}), (OFTEN, {}), (BOUGHT, SEMI_JOINED)])
def test_people_are_joined_with_rows_that_exist_as_they_are(
    small_shop: Rows, rule: object, settings: dict[str, str]
) -> None:
    context = context_for("build_audience", {"dimension": "person", "rule": rule})
    assert get("build_audience").execute(context).settings == settings  # type: ignore[attr-defined]


def test_the_complement_is_the_rest_of_the_table(shop: Rows) -> None:
    played = play("build_audience", {"dimension": "person", "rule": ADULT, "complement": True})
    adults = {row["person_id"] for row in shop["person"] if row["age"] is not None and row["age"] > 25}
    assert played.keys() == adults
    assert played.keys("complement") == {row["person_id"] for row in shop["person"]} - adults
