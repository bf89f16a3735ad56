"""Files of people on their way into an audience: who in the dimension is meant by each line, and writing them down.

A line means the person whose key, or whose value of another field such as the e-mail address, it holds. Lines that mean
nobody, several people, or somebody an earlier line means, are refused with their reason, like every other bad line.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.contrib.auth.models import User
from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from sqlglot import exp

from campaigns.audience_tables import RESERVED, member_relation
from campaigns.audiences import Members, Provenance, lock_audience, member_problems, write_members
from campaigns.imports.cells import guess_type
from campaigns.imports.content import fingerprint_of, start_of_text
from campaigns.imports.header import Header, read_header, read_sample
from campaigns.imports.merging import Outcome, of_its_line, reject
from campaigns.imports.plans import IMPORTABLE, ImportOptions, Plan, PlanColumn, check_options, nearest_column
from campaigns.imports.refusals import ImportRefused
from campaigns.imports.staging import LINE, staging_name
from campaigns.introspection import STAGING_SCHEMA
from campaigns.models import Audience, AudienceChange, Field, ImportJob
from campaigns.naming import label_of, slug_of
from campaigns.targeting import trees
from campaigns.targeting.render import render
from campaigns.targeting.schema import Column, FieldType

APPEND, REPLACE = ImportJob.Mode.APPEND, ImportJob.Mode.REPLACE


def create_member_import(
    path: Path, audience: Audience, *, match: str = "", options: ImportOptions, by: User | None = None
) -> ImportJob:
    """Plan how a file of people goes into the audience; nothing is read beyond its first lines.

    `match` is the slug of the dimension's field that lines are recognised by, the key unless it is given;
    `options.key` names the column of the file that holds it. Raises ImportRefused.
    """
    if audience.is_composed:
        message = _("“%(label)s” is composed: its rule says who belongs to it.") % {"label": audience.label}
        raise ImportRefused("composed", message, _("Import into another audience."))
    path = path.resolve()
    plan = _plan(path, audience, match, options)
    return ImportJob.objects.create(
        target=audience.slug,
        audience=audience,
        file_name=path.name[-255:],
        path=str(path),
        mode=options.mode,
        plan=plan.model_dump(mode="json"),
        fingerprint=fingerprint_of(path),
        bytes_total=path.stat().st_size,
        bytes_done=plan.offset,
        lines_done=plan.line,
        by=by,
    )


def set_aside_strangers(job: ImportJob, plan: Plan) -> int:
    """Reject every line that means nobody, several people, or a person of an earlier line; how many."""
    matching = _Matching.of(job, plan)
    words = {"table": matching.field.table.label, "field": matching.field.label}
    nobody = _("Nobody in “%(table)s” has this value of “%(field)s”.") % words
    several = _("Several people in “%(table)s” have this value of “%(field)s”.") % words
    found = _fill(_MATCHES, job, matching)
    count = reject(job, plan, found, where=of_its_line("found.people = 0"), reason=sql.Literal(nobody))
    count += reject(job, plan, found, where=of_its_line("found.people > 1"), reason=sql.Literal(several))
    again = sql.SQL("{} || found.first").format(sql.Literal(_("The person was on an earlier line: ")))
    repeated = _fill(_REPEATED, job, matching)
    return count + reject(job, plan, repeated, where=of_its_line("found.first < found.line"), reason=again)


def foretell_members(job: ImportJob, plan: Plan) -> Outcome:
    """What writing would do to the audience as it is now."""
    audience = _audience(job)
    if job.mode == REPLACE:
        return Outcome(inserted=job.rows_accepted, deleted=audience.row_count or 0)
    if not audience.table_name or audience.missing:
        return Outcome(inserted=job.rows_accepted)
    member = exp.EQ(this=trees.column("m", "key"), expression=trees.column("t", _Matching.of(job, plan).key))
    is_new = exp.Not(this=trees.exists(member_relation(audience.table_name), member))
    select = _people(job, plan, []).where(is_new, copy=False)
    return Outcome(inserted=_counted(select))


def merge_members(job: ImportJob, plan: Plan) -> Outcome:
    """Do it, in the caller's transaction; raises ProblemsError where the audience does not take them."""
    audience = lock_audience(job.target)
    before = audience.row_count or 0
    columns = {
        each.name: Column(each.name, each.name, each.type, label_of(each.header))
        for each in plan.columns
        if not each.key
    }
    append = job.mode == APPEND
    member_problems(audience, audience.dimension.slug, columns, append=append)
    people = Members(_people(job, plan, list(columns)), columns)
    provenance = Provenance(by=job.by, source=job.file_name)
    change = write_members(audience, AudienceChange.Mode.IMPORT, people, provenance, append=append)
    return Outcome(inserted=change.rows_added or 0, deleted=0 if append else before)


def _plan(path: Path, audience: Audience, match: str, options: ImportOptions) -> Plan:
    check_options(options)
    field = _field(audience, match)
    header = read_header(path, start_of_text(path), options.delimiter)
    return Plan(
        delimiter=header.delimiter,
        width=len(header.names),
        offset=header.first_row.offset,
        line=header.first_row.line,
        columns=_columns(path, header, field, options),
        zone=options.zone,
        match=field.slug,
    )


def _field(audience: Audience, match: str) -> Field:
    dimension = audience.dimension
    fields = dimension.table.fields.filter(skipped_reason="", enumeration={})
    known = {f.slug: f for f in fields if f.type in IMPORTABLE}
    slug = match or dimension.key_field.slug
    if slug not in known:
        message = _("“%(dimension)s” has no field “%(field)s” that lines could be recognised by.")
        words = {"dimension": dimension.label, "field": slug[:80]}
        raise ImportRefused("unknown_match", message % words, nearest_column(slug, known))
    return known[slug]


def _columns(path: Path, header: Header, field: Field, options: ImportOptions) -> tuple[PlanColumn, ...]:
    place = _place(header, field, options)
    cells = list(zip(*read_sample(path, header), strict=True)) or [()] * len(header.names)
    types = {name.casefold(): kind for name, kind in options.types.items()}
    taken = {*RESERVED, field.column_name}
    columns = []
    for number, name in enumerate(header.names):
        if number == place:
            own = PlanColumn(
                place=number, header=name, name=field.column_name, type=FieldType(field.type), key=True
            )
            columns.append(own)
            continue
        slug = slug_of(name, taken=taken)[:40].rstrip("_")
        taken.add(slug)
        kind = FieldType(types.get(name.casefold()) or guess_type(cells[number]))
        columns.append(PlanColumn(place=number, header=name, name=slug, type=kind))
    return tuple(columns)


def _place(header: Header, field: Field, options: ImportOptions) -> int:
    """Which column of the file says who is meant: the one that was named, else the one called like the field."""
    names = [name.casefold() for name in header.names]
    wanted = options.key[0] if options.key else ""
    for name in [wanted] if wanted else [field.slug, field.label, field.column_name]:
        if name.casefold() in names:
            return names.index(name.casefold())
    message = _("The file has no column “%(name)s” that says who is meant.") % {"name": wanted or field.label}
    raise ImportRefused("key_missing", message, nearest_column(wanted or field.slug, header.names), line=1)


def _audience(job: ImportJob) -> Audience:
    return Audience.objects.select_related("dimension__key_field").get(slug=job.target)


@dataclass(frozen=True, slots=True)
class _Matching:
    """How lines find people: by the values of `field`, in the table of the dimension whose key is `key`."""

    field: Field
    key: str

    @classmethod
    def of(cls, job: ImportJob, plan: Plan) -> _Matching:
        audience = _audience(job)
        fields = Field.objects.select_related("table")
        field = fields.get(table_id=audience.dimension.table_id, slug=plan.match)
        return cls(field, audience.dimension.key_field.column_name)

    @property
    def folds(self) -> bool:
        """Texts that are no key, such as addresses, are the same in upper and lower case."""
        return FieldType(self.field.type) is FieldType.TEXT and self.field.column_name != self.key

    @property
    def same(self) -> exp.EQ:
        """Whether the person `t` is meant by the line `s`."""
        here, there = (trees.column(alias, self.field.column_name) for alias in ("t", "s"))
        if self.folds:
            return exp.EQ(this=trees.folded(here), expression=trees.folded(there))
        return exp.EQ(this=here, expression=there)


def _people(job: ImportJob, plan: Plan, columns: list[str]) -> exp.Select:
    """The person of each staged line as `key`, with these columns of the line."""
    matching = _Matching.of(job, plan)
    table = matching.field.table
    alias = exp.TableAlias(this=trees.name("s"))
    staged = exp.Table(this=trees.name(f"import_{job.pk}"), db=trees.name(STAGING_SCHEMA), alias=alias)
    person = exp.Table(
        this=trees.name(table.table_name),
        db=trees.name(table.schema_name),
        alias=exp.TableAlias(this=trees.name("t")),
    )
    made = [
        trees.named(trees.column("t", matching.key), "key"),
        *(trees.column("s", name) for name in columns),
    ]
    select = trees.select(made, staged)
    select.set("joins", [exp.Join(this=person, on=matching.same)])
    return select


_MATCHES = sql.SQL(
    "SELECT s.{line} AS line, count(t.{key}) AS people FROM {staging} s LEFT JOIN {table} t ON {same}"
    " GROUP BY s.{line}"
)
_REPEATED = sql.SQL(
    "SELECT line, min(line) OVER (PARTITION BY key) AS first FROM ("
    "SELECT s.{line} AS line, t.{key} AS key FROM {staging} s JOIN {table} t ON {same}) matched"
)


def _fill(query: sql.SQL, job: ImportJob, matching: _Matching) -> sql.Composed:
    table, name = matching.field.table, sql.Identifier(matching.field.column_name)
    folded = sql.SQL('lower(t.{0} COLLATE "pg_c_utf8") = lower(s.{0} COLLATE "pg_c_utf8")')
    same = folded if matching.folds else sql.SQL("t.{0} = s.{0}")
    return query.format(
        table=sql.Identifier(table.schema_name, table.table_name),
        staging=staging_name(job),
        line=sql.Identifier(LINE),
        key=sql.Identifier(matching.key),
        same=same.format(name),
    )


def _counted(select: exp.Select) -> int:
    statement = render(exp.select(exp.Count(this=exp.Star())).from_(select.subquery("people", copy=False)))
    with connection.cursor() as cursor:
        cursor.execute(statement.sql, statement.parameters)
        return int(cursor.fetchone()[0])
