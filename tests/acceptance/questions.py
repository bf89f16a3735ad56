"""The business questions of `examples/questions`: read, laid over the demo data, asked of both, and told as a page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import duckdb
from django.utils import translation

from campaigns.audiences import (
    Description,
    Members,
    Mode,
    Provenance,
    add_audience,
    compose_audience,
    lock_audience,
    write_members,
)
from campaigns.catalogue import load_catalogue
from campaigns.document import Variable
from campaigns.limited_queries import answer
from campaigns.link_paths import add_link_path
from campaigns.links import LinkNames
from campaigns.models import Audience, Table
from campaigns.predefined_filters import create_filter
from campaigns.rule_questions import RuleQuestion, Surroundings, typed_value
from campaigns.targeting.render import render
from campaigns.targeting.rules import parse_rule
from campaigns.targeting.statements import count_statement
from campaigns.yaml_source import read_yaml

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "examples" / "questions"
ANSWERS = Path(__file__).parent / "sql"
PAGE = ROOT / "docs" / "questions.md"
ANOTHER_TIME = datetime(2031, 5, 17, tzinfo=UTC)
"""When the questions are asked: their relative dates have an anchor, so it may be any time."""
SECONDS = 120


@dataclass(frozen=True, slots=True)
class BusinessQuestion:
    """A question as a marketer asks it, and the rule that says it; `why` tells why it means hardly anybody, or everybody."""

    slug: str
    question: str
    table: str
    rule: Any
    why: str = ""

    def counted(self) -> int:
        """How many rows the rule finds."""
        asked = asked_of(self.rule, self.table)
        statement = render(count_statement(parse_rule(self.rule), asked.scope))
        return int(answer(statement, seconds=SECONDS).rows[0][0])

    def everybody(self) -> int:
        asked = asked_of(None, self.table)
        return int(answer(render(count_statement(None, asked.scope)), seconds=SECONDS).rows[0][0])

    def sentence(self, language: str) -> str:
        with translation.override(language):
            return asked_of(self.rule, self.table).words()

    def answer_of(self, witness: duckdb.DuckDBPyConnection) -> int:
        """What SQL written from the question's words finds in the Parquet files."""
        text = (ANSWERS / "questions" / f"{self.slug}.sql").read_text(encoding="utf-8")
        ((count,),) = witness.execute(text).fetchall()
        return int(count)


def read_questions() -> Sequence[BusinessQuestion]:
    paths = sorted(FOLDER.glob("[0-9]*.yaml"))
    return tuple(BusinessQuestion(path.stem, **_read(path)) for path in paths)


def surroundings() -> Mapping[str, Any]:
    return _read(FOLDER / "surroundings.yaml")


def asked_of(rule: Any, table: str) -> RuleQuestion:
    shared = surroundings()
    variables = {
        name: typed_value(Variable.model_validate(each)) for name, each in shared["variables"].items()
    }
    around = Surroundings(zone=shared["time_zone"], variables=variables, now=ANOTHER_TIME)
    return RuleQuestion(rule, table, load_catalogue(), around)


def lay_out(owner: Any) -> None:
    """The links, filters and audiences that the questions speak of."""
    shared = surroundings()
    for source, link in shared["links"].items():
        names = LinkNames(link["slug"], link["label"])
        add_link_path(Table.objects.get(slug=source), link["path"], names=names)
    for slug, parts in shared["filters"].items():
        create_filter(slug, {**parts, "shared": True}, by=owner)
    for slug, each in shared["audiences"].items():
        _make_audience(Description(slug, each["label"], "household"), each)


def _make_audience(description: Description, each: Mapping[str, Any]) -> None:
    if "composed" in each:
        compose_audience(description, each["composed"])
        return
    add_audience(description, Audience.Origin.SAVED)
    select = asked_of(each["saved"], "household").selection()
    locked = lock_audience(description.slug)
    write_members(locked, Mode.CREATE, Members(select, {}), Provenance(), append=False)


def page(told: Sequence[tuple[BusinessQuestion, int, int, int]]) -> str:
    """docs/questions.md, from each question with its count, DuckDB's, and how many rows there are."""
    english = [
        f"| {number} | {each.question} | {_cell(each.sentence('en'))} | {count:,} | {duck:,} | {_share(count, whole)} |"
        for number, (each, count, duck, whole) in enumerate(told, 1)
    ]
    korean = [f"| {number} | {_cell(each.sentence('ko'))} |" for number, (each, *_) in enumerate(told, 1)]
    head = (Path(__file__).parent / "questions_page.md").read_text(encoding="utf-8")
    return head.replace("{english}", "\n".join(english)).replace("{korean}", "\n".join(korean))


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def _share(count: int, whole: int) -> str:
    return f"{100 * count / whole:.1f} %"


def _read(path: Path) -> dict[str, Any]:
    found: dict[str, Any] = read_yaml(path.read_text(encoding="utf-8")).data
    return found
