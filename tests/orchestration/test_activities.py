"""What every activity type promises. No type is named here: a new one is held to all of it at once."""

from __future__ import annotations

import inspect
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pydantic
import pytest
from django.db import connection, transaction
from django.utils.functional import Promise

from campaigns import activity_types
from campaigns.activity_types import ActivityType, Category, Law
from campaigns.dimensions import register_dimension
from campaigns.plain_data import normal
from campaigns.problems import Problem, ProblemsError, errors_of
from campaigns.registration import register_table
from campaigns.targeting.schema import FieldType
from orchestration.models import Delivery, Message
from tests.oracle_activities.lookup import Rows
from tests.orchestration.activities.samples import draw_people
from tests.orchestration.engine import make_channel
from tests.orchestration.playground import WORLD, Came, Played, company, open_company, play
from tests.orchestration.setting_samples import accepted, spoilt
from tests.orchestration.texting import make_sms_channel

TYPES = activity_types.registered()
STORED = {
    FieldType.TEXT: {"text"},
    FieldType.INTEGER: {"bigint"},
    FieldType.DECIMAL: {"numeric"},
    FieldType.FLOAT: {"double precision"},
    FieldType.BOOLEAN: {"boolean"},
    FieldType.DATE: {"date"},
    FieldType.DATETIME: {"timestamp with time zone"},
    FieldType.UUID: {"uuid"},
    FieldType.JSON: {"jsonb"},
}
Sample = tuple[dict[str, Any], list[Came]]
Kind = type[ActivityType]

every_type = pytest.mark.parametrize("kind", TYPES.values(), ids=list(TYPES))


@pytest.fixture
def shop(db: None) -> Rows:
    rows = company(11, people=40)
    open_company(rows)
    roles = {"email": "email", "phone": "phone"}
    register_dimension("person", register_table("play", "person").table, label="Person", fields=roles)
    make_channel()
    make_sms_channel()
    return rows


def samples(kind: Kind, rows: Rows, number: int = 8) -> list[Sample]:
    """Settings that the type takes, with the populations they were drawn for."""
    chance = random.Random(kind.name)
    found: list[Sample] = []
    for _round in range(number):
        most = kind.inbound_max if kind.inbound_max is not None else max(kind.inbound_min, 2)
        inbound = [
            draw_people(chance, rows, source=name) for name in "abc"[: chance.randint(kind.inbound_min, most)]
        ]
        found += [(config, inbound) for config in _first(accepted(kind, inbound, chance))]
    return found


def _first(configs: Iterator[dict[str, Any]]) -> list[dict[str, Any]]:
    return [config for config, _one in zip(configs, range(2), strict=False)]


@every_type
def test_has_a_module_a_docstring_and_a_test_module_of_its_own(kind: Kind) -> None:
    path = Path(inspect.getfile(kind))
    assert path.stem == kind.name
    assert (Path(__file__).parent / "activities" / f"test_{kind.name}.py").is_file()
    assert kind.__doc__
    assert inspect.getdoc(inspect.getmodule(kind))


@every_type
def test_is_labelled_in_the_readers_language(kind: Kind) -> None:
    assert isinstance(kind.label, Promise)
    assert isinstance(kind.description, Promise)
    assert kind.icon != ActivityType.icon
    assert isinstance(kind.category, Category)
    assert isinstance(kind.law, Law)


@every_type
def test_its_schema_is_closed_and_names_every_field(kind: Kind) -> None:
    schema = kind.Config.model_json_schema()
    json.dumps(schema)
    definitions = schema.get("$defs", {})
    for model in models_of(schema, definitions):
        assert model["additionalProperties"] is False
        assert [name for name, part in model["properties"].items() if not title_of(part, definitions)] == []


def title_of(part: dict[str, Any], definitions: dict[str, Any]) -> Any:
    """A title that is that of the definition referred to stands only there."""
    return part.get("title") or definitions.get(part.get("$ref", "").rsplit("/", 1)[-1], {}).get("title")


def models_of(part: Any, definitions: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Every object a form draws field by field; what has a control of its own is that control's business."""
    if isinstance(part, list):
        for each in part:
            yield from models_of(each, definitions)
    elif isinstance(part, dict) and "widget" not in part:
        if "properties" in part:
            yield part
        if "$ref" in part:
            yield from models_of(definitions[part["$ref"].rsplit("/", 1)[1]], definitions)
        yield from models_of([each for name, each in part.items() if name != "$defs"], definitions)


@every_type
def test_some_settings_are_accepted(kind: Kind, shop: Rows) -> None:
    assert samples(kind, shop, number=3)


@every_type
def test_the_ports_declared_are_the_populations_recorded(kind: Kind, shop: Rows) -> None:
    for config, inbound in samples(kind, shop):
        settings = kind.Config.model_validate(config)
        played = play(kind.name, config, *inbound, is_test=True, real_waits=False)
        assert played.state == "succeeded"
        assert sorted(played.ports) == sorted(port.name for port in kind.ports(settings)), config


@every_type
def test_the_shapes_declared_are_the_columns_made(kind: Kind, shop: Rows) -> None:
    for config, inbound in samples(kind, shop):
        settings = kind.Config.model_validate(config)
        shapes = kind.shapes(settings, [each.inbound for each in inbound], WORLD)
        played = play(kind.name, config, *inbound, is_test=True, real_waits=False)
        for port, columns in played.columns.items():
            shape = shapes[port]
            assert shape is not None
            declared = {slug: column.type for slug, column in shape.columns.items()}
            made = {name: kind for name, kind in columns.items() if name != "key"}
            assert list(declared) == list(made), config
            assert all(made[name] in STORED[declared[name]] for name in made), (declared, made)


@every_type
def test_nobody_appears_and_nobody_vanishes(kind: Kind, shop: Rows) -> None:
    for config, inbound in samples(kind, shop):
        settings = kind.Config.model_validate(config)
        played = play(kind.name, config, *inbound, is_test=True, real_waits=False)
        _check(kind.law_of(settings), played, inbound, shop)


def _check(law: Law, played: Played, inbound: list[Came], shop: Rows) -> None:
    """The laws once more, on keys instead of counts, and without the engine's help."""
    ports = [set(people) for people in played.ports.values() if people is not None]
    left, gone = set().union(*ports), sum(played.reported.values())
    came = set().union(*(each.people for each in inbound))
    match law:
        case Law.SOURCE:
            assert sum(map(len, ports)) == len(left)
        case Law.PARTITION:
            assert left <= came
            assert sum(map(len, ports)) == len(left)
            assert len(left) + gone in {len(each.people) for each in inbound}
        case Law.COPY:
            assert all(port in [set(each.people) for each in inbound] or not inbound for port in ports)
        case Law.COVER:
            assert left <= came
            assert len(left) + gone == len(came)
        case Law.MAP:
            unmatched = played.ports.get("unmatched")
            assert played.reported["matched"] + played.reported["unmatched"] == len(came)
            assert unmatched is None or len(unmatched) == played.reported["unmatched"]
            assert set(unmatched or ()) <= came
        case Law.NONE:
            assert not played.ports


@every_type
def test_a_test_run_counts_what_a_live_run_counts_and_touches_nothing(kind: Kind, shop: Rows) -> None:
    drawn = samples(kind, shop, number=4)
    before = _company()
    tried = [play(kind.name, config, *inbound, is_test=True, real_waits=False) for config, inbound in drawn]
    assert not Delivery.objects.exclude(state="tested").exists()
    assert not Message.objects.exclude(state__in=["ready", "excluded"]).exists()
    for test, (config, inbound) in zip(tried, drawn, strict=True):
        live = play(kind.name, config, *inbound, memo={"woken": True})
        if live.state == "succeeded":
            assert (live.ports, live.reported) == (test.ports, test.reported)
    assert _company() == before


def _company() -> list[Any]:
    """How often each of the company's tables was written to."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins, n_tup_upd, n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE schemaname = 'play' ORDER BY relname"
        )
        return list(cursor.fetchall())


@every_type
def test_executed_again_after_an_end_in_the_middle_it_does_the_same(kind: Kind, shop: Rows) -> None:
    for config, inbound in samples(kind, shop, number=3):
        first = _ended_in_the_middle(kind, config, inbound)
        again = play(kind.name, config, *inbound, is_test=True, real_waits=False)
        assert (first.ports, first.reported, first.columns) == (again.ports, again.reported, again.columns)


def _ended_in_the_middle(kind: Kind, config: dict[str, Any], inbound: list[Came]) -> Played:
    """What was done in a transaction that came to nothing."""
    with transaction.atomic():
        played = play(kind.name, config, *inbound, is_test=True, real_waits=False)
        transaction.set_rollback(True)
    return played


@every_type
def test_hostile_settings_are_refused_or_do_what_they_say(kind: Kind, shop: Rows) -> None:
    chance = random.Random(13)
    executed = 0
    for config, inbound in samples(kind, shop, number=6):
        for _round in range(60):
            hostile = spoilt(config, chance)
            found = _judged(kind, hostile, inbound)
            assert all(problem.code and problem.message and problem.remedy for problem in found or ())
            if found is not None and not errors_of(found) and executed < 40:
                executed += 1
                assert play(kind.name, hostile, *inbound, is_test=True, real_waits=False).state == "succeeded"
    assert len(_company()) == len(shop)


def _judged(kind: Kind, config: Any, inbound: list[Came]) -> list[Problem] | None:
    """What the lint says; None where a document cannot hold the settings, or they are not of the right shape."""
    try:
        settings = kind.Config.model_validate(normal(config))
    except (pydantic.ValidationError, ProblemsError):
        return None
    arrows = [each.inbound for each in inbound]
    shapes = kind.shapes(settings, arrows, WORLD)
    found = list(kind.lint(settings, arrows, WORLD))
    if not errors_of(found):
        assert list(shapes) == [port.name for port in kind.ports(settings)]
    return found
