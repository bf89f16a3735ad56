"""Evaluates expressions over dict rows by the letter of docs/expressions.md: its own reader, plain Python values.

None is empty; numbers are Decimals, date-times aware and in UTC.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext
from fractions import Fraction
from functools import cache
from typing import Any

from tests.oracle.evaluator import Oracle
from tests.oracle.expression_dates import Calendar
from tests.oracle.expression_numbers import NUMBERS, calculate, clean, number
from tests.oracle.expression_texts import TEXTS
from tests.oracle.world import Row

EXACT = Context(prec=4_000, Emax=999_999, Emin=-999_999)
TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|'(?P<text>(?:[^']|'')*)'|\[(?P<quoted>[^\]]+)\]|\$(?P<variable>\w+)"
    r"|(?P<name>@?[^\W\d]\w*)|(?P<sign>\|\||<>|!=|<=|>=|[-+*/%=<>(),.]))"
)
AGGREGATES = ("count", "countall", "countdistinct", "sum", "avg", "min", "max", "stddev", "stringagg")
Node = tuple[Any, ...]


def read(text: str) -> Node:
    return _Reader(text).alternatives()


class _Reader:
    """Recursive descent, one method for each level of precedence."""

    def __init__(self, text: str) -> None:
        found = []
        while text.strip():
            match = TOKEN.match(text)
            assert match, text
            kind = str(match.lastgroup)
            found.append((kind, match[kind]))
            text = text[match.end() :]
        self.tokens = [*found, ("end", "")]

    def take(self, *wanted: str) -> str | None:
        kind, text = self.tokens[0]
        if text.lower() in wanted and kind in ("sign", "name"):
            self.tokens.pop(0)
            return text.lower()
        return None

    def need(self, wanted: str) -> None:
        assert self.take(wanted), (wanted, self.tokens[:5])

    def _chain(self, below: Callable[[], Node], *signs: str) -> Node:
        node = below()
        while sign := self.take(*signs):
            node = (sign, node, below())
        return node

    def alternatives(self) -> Node:
        return self._chain(lambda: self._chain(self.negation, "and"), "or")

    def negation(self) -> Node:
        return ("not", self.negation()) if self.take("not") else self.comparison()

    def comparison(self) -> Node:
        node = self.joined()
        sign = self.take("=", "<>", "!=", "<", "<=", ">", ">=")
        return (sign, node, self.joined()) if sign else node

    def joined(self) -> Node:
        return self._chain(
            lambda: self._chain(lambda: self._chain(self.signed, "*", "/", "%"), "+", "-"), "||"
        )

    def signed(self) -> Node:
        if self.take("-"):
            return ("negate", self.signed())
        return self.signed() if self.take("+") else self.operand()

    def operand(self) -> Node:
        if self.take("("):
            node = self.alternatives()
            self.need(")")
            return node
        kind, text = self.tokens.pop(0)
        if kind == "number":
            return ("constant", Decimal(text))
        if kind == "text":
            return ("literal", text.replace("''", "'"))
        if kind == "variable":
            return ("variable", text)
        return self.word(kind, text)

    def word(self, kind: str, text: str) -> Node:
        if kind == "name" and text.lower() in ("true", "false"):
            return ("constant", text.lower() == "true")
        if kind == "name" and text.lower() == "case":
            return self.case()
        if kind == "name" and self.take("("):
            return ("call", text.lower(), self.arguments())
        steps = [text]
        while self.take("."):
            steps.append(self.tokens.pop(0)[1])
        return ("path", ".".join(steps))

    def arguments(self) -> list[Node]:
        found: list[Node] = []
        while not self.take(")"):
            found.append(self.alternatives())
            self.take(",")
        return found

    def case(self) -> Node:
        called = self.take("(")
        branches, otherwise = [], None
        while self.take("when"):
            if called:
                self.need("(")
            condition = self.alternatives()
            self.take(",") or self.need("then")
            branches.append((condition, self.alternatives()))
            self.take(")") if called else None
            self.take(",")
        if self.take("else"):
            otherwise = self.alternatives()
        self.need(")") if called else self.need("end")
        return ("case", branches, otherwise)


read_once = cache(read)


class Expressions:
    """Values of expressions over one world, at one time, in one zone."""

    def __init__(self, oracle: Oracle) -> None:
        self.oracle = oracle
        self.calendar = Calendar(oracle)
        self.functions = {**TEXTS, **NUMBERS, **self.calendar.dates(), **self.calendar.choices()}

    def value(self, text: str, table: str, row: Row, kind: str = "") -> Any:
        """What the expression gives; `kind` is its type, in whose range the value has to be."""
        with localcontext(EXACT):
            found = _Evaluation(self, self.oracle, table, row).of(read_once(text))
            if kind == "integer":
                found = found if found is not None and -(2**63) <= found < 2**63 else None
            return found


@dataclass
class _Evaluation:
    expressions: Expressions
    oracle: Oracle
    table: str
    row: Row

    @property
    def calendar(self) -> Calendar:
        return self.expressions.calendar

    def of(self, node: Node) -> Any:
        kind, *parts = node
        if kind in ("constant", "literal"):
            return None if parts[0] == "" else parts[0]
        if kind in ("path", "variable", "call", "case"):
            return getattr(self, "_" + kind)(*parts)
        return self._operation(kind, parts)

    def _variable(self, name: str) -> Any:
        return clean(self.oracle.variables[name], self.oracle.zone)

    def _path(self, path: str) -> Any:
        """Of several rows that a broken link leads to, the one with the least key."""
        *links, last = path.split(".")
        ends = sorted(
            self.oracle._ends(self.table, self.row, links), key=lambda end: str(end[1].get("id", "")).zfill(9)
        )
        return self._leaf(last, *ends[0]) if ends else None

    def _leaf(self, name: str, table: str, row: Row) -> Any:
        (value,) = self.oracle._values(name, table, row)
        return clean(value, self.oracle.zone)

    def _case(self, branches: list[tuple[Node, Node]], otherwise: Node | None) -> Any:
        for condition, value in branches:
            if self.of(condition) is True:
                return self.of(value)
        return None if otherwise is None else self.of(otherwise)

    def _operation(self, sign: str, parts: list[Node]) -> Any:
        if sign == "not":
            return self.of(parts[0]) is not True
        if sign == "negate":
            value = self.of(parts[0])
            return None if value is None else -value + 0
        left, right = (self.of(part) for part in parts)
        if sign in ("and", "or"):
            return (left is True and right is True) if sign == "and" else (left is True or right is True)
        if sign in ("=", "<>", "!=", "<", "<=", ">", ">="):
            return self._compares(sign, left, right)
        return None if left is None or right is None else calculate(sign, left, right)

    def _compares(self, sign: str, left: Any, right: Any) -> bool:
        if left is None or right is None:
            return sign in ("<>", "!=")
        left, right = self._beside(left, right), self._beside(right, left)
        if isinstance(left, datetime) != isinstance(right, datetime):
            left, right = self.calendar.day(left), self.calendar.day(right)
        return {
            "=": lambda: left == right,
            "<>": lambda: left != right,
            "!=": lambda: left != right,
            "<": lambda: left < right,
            "<=": lambda: left <= right,
            ">": lambda: left > right,
            ">=": lambda: left >= right,
        }[sign]()

    def _beside(self, value: Any, other: Any) -> Any:
        """A text beside a date is one."""
        return self.calendar.moment(value) if isinstance(value, str) and isinstance(other, date) else value

    # --- functions

    def _call(self, name: str, arguments: list[Node]) -> Any:
        if name in AGGREGATES:
            return self._aggregate(name, arguments)
        return self.expressions.functions[name](*(self.of(each) for each in arguments))

    # --- collections

    def _aggregate(self, name: str, arguments: list[Node]) -> Any:
        path = arguments[0][1].split(".")
        table, links = self.table, []
        for step in path:
            if step not in self.oracle.world.tables[table].links:
                break
            links.append(step)
            table = self.oracle.world.tables[table].links[step][0]
        ends = self.oracle._ends(self.table, self.row, links)
        if len(links) == len(path) or name == "countall":
            return number(len(ends))
        values = [value for t, r in ends if (value := self._leaf(path[-1], t, r)) is not None]
        separator = arguments[1][1] if len(arguments) > 1 else ""
        return _figure(name, values, separator)


def _figure(name: str, values: list[Any], separator: str) -> Any:
    if name in ("count", "countdistinct"):
        return number(len(values if name == "count" else set(values)))
    if name == "sum":
        return sum(values, Decimal(0))
    if not values or (name == "stddev" and len(values) == 1):
        return None
    return {
        "avg": lambda: calculate("/", sum(values), Decimal(len(values))),
        "stringagg": lambda: separator.join(sorted(values)),
        "stddev": lambda: _deviation(values),
        "min": lambda: min(values),
        "max": lambda: max(values),
    }[name]()


def _deviation(values: list[Decimal]) -> Decimal:
    fractions = [Fraction(value) for value in values]
    mean = sum(fractions) / len(fractions)
    variance = sum((each - mean) ** 2 for each in fractions) / (len(fractions) - 1)
    with localcontext(Context(prec=60)):
        root = (Decimal(variance.numerator) / Decimal(variance.denominator)).sqrt()
    return root.quantize(Decimal("0.000001"), rounding=ROUND_HALF_UP)
