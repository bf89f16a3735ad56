"""`manage.py import_csv`: a CSV or Parquet file into a managed table; a dry run unless `--apply` is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.imports.jobs import apply_import, cancel_import, check_import, create_import
from campaigns.imports.plans import ImportOptions, Plan
from campaigns.imports.rejects import refused_by_column, write_rejects
from campaigns.models import ImportJob
from campaigns.problems import ProblemsError


class Command(BaseCommand):
    help = gettext_lazy("Check a CSV file for import into a managed table, and import it with --apply.")  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, nargs="?")
        parser.add_argument("table", nargs="?", help=_("slug of the table; created if there is none"))
        parser.add_argument("--mode", choices=ImportJob.Mode.values, default=ImportJob.Mode.UPSERT.value)
        parser.add_argument("--key", default="", help=_("key columns of a new table, separated by commas"))
        parser.add_argument("--type", action="append", default=[], help=_("COLUMN=TYPE, instead of guessing"))
        parser.add_argument("--delimiter", default="")
        parser.add_argument("--zone", default="UTC", help=_("zone of dates and times without one"))
        parser.add_argument("--apply", action="store_true", help=_("import what was fit"))
        parser.add_argument("--resume", type=int, help=_("number of an import to go on with"))
        parser.add_argument("--rejects", type=Path, help=_("file to write the refused lines to"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            job = self._job(options)
            if job.state != "checked":
                check_import(job, progress=self._show_progress)
            self._show_plan(job)
            self._write_rejects(job, options["rejects"])
            if options["apply"]:
                apply_import(job)
            elif not options["resume"]:
                cancel_import(job)
            self._show_outcome(job)
        except ProblemsError as error:
            raise CommandError(str(error)) from error

    def _job(self, options: dict[str, Any]) -> ImportJob:
        if options["resume"]:
            job = ImportJob.objects.filter(pk=options["resume"]).first()
            if job is None:
                raise CommandError(_("There is no import %(number)d.") % {"number": options["resume"]})
            return job
        if not options["file"] or not options["table"]:
            raise CommandError(_("Name a file and a table, or an import to go on with (--resume)."))
        job = create_import(options["file"], options["table"], options=_options(options))
        self.stdout.write(_("Import %(number)d: %(file)s") % {"number": job.pk, "file": job.file_name})
        return job

    def _show_progress(self, job: ImportJob) -> None:
        self.stdout.write(
            _("%(percent)d %%: %(read)s rows read, %(rejected)s refused")
            % {
                "percent": 100 * job.bytes_done // max(1, job.bytes_total),
                "read": f"{job.rows_read:,}",
                "rejected": f"{job.rows_rejected:,}",
            }
        )

    def _show_plan(self, job: ImportJob) -> None:
        plan = Plan.model_validate(job.plan)
        for notice in plan.notices:
            self.stdout.write(notice)
        for column in plan.columns:
            key = _(", key") if column.key else ""
            self.stdout.write(f"  {column.header} → {column.name}: {column.type}{key}")

    def _write_rejects(self, job: ImportJob, path: Path | None) -> None:
        for column, rows in refused_by_column(job).items():
            place = column or _("malformed rows")
            self.stdout.write(
                _("  refused because of %(place)s: %(rows)s") % {"place": place, "rows": f"{rows:,}"}
            )
        if path:
            with path.open("w", encoding="utf-8-sig", newline="") as stream:
                write_rejects(job, stream)

    def _show_outcome(self, job: ImportJob) -> None:
        done = job.state == "succeeded"
        text = (
            _("Done: %(inserted)s inserted, %(updated)s updated, %(deleted)s deleted, %(rejected)s refused.")
            if done
            else _(
                "Dry run: %(inserted)s would be inserted, %(updated)s updated, %(deleted)s deleted; "
                "%(rejected)s refused. Nothing was changed; add --apply to import."
            )
        )
        counts = {
            "inserted": f"{job.rows_inserted or 0:,}",
            "updated": f"{job.rows_updated or 0:,}",
            "deleted": f"{job.rows_deleted or 0:,}",
            "rejected": f"{job.rows_rejected:,}",
        }
        self.stdout.write(text % counts)


def _options(options: dict[str, Any]) -> ImportOptions:
    types = dict(pair.partition("=")[::2] for pair in options["type"])
    return ImportOptions(
        mode=ImportJob.Mode(options["mode"]),
        key=[name for name in options["key"].split(",") if name],
        types=types,
        delimiter=options["delimiter"].replace("\\t", "\t"),
        zone=options["zone"],
    )
