"""Rules as an enemy writes them: good ones with texts, members and values replaced by what breaks parsers."""

from __future__ import annotations

import copy
import random
from collections.abc import Iterator
from typing import Any

from tests.campaigns.targeting.generator import RuleGenerator
from tests.campaigns.targeting.vocabulary import Rule
from tests.campaigns.targeting.world import Described

MARK = "zq7x"
TEXTS = [f'\'; DROP TABLE "rule world".person; --{MARK}', f'"{MARK}', f"{MARK}\\\\", f"%s{MARK}%(name)s"]
TEXTS += [f"{MARK}%", f"$1{MARK}", f"/*{MARK}", f"$${MARK}$$", f"E'\\'{MARK}", f"{MARK}::text", f"ﬁ{MARK}İ"]
TEXTS += [f"{MARK}.{MARK}.{MARK}", f"@{MARK}", "." * 50 + MARK, MARK * 1_000, f"\u202e{MARK}", f"{MARK}\n;--"]
TEXTS += [f"pg_sleep(9){MARK}", f"{MARK}{{0}}", f"{{{{{MARK}}}}}"]
UNSTORABLE = [f"{MARK}\x00", f"{MARK}\ud800"]
VALUES: list[Any] = [
    None,
    True,
    -1,
    10**400,
    1e308,
    float("nan"),
    float("inf"),
    [],
    {},
    [[]],
    [None],
    b"bytes",
]
VALUES += [
    {"kind": "all"},
    {"variable": MARK},
    {"attribute": MARK},
    {"last": 10**9},
    {"last": 1, "unit": MARK},
]
VALUES += [{"today": 1, "anchor": MARK}, {"this": "week", "shift": 10**30}, {"days": [0, 10**9]}, {1: 2}]
VALUES += [
    "9999-12-31",
    "0001-01-01",
    "9999-12-31T23:59:59Z",
    "2024-02-30",
    "1e999999999",
    "0x10",
    "٣",
    "NaN",
]
VALUES += ["-infinity", "now", {"": ""}]
MEMBERS = [
    "kind",
    "of",
    "attribute",
    "operator",
    "value",
    "where",
    "link",
    "negate",
    "by",
    "n",
    "among",
    "at",
    "steps",
    "within",
    "separator",
    MARK,
    "__class__",
    "",
    "a/b~c",
]


class HostileGenerator:
    """An endless row of (table, rule), each a good rule with a wound, or with poison where texts belong."""

    def __init__(self, seed: int, tables: dict[str, Described]) -> None:
        self.rng = random.Random(seed)
        self.good = RuleGenerator(seed, tables)

    def rules(self, number: int) -> Iterator[tuple[str, Any]]:
        for table, rule in self.good.rules(number):
            wounded: Any = copy.deepcopy(rule)
            if self.rng.random() < 0.5:
                self._poison(wounded)
            else:
                self._wound(wounded)
            yield table, wounded

    def _poison(self, rule: Rule) -> None:
        """Hostile texts where texts belong: compared with, and as steps into JSON."""
        for holder in _holders(rule):
            if isinstance(holder, dict) and _is_word(holder.get("value")):
                holder["value"] = self.rng.choice(TEXTS)
            if isinstance(holder, dict) and holder.get("function") == "string":
                holder["separator"] = self.rng.choice([each for each in TEXTS if len(each) <= 100])
            if isinstance(holder, list) and all(map(_is_word, holder)):
                holder[0] = self.rng.choice(TEXTS)

    def _wound(self, rule: Rule) -> None:
        holders = list(_holders(rule))
        holder = self.rng.choice(holders)
        if isinstance(holder, list):
            holder[self.rng.randrange(len(holder))] = self._anything()
        elif self.rng.random() < 0.2:
            holder[self.rng.choice(MEMBERS)] = self._anything()
        else:
            key = self.rng.choice(sorted(holder, key=str))
            holder[key] = self._like(holder[key])

    def _like(self, value: Any) -> Any:
        """Mostly a text for a text, so that many a wounded rule still compiles."""
        return (
            self.rng.choice(TEXTS) if isinstance(value, str) and self.rng.random() < 0.7 else self._anything()
        )

    def _anything(self) -> Any:
        return self.rng.choice([*TEXTS, *UNSTORABLE, *(copy.deepcopy(value) for value in VALUES)])


def _is_word(value: Any) -> bool:
    return isinstance(value, str) and not any(letter.isdigit() for letter in value)


def _holders(value: Any) -> Iterator[Any]:
    if isinstance(value, dict | list) and value:
        yield value
        for child in value.values() if isinstance(value, dict) else value:
            yield from _holders(child)
