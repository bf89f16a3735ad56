from __future__ import annotations

from dataclasses import replace

import pytest

from campaigns.targeting.schema import Audience
from orchestration.audience_reading import AudienceRows
from orchestration.exceptions import ActivityFailed, ConservationBroken
from tests.oracle_activities.lookup import Rows
from tests.oracle_activities.read_audience import read
from tests.orchestration.playground import REGULARS, WORLD, codes, members, play, signal


@pytest.mark.parametrize(
    ("config", "found"),
    [
        ({"audience": "regulrs"}, ("audience.unknown", "/audience")),
        ({"audience": "lapsed"}, ("rule.audience_expired", "/audience")),
        ({"audience": "promised"}, ("rule.audience_empty", "/audience")),
        ({"audience": "regulars", "keep": "chosen", "columns": ["tir"]}, ("column.unknown", "/columns/0")),
        ({"audience": "regulars", "columns": ["tier"]}, ("read_audience.needless_columns", "/columns")),
    ],
)
def test_lint_names_what_is_wrong_and_where(config: dict[str, object], found: tuple[str, str]) -> None:
    assert codes("read_audience", config) == {found}


@pytest.mark.parametrize(
    ("audience", "words"),
    [
        ("lapsed", "have expired. Save or import it again"),
        ("promised", "no members yet"),
        ("gone", "not known"),
    ],
)
def test_what_cannot_be_read_fails_with_the_remedy(small_shop: Rows, audience: str, words: str) -> None:
    with pytest.raises(ActivityFailed, match=words):
        play("read_audience", {"audience": audience})


def test_a_composed_audience_that_no_longer_fits_fails_by_its_name(small_shop: Rows) -> None:
    rule = {"kind": "condition", "attribute": "nothing", "operator": "is_empty"}
    broken = Audience("broken", "Broken", "person", "person", "person_id", rule=rule, origin="composed")
    catalogue = replace(WORLD.catalogue, audiences={"broken": broken})
    world = replace(WORLD, catalogue=catalogue)
    with pytest.raises(ActivityFailed, match="“Broken” cannot be used"):
        play("read_audience", {"audience": "broken"}, world=world)


def test_nobody_found_stops_the_branch_only_where_that_was_asked(small_shop: Rows) -> None:
    rule = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 900}
    nobody = Audience("nobody", "Nobody", "person", "person", "person_id", rule=rule, origin="composed")
    world = replace(WORLD, catalogue=replace(WORLD.catalogue, audiences={"nobody": nobody}))
    assert play("read_audience", {"audience": "nobody"}, world=world).ports["main"] == {}
    stopping = {"audience": "nobody", "when_empty": "stop"}
    assert play("read_audience", stopping, world=world).ports["main"] is None


@pytest.mark.parametrize("keep", [{}, {"keep": "none"}, {"keep": "chosen", "columns": ["points"]}])
def test_the_reference_reads_the_same_members(shop: Rows, keep: dict[str, object]) -> None:
    kept = {"none": [], "chosen": ["points"]}.get(str(keep.get("keep")), list(REGULARS))
    played = play("read_audience", {"audience": "regulars", "complement": True, **keep}, signal("before"))
    main, missing, rest = read(shop, "person", members(shop)["regulars"], kept)
    assert played.ports == {"main": main, "missing": missing, "complement": rest}
    assert played.reported == {"members": len(main) + len(missing)}
    assert missing


def test_an_audience_of_another_dimension_brings_its_own_people(shop: Rows) -> None:
    played = play("read_audience", {"audience": "kept"})
    main, missing, _rest = read(shop, "contract", members(shop)["kept"], [])
    assert played.ports == {"main": main, "missing": missing}


def test_whom_a_rule_finds_are_read_as_they_are_now(shop: Rows) -> None:
    played = play("read_audience", {"audience": "adults", "complement": True})
    adults = {row["person_id"] for row in shop["person"] if row["age"] is not None and row["age"] > 25}
    assert (played.keys(), played.keys("missing")) == (adults, set())
    assert played.keys("complement") == {row["person_id"] for row in shop["person"]} - adults


def test_a_member_who_left_by_no_way_is_noticed(small_shop: Rows, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(AudienceRows, "missing", lambda self: self.present().where("false"))
    with pytest.raises(ConservationBroken, match="were on the list"):
        play("read_audience", {"audience": "regulars"})
