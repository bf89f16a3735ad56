"""A large CSV file with bad lines sprinkled in, and the truth about every one of them."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

HEADER = b"id,email,name,amount,score,born,seen,active,token,note\n"
SPOILED_EVERY = 997
NOTES = ("", "plain", '"with, comma"', '"two\nlines"', '"said ""yes"""', "한글 메모", '"=1+1"')


@dataclass(slots=True)
class Truth:
    """The fit rows, the lines of the file, and what is wrong with each bad one by physical line."""

    fit: int = 0
    lines: int = 1
    bad: dict[int, str] = field(default_factory=dict)


def write_spoiled_csv(path: Path, rows: int, *, spoil: bool = True, seed: int = 20180101) -> Truth:
    """Write `rows` records, one in 997 bad, among them quoted cells over several lines and blank lines."""
    chance = random.Random(seed)  # noqa: S311 - a repeatable file, not a secret
    truth = Truth()
    kinds = list(SPOILERS)
    with path.open("wb") as stream:
        stream.write(HEADER)
        for number in range(1, rows + 1):
            cells = _cells(number, chance)
            if spoil and number % SPOILED_EVERY == SPOILED_EVERY // 2:
                kind = kinds[(number // SPOILED_EVERY) % len(kinds)]
                record = SPOILERS[kind]([*cells[:-1], "plain"])
                truth.bad[truth.lines + 1] = kind
            else:
                record = _line(cells)
                truth.fit += 1
            if spoil and number % 5003 == 0:
                record += b"\n"
            stream.write(record)
            truth.lines += record.count(b"\n")
    return truth


def _cells(number: int, chance: random.Random) -> list[str]:
    amount = chance.randrange(1_000_000)
    return [
        str(number),
        f"person.{number}@example.com",
        f"Name {number % 5000}",
        f"{amount // 100}.{amount % 100:02d}",
        repr(chance.random()),
        f"19{number % 80 + 20:02d}-{number % 12 + 1:02d}-{number % 28 + 1:02d}",
        f"2017-{number % 12 + 1:02d}-{number % 28 + 1:02d}T{number % 24:02d}:{number % 60:02d}:00Z",
        "true" if number % 3 else "",
        f"{chance.getrandbits(128):032x}"[:8] + f"-0000-4000-8000-{number:012x}",
        NOTES[chance.randrange(100) % len(NOTES) if number % 10 == 0 else number % 2],
    ]


def _line(cells: list[str]) -> bytes:
    return ",".join(cells).encode() + b"\n"


def _with(place: int, cell: str) -> Callable[[list[str]], bytes]:
    return lambda cells: _line([*cells[:place], cell, *cells[place + 1 :]])


SPOILERS: dict[str, Callable[[list[str]], bytes]] = {
    "too few cells": lambda cells: _line(cells[:-1]),
    "too many cells": lambda cells: _line([*cells, "extra"]),
    "no number": _with(3, "12,50".replace(",", ";")),
    "not a number": _with(3, "NaN"),
    "no float": _with(4, "1e999"),
    "no date": _with(5, "2017-02-30"),
    "local date": _with(5, "31.12.1999"),
    "no time": _with(6, "2017-01-01T25:00:00Z"),
    "no truth": _with(7, "perhaps"),
    "no uuid": _with(8, "1234"),
    "empty key": _with(0, ""),
    "key of words": _with(0, "one"),
    "huge key": _with(0, "9" * 19),
    "repeated key": _with(0, "1"),
    "not UTF-8": lambda cells: _line(cells).replace(b"Name", b"N\xe4me"),
    "NUL byte": lambda cells: _line(cells).replace(b"Name", b"N\0me"),
    "unclosed quote": _with(2, '"never closed'),
    "text after quote": _with(2, '"closed" too early'),
    "lone return": _with(2, "left\rright"),
    "huge cell": _with(2, "x" * 140_000),
}
