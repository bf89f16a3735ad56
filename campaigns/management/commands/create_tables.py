"""`manage.py create_tables`: managed tables from CREATE TABLE text; a dry run unless `--apply` is given."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audit import record
from campaigns.ddl.creation import create_tables
from campaigns.ddl.planning import DdlPlan, plan_tables
from campaigns.ddl.reading import DIALECTS, decoded_ddl
from campaigns.problems import Problem, ProblemsError


class Command(BaseCommand):
    help = gettext_lazy(
        "Create managed tables as a CREATE TABLE text describes them; nothing of it is executed."
    )  # type: ignore[assignment]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("a file of SQL, such as pg_dump --schema-only writes"))
        parser.add_argument("--dialect", default="postgres", choices=list(DIALECTS))
        parser.add_argument("--apply", action="store_true", help=_("create the tables"))

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            plan = plan_tables(decoded_ddl(_read(options["file"])), options["dialect"])
            self._show(plan)
            if options["apply"]:
                made = create_tables(plan)
                record("catalogue.create_tables", f"table {made[0].slug}", door="command", number=len(made))
        except ProblemsError as error:
            raise CommandError("\n".join(map(_sentence, error.problems))) from error
        self.stdout.write(
            _("%(count)d tables created.") % {"count": len(plan.tables)}
            if options["apply"]
            else _("Nothing was created; add --apply to create the tables.")
        )

    def _show(self, plan: DdlPlan) -> None:
        for table in plan.tables:
            self.stdout.write(f"{table.slug} ({', '.join(table.key) or '–'})")
            for column in table.columns:
                self.stdout.write(f"  {column.name}: {column.type}")
        for link in plan.links:
            self.stdout.write(f"{link.source}.{link.slug} → {link.target}")
        for notice in plan.notices:
            self.stdout.write(_sentence(notice))


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise CommandError(_("There is no file “%(path)s”.") % {"path": path}) from error


def _sentence(problem: Problem) -> str:
    place = _("line %(line)d: ") % {"line": problem.line} if problem.line else ""
    return f"{place}{problem.message} {problem.remedy}".strip()
