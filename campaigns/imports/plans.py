"""How a file is read into its table: which cell goes where, as what type, and what identifies a row."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from zoneinfo import available_timezones

import pydantic
from django.utils.translation import gettext as _

from campaigns.imports.cells import INFERRED, guess_type
from campaigns.imports.content import start_of_text
from campaigns.imports.header import DELIMITERS, Header, read_header, read_sample
from campaigns.imports.parquet import ParquetColumn, is_parquet, read_parquet_header
from campaigns.imports.refusals import ImportRefused
from campaigns.managed_tables import ManagedColumn, ManagedTable
from campaigns.models import Field, ImportJob, Table
from campaigns.naming import label_of, slug_of
from campaigns.targeting.schema import FieldType

IMPORTABLE = (FieldType.TEXT, FieldType.FLOAT, *INFERRED)
DIGITS = re.compile(r"numeric\((\d+),(\d+)\)")


class PlanColumn(pydantic.BaseModel):
    """The cell at `place` (from 0) goes to the column `name`."""

    model_config = pydantic.ConfigDict(frozen=True)

    place: int
    header: str
    name: str
    type: FieldType
    digits: tuple[int, int] | None = None
    key: bool = False


class Plan(pydantic.BaseModel):
    """Everything reading needs besides the file itself; kept with the job, which may go on after a crash."""

    model_config = pydantic.ConfigDict(frozen=True)

    delimiter: str
    width: int
    offset: int
    line: int
    columns: tuple[PlanColumn, ...]
    zone: str = "UTC"
    creates: bool = False
    label: str = ""
    parquet: bool = False
    rows: int = 0
    notices: tuple[str, ...] = ()
    match: str = ""
    """For an audience: the field of the dimension that lines are recognised by."""

    @property
    def key(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if column.key)

    @property
    def values(self) -> tuple[str, ...]:
        return tuple(column.name for column in self.columns if not column.key)


@dataclass(frozen=True, slots=True)
class ImportOptions:
    """What the person who imports may say. Columns are named as in the file's header.

    `key` and `types` matter where the import creates the table. `zone` is meant by dates and times without
    one.
    """

    mode: ImportJob.Mode = ImportJob.Mode.UPSERT
    key: Sequence[str] = ()
    types: Mapping[str, str] = field(default_factory=dict)
    delimiter: str = ""
    zone: str = "UTC"
    label: str = ""


def make_plan(path: Path, target: str, options: ImportOptions) -> Plan:
    """The plan for importing the file into the table `target`, which is created if there is none.

    Raises ImportRefused, which names the line or the column.
    """
    check_options(options)
    _refuse_mode(options)
    if is_parquet(path):
        return _parquet_plan(path, target, options)
    header = read_header(path, start_of_text(path), options.delimiter)
    table = Table.objects.filter(slug=target).first()
    if table:
        columns = _columns_of_table(table, header.names, options)
    else:
        _check_target(target, options)
        columns = _columns_of_file(path, header, options)
    return Plan(
        delimiter=header.delimiter,
        width=len(header.names),
        offset=header.first_row.offset,
        line=header.first_row.line,
        columns=columns,
        zone=options.zone,
        creates=table is None,
        label=options.label,
    )


def _parquet_plan(path: Path, target: str, options: ImportOptions) -> Plan:
    """The types are those of the file; columns that rules cannot use are left out and named."""
    header = read_parquet_header(path)
    usable = tuple(column for column in header.columns if column.type)
    names = [column.name for column in usable]
    table = Table.objects.filter(slug=target).first()
    if table:
        columns = _columns_of_table(table, names, options, importable=tuple(FieldType))
        _refuse_other_types(columns, usable)
    else:
        _check_target(target, options)
        _refuse_unknown(names, [*options.key, *options.types])
        columns = _columns_of_parquet(usable, options)
    return Plan(
        delimiter=",",
        width=len(columns),
        offset=0,
        line=0,
        columns=columns,
        zone=options.zone,
        creates=table is None,
        label=options.label,
        parquet=True,
        rows=header.rows,
        notices=tuple(
            _("Column “%(column)s” is left out: rules have no type like “%(type)s”.")
            % {"column": column.name, "type": column.written[:80]}
            for column in header.columns
            if not column.type
        ),
    )


def _columns_of_parquet(usable: Sequence[ParquetColumn], options: ImportOptions) -> tuple[PlanColumn, ...]:
    types = {name.casefold(): FieldType(type_) for name, type_ in options.types.items()}
    key = {name.casefold() for name in options.key}
    taken: set[str] = set()
    columns = []
    for place, column in enumerate(usable):
        slug = slug_of(column.name, taken=taken)
        taken.add(slug)
        folded = column.name.casefold()
        type_ = types.get(folded) or column.type or FieldType.TEXT
        columns.append(PlanColumn(place=place, header=column.name, name=slug, type=type_, key=folded in key))
    unfit = next((column for column in columns if column.key and column.type is FieldType.JSON), None)
    if unfit:
        raise ImportRefused(
            "unfit_type",
            _("“%(column)s” holds lists or objects and cannot be a key.") % {"column": unfit.header},
            _("Choose another key."),
        )
    return tuple(columns)


# A value of the first type may go into a field of any of the others; whether each does is checked row by row.
_GOES_INTO: Mapping[FieldType, frozenset[FieldType]] = {
    FieldType.TEXT: frozenset(FieldType) - {FieldType.JSON},
    FieldType.INTEGER: frozenset({FieldType.DECIMAL, FieldType.FLOAT}),
    FieldType.DECIMAL: frozenset({FieldType.INTEGER, FieldType.FLOAT}),
    FieldType.FLOAT: frozenset({FieldType.INTEGER, FieldType.DECIMAL}),
    FieldType.DATE: frozenset({FieldType.DATETIME}),
}


def _refuse_other_types(columns: Sequence[PlanColumn], usable: Sequence[ParquetColumn]) -> None:
    for column in columns:
        found = usable[column.place].type
        fits = found == column.type or column.type is FieldType.TEXT
        if found and not fits and column.type not in _GOES_INTO.get(found, ()):
            raise ImportRefused(
                "unfit_type",
                _("“%(column)s” is %(found)s in the file and %(wanted)s in the table.")
                % {"column": column.header, "found": found.value, "wanted": column.type.value},
                _("Convert the column in the file, or leave it out."),
            )


def managed_table(target: str, plan: Plan) -> ManagedTable:
    """The table that the plan creates; labels are the names of the header."""
    columns = [ManagedColumn(column.name, column.type, label_of(column.header)) for column in plan.columns]
    return ManagedTable(target, columns, plan.key, label=plan.label)


def check_options(options: ImportOptions) -> None:
    if options.delimiter and options.delimiter not in DELIMITERS:
        raise ImportRefused(
            "bad_delimiter",
            _("“%(delimiter)s” cannot be the delimiter.") % {"delimiter": options.delimiter},
            _("Use a comma, a semicolon, a tab or a vertical bar."),
        )
    if options.zone not in available_timezones():
        raise ImportRefused(
            "bad_zone",
            _("“%(zone)s” is not a time zone.") % {"zone": options.zone},
            _("Name it as the IANA does, such as Asia/Seoul."),
        )
    for name, type_ in options.types.items():
        if type_ not in IMPORTABLE:
            raise ImportRefused(
                "bad_type",
                _("“%(type)s” cannot be the type of “%(column)s”.") % {"type": type_, "column": name},
                _("Choose among: %(types)s.") % {"types": ", ".join(IMPORTABLE)},
            )


def _refuse_mode(options: ImportOptions) -> None:
    if options.mode in (ImportJob.Mode.APPEND, ImportJob.Mode.REPLACE):
        message = _("Only an audience can be imported into so.")
        raise ImportRefused("bad_mode", message, _("Choose upsert, insert or delete."))


def _check_target(target: str, options: ImportOptions) -> None:
    if options.mode == ImportJob.Mode.DELETE:
        raise ImportRefused(
            "no_such_table",
            _("There is no table “%(table)s” to delete rows from.") % {"table": target},
            nearest_column(target, Table.objects.values_list("slug", flat=True)),
        )
    if slug_of(target) != target:
        raise ImportRefused(
            "bad_slug",
            _("“%(slug)s” cannot be the slug of a table.") % {"slug": target},
            _("Use lower-case letters, digits and underscores, such as “%(like)s”.")
            % {"like": slug_of(target)},
        )
    if not options.key:
        raise ImportRefused(
            "no_key",
            _("The table “%(table)s” would be created without a key.") % {"table": target},
            _("Say which columns together are different in every row."),
        )


def _columns_of_file(path: Path, header: Header, options: ImportOptions) -> tuple[PlanColumn, ...]:
    _refuse_unknown(header.names, [*options.key, *options.types])
    types = {name.casefold(): type_ for name, type_ in options.types.items()}
    key = {name.casefold() for name in options.key}
    cells = list(zip(*read_sample(path, header), strict=True)) or [()] * len(header.names)
    taken: set[str] = set()
    columns = []
    for place, name in enumerate(header.names):
        slug = slug_of(name, taken=taken)
        taken.add(slug)
        is_key = name.casefold() in key
        type_ = FieldType(types.get(name.casefold()) or guess_type(cells[place], key=is_key))
        columns.append(PlanColumn(place=place, header=name, name=slug, type=type_, key=is_key))
    return tuple(columns)


def _columns_of_table(
    table: Table,
    names: Sequence[str],
    options: ImportOptions,
    *,
    importable: Sequence[FieldType] = IMPORTABLE,
) -> tuple[PlanColumn, ...]:
    if table.origin != Table.Origin.MANAGED:
        raise ImportRefused(
            "not_managed",
            _("“%(table)s” is not a managed table; Tutti never writes to it.") % {"table": table.slug},
            _("Change it where it belongs, or import into a table of another name."),
        )
    fields = list(table.fields.filter(skipped_reason=""))
    known = {f.label.casefold(): f for f in fields}
    known |= {f.slug: f for f in fields} | {f.column_name.casefold(): f for f in fields}
    _refuse_unknown([*known], names)
    columns = tuple(_column(known[name.casefold()], place, name) for place, name in enumerate(names))
    _refuse_incomplete(fields, columns, importable)
    if options.mode == ImportJob.Mode.DELETE:
        return tuple(column for column in columns if column.key)
    return columns


def _column(known: Field, place: int, header: str) -> PlanColumn:
    digits = DIGITS.fullmatch(known.database_type)
    return PlanColumn(
        place=place,
        header=header,
        name=known.column_name,
        type=FieldType(known.type),
        digits=(int(digits[1]), int(digits[2])) if digits else None,
        key=known.key_position is not None,
    )


def _refuse_unknown(known: Sequence[str], asked: Sequence[str]) -> None:
    folded = {name.casefold() for name in known}
    for name in asked:
        if name.casefold() not in folded:
            raise ImportRefused(
                "unknown_column",
                _("There is no column “%(column)s”.") % {"column": name},
                nearest_column(name, known),
                line=1,
            )


def _refuse_incomplete(
    fields: Sequence[Field], columns: Sequence[PlanColumn], importable: Sequence[FieldType]
) -> None:
    names = [column.name for column in columns]
    repeated = next((column for column in columns if names.count(column.name) > 1), None)
    if repeated:
        raise ImportRefused(
            "repeated_header",
            _("Two columns of the file mean “%(column)s”.") % {"column": repeated.name},
            _("Take one of them out."),
            line=1,
        )
    if not any(f.key_position is not None for f in fields):
        raise ImportRefused(
            "no_key",
            _("The table has no key, by which its rows would be recognised."),
            _("Import the file into a new table with a key."),
        )
    missing = [f.slug for f in fields if f.key_position is not None and f.column_name not in names]
    if missing:
        raise ImportRefused(
            "key_missing",
            _("The file lacks the key of the table: %(columns)s.") % {"columns": ", ".join(missing)},
            _("Add the column to the file."),
            line=1,
        )
    unfit = next((column for column in columns if column.type not in importable), None)
    if unfit:
        raise ImportRefused(
            "unfit_type",
            _("“%(column)s” is of a type that CSV cannot carry.") % {"column": unfit.header},
            _("Take the column out of the file."),
            line=1,
        )


def nearest_column(name: str, known: Iterable[str]) -> str:
    names = sorted(set(known))
    near = get_close_matches(name, names, n=3, cutoff=0.5) or names[:20]
    return (
        _("Did you mean: %(names)s?") % {"names": ", ".join(near)} if near else _("Create the table first.")
    )
