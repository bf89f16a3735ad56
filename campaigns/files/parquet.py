"""Parquet files, read and written in a process that can be killed: a hostile one costs a refusal, never a worker."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.files.parquet_process import NUMBER
from campaigns.files.refusals import FileRefused

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 1800.0
MOST_ROWS = 100_000_000
MOST_TIMES = 10
"""How many times the largest file allowed a Parquet file may unpack to."""


@dataclass(frozen=True, slots=True)
class ParquetShape:
    """Rows, bytes when unpacked as the file itself says, and the columns with the names of their types."""

    rows: int
    size: int
    columns: Sequence[tuple[str, str]]


def shape_of(path: Path) -> ParquetShape:
    """What the file says of itself; raises FileRefused where it is no Parquet or too much."""
    answered = _ask({"act": "shape", "source": str(path), "folders": [str(path.parent)]}, most_bytes=0)
    columns = [(name, kind) for name, kind in answered["columns"]]
    shape = ParquetShape(answered["rows"], answered["size"], columns)
    if shape.rows > MOST_ROWS or shape.size > settings.FILE_LIMIT * MOST_TIMES:
        raise _too_much()
    return shape


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """The rows as CSV, each after its number, in a file that goes when this ends."""
    shape_of(path)
    with _scratch() as folder:
        target = folder / "rows.csv"
        _ask(
            {
                "act": "read",
                "source": str(path),
                "target": str(target),
                "folders": [str(path.parent), str(folder)],
            },
            most_bytes=settings.FILE_LIMIT * MOST_TIMES,
        )
        yield target


def packed(source: Path, target: Path, columns: Sequence[tuple[str, str]]) -> None:
    """Write the rows of a CSV file without header as Parquet; `columns` are names and DuckDB's types."""
    folders = [str(source.parent), str(target.parent)]
    request = {"act": "write", "source": str(source), "target": str(target), "columns": columns}
    _ask({**request, "folders": folders}, most_bytes=settings.FILE_LIMIT * MOST_TIMES)


@contextmanager
def _scratch() -> Iterator[Path]:
    """A private folder on the store's own disk: what is unpacked may be large."""
    settings.FILES_FOLDER.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="unpacking-", dir=settings.FILES_FOLDER) as folder:
        yield Path(folder)


def _ask(request: dict[str, Any], *, most_bytes: int) -> dict[str, Any]:
    with subprocess.Popen(
        [sys.executable, "-m", "campaigns.files.parquet_process"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            output, _errors = process.communicate(
                json.dumps({**request, "most_bytes": most_bytes}), timeout=SECONDS
            )
        except subprocess.TimeoutExpired as error:
            raise _too_much() from error
        finally:
            process.kill()
    return _answered(output)


def _answered(output: str) -> dict[str, Any]:
    _ready, _newline, text = output.partition("\n")
    try:
        answer: dict[str, Any] = json.loads(text)
    except json.JSONDecodeError as error:
        raise _too_much() from error
    if "too large" in answer.get("error", "").lower():
        raise _too_much()
    if "error" in answer:
        raise FileRefused(
            "not_parquet",
            _("The Parquet file cannot be read: %(error)s") % {"error": answer["error"]},
            _("Check that it is whole, and that it has plain columns."),
        )
    return answer


def _too_much() -> FileRefused:
    return FileRefused(
        "parquet_too_large",
        _("The Parquet file unpacks to more than %(limit)d MB or %(rows)d rows, or takes too long.")
        % {"limit": settings.FILE_LIMIT * MOST_TIMES >> 20, "rows": MOST_ROWS},
        _("Send it in parts, or have an administrator raise FILE_LIMIT_MB."),
    )


__all__ = ["NUMBER", "ParquetShape", "packed", "shape_of", "unpacked"]
