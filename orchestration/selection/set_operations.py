"""Union, intersection and exclusion of populations in SQL; the first set is the primary one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlglot import exp

from campaigns.decisions import Fact
from campaigns.targeting import trees
from campaigns.targeting.bound import bound
from campaigns.targeting.schema import Column, FieldType
from orchestration.compilation import (
    Arrival,
    CompileContext,
    Deciding,
    Made,
    Outflow,
    Populations,
    Selection,
    key_of,
    means,
)
from orchestration.selection.deciding import Decision, deciding
from orchestration.selection.exclusion_rules import ExclusionRule, reached_by_links, same_values
from orchestration.selection.joins import ascending
from orchestration.selection.membership import counted, in_population, not_in_population, rest_of
from orchestration.selection.profiles import Profiles
from orchestration.selection.sampling import by_chance, first_people
from orchestration.working_tables import KEY, MERGING, relation

TURN = "_turn"
Sets = Sequence[Arrival]
Columns = Mapping[str, Column]

_TYPES = {
    FieldType.TEXT: "text",
    FieldType.INTEGER: "bigint",
    FieldType.DECIMAL: "numeric",
    FieldType.FLOAT: "double precision",
    FieldType.BOOLEAN: "boolean",
    FieldType.DATE: "date",
    FieldType.DATETIME: "timestamptz",
    FieldType.UUID: "uuid",
    FieldType.JSON: "jsonb",
}


def union(context: CompileContext, sets: Sets, columns: Columns) -> Populations:
    """Everybody once, with the data of the first set that has them."""
    if context.config.limit is not None:
        return _limited_union(context, sets, columns)
    by_columns = context.config.reconcile == "columns"
    in_order = columns or by_columns
    everybody = in_turn(context, sets, columns, by_columns=by_columns) if in_order else keys_of(sets)
    outflow = Outflow(everybody, sets[0].dimension, columns)
    reported = {"same_by_columns": lambda made: counted(_left_out(sets, made))} if by_columns else {}
    return Populations({"main": outflow}, settings=_settings(context), reported=reported)


def _limited_union(context: CompileContext, sets: Sets, columns: Columns) -> Populations:
    """The first so many of everybody: set by set, by chance within each; the others are the complement or counted."""
    config, dimension = context.config, sets[0].dimension
    everybody = in_turn(context, sets, columns, by_columns=config.reconcile == "columns", mark=TURN)
    order = [ascending(trees.column("p", TURN)), *by_chance(context.activity_id)]
    main = Outflow(first_people(everybody, columns, order=order, number=config.limit), dimension, columns)
    if not config.complement:
        return Populations({"main": main}, reported={"left_out": lambda made: counted(_left_out(sets, made))})
    rest = Outflow(
        lambda made: in_turn(context, sets, columns).where(not_in_population(made["main"]), copy=False),
        dimension,
        columns,
        decided=_deciding(context, sets, columns, is_limited=True),
    )
    return Populations({"main": main, "complement": rest})


def intersection(context: CompileContext, sets: Sets, columns: Columns) -> Populations:
    """Those of the primary set who are in every other; nobody, where a set cannot arrive any more."""
    config, primary = context.config, sets[0]
    ours = Profiles(context, primary)
    conditions = [_is_in(context, ours, other) for other in sets[1:]]
    if context.absent:
        conditions = [exp.false()]
    main = Outflow(_chosen(ours, conditions, columns), primary.dimension, columns)
    if not config.complement:
        return Populations(
            {"main": main}, reported={"left_out": _others(context, sets)}, settings=_settings(context)
        )
    rest = Outflow(
        lambda made: in_turn(context, sets, columns).where(not_in_population(made["main"]), copy=False),
        primary.dimension,
        columns,
        decided=_deciding(context, sets, columns),
    )
    return Populations({"main": main, "complement": rest}, settings=_settings(context))


def exclusion(context: CompileContext, sets: Sets, columns: Columns) -> Populations:
    """Those of the primary set who are in no other."""
    config, primary = context.config, sets[0]
    ours = Profiles(context, primary)
    conditions = [exp.Not(this=_is_in(context, ours, other)) for other in sets[1:]]
    outflows = {"main": Outflow(_chosen(ours, conditions, columns), primary.dimension, columns)}
    if config.complement:
        rest = Outflow(
            lambda made: rest_of(primary, made["main"]),
            primary.dimension,
            columns,
            decided=_deciding(context, sets, columns),
        )
        return Populations({**outflows, "complement": rest}, subjects=[primary], settings=_settings(context))
    return Populations(
        outflows, dropped={"excluded": primary}, subjects=[primary], settings=_settings(context)
    )


def _settings(context: CompileContext) -> Mapping[str, str]:
    """Sets that are compared by their keys alone are merged; what else is compared is for the planner to judge."""
    return MERGING if _by_keys(context) else {}


def _by_keys(context: CompileContext) -> bool:
    return context.config.reconcile == "keys" and not context.config.rules


def _deciding(context: CompileContext, sets: Sets, columns: Columns, *, is_limited: bool = False) -> Deciding:
    """Puts down in which of the sets somebody was; one of the primary set also as the settings compare it."""

    def decide(decision: Decision, _made: Made) -> None:
        for other in sets:
            if (members := _members(context, sets[0], other)) is not None:
                about = f"{other.source}.{other.port}"
                decision.holders("", Fact.IN_SET, members, about=about)
        if is_limited:
            decision.limit("/limit", after="")

    return deciding(context, Arrival("", "", sets[0].dimension, columns=columns), decide)


def _members(context: CompileContext, primary: Arrival, other: Arrival) -> exp.Select | None:
    """Whose key is in a set, or who of the primary set counts as being in it."""
    own = exp.select(key_of()).from_(relation(other.table_name), copy=False)
    if other is primary or not _is_compared(context, other):
        return own if other.dimension == primary.dimension else None
    ours = Profiles(context, primary)
    condition = _is_in(context, ours, other)
    counted_in = ours.query([key_of()]).where(condition, copy=False)
    return counted_in if _rule_of(context, other) else _either(own, counted_in)


def _either(one: exp.Select, other: exp.Select) -> exp.Select:
    merged = exp.union(one, other, distinct=True, copy=False)
    return exp.select(key_of()).from_(merged.subquery("p", copy=False), copy=False)


def _rule_of(context: CompileContext, other: Arrival) -> ExclusionRule | None:
    return next((each for each in context.config.rules if means(each.arrow, other)), None)


def _is_compared(context: CompileContext, other: Arrival) -> bool:
    """Whether others than those with the same key count as being in the set."""
    return context.config.reconcile == "columns" or _rule_of(context, other) is not None


def keys_of(sets: Sets) -> exp.Select:
    """Every key of any of the sets, once."""
    parts = [exp.select(key_of()).from_(relation(each.table_name), copy=False) for each in sets]
    merged = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=True, copy=False)
    return exp.select(key_of()).from_(merged.subquery("p", copy=False), copy=False)


def in_turn(
    context: CompileContext, sets: Sets, columns: Columns, *, by_columns: bool = False, mark: str = ""
) -> exp.Select:
    """The people of each set who were in none before it, with the columns as far as their set has them, and with the
    number of their set where a column is to be marked with it.
    """
    parts = []
    for number, each in enumerate(sets):
        ours = Profiles(context, each)
        before = [not_in_population(earlier) for earlier in sets[:number]]
        if by_columns:
            before += [exp.Not(this=_same(context, ours, earlier)) for earlier in sets[:number]]
        part = _chosen(ours, before, columns)
        parts.append(part.select(_numbered(number, mark), copy=False) if mark else part)
    merged = parts[0] if len(parts) == 1 else exp.union(*parts, distinct=False, copy=False)
    names = [KEY, *(column.name for column in columns.values())]
    projections = [trees.column("p", name) for name in names]
    return exp.select(*projections).from_(merged.subquery("p", copy=False), copy=False)


def _chosen(ours: Profiles, conditions: Sequence[exp.Expr], columns: Columns) -> exp.Select:
    projections = [key_of(), *(_projected(ours.arrival, column) for column in columns.values())]
    query = ours.query(projections)
    return query.where(*conditions, copy=False) if conditions else query


def _numbered(number: int, mark: str) -> exp.Expr:
    return trees.named(exp.Literal.number(number), mark)


def _projected(arrival: Arrival, column: Column) -> exp.Expr:
    """A column of the result as this set has it: its own, or empty."""
    if alike(arrival.columns.get(column.slug), column):
        return trees.column("p", column.name)
    stored = "timestamp" if column.stored_zone else _TYPES[column.type]
    return trees.named(trees.cast(exp.null(), stored), column.name)


def alike(one: Column | None, other: Column) -> bool:
    """Whether two sets mean the same by a column: name, type and, for stored times, zone."""
    return one is not None and (one.slug, one.type, one.stored_zone) == (
        other.slug,
        other.type,
        other.stored_zone,
    )


def _is_in(context: CompileContext, ours: Profiles, other: Arrival) -> exp.Expr:
    """Whether the person `p` counts as being in `other`, by the settings."""
    config = context.config
    rule = _rule_of(context, other)
    if rule and rule.link:
        return reached_by_links(context, ours.arrival, other, rule.link)
    if rule:
        return same_values(context, ours, other, [(pair.primary, pair.other) for pair in rule.attributes])
    return _same(context, ours, other) if config.reconcile == "columns" else in_population(other)


def _same(context: CompileContext, ours: Profiles, other: Arrival) -> exp.Exists:
    return same_values(context, ours, other, [(name, name) for name in context.config.columns])


def _others(context: CompileContext, sets: Sets) -> Selection:
    """How many are in some set but not in the result. Of two sets that are compared by key it is known from their
    sizes; the law then counts them itself, so that the sum is not its own witness.
    """
    if _by_keys(context) and len(sets) == 2 and not context.absent:  # noqa: PLR2004
        both = sum(each.row_count for each in sets)
        return lambda made: exp.select(bound(both - 2 * made["main"].row_count))
    return lambda made: counted(_left_out(sets, made))


def _left_out(sets: Sets, made: Made) -> exp.Select:
    return keys_of(sets).where(not_in_population(made["main"]), copy=False)
