"""The rows of a file that is text, batch by batch, whichever way they are written."""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

from campaigns.files.fixed_width import FixedWidthParser
from campaigns.files.formats import FixedWidth, TextFormat
from campaigns.files.opening import Beginning
from campaigns.imports.records import Batch, RecordReader, read_blocks


def batches_of(text: BinaryIO, format_: TextFormat, beginning: Beginning) -> Iterator[Batch]:
    """All rows from the first on; raises ImportRefused at a line that does not end."""
    if isinstance(format_, FixedWidth):
        return read_blocks(text, beginning.first_row, FixedWidthParser(format_).parse)
    width = len(beginning.names)
    return iter(RecordReader(text, delimiter=format_.dialect, width=width, start=beginning.first_row))
