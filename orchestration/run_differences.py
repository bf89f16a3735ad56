"""What an edit of a rule would do to people against those whom its activity found in the campaign's last run.

The rule is asked of its table as it is now. What else the activity does to whom it finds is not asked; a forecast of the
draft runs all of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _
from psycopg import sql
from sqlglot import exp

from campaigns import activity_types
from campaigns.activity_types import MAIN, Dimension, Law
from campaigns.cancellable import Question, running
from campaigns.catalogue import load_dimensions
from campaigns.limited_queries import Answer, answer
from campaigns.previews import ShownColumn
from campaigns.rule_differences import SECONDS, Change
from campaigns.rule_questions import RuleQuestion
from campaigns.targeting import trees
from campaigns.targeting.compile import compile_condition
from campaigns.targeting.difference import CHANGES
from campaigns.targeting.problems import RuleError
from campaigns.targeting.render import Statement, render
from campaigns.targeting.scope import Compilation
from orchestration.exceptions import Refused
from orchestration.key_samples import MOST
from orchestration.models import CampaignRun
from orchestration.port_members import AS_TEXT, Members, members_by_port
from orchestration.shown_people import ShownPeople
from orchestration.working_tables import KEY, KEY_TYPE

COMPARE = sql.SQL(
    """
WITH everybody AS MATERIALIZED (
  SELECT coalesce(a.key, b.key) AS key,
         CASE WHEN b.key IS NULL THEN 'enter' WHEN a.key IS NULL THEN 'leave' ELSE 'stay' END AS change
    FROM ({now}) AS a (key) FULL JOIN ({before}) AS b (key) ON a.key = b.key)
SELECT counted.change, counted.people,
       ARRAY(SELECT e.key::text FROM everybody AS e WHERE e.change = counted.change ORDER BY e.key LIMIT {most})
  FROM (SELECT change, count(*) AS people FROM everybody GROUP BY change) AS counted
"""
)

NOBODY = sql.SQL("SELECT NULL::{} WHERE false")


@dataclass(frozen=True, slots=True)
class RunDifference:
    """All three changes, in the order enter, leave, stay, between the run and the time `at`."""

    at: datetime
    columns: Sequence[ShownColumn]
    changes: Sequence[Change]
    seconds: float


def run_difference(
    run: CampaignRun,
    activity: str,
    question: RuleQuestion,
    *,
    personal: bool,
    asked_as: Question | None = None,
) -> RunDifference:
    """Exact counts, and the first of each by key. Raises Refused, RuleError, Unanswered."""
    if problems := question.problems():
        raise RuleError(problems)
    found = _found_by(run, activity)
    dimension = _dimension(found, question)
    with running(asked_as):
        compared = answer(_statement(question, dimension, found), seconds=SECONDS)
    shown = ShownPeople(dimension.slug, personal=personal)
    changes = _changes(compared, shown)
    return RunDifference(question.scope.now, shown.columns, changes, compared.seconds)


def _changes(compared: Answer, shown: ShownPeople) -> list[Change]:
    found = {change: (people, keys) for change, people, keys in compared.rows}
    told = [(each, *found.get(each, (0, ()))) for each in CHANGES]
    return [Change(change, people, shown.rows(keys)) for change, people, keys in told]


def _found_by(run: CampaignRun, activity: str) -> Members:
    """Whom the activity selected; refused for one that works on who came in, where a rule alone decides nothing."""
    done = run.activity_runs.filter(activity_id=activity).order_by("pk").first()
    found = dict(members_by_port(run)).get((activity, MAIN))
    if done is None or found is None:
        message = _("The last run has no population of “%(activity)s”.") % {"activity": activity}
        raise Refused(message, _("Run a test first."), code="difference.no_population")
    if activity_types.get(done.type).law is not Law.SOURCE:
        message = _("“%(activity)s” works on those who come in; its rule alone does not say who they are.")
        remedy = _("Ask for a forecast of the draft: it compares each activity.")
        raise Refused(message % {"activity": activity}, remedy, code="difference.no_source")
    if found.people and found.keys is None:
        message = _("The people of that run are gone by retention.")
        raise Refused(message, _("Run a test, and compare again."), code="difference.dropped")
    return found


def _dimension(found: Members, question: RuleQuestion) -> Dimension:
    dimension = load_dimensions().get(found.dimension)
    if dimension is None or dimension.table != question.table:
        message = _("That run's population is of another dimension.")
        raise Refused(message, _("Run a test, and compare again."), code="difference.dimension")
    return dimension


def _statement(question: RuleQuestion, dimension: Dimension, found: Members) -> Statement:
    """Keys of unlike types are compared as text."""
    rule = render(_selection(question, dimension))
    native = _key_type(question, dimension)
    now: sql.Composable = sql.SQL(rule.sql)
    before: sql.Composable | None = NOBODY.format(sql.SQL(native))
    if found.people:
        before = found.keys_as(native)
        now = now if found.type == native else AS_TEXT.format(keys=now)
    compared = COMPARE.format(now=now, before=before, most=sql.Literal(MOST))
    return Statement(compared.as_string(connection.connection), rule.parameters)


def _selection(question: RuleQuestion, dimension: Dimension) -> exp.Select:
    """The dimension's keys of the rows for which the rule holds, as the engine selects them."""
    row = Compilation.of(question.scope).root()
    key = trees.column(row.alias, row.table.columns[dimension.key].name)
    asked = [compile_condition(question.rule, question.scope)] if question.rule else []
    return trees.select(
        [trees.named(key, KEY)], trees.relation(row), trees.every([trees.known(key.copy()), *asked])
    )


def _key_type(question: RuleQuestion, dimension: Dimension) -> str:
    """How PostgreSQL names the type of the dimension's key."""
    table = question.catalogue.tables[question.table]
    relation = sql.Identifier(table.schema, table.name).as_string(connection.connection)
    with connection.cursor() as cursor:
        cursor.execute(KEY_TYPE, [table.columns[dimension.key].name, relation])
        return str(cursor.fetchone()[0])
