"""Compiles message catalogues in Python, for a machine without the gettext tools.

By hand: `python -m config.messages`.
"""

from __future__ import annotations

import tempfile
from pathlib import Path

import polib

from config.environment import ROOT

CATALOGUES = [ROOT / app / "locale" for app in ("campaigns", "orchestration", "reporting", "config")]


def compile_catalogues(root: Path) -> list[Path]:
    """Compiles each `.po` below `root` whose `.mo` is older or missing; returns what was written.

    ValueError names the file and the line of a broken catalogue.
    """
    return [compile_catalogue(source) for source in sorted(root.rglob("*.po")) if _is_stale(source)]


def compile_catalogue(source: Path) -> Path:
    """Another process may read the catalogue, or compile it too, so it is put in place whole."""
    target = source.with_suffix(".mo")
    content = read_catalogue(source).to_binary()
    with tempfile.NamedTemporaryFile(dir=target.parent, delete=False) as file:
        file.write(content)
    Path(file.name).chmod(source.stat().st_mode)
    Path(file.name).replace(target)
    return target


def read_catalogue(source: Path) -> polib.POFile:
    try:
        return polib.pofile(str(source), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{source} cannot be compiled: {error}") from error


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    for folder in CATALOGUES:
        compile_catalogues(folder)
