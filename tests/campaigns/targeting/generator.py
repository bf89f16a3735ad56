"""Seeded, typed rules over the small company: every operator with every type, values taken from the data.

Operators and types are written out here once more, so that a gap in the compiler's own table is a difference.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from decimal import Decimal
from itertools import cycle
from typing import Any
from zoneinfo import ZoneInfo

from tests.campaigns.targeting.vocabulary import (
    FALLBACKS,
    FUNCTIONS,
    JSON_PATHS,
    NUMBERS,
    OPERATORS,
    PAIRS,
    SORTABLE,
    UNITS,
    VARIABLES_OF,
    Rule,
    ways,
)
from tests.campaigns.targeting.world import AUDIENCES_OF, ZONE, Described


class RuleGenerator:
    """An endless row of (table, rule), the operators and types taken in turn."""

    def __init__(self, seed: int, tables: dict[str, Described]) -> None:
        self.rng = random.Random(seed)
        self.chance = random.Random(f"members {seed}")
        self.tables = tables
        self.used = Counter[tuple[str, str]]()
        self.kinds = Counter[str]()
        self._ways = {(table, most): ways(tables, table, most) for table in tables for most in (2, 3, 4)}
        self._pairs = cycle(self.rng.sample(PAIRS, len(PAIRS)))

    def rules(self, number: int) -> Iterator[tuple[str, Rule]]:
        for _ in range(number):
            table = self.rng.choice(["person"] * 6 + ["order", "product", "visit", "line", "card"])
            rule = self.rule(table, depth=self.rng.choice([*[1] * 7, *[2] * 4, 3, 3, 4]))
            yield table, self._with_members(table, rule)

    def rule(self, table: str, depth: int) -> Rule:
        rule = self._part(table, depth)
        self.kinds[rule["kind"]] += 1
        return rule

    def _part(self, table: str, depth: int) -> Rule:
        shape = self.rng.random()
        if depth <= 1 or shape < 0.25:
            return self._leaf(table, depth)
        if shape < 0.42:
            return {"kind": "not", "of": self.rule(table, depth - 1)}
        kind = self.rng.choice(["all", "any", "any", "except"])
        parts = [self.rule(table, depth - 1) for _ in range(3 if kind == "any" and shape > 0.9 else 2)]
        return {"kind": kind, "of": parts}

    def _leaf(self, table: str, depth: int) -> Rule:
        shape = self.rng.random()
        collections = self._collections(table)
        if shape < 0.54 or not collections:
            return self._condition(table)
        if shape < 0.68:
            return self._exists(table, depth, collections)
        if shape < 0.84:
            return self._aggregate(table, depth, collections)
        if shape < 0.92:
            return self._nth(table, depth, collections)
        return self._sequence(table, depth, collections)

    # --- conditions

    def _condition(self, table: str) -> Rule:
        for operator, kind in self._pairs:
            attributes = self._attributes(table, kind)
            if attributes:
                return self._compare(table, self.rng.choice(attributes), operator, kind)
        raise AssertionError

    def _compare(self, table: str, attribute: Any, operator: str, kind: str) -> Rule:
        sample = self._sample(table, attribute)
        rule = {"kind": "condition", "attribute": attribute, "operator": operator}
        if kind == "text" and self.rng.random() < 0.4:
            rule["case_sensitive"] = False
        zone = self._stored_zone(table, attribute)
        return self._with_value(rule, table, operator, (kind, zone, sample))

    def _with_value(self, rule: Rule, table: str, operator: str, about: tuple[str, str, list[Any]]) -> Rule:
        kind, _zone, _sample = about
        self.used[operator, kind] += 1
        if operator in ("is_empty", "is_not_empty", "is_true", "is_false"):
            return rule
        if operator in ("in_period", "not_in_period"):
            return {**rule, "value": self._period(kind)}
        if operator == "anniversary":
            return {**rule, "value": self._window()}
        if operator in ("in", "not_in"):
            return {
                **rule,
                "value": [self._item(table, operator, about) for _ in range(self.rng.randint(1, 5))],
            }
        if operator in ("between", "not_between"):
            return {**rule, "value": self._pair(table, about)}
        return {**rule, "value": self._item(table, operator, about)}

    def _pair(self, table: str, about: tuple[str, str, list[Any]]) -> list[Any]:
        pair = [self._item(table, "between", about) for _ in range(2)]
        if all(isinstance(item, str) for item in pair) and self.rng.random() < 0.9:
            pair.sort(key=Decimal if about[0] in NUMBERS else None)
        return pair

    def _item(self, table: str, operator: str, about: tuple[str, str, list[Any]]) -> Any:
        kind, zone, sample = about
        shape = self.rng.random()
        if shape < 0.1 and kind in VARIABLES_OF:
            return {"variable": self.rng.choice(VARIABLES_OF[kind])}
        if shape < 0.22 and "like" not in operator:
            others = [each for each in self._operands(table, kind, zone) if isinstance(each, str)]
            if others:
                return {"attribute": self.rng.choice(others)}
        if shape < 0.32 and kind in ("date", "datetime"):
            return self._relative()
        return self._literal(operator, kind, sample)

    def _relative(self) -> Rule:
        if self.rng.random() < 0.7:
            return {"today": self.rng.randint(-40, 10), "unit": self.rng.choice(UNITS), **self._anchor()}
        return {
            "now": self.rng.randint(-4000, 50),
            "unit": self.rng.choice(["hour", "minute"]),
            **self._anchor(),
        }

    def _anchor(self) -> Rule:
        return (
            {"anchor": self.rng.choice(["day", "day", "moment", "local", "late"])}
            if self.rng.random() < 0.4
            else {}
        )

    def _window(self) -> Rule:
        if self.rng.random() < 0.3:
            return {"days": [self.rng.randint(-9, 0), 0], "anchor": self.rng.choice(["eve", "moment"])}
        first = self.rng.choice([0, self.rng.randint(-40, 1)])
        return {"days": [first, first + self.rng.choice([0, 1, 7, 30, 200, 364, 365])], **self._anchor()}

    def _period(self, kind: str) -> Rule:
        name = self.rng.choice(["last", "next", "older_than", "later_than", "this"])
        if name == "this":
            shift = (
                {"shift": self.rng.choice([-1, self.rng.randint(-8, 2)])} if self.rng.random() < 0.6 else {}
            )
            return {
                "this": self.rng.choice(["day", "week", "week", "month", "quarter", "year"]),
                **shift,
                **self._anchor(),
            }
        short = kind == "datetime" and self.rng.random() < 0.3
        unit = self.rng.choice(["hour", "minute"]) if short else self.rng.choice(UNITS)
        most = {
            "day": 400,
            "week": 60,
            "month": 40,
            "quarter": 20,
            "year": 9,
            "hour": 5000,
            "minute": 90_000,
        }[unit]
        most = most if name in ("last", "older_than") else most // 20
        number = self.rng.randint(0, self.rng.choice([most, min(most, 6)]))
        return {name: number, "unit": unit, **self._anchor()}

    # --- literals

    def _literal(self, operator: str, kind: str, sample: list[Any]) -> Any:
        value = self.rng.choice(sample) if sample else FALLBACKS[kind]
        if kind == "text":
            return self._text(operator, value)
        if kind in NUMBERS:
            return self._number(kind, value)
        if kind == "datetime":
            return self._moment(value)
        return str(value) if kind in ("date", "uuid") else value

    def _text(self, operator: str, value: str) -> str:
        start = self.rng.randrange(len(value))
        part = value[start : start + self.rng.randint(1, 3)] or value
        if operator.endswith("like"):
            escaped = "".join("\\" + letter if letter in "%_\\" else letter for letter in part)
            return self.rng.choice(
                [f"%{escaped}%", f"{escaped}%", f"_{escaped[1:] or '%'}", "%", f"%{part[:1]}_", "a%"]
            ).rstrip("\\")
        if operator.endswith("starts_with"):
            part = value[: self.rng.randint(1, 3)]
        if operator.endswith(("starts_with", "contains")):
            return self.rng.choice([part, part.swapcase()])
        return self.rng.choice([value, value, value.swapcase(), "m"])

    def _number(self, kind: str, value: Any) -> Any:
        if math.isnan(value):  # it has no literal
            return "0.25"
        if kind == "integer":
            return self.rng.choice([int(value), str(int(value)), f"{int(value)}.5"])
        return self.rng.choice([str(Decimal(value)), float(value)])

    def _moment(self, value: datetime) -> str:
        at = value if value.tzinfo else value.replace(tzinfo=UTC)
        local = at.astimezone(ZoneInfo(ZONE)).replace(tzinfo=None)
        if self.rng.random() < 0.2:
            local = datetime.fromisoformat(
                self.rng.choice(["2024-03-10T02:30", "2023-11-05T01:30", "2024-03-10T03:00"])
            )
        return self.rng.choice(
            [
                str(local.date()),
                local.isoformat(),
                at.isoformat(),
                at.astimezone(ZoneInfo("Asia/Seoul")).isoformat(),
            ]
        )

    # --- collections

    def _exists(self, table: str, depth: int, collections: list[str]) -> Rule:
        to_one = [way for way, many in self._ways[table, 2].items() if not many]
        link = self.rng.choice([*collections, *to_one])
        rule: Rule = {"kind": "exists", "link": link}
        if self.rng.random() < 0.85:
            rule["where"] = self.rule(self.end(table, link), max(1, depth - 1))
        if self.rng.random() < 0.4:
            rule["negate"] = True
        return rule

    def _nth(self, table: str, depth: int, collections: list[str]) -> Rule:
        link = self.rng.choice(collections)
        end = self.end(table, link)
        by = self._ordering(end, SORTABLE)
        rule: Rule = {"kind": "nth", "link": link, "by": by, "n": self.rng.choice([1, 1, 1, 1, 2, 3])}
        if self.rng.random() < 0.4:
            rule["descending"] = False
        if self.rng.random() < 0.4:
            rule["among"] = self.rule(end, max(1, depth - 1))
        if self.rng.random() < 0.8:
            rule["where"] = self.rule(end, max(1, depth - 1))
        return {**rule, "negate": True} if self.rng.random() < 0.25 else rule

    def _sequence(self, table: str, depth: int, collections: list[str]) -> Rule:
        link = self.rng.choice(collections)
        end = self.end(table, link)
        at = self._ordering(end, ("date", "datetime"))
        steps = [self._step(end, depth) for _ in range(self.rng.choice([2, 2, 2, 2, 3, 4]))]
        for step in steps[1:]:
            if self.rng.random() < 0.5:
                step["within"] = self._within(self._kind(end, at))
        rule: Rule = {"kind": "sequence", "link": link, "at": at, "steps": steps}
        return {**rule, "negate": True} if self.rng.random() < 0.25 else rule

    def _ordering(self, end: str, kinds: tuple[str, ...]) -> Any:
        """Mostly a field of the rows: what they only point to is often the same for all."""
        found = [each for kind in kinds for each in self._attributes(end, kind)]
        own = [each for each in found if isinstance(each, str) and "." not in each]
        return self.rng.choice(own if own and self.rng.random() < 0.8 else found)

    def _step(self, end: str, depth: int) -> Rule:
        return {"where": self.rule(end, max(1, depth - 1))} if self.rng.random() < 0.3 else {}

    def _within(self, kind: str) -> Rule:
        short = kind == "datetime" and self.rng.random() < 0.4
        unit = self.rng.choice(["hour", "minute"]) if short else self.rng.choice(UNITS)
        most = {"day": 900, "week": 100, "month": 30, "quarter": 8, "year": 4, "hour": 9_000, "minute": 9_000}
        few = self.rng.choice([0, 2, 40, most[unit], most[unit]])
        return {"n": self.rng.randint(0, few), "unit": unit}

    def _aggregate(self, table: str, depth: int, collections: list[str]) -> Rule:
        link, function = self.rng.choice(collections), self.rng.choice(FUNCTIONS)
        end = self.end(table, link)
        rule: Rule = {"kind": "aggregate", "link": link, "function": function}
        attribute = self._measured(end, function)
        if attribute is not None:
            rule["attribute"] = attribute
        if self.rng.random() < 0.5:
            rule["where"] = self.rule(end, max(1, depth - 1))
        return self._figure(rule, table, end, attribute)

    def _measured(self, end: str, function: str) -> Any:
        if function == "count" and self.rng.random() < 0.7:
            return None
        kinds = {"sum": NUMBERS, "avg": NUMBERS, "min": SORTABLE, "max": SORTABLE}
        kinds["count"] = kinds["count_distinct"] = ("uuid", "boolean", "json", *SORTABLE)
        kinds["stddev"], kinds["string"] = NUMBERS, ("text",)
        return self.rng.choice(
            [each for kind in kinds[function] for each in self._attributes(end, kind)] or [None]
        )

    def _figure(self, rule: Rule, table: str, end: str, attribute: Any) -> Rule:
        function = rule["function"]
        if attribute is None:
            rule["function"] = function = "count"
        kind = "integer" if function in ("count", "count_distinct") else self._kind(end, attribute)
        sample: list[Any] = [0, 0, 1, 2, 3, 4]
        zone = ""
        if function in ("min", "max", "avg"):
            sample, zone = self._sample(end, attribute), self._stored_zone(end, attribute)
        if function == "sum":
            sample = [
                0,
                1,
                *(value * self.rng.randint(1, 5) for value in self._sample(end, attribute) or [5]),
            ]
        if function == "stddev":
            sample = self._deviations(self._sample(end, attribute))
        if function == "string":
            sample = self._strings(rule, self._sample(end, attribute))
        if function in ("avg", "stddev") and kind == "integer":
            kind = "decimal"
        operator = self.rng.choice(OPERATORS[kind])
        rule["operator"] = operator
        return self._with_value(rule, table, operator, (kind, zone, sample))

    def _deviations(self, sample: list[Any]) -> list[Any]:
        """No round numbers: PostgreSQL's own deviation of floating-point numbers is exact but for the last digit."""
        known = [abs(value) for value in sample if not math.isnan(value)]
        return [Decimal("0.0137"), *(Decimal(value) / 2 + Decimal("0.0137") for value in known)]

    def _strings(self, rule: Rule, sample: list[str]) -> list[str]:
        if self.rng.random() < 0.7:
            rule["separator"] = self.rng.choice(["", "; ", "%", "'"])
        between = rule.get("separator", ", ")
        drawn = [sorted(self.rng.sample(sample, 2)) for _ in range(4)] if len(sample) > 1 else []
        return [*sample[:9], *(between.join(each) for each in drawn)]

    def _with_members(self, table: str, rule: Rule) -> Rule:
        """Now and then beside the rule, or in the rows behind a link; drawn apart, so that it changes no other rule."""
        chance = self.chance
        if chance.random() > 0.15:
            return rule
        links = {name: target for name, (target, _pairs, _many) in self.tables[table].links.items()}
        known = [(None, table), *links.items()]
        link, asked = chance.choice([each for each in known if each[1] in AUDIENCES_OF] or [(None, "")])
        if not asked:
            return rule
        member: Rule = {"kind": "member", "audience": chance.choice(AUDIENCES_OF[asked])}
        member = {**member, "negate": True} if chance.random() < 0.4 else member
        asked_there = {"kind": "exists", "link": link, "where": member} if link else member
        return chance.choice(
            [asked_there, *({"kind": kind, "of": [asked_there, rule]} for kind in ("all", "any", "except"))]
        )

    # --- what there is

    def _to_one(self, table: str) -> list[str]:
        return [name for name, (_target, _pairs, many) in self.tables[table].links.items() if not many]

    def _collections(self, table: str) -> list[str]:
        """Links that lead to many rows: all of one step or two, and some that are longer."""
        found = [way for way, many in self._ways[table, 2].items() if many]
        longer = [way for way, many in self._ways[table, 4].items() if many and way.count(".") > 1]
        return [*found, *self.rng.sample(longer, min(len(longer), len(found) // 4))]

    def end(self, table: str, link: str) -> str:
        for step in link.split("."):
            table = self.tables[table].links[step][0]
        return table

    def _attributes(self, table: str, kind: str) -> list[Any]:
        """Own fields twice, those of linked rows once, and places inside JSON."""
        own = [name for name, each, _sql in self.tables[table].fields if each == kind]
        far = [way for way, many in self._ways[table, 3].items() if not many and "." in way]
        linked = [
            f"{link}.{name}"
            for link in [*self._to_one(table), *self.rng.sample(far, min(len(far), 2))]
            for name, each, _sql in self.tables[self.end(table, link)].fields
            if each == kind
        ]
        inside = []
        if kind in ("text", "decimal", "boolean"):
            holders = [name for name, each, _sql in self.tables[table].fields if each == "json"]
            inside = [{"name": name, "path": self.rng.choice(JSON_PATHS), "type": kind} for name in holders]
        return [*own, *own, *linked, *inside]

    def _operands(self, table: str, kind: str, zone: str) -> list[Any]:
        kinds = NUMBERS if kind in NUMBERS else (kind,)
        found = [each for one in kinds for each in self._attributes(table, one)]
        if kind != "datetime":
            return found
        alike = {"", "UTC"} if zone in ("", "UTC") else {zone}
        return [each for each in found if self._stored_zone(table, each) in alike]

    def _kind(self, table: str, attribute: Any) -> str:
        if isinstance(attribute, dict):
            return str(attribute["type"])
        *links, last = attribute.split(".")
        end = self.end(table, ".".join(links)) if links else table
        return next(kind for name, kind, _sql in self.tables[end].fields if name == last)

    def _stored_zone(self, table: str, attribute: Any) -> str:
        if isinstance(attribute, dict):
            return ""
        *links, last = attribute.split(".")
        end = self.end(table, ".".join(links)) if links else table
        return self.tables[end].stored_zones.get(last, "")

    def _sample(self, table: str, attribute: Any) -> list[Any]:
        if isinstance(attribute, dict):
            return {"text": ["free", "pro"], "decimal": [1, Decimal("2.5"), -3], "boolean": [True, False]}[
                attribute["type"]
            ]
        *links, last = attribute.split(".")
        end = self.end(table, ".".join(links)) if links else table
        return [row[last] for row in self.tables[end].rows if row[last] not in (None, "")]
