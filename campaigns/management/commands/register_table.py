"""`manage.py register_table`: make a table that exists already known to rules, or list what could be."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.introspection import unregistered_relations
from campaigns.link_paths import add_many_to_many, relation_links
from campaigns.models import Table
from campaigns.problems import ProblemsError
from campaigns.registration import Registration, TableChanges, refresh_table, register_table
from campaigns.schema_registration import register_schema

BOTH = 2


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]
        "Register an existing table or view, refresh its description, or list what is not registered yet."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", nargs="?", help=_("SCHEMA.TABLE; a schema alone registers all of it"))
        parser.add_argument("--list", action="store_true", help=_("list what is not registered yet"))
        parser.add_argument("--slug", default="", help=_("how rules call the table"))
        parser.add_argument("--key", default="", help=_("key columns, separated by commas"))
        parser.add_argument(
            "--relate",
            default="",
            help=_("LINK,LINK: the registered table relates the two tables these links lead to"),
        )
        parser.add_argument("--refresh", action="store_true", help=_("read a registered table again"))

    def handle(self, *args: Any, **options: Any) -> None:
        if options["list"]:
            self._list()
            return
        if not options["name"]:
            raise CommandError(_("Name a table as SCHEMA.TABLE, or use --list."))
        try:
            self._act(options)
        except ProblemsError as error:
            raise CommandError(str(error)) from error

    def _list(self) -> None:
        for relation in unregistered_relations():
            rows = _("unknown") if relation.row_estimate is None else f"{relation.row_estimate:,}"
            self.stdout.write(f"{relation.schema}.{relation.name}  ({relation.kind.label}, {rows})")

    def _act(self, options: dict[str, Any]) -> None:
        schema, _dot, name = options["name"].partition(".")
        if options["relate"]:
            self._relate(schema, name, options["relate"].split(","))
        elif options["refresh"]:
            self._refresh(schema, name)
        elif name:
            self._register(schema, name, options)
        else:
            self._register_schema(schema)

    def _register(self, schema: str, name: str, options: dict[str, Any]) -> None:
        key = [column for column in options["key"].split(",") if column]
        self._show(register_table(schema, name, slug=options["slug"], key=key))

    def _show(self, registration: Registration) -> None:
        table = registration.table
        self.stdout.write(
            _("Registered “%(slug)s”: %(fields)d fields, %(links)d links.")
            % {"slug": table.slug, "fields": table.fields.count(), "links": table.links.count()}
        )
        for note in registration.notes:
            self.stdout.write(f"  {note}")

    def _register_schema(self, schema: str) -> None:
        """New tables are registered, known ones refreshed."""
        made = register_schema(schema)
        for registration in made.registered:
            self._show(registration)
        for table, changes in made.changed:
            self.stdout.write(f"{table.slug}:")
            self._show_changes(changes)
        for table in made.gone:
            self.stdout.write(_("“%(slug)s” is gone from the database.") % {"slug": table.slug})
        for problem in made.refused:
            self.stderr.write(f"{problem.path}: {problem.message} {problem.remedy}")
        if not made.registered and not made.changed:
            self.stdout.write(_("Nothing is new in schema “%(schema)s”.") % {"schema": schema})

    def _refresh(self, schema: str, name: str) -> None:
        if not name:
            self._register_schema(schema)
            return
        self._show_changes(refresh_table(self._known(schema, name)))

    def _relate(self, schema: str, name: str, links: list[str]) -> None:
        table = self._known(schema, name)
        left, right = links if len(links) == BOTH else relation_links(table)
        made = add_many_to_many(table, left, right)
        self.stdout.write(f"{made.source.slug}.{made.slug} → {made.target.slug}")

    def _known(self, schema: str, name: str) -> Table:
        table = Table.objects.filter(schema_name=schema, table_name=name).first()
        if table is None:
            raise CommandError(_("“%(name)s” is not registered.") % {"name": f"{schema}.{name}"})
        return table

    def _show_changes(self, changes: TableChanges) -> None:
        for word, columns in (
            (_("new"), changes.added),
            (_("gone"), changes.removed),
            (_("back"), changes.returned),
            (_("changed"), changes.changed),
        ):
            if columns:
                self.stdout.write(f"{word}: {', '.join(columns)}")
        self.stdout.write("\n".join(changes.notes) or _("Refreshed."))
