"""A small company for rules to be tried on: seeded, linked, full of NULLs, odd letters and awkward hours.

One description serves three readers: the oracle as dicts, PostgreSQL as tables, the compiler as a catalogue.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from psycopg import Cursor, sql
from psycopg.types.json import Jsonb

from campaigns.targeting.schema import Audience, Cardinality, Catalogue, Column, FieldType, Link, Table
from tests.oracle.world import OracleAudience, OracleTable, World

SCHEMA = "rule world"
NOW = datetime(2024, 3, 12, 16, 30, tzinfo=UTC)
ZONE = "America/New_York"
DUBLIN = "Europe/Dublin"

_LETTERS = "Anna anna ANNA Straße STRASSE İpek ipek ﬁnn finn 김민수 김 Σοφός ΣΟΦΌΣ K k é Zoë bob"
NAMES = [
    *_LETTERS.split(),
    "O'Brien",
    "\U00010400lan",
    "שלום",
    "😀",
    "100%",
    "a_b",
    "a\\b",
    "e\u0301",
    " ",
    "",
    None,
]
# Every field with its type in rules and in SQL.
FIELDS = {
    "person": """
        id integer bigint; name text text; nick text varchar(40); segment text segment;
        age integer smallint; credit decimal numeric(12,2); score float float8;
        active boolean boolean; vip boolean boolean; born date date; married date date;
        joined datetime timestamptz; called datetime timestamptz;
        seen datetime timestamp; left datetime timestamp; code uuid uuid; badge uuid uuid;
        extra json jsonb; city_code text text; zip text text; referrer_id integer bigint""",
    "city": "code text text; country text text; founded date date",
    "area": "id integer int; zip text varchar(9); wealth decimal numeric; surveyed datetime timestamptz",
    "order": """
        shop text text; number integer int; person_id integer bigint; at datetime timestamptz;
        shipped datetime timestamp; total decimal numeric(12,2); paid boolean boolean; due date date""",
    "line": """
        shop text text; number integer int; position integer int; product_id uuid uuid;
        quantity integer int; price decimal numeric(10,2); weight float float8""",
    "product": """
        id uuid uuid; department text text; price decimal numeric(10,2); launched date date;
        margin float float8; tags json json""",
    "visit": """
        id integer bigint; person_id integer bigint; at datetime timestamp; page text text;
        seconds float float8; shop text text; order_number integer int""",
    "card": """
        shop text text; number integer int; person_id integer bigint; since date date;
        opened datetime timestamptz; points integer int; level text text""",
}
KEYS = {"person": ("id",), "city": ("code",), "area": ("id",), "product": ("id",), "visit": ("id",)}
KEYS |= {"order": ("shop", "number"), "line": ("shop", "number", "position"), "card": ("shop", "number")}
ZONES = {"person": {"seen": ZONE, "left": ZONE}, "order": {"shipped": "UTC"}, "visit": {"at": DUBLIN}}
_ORDER_KEY = [("shop", "shop"), ("number", "number")]
_ORDER_OF_VISIT = [("shop", "shop"), ("order_number", "number")]
# Links as (target, pairs of columns, whether to many).
LINKS: dict[str, dict[str, tuple[str, list[tuple[str, str]], bool]]] = {
    "person": {
        "orders": ("order", [("id", "person_id")], True),
        "visits": ("visit", [("id", "person_id")], True),
        "referrals": ("person", [("id", "referrer_id")], True),
        "city": ("city", [("city_code", "code")], False),
        "referrer": ("person", [("referrer_id", "id")], False),
        "card": ("card", [("id", "person_id")], False),
        "area": ("area", [("zip", "zip")], False),  # several areas share a zip: a broken to-one link
    },
    "city": {"people": ("person", [("code", "city_code")], True)},
    "area": {},
    "order": {
        "person": ("person", [("person_id", "id")], False),
        "lines": ("line", _ORDER_KEY, True),
        "visits": ("visit", [(there, here) for here, there in _ORDER_OF_VISIT], True),
    },
    "line": {"order": ("order", _ORDER_KEY, False), "product": ("product", [("product_id", "id")], False)},
    "product": {"lines": ("line", [("id", "product_id")], True)},
    "visit": {
        "person": ("person", [("person_id", "id")], False),
        "order": ("order", _ORDER_OF_VISIT, False),
    },
    "card": {"person": ("person", [("person_id", "id")], False)},
}
# Links that are paths of links: from many to many, and from one to one by way of another.
PATHS: dict[str, dict[str, list[str]]] = {
    "person": {"products": ["orders", "lines", "product"], "referrer_city": ["referrer", "city"]},
    "product": {"buyers": ["lines", "order", "person"]},
}
LINKS["person"] |= {"products": ("product", [], True), "referrer_city": ("city", [], False)}
LINKS["product"] |= {"buyers": ("person", [], True)}

# Audiences as (table, key, every n-th row by its key) or (table, key, rule).
_PAYING = {
    "kind": "exists",
    "link": "orders",
    "where": {"kind": "condition", "attribute": "paid", "operator": "is_true"},
}
AUDIENCES: dict[str, tuple[str, str, Any]] = {
    "thirds": ("person", "id", 3),
    "nobody": ("person", "id", 0),
    "coded": ("person", "code", 2),
    "paying": ("person", "id", _PAYING),
    "paying_thirds": (
        "person",
        "id",
        {
            "kind": "except",
            "of": [{"kind": "member", "audience": "thirds"}, {"kind": "member", "audience": "paying"}],
        },
    ),
    "young_coded": (
        "person",
        "code",
        {"kind": "condition", "attribute": "age", "operator": "not_between", "value": [30, 70]},
    ),
    "stocked": ("product", "id", 2),
    "long_visits": (
        "visit",
        "id",
        {"kind": "condition", "attribute": "seconds", "operator": "greater", "value": 40},
    ),
}
AUDIENCES_OF = {
    table: [slug for slug, (of, _key, _who) in AUDIENCES.items() if of == table]
    for table in ("person", "product", "visit")
}

MEMBERS = [f"in {slug}" for slug in AUDIENCES]
"""The tables of their members."""

SEGMENTS = ["gold", "silver", "bronze", None]
DEPARTMENTS = ["GROCERY", "Grocery", "PET", "ÇAY", "çay", "", None]
STEPS = [timedelta(0), timedelta(minutes=1), timedelta(minutes=30), timedelta(hours=1), timedelta(hours=5)]

# Around the changes of clocks in the two zones, leap days, ends of months and years, and the day of NOW.
_AWKWARD = """
    2024-03-10T06:30 2024-03-10T07:00 2024-03-10T02:30 2023-11-05T05:30 2023-11-05T06:30 2023-11-05T01:30
    2024-03-31T01:30 2023-10-29T01:30 2024-02-29T12:00 2023-12-31T23:59:59.999999 2024-01-01T00:00
    2024-03-12T04:00 2024-03-12T03:59:59 2024-03-12T16:30 2024-03-13T04:00
"""
# Where periods and anniversaries begin and end, counted from NOW, 31 January and the end of February.
_EDGES = """
    2024-03-12 2024-03-11 2024-03-13 2024-03-10 2024-02-12 2023-12-12 2023-03-12 2023-03-11 2022-03-12
    1990-03-12 2023-12-31 2023-11-30 2023-10-31 2023-09-30 2023-06-30 2023-02-28 2024-02-29 2024-03-01
    2023-01-31 2024-01-31 1992-02-29 2000-02-29 1991-02-28 1991-03-01 2022-02-28 2021-03-10 2020-01-01
"""
EDGES = [date.fromisoformat(text) for text in _EDGES.split()]
_HOURS = "00:00 03:30 03:59:59.999999 04:00 04:30 05:00 12:00 23:30"
HOURS = [time.fromisoformat(text) for text in _HOURS.split()]
AWKWARD = [datetime.fromisoformat(text) for text in _AWKWARD.split()]


@dataclass(frozen=True)
class Described:
    """A table: fields as (name, rule type, SQL type), rows, key, links to (target, pairs, to many)."""

    fields: list[tuple[str, str, str]]
    rows: list[dict[str, Any]]
    key: tuple[str, ...]
    links: dict[str, tuple[str, list[tuple[str, str]], bool]]
    stored_zones: dict[str, str]


def make_world(seed: int, people: int = 110) -> dict[str, Described]:
    pick = _Picker(random.Random(seed))
    cities = [_city(pick, number) for number in range(9)]
    areas = [_area(pick, number) for number in range(14)]
    products = [_product(pick) for _ in range(30)]
    persons = [_person(pick, number, people) for number in range(1, people + 1)]
    orders = [_order(pick, number, people) for number in range(1, 5 * people // 2)]
    lines = [line for order in orders for line in _lines(pick, order, products)]
    visits = [_visit(pick, number, people, orders) for number in range(1, 2 * people)]
    cards = [_card(pick, number, person) for number, person in enumerate(persons) if pick.maybe(1, 0.3)]
    rows = {"person": persons, "city": cities, "area": areas, "order": orders, "line": lines}
    rows |= {"product": products, "visit": visits, "card": cards}
    return {
        name: Described(_fields(FIELDS[name]), rows[name], KEYS[name], LINKS[name], ZONES.get(name, {}))
        for name in rows
    }


def _fields(text: str) -> list[tuple[str, str, str]]:
    """Fields from "name type sql_type", with semicolons between."""
    found = [each.split() for each in text.split(";")]
    return [(name, kind, sql_type) for name, kind, sql_type in found]


class _Picker:
    """Values of every type, often the same ones again, sometimes none."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng

    def one(self, choices: list[Any]) -> Any:
        return self.rng.choice(choices)

    def maybe(self, value: Any, missing: float = 0.15) -> Any:
        return None if self.rng.random() < missing else value

    def moment(self) -> datetime:
        shape = self.rng.random()
        if shape < 0.3:
            return self.one(AWKWARD) + self.one(STEPS) * self.one([1, -1])
        if shape < 0.7:
            return datetime.combine(self.one(EDGES), self.one(HOURS))
        return NOW.replace(tzinfo=None) - timedelta(minutes=int(self.rng.expovariate(1 / 200_000)) - 40_000)

    def day(self) -> date:
        if self.rng.random() < 0.6:
            return self.one(EDGES)
        return date(2024, 3, 30) - timedelta(days=int(self.rng.expovariate(1 / 2_000)))

    def uuid(self) -> UUID:
        return UUID(int=self.rng.randrange(12) * 0x1111111111111111111111)

    def json(self) -> Any:
        plan = self.one(["free", "pro", "PRO", "", None, 3])
        return self.one(
            [
                {
                    "plan": plan,
                    "n": self.one([1, 2.5, -3, "4", None]),
                    "ok": self.one([True, False, None, "true"]),
                },
                {"plan": {"tier": plan}, "list": [plan, 7, True]},
                [plan, 1],
                None,
                {},
            ]
        )


def _person(pick: _Picker, number: int, people: int) -> dict[str, Any]:
    rng = pick.rng
    return {
        "id": number,
        "name": pick.one(NAMES),
        "nick": pick.one(NAMES),
        "segment": pick.one(SEGMENTS),
        "age": pick.maybe(rng.randint(16, 60)),
        "credit": pick.maybe(Decimal(rng.randint(-2000, 20000)) / 100),
        "score": pick.maybe(pick.one([float("nan"), 0.0, *(rng.randint(-8, 40) / 4 for _ in range(8))])),
        "active": pick.maybe(pick.one([True, False])),
        "vip": pick.maybe(pick.one([True, False, False])),
        "born": pick.maybe(pick.day()),
        "married": pick.maybe(pick.day(), 0.4),
        "joined": pick.maybe(pick.moment().replace(tzinfo=UTC)),
        "called": pick.maybe(pick.moment().replace(tzinfo=UTC)),
        "seen": pick.maybe(pick.moment()),
        "left": pick.maybe(pick.moment(), 0.4),
        "code": pick.maybe(pick.uuid()),
        "badge": pick.maybe(pick.uuid()),
        "extra": pick.maybe(pick.json()),
        "city_code": pick.one(["c0", "c1", "c2", "c3", "c8", "gone", "", None]),
        "zip": pick.one(["z0", "z1", "z2", "z9", None]),
        "referrer_id": pick.maybe(rng.randint(1, people + 10), 0.3),
    }


def _city(pick: _Picker, number: int) -> dict[str, Any]:
    country = pick.one(["KR", "kr", "US", "", None])
    return {"code": f"c{number}", "country": country, "founded": pick.maybe(pick.day())}


def _area(pick: _Picker, number: int) -> dict[str, Any]:
    wealth = pick.maybe(Decimal(pick.rng.randint(1, 50)))
    surveyed = pick.maybe(pick.moment().replace(tzinfo=UTC))
    return {"id": number, "zip": pick.one(["z0", "z1", "z2", None]), "wealth": wealth, "surveyed": surveyed}


def _product(pick: _Picker) -> dict[str, Any]:
    return {
        "id": UUID(int=pick.rng.getrandbits(128)),
        "department": pick.one(DEPARTMENTS),
        "price": pick.maybe(Decimal(pick.rng.randint(50, 5000)) / 100),
        "launched": pick.maybe(pick.day()),
        "margin": pick.maybe(pick.rng.randint(-4, 40) / 8),
        "tags": pick.maybe(pick.json()),
    }


def _order(pick: _Picker, number: int, people: int) -> dict[str, Any]:
    shipped = pick.maybe(pick.moment(), 0.3)
    return {
        "shop": pick.one(["web", "WEB", "서울"]),
        "number": number,
        "person_id": pick.maybe(_skewed(pick, people), 0.05),
        "at": pick.maybe(pick.moment().replace(tzinfo=UTC), 0.05),
        "shipped": shipped,
        "total": pick.maybe(Decimal(pick.rng.randint(0, 30000)) / 100, 0.1),
        "paid": pick.maybe(pick.one([True, False])),
        "due": pick.maybe(pick.day()),
    }


def _skewed(pick: _Picker, people: int) -> int:
    """Few people do much and some do nothing."""
    return min(people + 3, 1 + int(people * pick.rng.random() ** 2))


def _lines(pick: _Picker, order: dict[str, Any], products: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    rng = pick.rng
    for position in range(rng.randint(0, 4)):
        product = rng.choice([*(each["id"] for each in products), None, UUID(int=5)])
        yield {
            "shop": order["shop"],
            "number": order["number"],
            "position": position,
            "product_id": product,
            "quantity": pick.maybe(rng.randint(0, 5)),
            "price": pick.maybe(Decimal(rng.randint(0, 4000)) / 100),
            "weight": pick.maybe(rng.randint(0, 80) / 16),
        }


def _visit(pick: _Picker, number: int, people: int, orders: list[dict[str, Any]]) -> dict[str, Any]:
    order = pick.one(orders)
    return {
        "id": number,
        "person_id": pick.maybe(_skewed(pick, people), 0.05),
        "at": pick.maybe(pick.moment(), 0.05),
        "page": pick.one(["/", "/Sale", "/sale", "/pets", "", None]),
        "seconds": pick.maybe(pick.rng.randint(0, 400) / 4),
        "shop": pick.maybe(order["shop"]),
        "order_number": pick.maybe(order["number"]),
    }


def _card(pick: _Picker, number: int, person: dict[str, Any]) -> dict[str, Any]:
    """Every person has one at most, and its key is of two fields."""
    return {
        "shop": pick.one(["web", "서울"]),
        "number": number,
        "person_id": person["id"],
        "since": pick.maybe(pick.day()),
        "opened": pick.maybe(pick.moment().replace(tzinfo=UTC)),
        "points": pick.maybe(pick.rng.randint(-5, 60)),
        "level": pick.one(["A", "a", "B", "", None]),
    }


def oracle_world(tables: dict[str, Described]) -> World:
    return World(
        {
            name: OracleTable(
                {field: kind for field, kind, _sql in table.fields},
                table.rows,
                {link: (target, pairs) for link, (target, pairs, _many) in table.links.items()},
                table.stored_zones,
                table.key,
                PATHS.get(name, {}),
            )
            for name, table in tables.items()
        },
        {
            slug: OracleAudience(
                key, frozenset(member_keys(tables, slug)), who if isinstance(who, dict) else None
            )
            for slug, (_table, key, who) in AUDIENCES.items()
        },
    )


def member_keys(tables: dict[str, Described], slug: str) -> list[Any]:
    """The keys that the audience's table of members holds, one of them of a row that is gone."""
    table, key, who = AUDIENCES[slug]
    if not isinstance(who, int) or not who:
        return []
    keys = sorted({row[key] for row in tables[table].rows if row[key] is not None}, key=str)[::who]
    return [*keys, UUID(int=1) if isinstance(keys[0], UUID) else 10**9]


def catalogue(tables: dict[str, Described]) -> Catalogue:
    links = {
        (name, slug): Link(
            slug, slug, name, target, tuple(pairs), Cardinality.MANY if many else Cardinality.ONE
        )
        for name, table in tables.items()
        for slug, (target, pairs, many) in table.links.items()
    }
    for name, paths in PATHS.items():
        for slug, path in paths.items():
            links[name, slug] = replace(links[name, slug], path=_steps(links, name, path))
    audiences = {slug: _audience(slug, *AUDIENCES[slug]) for slug in AUDIENCES}
    return Catalogue(
        {name: _table(name, table) for name, table in tables.items()}, links, audiences=audiences
    )


def _audience(slug: str, table: str, key: str, who: Any) -> Audience:
    rule = who if isinstance(who, dict) else None
    origin = "composed" if rule else "saved"
    return Audience(slug, slug, table, table, key, (SCHEMA, f"in {slug}"), rule=rule, origin=origin)


def _steps(links: dict[tuple[str, str], Link], table: str, path: list[str]) -> tuple[Link, ...]:
    steps: list[Link] = []
    for slug in path:
        steps.append(links[steps[-1].target if steps else table, slug])
    return tuple(steps)


def _table(name: str, table: Described) -> Table:
    columns = {
        field: Column(
            field,
            field,
            FieldType(kind),
            field,
            field not in table.key,
            table.stored_zones.get(field, ""),
            {"gold": "Gold", "silver": "Silver"} if field == "segment" else {},
            binary=sql_type != "json",
        )
        for field, kind, sql_type in table.fields
    }
    return Table(name, SCHEMA, name, name, columns, table.key)


def create_tables(cursor: Cursor[Any], tables: dict[str, Described]) -> None:
    schema = sql.Identifier(SCHEMA)
    cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(schema))
    cursor.execute(sql.SQL("CREATE SCHEMA {}").format(schema))
    cursor.execute(sql.SQL("CREATE TYPE {}.segment AS ENUM ('gold', 'silver', 'bronze')").format(schema))
    for name, table in tables.items():
        _create(cursor, sql.Identifier(SCHEMA, name), table)
    for slug, (table_name, key, who) in AUDIENCES.items():
        if isinstance(who, int):
            kind = next(kind for field, _type, kind in tables[table_name].fields if field == key)
            _create_members(cursor, sql.Identifier(SCHEMA, f"in {slug}"), kind, member_keys(tables, slug))


def _create_members(cursor: Cursor[Any], name: sql.Identifier, kind: str, keys: list[Any]) -> None:
    cursor.execute(sql.SQL("CREATE TABLE {} (key {} PRIMARY KEY)").format(name, sql.SQL(kind)))
    cursor.executemany(sql.SQL("INSERT INTO {} VALUES (%s)").format(name), [[key] for key in keys])


def _create(cursor: Cursor[Any], name: sql.Identifier, table: Described) -> None:
    columns = sql.SQL(", ").join(
        sql.SQL("{} {}").format(sql.Identifier(field), _sql_type(kind)) for field, _type, kind in table.fields
    )
    cursor.execute(sql.SQL("CREATE TABLE {} ({})").format(name, columns))
    holes = sql.SQL(", ").join(sql.Placeholder() for _ in table.fields)
    rows = [[_sql_value(row[field], kind) for field, _type, kind in table.fields] for row in table.rows]
    cursor.executemany(sql.SQL("INSERT INTO {} VALUES ({})").format(name, holes), rows)
    cursor.execute(sql.SQL("ANALYZE {}").format(name))


def _sql_type(kind: str) -> sql.Composable:
    return sql.Identifier(SCHEMA, "segment") if kind == "segment" else sql.SQL(kind)


def _sql_value(value: Any, kind: str) -> Any:
    """Nothing is NULL in jsonb and JSON's own null in json: both are empty."""
    if kind not in ("json", "jsonb"):
        return value
    return None if kind == "jsonb" and value is None else Jsonb(value)
