"""What a parsed text would create: managed tables under slugs, and the links between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from campaigns.ddl.model import Column, ForeignKey, Model
from campaigns.ddl.model import Table as Parsed
from campaigns.ddl.reading import read_ddl
from campaigns.ddl.words import problem_of
from campaigns.managed_tables import ManagedColumn, ManagedTable
from campaigns.models import Table
from campaigns.naming import label_of, slug_of
from campaigns.problems import Problem, ProblemsError, Severity

MOST_COLUMNS = 1000
LONGEST_NAME = 200


@dataclass(frozen=True, slots=True)
class PlannedLink:
    """A link to be made from a foreign key; `on` pairs field slugs, `alone` says that it leads back to one row."""

    source: str
    target: str
    on: tuple[tuple[str, str], ...]
    slug: str
    alone: bool


@dataclass(frozen=True, slots=True)
class DdlPlan:
    """Everything that would be created, and sentences with their lines on what is passed over."""

    tables: tuple[ManagedTable, ...]
    links: tuple[PlannedLink, ...]
    notices: tuple[Problem, ...]

    @property
    def columns(self) -> int:
        return sum(len(table.columns) for table in self.tables)


def plan_tables(text: str, dialect: str = "postgres") -> DdlPlan:
    """Read the text and say what it would create; nothing is. Raises ProblemsError with every line at fault."""
    model = read_ddl(text, dialect)
    slugs = _slugs_of(model)
    problems = [problem for table in model.tables for problem in _faults(table, slugs[table.name])]
    if problems:
        raise ProblemsError(problems)
    managed = {table.name: _managed(table, slugs[table.name]) for table in model.tables}
    links, unlinked = _links(model, slugs, managed)
    notices = [problem_of(notice) for notice in model.ignored]
    notices += [problem for table in model.tables for problem in _keyless(table, managed[table.name])]
    shown = sorted([*notices, *unlinked], key=lambda problem: problem.line)
    return DdlPlan(tuple(managed.values()), tuple(links), tuple(shown))


def _slugs_of(model: Model) -> Mapping[tuple[str, ...], str]:
    """The table's own name; with its schema where two schemas have a table of that name."""
    plain = [slug_of(table.name[-1], fallback="table") for table in model.tables]
    slugs: dict[tuple[str, ...], str] = {}
    for table, slug in zip(model.tables, plain, strict=True):
        wanted = slug if plain.count(slug) == 1 else slug_of("_".join(table.name[-2:]), fallback="table")
        slugs[table.name] = slug_of(wanted, taken=set(slugs.values()), fallback="table")
    return slugs


def _faults(table: Parsed, slug: str) -> Iterator[Problem]:
    if Table.objects.filter(slug=slug).exists():
        yield _fault(
            "slug_taken",
            table.line,
            _("Another table is registered as “%(slug)s”.") % {"slug": slug},
            _("Rename the table in the text, or take it out."),
        )
    if len(table.columns) > MOST_COLUMNS:
        yield _fault(
            "too_many_columns",
            table.line,
            _("The table has %(count)d columns.") % {"count": len(table.columns)},
            _("Keep at most %(most)d.") % {"most": MOST_COLUMNS},
        )
    names = [(table.line, table.name[-1]), *((column.line, column.name) for column in table.columns)]
    for line, name in names:
        if not 0 < len(name) <= LONGEST_NAME:
            yield _fault(
                "bad_name",
                line,
                _("“%(name)s …” has %(count)d characters.") % {"name": name[:40], "count": len(name)},
                _("Choose a name of 1 to %(most)d characters.") % {"most": LONGEST_NAME},
            )
    yield from _unusable_keys(table)
    if not any(column.type for column in table.columns):
        yield _fault(
            "no_columns",
            table.line,
            _("Rules could use none of the table's columns."),
            _("Declare at least one as text, a number or a date."),
        )


def _unusable_keys(table: Parsed) -> Iterator[Problem]:
    for name in table.key:
        column = table.column(name)
        if column is not None and column.type is None:
            yield _fault(
                "unusable_key",
                column.line,
                _("The key column “%(column)s” has a type that rules cannot use.") % {"column": name},
                _("Declare it as text, a number, a date or a UUID."),
            )


def _fault(code: str, line: int, message: str, remedy: str) -> Problem:
    return Problem(f"ddl.{code}", "", message, remedy, line=line)


def _managed(table: Parsed, slug: str) -> ManagedTable:
    names = _column_slugs(table.columns)
    columns = [_column(column, names[column.name]) for column in table.columns if column.type]
    return ManagedTable(
        slug=slug,
        columns=columns,
        key=[names[name] for name in _key_of(table)],
        label=label_of(table.name[-1]),
        description=table.comment,
    )


def _key_of(table: Parsed) -> Sequence[str]:
    """The primary key, else the first unique columns that rules can use."""
    usable = {column.name for column in table.columns if column.type}
    return table.key or next((names for names in table.unique if names and set(names) <= usable), [])


def _column_slugs(columns: Iterable[Column]) -> dict[str, str]:
    slugs: dict[str, str] = {}
    taken: set[str] = set()
    for column in columns:
        slugs[column.name] = slug_of(column.name, taken=taken)
        taken.add(slugs[column.name])
    return slugs


def _column(column: Column, name: str) -> ManagedColumn:
    if column.type is None:
        raise ValueError(column.name)
    return ManagedColumn(
        name=name,
        type=column.type,
        label=label_of(column.name),
        description=column.comment,
        digits=column.digits,
        enumeration={choice: choice for choice in column.choices},
    )


def _keyless(table: Parsed, managed: ManagedTable) -> Iterator[Problem]:
    if not managed.key:
        yield Problem(
            "ddl.no_key",
            "",
            _("Table “%(table)s” has no primary key: no file can be imported into it.")
            % {"table": managed.slug},
            _("Add PRIMARY KEY (…) before it is created."),
            Severity.WARNING,
            line=table.line,
        )


def _links(
    model: Model, slugs: Mapping[tuple[str, ...], str], managed: Mapping[tuple[str, ...], ManagedTable]
) -> tuple[list[PlannedLink], list[Problem]]:
    parsed = {table.name: table for table in model.tables}
    links: list[PlannedLink] = []
    unlinked: list[Problem] = []
    for table in model.tables:
        taken = {column.name for column in managed[table.name].columns}
        for key in table.foreign_keys:
            target = _target(key, table, parsed)
            link = target and _link(table, target, key, slugs=slugs, taken=taken)
            if link:
                taken.add(link.slug)
                links.append(link)
            else:
                unlinked.append(_unlinked(table, key))
    return links, unlinked


def _target(key: ForeignKey, source: Parsed, parsed: Mapping[tuple[str, ...], Parsed]) -> Parsed | None:
    """The table of that name; one written without its schema is that of the same schema."""
    return parsed.get(key.target) or parsed.get((*source.name[:-1], *key.target[-1:]))


def _link(
    source: Parsed,
    target: Parsed,
    key: ForeignKey,
    *,
    slugs: Mapping[tuple[str, ...], str],
    taken: set[str],
) -> PlannedLink | None:
    """None where a column is missing or left out, or where the two sides differ in type."""
    there = key.target_columns or list(_key_of(target))
    pairs = [(source.column(a), target.column(b)) for a, b in zip(key.columns, there, strict=False)]
    if len(there) != len(key.columns) or not all(a and b and a.type and a.type == b.type for a, b in pairs):
        return None
    left, right = _column_slugs(source.columns), _column_slugs(target.columns)
    wanted = key.columns[0] if len(key.columns) == 1 else slugs[target.name]
    base = slug_of(wanted.removesuffix("_id").removesuffix("_key"))
    named = f"{base}_{slugs[target.name]}" if base in taken else base
    unique = [set(names) for names in (source.key, *source.unique) if names]
    return PlannedLink(
        source=slugs[source.name],
        target=slugs[target.name],
        on=tuple((left[a], right[b]) for a, b in zip(key.columns, there, strict=True)),
        slug=slug_of(named, taken=taken),
        alone=any(names <= set(key.columns) for names in unique),
    )


def _unlinked(table: Parsed, key: ForeignKey) -> Problem:
    return Problem(
        "ddl.not_linked",
        "",
        _(
            "No link is made from “%(table)s” to “%(target)s”: the columns do not fit, or the table is not here."
        )
        % {"table": table.name[-1], "target": ".".join(key.target)},
        _("Link the tables afterwards, on the page of the table."),
        Severity.WARNING,
        line=key.line,
    )
