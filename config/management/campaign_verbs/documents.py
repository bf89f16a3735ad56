"""Verbs on documents: validate, plan, apply, export, diff, codes."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from campaigns.code_table import code_rows
from campaigns.diff import Change, diff_documents, sentences
from campaigns.document import Document, document_hash
from campaigns.document_text import Form, write_document
from campaigns.drafts import load_draft, read_draft, save_draft, taken_ids
from campaigns.lint import lint_document
from campaigns.models import Campaign
from campaigns.problems import Problem, errors_of
from campaigns.world import load_world
from config.management.campaign_verbs.forecasts import forecast_data, forecast_lines
from config.management.campaign_verbs.operands import find_document, find_user, find_version, read_file
from config.management.campaign_verbs.outcome import Exit, Outcome, problem_line
from orchestration.forecasts import forecast


def validate_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("document", help=_("a file, “-”, a slug, or SLUG@VERSION"))


def validate(document: str, **_options: Any) -> Outcome:
    problems = _lint(find_document(document))
    return _judged(problems)


def plan_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help=_("a file, or “-” for standard input"))
    parser.add_argument(
        "--people",
        action="store_true",
        help=_("also say who would enter, leave and stay; takes as long as a test run"),
    )


def plan(file: str, people: bool, **_options: Any) -> Outcome:
    document = read_file(file).document
    changes = diff_documents(_present(document), document)
    judged = _judged((*_taken(document), *_lint(document)))
    data = {**judged.data, "changes": [change.as_dict() for change in changes]}
    if not people or judged.exit:
        return Outcome(data, (*_said(changes), *judged.lines), judged.exit)
    found = forecast(document)
    lines = (*_said(changes), *judged.lines, *forecast_lines(found))
    return Outcome({**data, "people": forecast_data(found)}, lines, judged.exit)


def apply_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("file", help=_("a file, or “-” for standard input"))
    parser.add_argument("--if-match", metavar="HASH", help=_("refuse unless the draft still has this hash"))


def apply(file: str, if_match: str | None, by: str | None, **_options: Any) -> Outcome:
    reading = read_file(file)
    document = reading.document
    present = Campaign.objects.filter(slug=document.campaign.slug).first()
    before = read_draft(present.slug) if present else None
    changes = diff_documents(before.document if before else None, document)
    expected = if_match or (before.hash if before else None)
    campaign = save_draft(present, document, if_match=expected, by=find_user(by))
    notes = [_("Comments are not kept: the file's are dropped.")] if reading.dropped_comments else []
    data = {
        "ok": True,
        "slug": campaign.slug,
        "created": present is None,
        "hash": campaign.draft_hash,
        "revision": campaign.revision,
        "comments_dropped": reading.dropped_comments,
        "changes": [change.as_dict() for change in changes],
    }
    return Outcome(data, _said(changes), notes=tuple(notes))


def export_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--form", choices=[form.value for form in Form], default=Form.YAML.value)
    parser.add_argument("--version-number", metavar="N", help=_("a published version instead of the draft"))
    parser.add_argument("--output", metavar="FILE", help=_("write there instead of standard output"))


def export(slug: str, form: str, version_number: str | None, output: str | None, **_options: Any) -> Outcome:
    document = find_document(f"{slug}@{version_number}" if version_number else slug)
    text = write_document(document, Form(form))
    if version_number and Form(form) is Form.JSON:
        text = find_version(slug, version_number).definition
    data = {"ok": True, "slug": slug, "hash": document_hash(document), "document": text}
    if not output:
        return Outcome(data, text=text)
    Path(output).write_text(text, encoding="utf-8", newline="\n")
    return Outcome(data | {"output": output}, (_("Written to %(file)s.") % {"file": output},))


def diff_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("old", help=_("a file, a slug, or SLUG@VERSION"))
    parser.add_argument("new", help=_("a file, a slug, or SLUG@VERSION"))


def diff(old: str, new: str, **_options: Any) -> Outcome:
    changes = diff_documents(find_document(old), find_document(new))
    return Outcome({"ok": True, "changes": [change.as_dict() for change in changes]}, _said(changes))


def codes_arguments(parser: ArgumentParser) -> None:
    """Nothing to choose."""


def codes(**_options: Any) -> Outcome:
    rows = tuple(code_rows())
    lines = tuple(f"{row.code}: {row.message} {row.remedy}" for row in rows)
    return Outcome({"ok": True, "codes": [row.as_dict() for row in rows]}, lines)


def _present(document: Document) -> Document | None:
    campaign = Campaign.objects.filter(slug=document.campaign.slug).first()
    return load_draft(campaign) if campaign else None


def _taken(document: Document) -> tuple[Problem, ...]:
    campaign = Campaign.objects.filter(slug=document.campaign.slug).first()
    return tuple(taken_ids(campaign, document)) if campaign else ()


def _lint(document: Document) -> tuple[Problem, ...]:
    return lint_document(document, load_world(document))


def _judged(problems: tuple[Problem, ...]) -> Outcome:
    refused = bool(errors_of(problems))
    data = {"ok": not refused, "problems": [problem.as_dict() for problem in problems]}
    lines = tuple(problem_line(problem) for problem in problems) or (_("No problems found."),)
    return Outcome(data, lines, Exit.REFUSED if refused else Exit.DONE)


def _said(changes: Iterable[Change]) -> tuple[str, ...]:
    return tuple(sentences(changes)) or (_("Nothing differs."),)
