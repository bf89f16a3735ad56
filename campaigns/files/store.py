"""The installation's file store: private random names in one folder, and a row for every file that counts.

A file is written whole before its row is; the row becomes visible when its transaction commits. So a crash leaves a file
without a row, which nobody sees and `sweep` removes, and never a row without a file.
"""

from __future__ import annotations

import hashlib
import os
import re
import secrets
import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from campaigns.audit import record
from campaigns.files.refusals import FileRefused
from campaigns.models import StoredFile
from campaigns.naming import slug_of

LONGEST_WORK = 24 * 3600
"""Seconds after which a file that no row names is surely a leftover: no activity writes that long."""

LONGEST_NAME = 120
LONGEST_ENDING = 20
_PLACE = re.compile(r"[0-9a-f]{32}")


class Writing:
    """A file on its way into the store. It counts its bytes, hashes them, and refuses more than `limit`."""

    def __init__(self, stream: BinaryIO, limit: int | None) -> None:
        self._stream = stream
        self._limit = limit
        self._digest = hashlib.sha256()
        self.size = 0

    def write(self, data: bytes) -> int:
        self.size += len(data)
        if self._limit is not None and self.size > self._limit:
            raise too_large(self._limit)
        self._digest.update(data)
        return self._stream.write(data)

    def flush(self) -> None:
        self._stream.flush()

    @property
    def checksum(self) -> str:
        return self._digest.hexdigest()


@dataclass(frozen=True, slots=True)
class Kept:
    """What the store holds of a file before any row names it."""

    place: str
    size: int
    checksum: str


class Keeping:
    """Writes one file under a new private name; `kept` is there once the writing has ended well."""

    def __init__(self) -> None:
        self.place = secrets.token_hex(16)
        self.kept: Kept | None = None

    @contextmanager
    def writing(self, *, limit: int | None = None) -> Iterator[Writing]:
        """Whatever goes wrong within leaves nothing."""
        path = _folder() / self.place
        try:
            with open(path, "xb", opener=_private) as stream:
                writing = Writing(stream, limit)
                yield writing
                stream.flush()
                os.fsync(stream.fileno())
            self.kept = Kept(self.place, writing.size, writing.checksum)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    @property
    def whole(self) -> Kept:
        """What is kept, once the writing has ended well."""
        if self.kept is None:
            raise RuntimeError("the file is not written yet")
        return self.kept

    def forget(self) -> None:
        (_folder() / self.place).unlink(missing_ok=True)


def keep_upload(name: str, chunks: Iterable[bytes], *, by: Any = None) -> StoredFile:
    """Keep what a person sent, under a slug made of its name; raises FileRefused where it is empty or too large."""
    keeping = Keeping()
    with keeping.writing(limit=settings.FILE_LIMIT) as stream:
        for chunk in chunks:
            stream.write(chunk)
        if not stream.size:
            raise FileRefused("empty", _("The file is empty."), _("Send a file with at least one row."))
    try:
        with transaction.atomic():
            file = _named(safe_name(name), keeping.whole, by)
            record("file.upload", f"file {file.slug}", by=by, file=file.name, number=file.pk)
    except BaseException:
        keeping.forget()
        raise
    return file


def register_file(kept: Kept, name: str, **fields: Any) -> StoredFile:
    """The row of a file that a run wrote, in the caller's transaction. If that ends badly the file is a leftover."""
    slug = f"{slug_of(Path(name).stem, fallback='file')[:50]}_{secrets.token_hex(6)}"
    return StoredFile.objects.create(
        slug=slug, name=name, place=kept.place, size=kept.size, checksum=kept.checksum, **fields
    )


def uploaded_files() -> dict[str, Path]:
    """Where each uploaded file lies, by slug."""
    uploaded = StoredFile.objects.filter(origin=StoredFile.Origin.UPLOADED)
    return {slug: _folder() / place for slug, place in uploaded.values_list("slug", "place")}


def path_of(file: StoredFile) -> Path:
    """Where the file lies; raises FileRefused where it is gone."""
    path = _folder() / file.place
    if not _PLACE.fullmatch(file.place) or not path.is_file():
        raise FileRefused(
            "gone",
            _("The file “%(name)s” is no longer in the store.") % {"name": file.name},
            _("Upload it again."),
        )
    return path


@transaction.atomic
def remove_file(file: StoredFile, *, by: Any = None) -> None:
    """The row goes first: what a crash leaves of the rest is a leftover."""
    record("file.delete", f"file {file.slug}", by=by, file=file.name, number=file.pk)
    _drop([file])


def remove_expired() -> int:
    """Remove the files that were to be kept until now; answers how many."""
    old = list(StoredFile.objects.filter(expires_at__lt=timezone.now()).order_by("pk")[:1000])
    with transaction.atomic():
        _drop(old)
    return len(old)


def sweep() -> int:
    """Remove files that no row names, once nobody can be writing them any more; answers how many."""
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < time.time() - LONGEST_WORK]
    named = set(StoredFile.objects.filter(place__in=[p.name for p in old]).values_list("place", flat=True))
    leftovers = [path for path in old if path.name not in named and _PLACE.fullmatch(path.name)]
    for path in leftovers:
        path.unlink(missing_ok=True)
    return len(leftovers)


def safe_name(name: str) -> str:
    """The last part of a path without what a shell, a header or another system would take for something else."""
    plain = re.sub(r"[^\w. -]+", "-", Path(name.replace("\\", "/")).name).strip(" .-")
    stem, dot, suffix = plain.rpartition(".")
    short = (
        f"{stem[: LONGEST_NAME - len(suffix) - 1]}{dot}{suffix}" if len(suffix) < LONGEST_ENDING else plain
    )
    return short[:LONGEST_NAME] or "file"


def too_large(limit: int) -> FileRefused:
    return FileRefused(
        "too_large",
        _("The file is larger than %(limit)d MB.") % {"limit": limit >> 20},
        _("Send it in parts, or have an administrator raise FILE_LIMIT_MB."),
    )


def _named(name: str, kept: Kept, by: Any) -> StoredFile:
    """Two people may send the same name at once: whoever comes second gets the next free slug."""
    stem = slug_of(Path(name).stem, fallback="file")[:60]
    fields = {"name": name, "place": kept.place, "size": kept.size, "checksum": kept.checksum, "by": by}
    for _attempt in range(20):
        taken = set(StoredFile.objects.filter(slug__startswith=stem).values_list("slug", flat=True))
        try:
            with transaction.atomic():
                return StoredFile.objects.create(slug=slug_of(stem, taken=taken), **fields)
        except IntegrityError:
            continue
    raise FileRefused("busy", _("Many files of this name are being sent."), _("Give the file another name."))


def _drop(files: Iterable[StoredFile]) -> None:
    for file in files:
        path = _folder() / file.place
        file.delete()
        if _PLACE.fullmatch(file.place):
            transaction.on_commit(partial(path.unlink, missing_ok=True))


def _folder() -> Path:
    folder: Path = settings.FILES_FOLDER
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)
