"""The rejected lines of a file as a file of their own, safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from contextlib import ExitStack

from django.utils.translation import gettext as _

from campaigns.files.store import Keeping, Kept, Writing
from campaigns.formula_guard import guard
from campaigns.imports.records import Fault


class RejectFile:
    """Collects rejected lines; there is no file until there is one. `stack` ends the writing."""

    def __init__(self, stack: ExitStack) -> None:
        self._stack = stack
        self._keeping = Keeping()
        self._stream: Writing | None = None
        self.count = 0

    def add(self, name: str, faults: Iterable[Fault]) -> None:
        rows = [
            [guard(name), fault.line, guard(fault.column), guard(fault.reason), guard(fault.content)]
            for fault in faults
        ]
        if rows:
            self._write(rows)
            self.count += len(rows)

    @property
    def kept(self) -> Kept | None:
        """What is kept once the stack has been left, or None when no line was rejected."""
        return self._keeping.kept

    def _write(self, rows: Iterable[Iterable[object]]) -> None:
        if self._stream is None:
            self._stream = self._stack.enter_context(self._keeping.writing())
            names = [_("file"), _("line"), _("column"), _("reason"), _("content")]
            self._stream.write(b"\xef\xbb\xbf" + _as_csv([names]))
        self._stream.write(_as_csv(rows))


def _as_csv(rows: Iterable[Iterable[object]]) -> bytes:
    stream = io.StringIO()
    csv.writer(stream).writerows(rows)
    return stream.getvalue().encode()
