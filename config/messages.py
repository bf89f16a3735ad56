"""Compiles message catalogues in Python, for a machine without the gettext tools.

By hand: `python -m config.messages`.
"""

from __future__ import annotations

from pathlib import Path

import polib

from config.environment import ROOT

CATALOGUES = ROOT / "locale"


def compile_catalogues(root: Path) -> list[Path]:
    """Compiles each `.po` below `root` whose `.mo` is older or missing; returns what was written.

    ValueError names the file and the line of a broken catalogue.
    """
    return [compile_catalogue(source) for source in sorted(root.rglob("*.po")) if _is_stale(source)]


def compile_catalogue(source: Path) -> Path:
    target = source.with_suffix(".mo")
    try:
        catalogue = polib.pofile(str(source), encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise ValueError(f"{source} cannot be compiled: {error}") from error
    catalogue.save_as_mofile(str(target))
    return target


def _is_stale(source: Path) -> bool:
    target = source.with_suffix(".mo")
    return not target.exists() or target.stat().st_mtime < source.stat().st_mtime


if __name__ == "__main__":
    compile_catalogues(CATALOGUES)
