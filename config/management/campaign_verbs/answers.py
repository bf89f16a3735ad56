"""Verbs that only read: what came of a campaign, and what became of one person in a run."""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from config.management.campaign_verbs.operands import find_campaign
from config.management.campaign_verbs.outcome import Exit, NotFound, Outcome
from orchestration.models import CampaignRun
from orchestration.verdicts import People
from reporting.conditions import trace_data
from reporting.memberships import NotAKey
from reporting.reports import Question, Totals, totals
from reporting.scopes import Scope
from reporting.traces import Trace
from reporting.traces import trace as find_trace


def report_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("slug")
    parser.add_argument("--run", type=int, help=_("only this run"))
    parser.add_argument("--activity", default="", help=_("only this activity"))
    parser.add_argument("--people", choices=[str(who) for who in People], default=str(People.HUMAN))


def report(slug: str, run: int | None, activity: str, people: str, **_options: Any) -> Outcome:
    campaign = find_campaign(slug)
    found = totals(Question(Scope(campaign, run=run, activity=activity), people=People(people)))
    rates = {name: None if rate is None else str(rate) for name, rate in found.rates.items()}
    data = {"ok": True, "numbers": dict(found.numbers), "rates": rates, "as_of": found.as_of.isoformat()}
    return Outcome(data, tuple(_figures(found)))


def _figures(found: Totals) -> Iterator[str]:
    for name, number in found.numbers.items():
        yield f"{name:<28}{number:>12,}"
    for name, rate in found.rates.items():
        yield f"{name:<28}{_percent(rate):>12}"


def _percent(rate: Decimal | None) -> str:
    return "–" if rate is None else f"{rate:.2%}"


def trace_arguments(parser: ArgumentParser) -> None:
    parser.add_argument("run", type=int, help=_("the number of a run"))
    parser.add_argument("recipient", help=_("the key of a person in the dimension"))


def trace(run: int, recipient: str, **_options: Any) -> Outcome:
    found_run = CampaignRun.objects.filter(pk=run).first()
    if found_run is None:
        raise NotFound(_("There is no run %(number)d.") % {"number": run})
    try:
        found = find_trace(found_run, recipient)
    except NotAKey as error:
        return Outcome({"ok": False, "detail": str(error)}, (str(error),), Exit.REFUSED)
    data = trace_data(found_run, found, personal=False)
    return Outcome({"ok": True, **data}, tuple(_steps(found, data)))


def _steps(found: Trace, data: Mapping[str, Any]) -> Iterator[str]:
    for step, told in zip(found.steps, data["steps"], strict=True):
        ports = ", ".join(step.left_by)
        reason = f" ({step.reason})" if step.reason else ""
        yield f"{step.activity:<24}{step.sentence}{reason}" + (f" → {ports}" if ports else "")
        for rule in told["conditions"]:
            yield from _rule(rule)


def _rule(rule: Mapping[str, Any]) -> Iterator[str]:
    """The rule as it was or as it holds now, every condition on a line of its own."""
    when = f"{rule['at']:%Y-%m-%d %H:%M:%S %Z}" if rule["at"] else rule["problem"]
    yield f"    {rule['label']} ({_('then') if rule['when'] == 'then' else _('now')}: {when})"
    for node in rule["nodes"]:
        words = f" [{node['words']}]" if node["words"] else ""
        yield f"    {MARKS[node['holds']]} {node['sentence']}{words}"


MARKS = {True: "✓", False: "✗", None: "·"}
