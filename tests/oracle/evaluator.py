"""Decides rules over dict rows by the letter of docs/rules.md, one row at a time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import pairwise
from typing import Any
from uuid import UUID

from tests.oracle import times
from tests.oracle.figures import NUMBERS, figure, number_key, sort_key
from tests.oracle.world import Row, World

NEGATIVES = {
    "not_equal": "equal",
    "not_in": "in",
    "not_between": "between",
    "not_starts_with": "starts_with",
    "not_contains": "contains",
    "not_like": "like",
    "not_in_period": "in_period",
    "is_empty": "is_not_empty",
}


@dataclass
class Oracle:
    """Rules over one world at one time; `variables` are Python values, `carried` types of `@` columns."""

    world: World
    now: datetime
    zone: str
    variables: dict[str, Any] = field(default_factory=dict)
    carried: dict[str, str] = field(default_factory=dict)
    filters: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Saved filters by slug, each with its rule and its parameters."""
    _known: dict[Any, bool] = field(default_factory=dict)
    _filled: dict[int, tuple[Any, Any]] = field(default_factory=dict)

    def rows(self, rule: dict[str, Any], table: str) -> list[Row]:
        self._known.clear()
        return [row for row in self.world.tables[table].rows if self.holds(rule, table, row)]

    def holds(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        key = (id(rule), id(row))
        if key not in self._known:
            self._known[key] = getattr(self, "_" + rule["kind"])(rule, table, row)
        return self._known[key]

    def _all(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        return all(self.holds(part, table, row) for part in rule["of"])

    def _any(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        return any(self.holds(part, table, row) for part in rule["of"])

    def _except(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        first, *others = rule["of"]
        return self.holds(first, table, row) and not any(self.holds(part, table, row) for part in others)

    def _not(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        return not self.holds(rule["of"], table, row)

    def _filter(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        """Filled once for each place: what is known of a rule is remembered by its identity."""
        if id(rule) not in self._filled:
            saved = rule.get("frozen") or self.filters[rule["filter"]]
            values = {each["name"]: each.get("default") for each in saved.get("parameters", [])}
            self._filled[id(rule)] = rule, _fill(saved["rule"], values | rule.get("parameters", {}))
        return self.holds(self._filled[id(rule)][1], table, row)

    def _member(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        audience = self.world.audiences[rule["audience"]]
        if audience.rule is None:
            is_in = row[audience.key] in audience.keys
        else:
            is_in = row[audience.key] is not None and self.holds(audience.rule, table, row)
        return is_in != rule.get("negate", False)

    def _exists(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        return bool(self._linked(rule, table, row)) != rule.get("negate", False)

    def _linked(self, rule: dict[str, Any], table: str, row: Row) -> list[tuple[str, Row]]:
        ends = self._ends(table, row, rule["link"].split("."))
        where = rule.get("where")
        return [(t, r) for t, r in ends if where is None or self.holds(where, t, r)]

    def _ends(self, table: str, row: Row, links: list[str]) -> list[tuple[str, Row]]:
        ends = [(table, row)]
        for link in links:
            ends = [
                (target, found)
                for t, r in ends
                for target, rows in [self.world.linked(t, r, link)]
                for found in rows
            ]
        return ends

    def _nth(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        ends = self._linked({"link": rule["link"], "where": rule.get("among")}, table, row)
        entries = [
            (sort_key(value), self._key(t, r), t, r)
            for t, r in ends
            for value in self._values(rule["by"], t, r, stored=True)
            if value is not None
        ]
        entries.sort(key=lambda entry: entry[:2], reverse=rule.get("descending", True))
        found = entries[rule.get("n", 1) - 1 :][:1]
        where = rule.get("where")
        holds = any(where is None or self.holds(where, t, r) for _value, _key, t, r in found)
        return holds != rule.get("negate", False)

    def _key(self, table: str, row: Row) -> tuple[Any, ...]:
        return tuple(row[name] for name in self.world.tables[table].key)

    def _sequence(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        """Every pair of rows is looked at: those of a step that lead to the end are kept, last step first."""
        steps = rule["steps"]
        good = self._times_of_step(rule, steps[-1], table, row)
        for step, following in reversed(list(pairwise(steps))):
            within = following.get("within")
            good = [
                at
                for at in self._times_of_step(rule, step, table, row)
                if any(
                    later > at and (within is None or times.in_time(later, at, within, self.zone))
                    for later in good
                )
            ]
        return bool(good) != rule.get("negate", False)

    def _times_of_step(self, rule: dict[str, Any], step: dict[str, Any], table: str, row: Row) -> list[Any]:
        """Each moment once: many ways may lead to the same rows."""
        ends = self._linked({"link": rule["link"], "where": step.get("where")}, table, row)
        found = [value for t, r in ends for value in self._values(rule["at"], t, r, stored=True)]
        return list(dict.fromkeys(value for value in found if value is not None))

    # --- attributes

    def _values(
        self, attribute: Any, table: str, row: Row, *, written: bool = False, stored: bool = False
    ) -> list[Any]:
        """The attribute's value on every row its links lead to; None is empty.

        A date-time stored without a zone is with `written` the date, with `stored` the local time, that is
        written there.
        """
        name = attribute if isinstance(attribute, str) else attribute["name"]
        if name.startswith("@"):
            return [self._clean(row[name], self.carried[name], "")]
        *links, last = name.split(".")
        found = []
        for end_table, end in self._ends(table, row, links):
            described = self.world.tables[end_table]
            if isinstance(attribute, dict):
                found.append(_inside(end[last], attribute))
            elif written and last in described.stored_zones:
                found.append(end[last] and end[last].date())
            elif stored and last in described.stored_zones:
                found.append(end[last])
            else:
                found.append(
                    self._clean(end[last], described.types[last], described.stored_zones.get(last, ""))
                )
        return found

    def _clean(self, value: Any, kind: str, stored_zone: str) -> Any:
        if value is None or value == "":
            return None
        if kind == "datetime":
            return times.Local.read(value, stored_zone) if stored_zone else value.astimezone(UTC)
        return value

    def _type(self, attribute: Any, table: str) -> str:
        if isinstance(attribute, dict):
            return attribute.get("type", "text")
        if attribute.startswith("@"):
            return self.carried[attribute]
        *links, last = attribute.split(".")
        for link in links:
            table = self.world.tables[table].links[link][0]
        return self.world.tables[table].types[last]

    # --- conditions and aggregates

    def _condition(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        kind = self._type(rule["attribute"], table)
        values = self._values(rule["attribute"], table, row, written=rule["operator"] == "anniversary")
        return self._compares(rule, values, kind, table, row)

    def _aggregate(self, rule: dict[str, Any], table: str, row: Row) -> bool:
        rows = self._linked(rule, table, row)
        attribute = rule.get("attribute")
        if attribute is None:
            return self._compares(rule, [len(rows)], "integer", table, row)
        kind = self._type(attribute, self._end_table(table, rule["link"].split(".")))
        written, stored = rule["operator"] == "anniversary", rule["function"] == "count_distinct"
        found = [
            value for t, r in rows for value in self._values(attribute, t, r, written=written, stored=stored)
        ]
        known = [value for value in found if value is not None]
        if rule["function"] == "string":
            result = rule.get("separator", ", ").join(sorted(known)) if known else None
        else:
            result, kind = figure(rule["function"], known, kind)
        return self._compares(rule, [result], kind, table, row)

    def _end_table(self, table: str, links: list[str]) -> str:
        for link in links:
            table = self.world.tables[table].links[link][0]
        return table

    def _compares(self, rule: dict[str, Any], values: list[Any], kind: str, table: str, row: Row) -> bool:
        operator = NEGATIVES.get(rule["operator"], rule["operator"])
        fold = not rule.get("case_sensitive", True)
        question = _Question(self, kind, fold, table, row)
        positive = any(
            value is not None and question.holds(value, operator, rule.get("value")) for value in values
        )
        return positive != (rule["operator"] in NEGATIVES)


def _step_into(value: Any, step: str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    if isinstance(value, list) and re.fullmatch(r"-?\d+", step):
        return value[int(step)] if -len(value) <= int(step) < len(value) else None
    return None


def _fill(part: Any, values: dict[str, Any]) -> Any:
    """The part of a saved rule with its parameters' values; a filter carried along keeps its own parameters."""
    if isinstance(part, list):
        return [_fill(each, values) for each in part]
    if not isinstance(part, dict):
        return part
    if part.keys() == {"parameter"}:
        return values[part["parameter"]]
    return {name: each if name == "frozen" else _fill(each, values) for name, each in part.items()}


def _inside(value: Any, attribute: dict[str, Any]) -> Any:
    for step in attribute["path"]:
        value = _step_into(value, step)
    wanted = attribute.get("type", "text")
    if wanted == "boolean":
        return value if isinstance(value, bool) else None
    if wanted == "decimal":
        return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None
    return value if isinstance(value, str) and value != "" else None


def fold_case(text: str) -> str:
    return "".join(letter.lower() if len(letter.lower()) == 1 else letter.lower()[0] for letter in text)


def matches(text: str, pattern: str) -> bool:
    parts, letters = [], iter(pattern)
    for letter in letters:
        if letter == "\\":
            parts.append(re.escape(next(letters)))
        else:
            parts.append({"%": ".*", "_": "."}.get(letter, re.escape(letter)))
    return re.fullmatch("".join(parts), text, re.DOTALL) is not None


@dataclass
class _Question:
    """One value of one kind, asked whether it compares with what a rule gives."""

    oracle: Oracle
    kind: str
    fold: bool
    table: str
    row: Row

    def holds(self, value: Any, operator: str, given: Any) -> bool:
        if operator == "is_not_empty":
            return True
        if operator in ("is_true", "is_false"):
            return value is (operator == "is_true")
        special = getattr(self, "_" + operator, None)
        return special(value, given) if special else self._any_of(value, operator, given)

    def _in(self, value: Any, given: list[Any]) -> bool:
        return any(self._any_of(value, "equal", item) for item in given)

    def _between(self, value: Any, given: list[Any]) -> bool:
        low, high = given
        return self._any_of(value, "greater_or_equal", low) and self._any_of(value, "less_or_equal", high)

    def _any_of(self, value: Any, operator: str, given: Any) -> bool:
        operands = [other for other in self._operands(given) if other is not None]
        return any(self._pair(value, operator, other) for other in operands)

    def _operands(self, given: Any) -> Iterable[Any]:
        if not isinstance(given, dict):
            return [self._literal(given)]
        if "attribute" in given:
            return self.oracle._values(given["attribute"], self.table, self.row)
        if "variable" in given:
            return [self._variable(self.oracle.variables[given["variable"]])]
        at, today = self._anchor(given)
        if "today" in given:
            return [times.moved(today, given["today"], given.get("unit", "day"))]
        moment = at + given["now"] * _step(given.get("unit", "hour"))
        return [times.day_of(moment, self.oracle.zone) if self.kind == "date" else moment]

    def _literal(self, given: Any) -> Any:
        if self.kind == "float":
            return float(given)
        if self.kind in ("integer", "decimal"):
            return Decimal(str(given))
        if self.kind == "uuid":
            return UUID(given)
        if self.kind in ("date", "datetime"):
            return self._moment(given)
        return given

    def _moment(self, text: str) -> Any:
        if len(text) == 10:
            return date.fromisoformat(text)
        return self._suited(datetime.fromisoformat(text))

    def _suited(self, moment: datetime) -> Any:
        at = moment.astimezone(UTC) if moment.tzinfo else times.instant(moment, self.oracle.zone)
        return times.day_of(at, self.oracle.zone) if self.kind == "date" else at

    def _variable(self, value: Any) -> Any:
        if value is None or value == "":
            return None
        if isinstance(value, datetime):
            return self._suited(value)
        if self.kind == "float":
            return float(value)
        return UUID(value) if self.kind == "uuid" and isinstance(value, str) else value

    def _anchor(self, given: dict[str, Any]) -> tuple[datetime, date]:
        zone = self.oracle.zone
        value = self.oracle.variables[given["anchor"]] if given.get("anchor") else self.oracle.now
        if isinstance(value, datetime):
            at = value.astimezone(UTC) if value.tzinfo else times.instant(value, zone)
            return at, times.day_of(at, zone)
        return times.day_start(value, zone), value

    def _pair(self, value: Any, operator: str, other: Any) -> bool:
        if self.kind in NUMBERS:
            if isinstance(value, float) or isinstance(other, float):
                value, other = float(value), float(other)
            return _ordered(number_key(value), operator, number_key(other))
        if self.kind == "datetime" and not isinstance(other, datetime):
            return self._by_day(value, operator, other)
        if isinstance(value, times.Local) and isinstance(other, times.Local):
            value, other = value.written, other.written
        if self.kind == "text" and self.fold:
            value, other = fold_case(value), fold_case(other)
        return _ordered(value, operator, other)

    def _by_day(self, value: datetime, operator: str, day: date) -> bool:
        start = times.day_start(day, self.oracle.zone)
        end = times.day_start(day + timedelta(days=1), self.oracle.zone)
        return {
            "equal": start <= value < end,
            "less": value < start,
            "less_or_equal": value < end,
            "greater": value >= end,
            "greater_or_equal": value >= start,
        }[operator]

    def _in_period(self, value: Any, given: dict[str, Any]) -> bool:
        at, today = self._anchor(given)
        if "this" not in given and given.get("unit", "day") in ("hour", "minute"):
            return _in_hours(value, given, at)
        day = times.day_of(value, self.oracle.zone) if self.kind == "datetime" else value
        unit = given.get("unit", "day")
        if "this" in given:
            unit = given["this"]
            start = times.moved(times.start_of_unit(today, unit), given.get("shift", 0), unit)
            return start <= day < times.moved(start, 1, unit)
        if "last" in given:
            return times.moved(today, -given["last"], unit) <= day <= today
        if "next" in given:
            return today <= day <= times.moved(today, given["next"], unit)
        if "older_than" in given:
            return day < times.moved(today, -given["older_than"], unit)
        return day > times.moved(today, given["later_than"], unit)

    def _anniversary(self, value: Any, given: dict[str, Any]) -> bool:
        _at, today = self._anchor(given)
        first, last = (today + timedelta(days=number) for number in given["days"])
        born = times.clock_shows(value, self.oracle.zone).date() if isinstance(value, datetime) else value
        window = [first + timedelta(days=number) for number in range((last - first).days + 1)]
        return born < first and any(times.keeps_anniversary(born, day) for day in window)


def _in_hours(value: datetime, given: dict[str, Any], at: datetime) -> bool:
    step = _step(given["unit"])
    if "last" in given:
        return at - given["last"] * step <= value <= at
    if "next" in given:
        return at <= value <= at + given["next"] * step
    if "older_than" in given:
        return value < at - given["older_than"] * step
    return value > at + given["later_than"] * step


def _step(unit: str) -> timedelta:
    return timedelta(hours=1) if unit == "hour" else timedelta(minutes=1)


def _ordered(value: Any, operator: str, other: Any) -> bool:
    if operator == "starts_with":
        return value.startswith(other)
    if operator == "contains":
        return other in value
    if operator == "like":
        return matches(value, other)
    return {
        "equal": lambda: value == other,
        "less": lambda: value < other,
        "less_or_equal": lambda: value <= other,
        "greater": lambda: value > other,
        "greater_or_equal": lambda: value >= other,
    }[operator]()
