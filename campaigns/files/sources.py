"""Where a file that is loaded comes from, as settings, and the files they mean at the moment of loading."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, BinaryIO, Literal

from django.conf import settings
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from pydantic import AfterValidator, Field, StringConstraints

from campaigns.activity_types import Settings
from campaigns.files.inbox import Found, is_unchanged, matching, refuse_pattern
from campaigns.files.refusals import FileRefused
from campaigns.files.store import too_large
from campaigns.settings_fields import RefusedError, Shown
from campaigns.validation import nearest


def _below_the_inbox(pattern: str) -> str:
    if problem := refuse_pattern(pattern):
        raise RefusedError("bad_pattern", problem, _now("Write it as in “daily/customers-*.csv”."))
    return pattern


class StoredSource(Settings):
    """A file that somebody uploaded."""

    kind: Annotated[Literal["stored"], Shown(_("Uploaded file"))]
    file: Annotated[
        str,
        StringConstraints(min_length=1, max_length=80, pattern=r"^[^\x00-\x1f\x7f]*$"),
        Field(json_schema_extra={"widget": "stored_file"}),
        Shown(_("File"), _("By its slug.")),
    ]


class InboxSource(Settings):
    """Files that another system puts into the inbox of the installation."""

    kind: Annotated[Literal["inbox"], Shown(_("File of the inbox"))]
    pattern: Annotated[
        str,
        StringConstraints(min_length=1, max_length=200),
        AfterValidator(_below_the_inbox),
        Shown(_("Pattern"), _("A name below the inbox; * stands for any characters, ? for one.")),
    ]
    which: Annotated[Literal["newest", "all"], Shown(_("Which of several"))] = "newest"
    delete: Annotated[
        bool,
        Shown(_("Delete the file after the import"), _("In live runs only, once everything is kept.")),
    ] = False


FileSource = Annotated[StoredSource | InboxSource, Field(discriminator="kind")]


@dataclass(frozen=True, slots=True)
class Source:
    """One file to load: its name for messages, and where it lies."""

    name: str
    path: Path
    found: Found | None = None

    @contextmanager
    def opened(self) -> Iterator[BinaryIO]:
        """The very file that was found, followed by no link; refused when it changes while it is read."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError as error:
            raise FileRefused(
                "unreadable",
                _now("“%(name)s” cannot be read: %(error)s.") % {"name": self.name, "error": error.strerror},
                _now("Check that the file is there and who may read it."),
            ) from error
        with os.fdopen(descriptor, "rb") as stream:
            if os.fstat(descriptor).st_size > settings.FILE_LIMIT:
                raise too_large(settings.FILE_LIMIT)
            self._demand_unchanged()
            yield stream
            self._demand_unchanged()

    def _demand_unchanged(self) -> None:
        if self.found is not None and not is_unchanged(self.found):
            raise FileRefused(
                "changed",
                _now("“%(name)s” changed while it was read.") % {"name": self.name},
                _now("Write it under a name that ends with .part, and rename it when it is whole."),
            )


def sources_of(source: Any, files: Mapping[str, Path]) -> list[Source]:
    """The files that settings mean now; `files` are the uploaded ones by slug. Raises FileRefused."""
    if isinstance(source, StoredSource):
        if source.file not in files:
            raise FileRefused(
                "unknown",
                _now("There is no uploaded file “%(slug)s”.") % {"slug": source.file},
                nearest(source.file, files),
            )
        return [Source(source.file, files[source.file])]
    found = matching(source.pattern)
    return [Source(each.name, each.path, each) for each in (found if source.which == "all" else found[-1:])]
