"""Every zone of the tzdata package from PyPI, and every change of its clocks from 2020 to 2037.

Zones that provably behave alike are grouped: their files hold the same transitions in the period and the same
rule for what follows the last one. The files are read here by their format (RFC 8536), not through zoneinfo.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from io import BytesIO
from zoneinfo import ZoneInfo

FIRST = int(datetime(2020, 1, 1, tzinfo=UTC).timestamp())
LAST = int(datetime(2038, 1, 1, tzinfo=UTC).timestamp())
MARGIN = 7 * 86_400
STRIDE = 3 * 3600


@dataclass(frozen=True)
class Transition:
    """The first second with another offset; offsets in seconds east of UTC."""

    at: int
    before: int
    after: int


def zone_names() -> list[str]:
    return (files("tzdata") / "zones").read_text().split()


def zone(name: str) -> ZoneInfo:
    """The zone as PyPI's tzdata has it, whatever the machine has installed."""
    return ZoneInfo.from_file(BytesIO(_content(name)), key=name)


def _content(name: str) -> bytes:
    return files("tzdata").joinpath("zoneinfo", *name.split("/")).read_bytes()


@cache
def groups() -> list[list[str]]:
    """All names, those of zones with one behaviour in the period together."""
    found: dict[object, list[str]] = {}
    for name in zone_names():
        found.setdefault(_behaviour(_content(name)), []).append(name)
    return list(found.values())


def _behaviour(content: bytes) -> object:
    """Offset before the period, transitions in it, and the footer's rule for the time after the last
    transition.
    """
    stamps, offsets, footer = _read(content)
    earlier = [offset for stamp, offset in zip(stamps, offsets[1:], strict=True) if stamp < FIRST - MARGIN]
    later = [
        pair for pair in zip(stamps, offsets[1:], strict=True) if FIRST - MARGIN <= pair[0] < LAST + MARGIN
    ]
    ruled_by_footer = footer and (not stamps or stamps[-1] < FIRST - MARGIN)
    in_force = None if ruled_by_footer else [offsets[0], *earlier][-1]
    return in_force, tuple(later), footer


def _read(content: bytes) -> tuple[list[int], list[int], bytes]:
    """Of the 64-bit block: transition times, offsets (one more: the first is in force before), footer."""
    start = 44 + _size(content[:44], 4)
    header = content[start : start + 44]
    _, _, _, count, types, _ = struct.unpack(">6l", header[20:])
    body = content[start + 44 :]
    stamps = list(struct.unpack(f">{count}q", body[: 8 * count]))
    kinds = [0, *body[8 * count : 9 * count]]
    table = [struct.unpack(">l", body[9 * count + 6 * n : 9 * count + 6 * n + 4])[0] for n in range(types)]
    return stamps, [table[kind] for kind in kinds], body[_size(header, 8) :].strip(b"\n")


def _size(header: bytes, width: int) -> int:
    isut, isstd, leap, count, types, chars = struct.unpack(">6l", header[20:])
    return count * (width + 1) + types * 6 + chars + leap * (width + 4) + isstd + isut


def transitions(of: ZoneInfo) -> Iterator[Transition]:
    """Changes of the offset within the period, seen by reading the clock every three hours and halving what
    differs.
    """
    before = _offset(of, FIRST)
    for stamp in range(FIRST + STRIDE, LAST + 1, STRIDE):
        after = _offset(of, stamp)
        if after != before:
            yield Transition(_halve(of, stamp - STRIDE, stamp), before, after)
        before = after


def _halve(of: ZoneInfo, low: int, high: int) -> int:
    old = _offset(of, low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset(of, middle) == old else (low, middle)
    return high


def _offset(of: ZoneInfo, stamp: int) -> int:
    offset = datetime.fromtimestamp(stamp, of).utcoffset()
    assert offset is not None
    return int(offset.total_seconds())
