"""`manage.py campaign VERB …`: the whole life of a campaign from a terminal or a script.

It ends with 0 when the act was done, 1 when it was refused or problems were found, 2 when the command line
is wrong, 3 when somebody else was first, 4 when the thing named is not there.
"""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from collections.abc import Callable
from typing import Any, NamedTuple

from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from campaigns.audit import through
from campaigns.conflicts import DraftConflict
from campaigns.problems import ProblemsError
from campaigns.states import StateConflict
from config.management.campaign_verbs import answers, documents, proofs, publication, runs
from config.management.campaign_verbs.outcome import Exit, NotFound, Outcome, of_conflict, of_problems
from orchestration.exceptions import OrchestrationError


class Verb(NamedTuple):
    """What runs, and what adds its arguments."""

    run: Callable[..., Outcome]
    arguments: Callable[[ArgumentParser], None]


VERBS = {
    "validate": Verb(documents.validate, documents.validate_arguments),
    "plan": Verb(documents.plan, documents.plan_arguments),
    "apply": Verb(documents.apply, documents.apply_arguments),
    "export": Verb(documents.export, documents.export_arguments),
    "diff": Verb(documents.diff, documents.diff_arguments),
    "codes": Verb(documents.codes, documents.codes_arguments),
    "test": Verb(runs.test, runs.test_arguments),
    "proof": Verb(proofs.proof, proofs.proof_arguments),
    "publish": Verb(publication.publish, publication.publish_arguments),
    "confirm": Verb(runs.confirm, runs.confirm_arguments),
    "settle": Verb(runs.settle, runs.settle_arguments),
    "pause": Verb(runs.pause, runs.run_arguments),
    "resume": Verb(runs.resume, runs.run_arguments),
    "retry": Verb(runs.retry, runs.run_arguments),
    "stop": Verb(runs.stop, runs.run_arguments),
    "wake": Verb(runs.wake, runs.run_arguments),
    "report": Verb(answers.report, answers.report_arguments),
    "trace": Verb(answers.trace, answers.trace_arguments),
}


class Command(BaseCommand):
    help = _("Check, change, publish and run campaigns.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for name, verb in VERBS.items():
            said = (verb.run.__doc__ or "").strip()
            verb_parser = verbs.add_parser(name, help=said, description=said)
            verb_parser.add_argument("--format", choices=["text", "json"], default="text", dest="answer")
            verb_parser.add_argument(
                "--by", metavar="NAME", help=_("the account the act is written down under")
            )
            verb.arguments(verb_parser)

    def handle(self, *args: Any, verb: str, answer: str, **options: Any) -> None:
        with through("command"):
            outcome = _outcome(VERBS[verb].run, options)
        self._print(outcome, answer)
        if outcome.exit:
            sys.exit(outcome.exit)

    def _print(self, outcome: Outcome, answer: str) -> None:
        for note in outcome.notes:
            self.stderr.write(note)
        if answer == "json":
            self.stdout.write(json.dumps(outcome.data, ensure_ascii=False, indent=1))
        elif outcome.text:
            self.stdout.write(outcome.text, ending="")
        else:
            self.stdout.write("\n".join(outcome.lines))


def _outcome(run: Callable[..., Outcome], options: dict[str, Any]) -> Outcome:
    """The verb's answer, or its refusal as one."""
    try:
        return run(**options)
    except ProblemsError as error:
        return of_problems(error.problems)
    except DraftConflict as conflict:
        return of_conflict(conflict)
    except (StateConflict, OrchestrationError) as refused:
        return Outcome({"ok": False, "refused": str(refused)}, (str(refused),), Exit.REFUSED)
    except NotFound as missing:
        return Outcome({"ok": False, "missing": str(missing)}, (str(missing),), Exit.NOT_FOUND)
