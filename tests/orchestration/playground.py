"""A small company in PostgreSQL, and a way to execute one activity on populations made by hand.

`play` goes the engine's own way from settings to recorded populations; what it answers is read back from the tables.
"""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from psycopg import sql
from psycopg.types.json import Jsonb

from campaigns import activity_types
from campaigns.activity_types import Dimension, Inbound, Shape, World
from campaigns.file_lines import with_file_lines
from campaigns.models import Campaign
from campaigns.problems import Problem
from campaigns.targeting.schema import Audience, Cardinality, Catalogue, Column, FieldType, Link, Table
from orchestration.compilation import Arrival, CompileContext
from orchestration.models import ActivityRun, CampaignRun
from orchestration.outcomes import record_result
from orchestration.working_tables import DECIDED

Rows = dict[str, list[dict[str, Any]]]
NOW = datetime(2018, 1, 1, 12, tzinfo=UTC)
T = FieldType
_STORED = {
    T.TEXT: "text",
    T.INTEGER: "bigint",
    T.DECIMAL: "numeric",
    T.FLOAT: "double precision",
    T.BOOLEAN: "boolean",
    T.DATE: "date",
    T.DATETIME: "timestamptz",
    T.UUID: "uuid",
    T.JSON: "jsonb",
}
PEOPLE_FIELDS = {
    "person_id": T.INTEGER,
    "name": T.TEXT,
    "email": T.TEXT,
    "city": T.TEXT,
    "age": T.INTEGER,
    "spend": T.DECIMAL,
    "weight": T.FLOAT,
    "joined": T.DATE,
    "seen": T.DATETIME,
    "active": T.BOOLEAN,
    "token": T.UUID,
    "extra": T.JSON,
    "phone": T.TEXT,
}
TABLES: Mapping[str, tuple[Mapping[str, FieldType], tuple[str, ...]]] = {
    "person": (PEOPLE_FIELDS, ("person_id",)),
    "contract": (
        {"contract_no": T.TEXT, "person_id": T.INTEGER, "kind": T.TEXT, "amount": T.DECIMAL},
        ("contract_no",),
    ),
    "purchase": (
        {
            "purchase_id": T.INTEGER,
            "person_id": T.INTEGER,
            "at": T.DATETIME,
            "amount": T.DECIMAL,
            "product_id": T.INTEGER,
            "gift": T.BOOLEAN,
        },
        ("purchase_id",),
    ),
    "product": ({"product_id": T.INTEGER, "name": T.TEXT, "department": T.TEXT}, ("product_id",)),
    "visit": ({"person_id": T.INTEGER, "page": T.TEXT, "token": T.UUID}, ()),
    "profile": ({"profile_id": T.INTEGER, "person_id": T.INTEGER, "income": T.TEXT}, ("profile_id",)),
}
ONE, MANY = Cardinality.ONE, Cardinality.MANY
LINKS = [
    ("person", "contracts", "contract", "person_id", "person_id", MANY),
    ("contract", "person", "person", "person_id", "person_id", ONE),
    ("person", "purchases", "purchase", "person_id", "person_id", MANY),
    ("purchase", "person", "person", "person_id", "person_id", ONE),
    ("purchase", "product", "product", "product_id", "product_id", ONE),
    ("product", "purchases", "purchase", "product_id", "product_id", MANY),
    ("person", "visits", "visit", "person_id", "person_id", MANY),
    ("person", "profile", "profile", "person_id", "person_id", ONE),
]


def columns_of(kinds: Mapping[str, FieldType]) -> dict[str, Column]:
    return {name: Column(name, name, kind, name) for name, kind in kinds.items()}


def _catalogue() -> Catalogue:
    tables = {
        slug: Table(
            slug,
            "play",
            slug,
            slug,
            {name: Column(name, name, kind, name, name not in (*key, "at")) for name, kind in fields.items()},
            key,
        )
        for slug, (fields, key) in TABLES.items()
    }
    links = {
        (source, slug): Link(slug, slug, source, target, ((here, there),), cardinality)
        for source, slug, target, here, there, cardinality in LINKS
    }
    bought = links["person", "purchases"]
    steps = (bought, links[bought.target, "product"])
    links["person", "products"] = Link("products", "products", "person", "product", (), MANY, steps)
    return Catalogue(tables, links, audiences={each.slug: each for each in _audiences()})


ADULTS = {"kind": "condition", "attribute": "age", "operator": "greater", "value": 25}
REGULARS = {"tier": T.TEXT, "points": T.DECIMAL}


def _audiences() -> list[Audience]:
    """Saved ones with and without columns, one composed, and two that hold nobody any more or yet."""
    person = {"dimension": "person", "table": "person", "key": "person_id"}
    contract = {"dimension": "contract", "table": "contract", "key": "contract_no"}
    regulars = columns_of(REGULARS)
    return [
        Audience("regulars", "Regulars", **person, relation=("audience", "regulars"), columns=regulars),
        Audience("kept", "Kept contracts", **contract, relation=("audience", "kept")),
        Audience("adults", "Adults", **person, rule=ADULTS, origin="composed"),
        Audience("lapsed", "Lapsed", **person, missing="expired"),
        Audience("promised", "Promised", **person, missing="empty"),
        Audience("bought", "Bought", **person, relation=("audience", "regulars"), origin="imported"),
        Audience("theirs", "Theirs", **person, relation=("audience", "regulars"), campaign="another"),
    ]


def members(rows: Rows) -> dict[str, dict[Any, dict[str, Any]]]:
    """Who is in the saved audiences: every third row, and one that is gone."""
    people = [row["person_id"] for row in rows["person"]][::3]
    tiers = ["gold", "", None]
    regulars = {
        key: {"tier": tiers[number % 3], "points": Decimal(number) if number % 2 else None}
        for number, key in enumerate([*people, 1001])
    }
    contracts = [row["contract_no"] for row in rows["contract"]][1::3]
    return {"regulars": regulars, "kept": {key: {} for key in [*contracts, "C-gone"]}}


WORLD = with_file_lines(
    World(
        catalogue=_catalogue(),
        dimensions={
            "person": Dimension("person", "Person", "person", "person_id", email="email", phone="phone"),
            "contract": Dimension("contract", "Contract", "contract", "contract_no"),
            "product": Dimension("product", "Product", "product", "product_id"),
        },
        channels={"marketing-mail": "email", "texts": "sms"},
        variables={"goal": "number", "word": "text", "day": "date", "open": "boolean"},
        files={"customers": Path(__file__).parent / "samples" / "customers.csv"},
    )
)
VARIABLES = {"goal": Decimal(10), "word": "yes", "day": date(2018, 1, 1), "open": True}


def company(seed: int, people: int = 60) -> Rows:
    """Rows of every table: values missing, empty, equal but for case and blanks; keys that lead nowhere."""
    chance = random.Random(seed)
    return {
        "person": [_person(chance, number) for number in range(1, people + 1)],
        "contract": [_contract(chance, number, people) for number in range(1, people + 1)],
        "purchase": [_purchase(chance, number, people) for number in range(1, 3 * people + 1)],
        "product": [_product(number) for number in range(1, 9)],
        "visit": [_visit(chance, people) for _number in range(2 * people)],
        "profile": [_profile(chance, number, people) for number in range(1, people + 1)],
    }


def _person(chance: random.Random, number: int) -> dict[str, Any]:
    return {
        "person_id": number,
        "name": chance.choice(["Ada", "Bo", "", None, "김하늘", "bo"]),
        "email": chance.choice([None, "", "a@x.org", "A@X.org", " a@x.org ", "b@x.org", f"p{number}@x.org"]),
        "city": chance.choice(["Seoul", "Oslo", "oslo", None, ""]),
        "age": chance.choice([None, 20, 20, 30, 40]),
        "spend": chance.choice([None, Decimal("0.00"), Decimal("10.50"), Decimal("10.50"), Decimal("99.99")]),
        "weight": chance.choice([None, 1.5, 2.25]),
        "joined": chance.choice([None, date(2017, 1, 1), date(2017, 6, 30)]),
        "seen": chance.choice([None, NOW - timedelta(days=1), NOW - timedelta(days=200)]),
        "active": chance.choice([None, True, False]),
        "token": UUID(int=chance.randrange(5)),
        "extra": chance.choice([None, {"a": 1}, ["x"]]),
        "phone": [None, "", "none", "010-1234-5678", f"+8210 9999 {number:04}"][min(number % 9, 4)],
    }


def _contract(chance: random.Random, number: int, people: int) -> dict[str, Any]:
    owner = chance.choice([None, *range(1, people + 10)])
    return {
        "contract_no": f"C-{number:03d}",
        "person_id": owner,
        "kind": chance.choice(["gold", "silver"]),
        "amount": Decimal(chance.randrange(5)),
    }


def _purchase(chance: random.Random, number: int, people: int) -> dict[str, Any]:
    return {
        "purchase_id": number,
        "person_id": chance.choice([None, *range(1, people // 2)]),
        "at": NOW - timedelta(days=chance.randrange(5)),
        "amount": chance.choice([None, Decimal("1.10"), Decimal("2.20"), Decimal("3.30")]),
        "product_id": chance.choice([None, *range(1, 12)]),
        "gift": chance.choice([None, True, False]),
    }


def _product(number: int) -> dict[str, Any]:
    return {"product_id": number, "name": f"Product {number}", "department": ["toys", "food", ""][number % 3]}


def _visit(chance: random.Random, people: int) -> dict[str, Any]:
    page = chance.choice(["/", "/a", "", None])
    return {
        "person_id": chance.randrange(1, people + 5),
        "page": page,
        "token": UUID(int=chance.randrange(9)),
    }


def _profile(chance: random.Random, number: int, people: int) -> dict[str, Any]:
    """Now and then two for one person, which breaks the link to one."""
    income = chance.choice(["high", "low", None])
    return {"profile_id": number, "person_id": chance.randrange(1, people + 1), "income": income}


def open_company(rows: Rows) -> None:
    """Create and fill the tables; only purchases have an index that leads to their person."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE SCHEMA play")
        for slug, (fields, key) in TABLES.items():
            _create(cursor, "play", slug, fields, key)
            _fill(cursor, "play", slug, list(fields), [list(row.values()) for row in rows[slug]])
        cursor.execute("CREATE INDEX ON play.purchase (person_id)")
        cursor.execute("CREATE SCHEMA IF NOT EXISTS audience")
        for slug, people in members(rows).items():
            fields = {"key": T.INTEGER, **REGULARS} if slug == "regulars" else {"key": T.TEXT}
            _create(cursor, "audience", slug, fields, ["key"])
            listed = [[key, *values.values()] for key, values in people.items()]
            _fill(cursor, "audience", slug, list(fields), listed)


def _create(cursor: Any, schema: str, name: str, fields: Mapping[str, FieldType], key: Sequence[str]) -> None:
    columns = [
        sql.SQL("{} {}").format(sql.Identifier(field), sql.SQL(_STORED[kind]))
        for field, kind in fields.items()
    ]
    if key:
        columns.append(sql.SQL("PRIMARY KEY ({})").format(sql.SQL(", ").join(map(sql.Identifier, key))))
    cursor.execute(
        sql.SQL("CREATE TABLE {} ({})").format(sql.Identifier(schema, name), sql.SQL(", ").join(columns))
    )


def _fill(cursor: Any, schema: str, name: str, fields: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    statement = sql.SQL("INSERT INTO {} ({}) VALUES ({})").format(
        sql.Identifier(schema, name),
        sql.SQL(", ").join(map(sql.Identifier, fields)),
        sql.SQL(", ").join([sql.Placeholder()] * len(fields)),
    )
    plain = [[Jsonb(v) if isinstance(v, dict | list) else v for v in row] for row in rows]
    if plain:
        cursor.executemany(statement, plain)


People = dict[Any, dict[str, Any]]


@dataclass(frozen=True)
class Came:
    """A population that comes in: its people by key, each with the values of the added columns."""

    source: str
    people: People
    columns: Mapping[str, FieldType] = field(default_factory=dict)
    dimension: str = "person"
    port: str = "main"

    @property
    def shape(self) -> Shape | None:
        return Shape(self.dimension, columns_of(self.columns)) if self.dimension else None

    @property
    def inbound(self) -> Inbound:
        return Inbound(self.source, self.port, self.shape)


def signal(source: str) -> Came:
    """An arrow that only says when to go on."""
    return Came(source, {}, dimension="")


def came(source: str, keys: Any, **more: Any) -> Came:
    return Came(source, {key: {} for key in keys}, **more)


@dataclass(frozen=True)
class Played:
    """What an activity did: its state, people by port (None: not activated), counts reported, columns by port."""

    state: str
    ports: dict[str, People | None]
    reported: dict[str, int]
    columns: dict[str, dict[str, str]]
    activity_run: ActivityRun

    def keys(self, port: str = "main") -> set[Any]:
        people = self.ports[port]
        assert people is not None
        return set(people)

    def counts(self) -> dict[str, int]:
        return {port: len(people or {}) for port, people in self.ports.items()}


def play(type_name: str, config: Mapping[str, Any], *inbound: Came, **options: Any) -> Played:
    """Execute one activity in a run of its own; options are fields of CompileContext."""
    with transaction.atomic():
        activity_run = _activity_run(type_name)
        context = context_of(activity_run, type_name, config, inbound, **options)
        result = activity_types.get(type_name).execute(context)  # type: ignore[attr-defined]
        record_result(activity_run, 1, context, result)
    activity_run.refresh_from_db()
    return _read(activity_run)


def context_for(type_name: str, config: Mapping[str, Any], *inbound: Came) -> CompileContext:
    """What one activity is given in a run of its own."""
    return context_of(_activity_run(type_name), type_name, config, inbound)


def context_of(
    activity_run: ActivityRun,
    type_name: str,
    config: Mapping[str, Any],
    inbound: Sequence[Came],
    **options: Any,
) -> CompileContext:
    activity_type = activity_types.get(type_name)
    settings = activity_type.Config.model_validate(config)
    usual: dict[str, Any] = {
        "connected": frozenset(port.name for port in activity_type.ports(settings)),
        "world": WORLD,
        "anchor": NOW,
        "zone": ZoneInfo("UTC"),
        "now": NOW,
        "variables": VARIABLES,
        "is_test": False,
        "real_waits": True,
        "recurring": False,
        "label": "",
        "memo": {},
    }
    return CompileContext(
        activity_id="here",
        config=settings,
        arrivals=[_arrive(each) for each in inbound],
        campaign_id=activity_run.run.campaign_id,
        activity_run_id=activity_run.pk,
        **{**usual, **options},
    )


def _activity_run(type_name: str) -> ActivityRun:
    campaign, _made = Campaign.objects.get_or_create(slug="play", defaults={"name": "Play"})
    campaign.runs.update(state="completed")
    run = CampaignRun.objects.create(campaign=campaign, kind="test", definition="{}")
    return ActivityRun.objects.create(run=run, activity_id="here", type=type_name, state="running", epoch=1)


def _arrive(each: Came) -> Arrival:
    if not each.dimension:
        return Arrival(each.source, each.port)
    name = f"in_{each.source}_{each.port}".replace("-", "_")
    key = WORLD.catalogue.tables[WORLD.dimensions[each.dimension].table].columns[
        WORLD.dimensions[each.dimension].key
    ]
    fields = {"key": key.type, **each.columns}
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP TABLE IF EXISTS {}").format(sql.Identifier("work", name)))
        _create(cursor, "work", name, fields, ["key"])
        rows = [[key, *(row[name] for name in each.columns)] for key, row in each.people.items()]
        _fill(cursor, "work", name, list(fields), rows)
    return Arrival(each.source, each.port, each.dimension, name, columns_of(each.columns), len(each.people))


def _read(activity_run: ActivityRun) -> Played:
    ports: dict[str, People | None] = {}
    columns: dict[str, dict[str, str]] = {}
    for row in activity_run.populations.all():
        ports[row.port] = None if not row.activated else {}
        if row.table_name and row.activated:
            ports[row.port], columns[row.port] = _table(row.table_name)
            people = ports[row.port]
            assert people is not None
            assert len(people) == row.row_count
            assert list(columns[row.port]) == ["key", *(column["name"] for column in row.columns)]
    return Played(activity_run.state, ports, activity_run.memo.get("reported", {}), columns, activity_run)


def _table(name: str) -> tuple[People, dict[str, str]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT attname, format_type(atttypid, NULL) FROM pg_attribute"
            " WHERE attrelid = to_regclass(%s) AND attnum > 0 AND attname <> %s ORDER BY attnum",
            [f"work.{name}", DECIDED],
        )
        columns = dict(cursor.fetchall())
        names = list(columns)
        listed = sql.SQL(", ").join(map(sql.Identifier, names))
        cursor.execute(sql.SQL("SELECT {} FROM {}").format(listed, sql.Identifier("work", name)))
        people = {row[0]: dict(zip(names[1:], row[1:], strict=True)) for row in cursor.fetchall()}
    return people, columns


def problems(
    type_name: str, config: Mapping[str, Any], *inbound: Came, world: World = WORLD
) -> list[Problem]:
    activity_type = activity_types.get(type_name)
    settings = activity_type.Config.model_validate(config)
    return list(activity_type.lint(settings, [each.inbound for each in inbound], world))


def codes(
    type_name: str, config: Mapping[str, Any], *inbound: Came, world: World = WORLD
) -> set[tuple[str, str]]:
    """The problems of settings in their place, as (code, path)."""
    return {(problem.code, problem.path) for problem in problems(type_name, config, *inbound, world=world)}
