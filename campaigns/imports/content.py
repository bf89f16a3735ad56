"""Is it a CSV file at all? Judged by its first bytes, never by its name."""

from __future__ import annotations

import hashlib
from pathlib import Path

from django.utils.translation import gettext as _

from campaigns.imports.refusals import ImportRefused

UTF8_MARK = b"\xef\xbb\xbf"
HEAD = 4096
EDGE = 1 << 20

_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_SIGNATURES = {
    b"PK\x03\x04": "ZIP, XLSX or ODS",
    b"PK\x05\x06": "ZIP",
    b"\x1f\x8b": "gzip",
    b"BZh": "bzip2",
    b"\xfd7zXZ\x00": "xz",
    b"\x28\xb5\x2f\xfd": "Zstandard",
    b"7z\xbc\xaf\x27\x1c": "7-Zip",
    b"Rar!": "RAR",
    b"PAR1": "Parquet",
    b"%PDF": "PDF",
    b"\xd0\xcf\x11\xe0": "XLS",
    b"\x7fELF": "ELF",
    b"SQLite format 3": "SQLite",
}


def start_of_text(path: Path) -> int:
    """The offset of the first character, after a UTF-8 mark if any; ImportRefused where it is no CSV."""
    with path.open("rb") as stream:
        head = stream.read(HEAD)
    refuse_other_formats(head)
    _refuse_other_encodings(head)
    start = len(UTF8_MARK) if head.startswith(UTF8_MARK) else 0
    if not head[start:].strip():
        raise ImportRefused(
            "empty", _("The file is empty."), _("Send a file with a header line and at least one row.")
        )
    return start


def fingerprint_of(path: Path) -> str:
    """The file's size and edges as one hash: enough to tell whether an interrupted import may go on."""
    size = path.stat().st_size
    digest = hashlib.sha256(str(size).encode())
    with path.open("rb") as stream:
        digest.update(stream.read(EDGE))
        stream.seek(max(0, size - EDGE))
        digest.update(stream.read(EDGE))
    return digest.hexdigest()


def refuse_other_formats(head: bytes) -> None:
    for signature, name in _SIGNATURES.items():
        if head.startswith(signature):
            raise ImportRefused(
                "not_csv",
                _("The file is not CSV; its first bytes say %(format)s.") % {"format": name},
                _("Unpack it, or save the sheet as “CSV UTF-8”, and send that file."),
                line=1,
            )


def _refuse_other_encodings(head: bytes) -> None:
    marked = head.startswith(_UTF16_MARKS)
    if marked or head.count(0) * 5 > len(head):
        raise ImportRefused(
            "not_utf8",
            _("The file is UTF-16 or UTF-32, or not text at all."),
            _("Save it as UTF-8 (in spreadsheets: “CSV UTF-8”) and send it again."),
            line=1,
        )
