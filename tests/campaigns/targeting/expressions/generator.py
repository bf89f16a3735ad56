"""Seeded, well-typed expressions over the small company: every function in turn, its arguments nested at random."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from itertools import cycle

from campaigns.targeting.expressions.functions import Function, Takes
from campaigns.targeting.expressions.registry import FUNCTIONS

NUMBERS = ("integer", "decimal")
FIELDS = {
    "person": {
        "text": "name nick segment city_code zip city.country referrer.name referrer.nick",
        "integer": "id age referrer_id referrer.age area.id",
        "decimal": "credit score area.wealth referrer.credit",
        "boolean": "active vip referrer.vip",
        "date": "born married city.founded referrer.born",
        "datetime": "joined called seen left area.surveyed referrer.seen",
        "uuid": "code badge referrer.code",
    },
    "order": {
        "text": "shop person.name person.city.country",
        "integer": "number person_id person.age",
        "decimal": "total person.credit",
        "boolean": "paid person.vip",
        "date": "due person.born",
        "datetime": "at shipped person.seen",
        "uuid": "person.code",
    },
}
COLLECTIONS = {
    "person": {
        "rows": "orders visits referrals orders.lines city.people referrals.orders",
        "text": "orders.shop visits.page orders.lines.product.department",
        "integer": "orders.number referrals.age orders.lines.quantity",
        "decimal": "orders.total visits.seconds orders.lines.price orders.lines.weight",
        "boolean": "orders.paid",
        "date": "orders.due referrals.born",
        "datetime": "orders.at orders.shipped visits.at",
    },
    "order": {
        "rows": "lines person.visits",
        "text": "lines.product.department person.visits.page",
        "integer": "lines.quantity lines.position",
        "decimal": "lines.price lines.weight",
        "boolean": "person.orders.paid",
        "date": "person.orders.due",
        "datetime": "person.orders.at person.visits.at",
    },
}
LITERALS = {
    "text": """'a' 'nn' ' ' 'Straße' '김' 'x@y.org' '12.50' ' -7 ' '1e5' '2024-02-29' '2023-02-29' '2024-03-10T02:30'
        '2024-03-10' '2023-11-05\u00a001:30' '2023-11-05T01:30' '2024-03-12T04:00:00.5Z' '2024-03-12T04:00+09:00' 'TRUE'
        'no' 'it''s' '0000-01-01' '' '99999999999' 'ΣΟΦΌΣ' '2024-03-10\u2003'""",
    "integer": "0 1 2 3 5 7 12 40 -1 -3 100 1000 65 128512 55300 9223372036854775807 99999999999999999999 -250000",
    "decimal": "0.0 0.5 2.5 -1.5 12.345 100.005 0.00000000000000000001 33333333333333333333333333.3 -0.05",
    "boolean": "true false",
    "date": "ToDate('2024-02-29') ToDate('2023-12-31') DaysAgo(40)",
    "datetime": "GetDate() ToDateTime('2024-03-10T06:59:59.5Z') ToDateTime('2023-11-05T05:30Z')",
    "uuid": "",
}
VARIABLES = {
    "text": "$word $blank $nothing",
    "integer": "$whole",
    "decimal": "$number",
    "boolean": "$flag",
    "date": "$day $eve",
    "datetime": "$moment $local $late",
    "uuid": "",
}
OF_TAKES = {Takes.TEXT: "text", Takes.WHOLE: "integer", Takes.CONDITION: "boolean", Takes.ANY: "text"}
KINDS = ("text", "integer", "decimal", "boolean", "date", "datetime")
Typed = tuple[str, str]


class ExpressionGenerator:
    """Expressions as (table, text, type); `used` counts the functions in them."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)
        self.used = Counter[str]()
        self.table = "person"
        self._functions = cycle(sorted(FUNCTIONS))

    def expressions(self, number: int) -> Iterator[tuple[str, str, str]]:
        for each in range(number):
            self.table = "person" if self.rng.random() < 0.8 else "order"
            if each % 12 == 0:
                kind = self.rng.choice(KINDS)
                yield self.table, self.of(kind, 3), kind
            else:
                text, kind = self.call(FUNCTIONS[next(self._functions)], 2)
                yield self.table, text, kind

    def of(self, kind: str, depth: int) -> str:
        """An expression of a type; `decimal` may be an integer too."""
        if depth <= 0 or self.rng.random() < 0.25:
            return self.leaf(kind)
        choices: list[Callable[[], str]] = [lambda: self.function(kind, depth)] * 3
        choices += [lambda: self.operator(kind, depth), lambda: self.case(kind, depth - 1)]
        return self.rng.choice(choices)()

    def leaf(self, kind: str) -> str:
        shape = self.rng.random()
        if shape < 0.65 or kind == "uuid":
            return self.rng.choice(FIELDS[self.table][kind].split())
        if shape < 0.9:
            return self._literal(kind)
        return self.rng.choice(VARIABLES[kind].split())

    def _literal(self, kind: str) -> str:
        text = self.rng.choice(LITERALS[kind].replace("\n", " ").split(" ") if kind != "text" else _texts())
        return text or "1"

    def function(self, kind: str, depth: int) -> str:
        """A call of some function that gives the type."""
        for _ in range(60):
            function = FUNCTIONS[self.rng.choice(sorted(FUNCTIONS))]
            if function.gives not in (None, kind):
                continue
            text, found = self.call(function, depth - 1, kind)
            if found == kind:
                return text
        return self.leaf(kind)

    def operator(self, kind: str, depth: int) -> str:
        below = depth - 1
        if kind in NUMBERS:
            sign = self.rng.choice("+-*%" if kind == "integer" else "+-*/%")
            return f"({self.of(kind, below)} {sign} {self.of(kind, below)})"
        if kind == "text":
            return f"({self.of(kind, below)} || {self.of(kind, below)})"
        if kind == "boolean":
            return self.condition(below)
        return self.leaf(kind)

    def condition(self, depth: int) -> str:
        shape = self.rng.random()
        if shape < 0.15:
            return f"(not {self.of('boolean', depth)})"
        if shape < 0.35:
            word = self.rng.choice(["and", "OR"])
            return f"({self.of('boolean', depth)} {word} {self.of('boolean', depth)})"
        kind, other = self._comparable()
        signs = ["=", "<>", "!="] if kind in ("boolean", "uuid") else ["=", "<>", "<", "<=", ">", ">="]
        return f"({self._compared(kind, depth)} {self.rng.choice(signs)} {self._compared(other, depth)})"

    def _compared(self, kind: str, depth: int) -> str:
        text = self.of(kind, depth)
        return "'a'" if text == "''" else text

    def _comparable(self) -> tuple[str, str]:
        if self.rng.random() < 0.3:
            return self.rng.choice(
                [("date", "datetime"), ("datetime", "date"), ("integer", "decimal"), ("decimal", "integer")]
            )
        kind = self.rng.choice([*KINDS, "uuid"])
        return kind, kind

    def case(self, kind: str, depth: int) -> str:
        first, second, last = (self.of(kind, depth) for _ in range(3))
        condition, other = self.of("boolean", depth), self.of("boolean", depth)
        if self.rng.random() < 0.5:
            return f"Case When {condition} Then {first} When {other} Then {second} Else {last} End"
        return f"Case(When({condition}, {first}), When({other}, {second}))"

    # --- functions

    def call(self, function: Function, depth: int, kind: str = "") -> Typed:
        """A call with its type; `kind` is wanted where the arguments decide."""
        self.used[function.name] += 1
        if function.parameters and function.parameters[0].takes in (Takes.COLLECTION, Takes.COLLECTED):
            return self._aggregate(function, kind)
        same = self._same(function, kind)
        count = self._count(function, same)
        arguments = [
            self._argument(function.parameter(number, count).takes, same, depth) for number in range(count)
        ]
        self._mend(function, arguments)
        name = self.rng.choice([function.name, function.name, function.name.upper()])
        return f"{name}({', '.join(arguments)})", self._given(function, same, count)

    def _same(self, function: Function, kind: str) -> str:
        takes = {each.takes for each in function.parameters}
        if Takes.ORDERED in takes:
            return (
                kind
                if kind in (*NUMBERS, "date", "datetime")
                else self.rng.choice([*NUMBERS, "date", "datetime"])
            )
        if function.name in ("Abs", "Mod", "NoNull"):
            return kind if kind in NUMBERS else self.rng.choice(NUMBERS)
        if Takes.MOMENT in takes:
            return kind if kind in ("date", "datetime") else self.rng.choice(["date", "datetime"])
        return kind or self.rng.choice(KINDS)

    def _count(self, function: Function, same: str) -> int:
        if function.name == "IsEmptyString":
            return self.rng.choice([1, 3] if same == "boolean" else [3])
        most = function.most or len(function.parameters) + self.rng.choice([0, function.repeats])
        count = self.rng.choice([most, function.least]) if function.most else most
        return count + (1 if function.has_default and self.rng.random() < 0.6 else 0)

    def _argument(self, takes: Takes, same: str, depth: int) -> str:
        if takes is Takes.FIXED_TEXT:
            return self.rng.choice(["'Asia/Seoul'", "'Europe/Dublin'", "'America/New_York'"])
        if takes is Takes.FIXED_WHOLE:
            return self.rng.choice(["1", "60", "900", "3600", "7200", "86400"])
        if takes is Takes.NUMBER:
            return self.of(same if same in NUMBERS else "decimal", depth)
        return self.of(OF_TAKES.get(takes, same), depth)

    def _mend(self, function: Function, arguments: list[str]) -> None:
        """Arguments whose type no parameter says: of casts, and dates of two kinds side by side."""
        if function.name in ("ToDate", "ToDateTime", "ToTimestamp") and self.rng.random() < 0.5:
            arguments[0] = self.of(self.rng.choice(["date", "datetime"]), 1)
        if function.name in ("ToInteger", "ToInt64", "ToDouble", "ToBoolean") and self.rng.random() < 0.5:
            arguments[0] = self.of(self.rng.choice(NUMBERS), 1)
        if function.name in ("ToString", "IsEmptyString", "AllNonNull2", "AllNonNull3"):
            arguments[0] = self.of(self.rng.choice(KINDS), 1)

    def _given(self, function: Function, same: str, count: int) -> str:
        if function.name == "IsEmptyString" and count == 1:
            return "boolean"
        return function.gives or same

    def _aggregate(self, function: Function, kind: str) -> Typed:
        collections = COLLECTIONS[self.table]
        if function.name in ("Count", "CountAll") and self.rng.random() < 0.6:
            return f"{function.name}({self.rng.choice(collections['rows'].split())})", "integer"
        kinds = {"Sum": NUMBERS, "Avg": NUMBERS, "StdDev": NUMBERS, "StringAgg": ("text",)}.get(function.name)
        kinds = kinds or (*NUMBERS, "text", "date", "datetime")
        of = kind if kind in kinds and function.gives is None else self.rng.choice(kinds)
        path = self.rng.choice(collections[of].split())
        further = ", ', '" if function.name == "StringAgg" else ""
        return f"{function.name}({path}{further})", function.gives or of


def _texts() -> list[str]:
    found, rest = [], LITERALS["text"]
    while "'" in rest:
        rest = rest[rest.index("'") :]
        end = 1
        while rest[end] != "'" or (rest[end : end + 2] == "''" and end > 1):
            end += 2 if rest[end] == "'" else 1
        found.append(rest[: end + 1])
        rest = rest[end + 1 :]
    return found
