"""The refused lines of an import as a CSV file that is safe to open in a spreadsheet."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from typing import TextIO

from django.db.models import Count
from django.utils.translation import gettext as _

from campaigns.formula_guard import guard
from campaigns.models import ImportJob, ImportReject
from campaigns.personal_data import MASKED

PAGE = 5000
_CELL = re.compile(r"(?s)\A“.*”")
"""What a reason quotes, which is the cell it refuses."""


def write_rejects(job: ImportJob, stream: TextIO) -> int:
    """Write line number, column, reason and content of every refused row, by line; the number of rows."""
    writer = csv.writer(stream)
    writer.writerow([_("line"), _("column"), _("reason"), _("content")])
    count = 0
    for reject in _by_line(job):
        writer.writerow(
            [reject.line_number, guard(reject.column), guard(reject.reason), guard(reject.content)]
        )
        count += 1
    return count


def refused_by_column(job: ImportJob) -> dict[str, int]:
    """How many rows each column was to blame for, the worst first; "" stands for rows that are malformed."""
    counted = ImportReject.objects.filter(job=job).values_list("column").annotate(rows=Count("pk"))
    return dict(counted.order_by("-rows"))


def masked(reject: ImportReject) -> ImportReject:
    """The reject without what the row holds, in its reason too; one of a feed has no content, and may say anything."""
    reason = _CELL.sub(f"“{MASKED}”", reject.reason) if reject.content else MASKED
    return ImportReject(
        job_id=reject.job_id,
        line_number=reject.line_number,
        column=reject.column,
        reason=reason,
        content=MASKED,
    )


def _by_line(job: ImportJob) -> Iterator[ImportReject]:
    last = 0
    while page := list(
        ImportReject.objects.filter(job=job, line_number__gt=last).order_by("line_number")[:PAGE]
    ):
        yield from page
        last = page[-1].line_number
