"""The inbox: the one folder of the machine that campaigns may load files from, and how settings name what is in it.

A pattern never leaves the folder: it has no “..”, every step is looked up without following links, and what is opened is
a regular file.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from fnmatch import translate
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from campaigns.files.refusals import FileRefused

MOST_FILES = 1000
"""How many files one activity may load, and how many entries of a folder it looks at times a hundred."""

PATTERN = r"^[^\x00-\x1f\x7f/\\]+(/[^\x00-\x1f\x7f/\\]+){0,5}$"


@dataclass(frozen=True, slots=True)
class Found:
    """A file of the inbox as it was when it was found: when it changes, it is another one."""

    path: Path
    name: str
    mark: tuple[int, int, int, int]


def is_open() -> bool:
    return settings.FILE_INBOX is not None


def refuse_pattern(pattern: str) -> str:
    """Why a pattern cannot be used, or nothing."""
    if not re.fullmatch(PATTERN, pattern):
        return _("A pattern is the name of a file, with folders before it, all below the inbox.")
    if any(step in (".", "..") for step in pattern.split("/")):
        return _("A pattern does not leave its folder.")
    return ""


def matching(pattern: str) -> list[Found]:
    """Every file that the pattern means, the oldest first; raises FileRefused where there is no inbox or no file."""
    if settings.FILE_INBOX is None:
        raise FileRefused(
            "no_inbox",
            _("This installation has no inbox."),
            _("Upload the file, or have an administrator set FILE_INBOX."),
        )
    if problem := refuse_pattern(pattern):
        raise FileRefused("bad_pattern", problem, _("Write it as in “daily/customers-*.csv”."))
    found = _matching(settings.FILE_INBOX, pattern.split("/"))
    if not found:
        raise FileRefused(
            "none_found",
            _("No file of the inbox matches “%(pattern)s”.") % {"pattern": pattern},
            _("Put the file there, or correct the pattern."),
        )
    if len(found) > MOST_FILES:
        raise FileRefused(
            "too_many",
            _("%(count)d files of the inbox match “%(pattern)s”.")
            % {"count": len(found), "pattern": pattern},
            _("Narrow the pattern to at most %(most)d files.") % {"most": MOST_FILES},
        )
    return sorted(found, key=lambda each: (each.mark[3], each.name))


def is_unchanged(found: Found) -> bool:
    try:
        return _mark(found.path.lstat()) == found.mark
    except OSError:
        return False


def remove_loaded(found: Found) -> None:
    """Remove a file after it was loaded; one that has taken its place meanwhile stays."""
    if is_unchanged(found):
        found.path.unlink(missing_ok=True)


def _matching(root: Path, steps: list[str]) -> list[Found]:
    folders = [root]
    for step in steps[:-1]:
        folders = [
            Path(entry.path)
            for folder in folders
            for entry in _entries(folder, step)
            if entry.is_dir(follow_symlinks=False)
        ]
    return [
        _found(root, entry)
        for folder in folders
        for entry in _entries(folder, steps[-1])
        if entry.is_file(follow_symlinks=False)
    ]


def _entries(folder: Path, pattern: str) -> list[os.DirEntry[str]]:
    """Hidden files and those under way by common habit (.part, .tmp) are not there yet."""
    wanted = re.compile(translate(pattern))
    try:
        with os.scandir(folder) as entries:
            return [
                entry
                for entry in entries
                if wanted.match(entry.name) and not entry.name.startswith(".") and not _is_coming(entry.name)
            ]
    except OSError as error:
        raise FileRefused(
            "unreadable_inbox",
            _("A folder of the inbox cannot be read: %(error)s.") % {"error": error.strerror},
            _("Have an administrator check FILE_INBOX and who may read it."),
        ) from error


def _is_coming(name: str) -> bool:
    return name.endswith((".part", ".tmp", ".filepart", ".crdownload"))


def _found(root: Path, entry: os.DirEntry[str]) -> Found:
    path = Path(entry.path)
    return Found(path, str(path.relative_to(root)), _mark(entry.stat(follow_symlinks=False)))


def _mark(stat: os.stat_result) -> tuple[int, int, int, int]:
    return (stat.st_dev, stat.st_ino, stat.st_size, stat.st_mtime_ns)
