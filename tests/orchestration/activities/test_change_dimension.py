from __future__ import annotations

from typing import Any

import pytest

from tests.oracle_activities.change_dimension import changed
from tests.orchestration.playground import Came, Rows, T, came, codes, play, signal


def test_whoever_leads_nowhere_leaves_by_a_way_of_their_own(small_shop: Rows) -> None:
    played = play("change_dimension", {"dimension": "contract", "link": "contracts"}, came("a", [1001, 1002]))
    assert played.counts() == {"main": 0, "unmatched": 2}
    assert played.reported == {"matched": 0, "unmatched": 2}


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"dimension": "contrakt", "link": "contracts"}, ("dimension.unknown", "/dimension")),
        ({"dimension": "contract", "link": "kontracts"}, ("rule.unknown_link", "/link")),
        ({"dimension": "contract", "link": "purchases"}, ("change_dimension.wrong_end", "/link")),
        (
            {"dimension": "contract", "link": "contracts", "keep": "chosen", "columns": ["y"]},
            ("column.unknown", "/columns/0"),
        ),
        (
            {"dimension": "contract", "link": "contracts", "most": 1, "sort": [{"attribute": "kynd"}]},
            ("rule.unknown_attribute", "/sort/0/attribute"),
        ),
        (
            {"dimension": "contract", "link": "contracts", "sort": [{"attribute": "kind"}]},
            ("change_dimension.needless_sort", "/sort"),
        ),
        (
            {"dimension": "contract", "link": "contracts", "add": [{"attribute": "city", "name": "y"}]},
            ("rule.unknown_attribute", "/add/0/attribute"),
        ),
        (
            {"dimension": "contract", "link": "contracts", "add": [{"attribute": "kind", "name": "x"}]},
            ("column.taken", "/add/0/name"),
        ),
        (
            {"dimension": "contract", "link": "contracts", "columns": ["x"]},
            ("change_dimension.needless_columns", "/columns"),
        ),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, object], found: tuple[str, str]) -> None:
    assert codes("change_dimension", config, Came("a", {}, {"x": T.INTEGER})) == {found}


def test_without_people_there_is_nothing_to_change() -> None:
    config = {"dimension": "contract", "link": "contracts"}
    assert codes("change_dimension", config, signal("a")) == {("arrow.nobody", "")}


def test_only_chosen_columns_are_kept(small_shop: Rows) -> None:
    people = Came("a", {key: {"x": key, "y": "y"} for key in range(1, 13)}, {"x": T.INTEGER, "y": T.TEXT})
    config = {"dimension": "contract", "link": "contracts"}
    assert set(play("change_dimension", config, people).columns["main"]) == {"key", "x", "y"}
    chosen = play("change_dimension", {**config, "keep": "chosen", "columns": ["y"]}, people)
    assert set(chosen.columns["main"]) == {"key", "y"}
    assert set(play("change_dimension", {**config, "keep": "none"}, people).columns["main"]) == {"key"}


WAYS = [
    ("person", "contract", "contracts"),
    ("contract", "person", "person"),
    ("person", "product", "purchases.product"),
    ("contract", "product", "person.purchases.product"),
    ("person", "person", "contracts.person"),
]


@pytest.mark.parametrize(("source", "target", "link"), WAYS)
def test_the_reference_arrives_at_the_same_rows(shop: Rows, source: str, target: str, link: str) -> None:
    keys = [row["person_id" if source == "person" else "contract_no"] for row in shop[source]]
    for some in (keys, keys[::3], []):
        people = {key: {"x": number} for number, key in enumerate(some)}
        inbound = Came("a", people, {"x": T.INTEGER}, source)
        played = play("change_dimension", {"dimension": target, "link": link}, inbound)
        reached, unmatched = changed(shop, source, people, link)
        assert played.ports == {"main": reached, "unmatched": unmatched}
        assert played.reported == {"matched": len(people) - len(unmatched), "unmatched": len(unmatched)}


def test_a_link_that_is_a_path_leads_where_its_links_lead(shop: Rows) -> None:
    people = came("a", [row["person_id"] for row in shop["person"]])
    named, written = (
        play("change_dimension", {"dimension": "product", "link": link}, people)
        for link in ("products", "purchases.product")
    )
    assert named.counts()["main"] > 0
    assert named.ports == written.ports


OPTIONS: list[dict[str, Any]] = [
    {"most": 1},
    {"most": 2, "sort": [{"attribute": "department"}, {"attribute": "name", "order": "ascending"}]},
    {"add": [{"attribute": "name", "name": "product"}, {"attribute": "department", "name": "kind"}]},
    {"most": 3, "add": [{"attribute": "name", "name": "product"}], "sort": [{"attribute": "name"}]},
]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize(
    ("source", "link"), [("person", "purchases.product"), ("contract", "person.purchases.product")]
)
def test_the_reference_takes_the_same_rows_and_columns(
    shop: Rows, source: str, link: str, options: dict[str, Any]
) -> None:
    keys = [row["person_id" if source == "person" else "contract_no"] for row in shop[source]]
    people = {key: {"x": number} for number, key in enumerate(keys)}
    config = {"dimension": "product", "link": link, **options}
    played = play("change_dimension", config, Came("a", people, {"x": T.INTEGER}, source))
    reached, unmatched = changed(shop, source, people, link, options)
    assert played.ports == {"main": reached, "unmatched": unmatched}
