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
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from campaigns.audit import through
from campaigns.conflicts import DraftConflict
from campaigns.problems import ProblemsError
from campaigns.states import StateConflict
from config.management.campaign_verbs import answers, documents, markers, proofs, publication, runs
from config.management.campaign_verbs.outcome import Exit, NotFound, Outcome, of_conflict, of_problems
from orchestration.exceptions import OrchestrationError


class Verb(NamedTuple):
    """What runs, what adds its arguments, and what it is for."""

    run: Callable[..., Outcome]
    arguments: Callable[[ArgumentParser], None]
    purpose: str | Promise


VERBS = {
    "validate": Verb(
        documents.validate,
        documents.validate_arguments,
        gettext_lazy("Say everything that is wrong with a document; nothing is changed."),
    ),
    "plan": Verb(
        documents.plan,
        documents.plan_arguments,
        gettext_lazy("Say what applying a file would change, and what is wrong with it; nothing is changed."),
    ),
    "apply": Verb(
        documents.apply,
        documents.apply_arguments,
        gettext_lazy(
            "Create the campaign of a file, or replace its draft. What the file lacks for publishing is said, not refused."
        ),
    ),
    "export": Verb(
        documents.export,
        documents.export_arguments,
        gettext_lazy("Write a campaign's document: the draft, or a version as it was published."),
    ),
    "diff": Verb(
        documents.diff,
        documents.diff_arguments,
        gettext_lazy("Say how two documents differ in what they mean."),
    ),
    "codes": Verb(
        documents.codes,
        documents.codes_arguments,
        gettext_lazy("List the codes of everything that can be wrong with a document."),
    ),
    "test": Verb(
        runs.test, runs.test_arguments, gettext_lazy("Run the draft on real data without one side effect.")
    ),
    "proof": Verb(
        proofs.proof,
        proofs.proof_arguments,
        gettext_lazy("Send an e-mail of the draft, marked as a proof, to an address of yours."),
    ),
    "publish": Verb(
        publication.publish,
        publication.publish_arguments,
        gettext_lazy("Freeze the draft as the next version and let it take effect."),
    ),
    "confirm": Verb(runs.confirm, runs.confirm_arguments, gettext_lazy("Let a prepared delivery be sent.")),
    "settle": Verb(
        runs.settle,
        runs.settle_arguments,
        gettext_lazy("Say what became of messages that may or may not have left."),
    ),
    "marker": Verb(
        markers.marker,
        markers.marker_arguments,
        gettext_lazy(
            "Say until when the incremental queries of a campaign have read, or set that for one of them."
        ),
    ),
    "pause": Verb(
        runs.pause,
        runs.run_arguments,
        gettext_lazy("No new activity starts and no message is sent until the run is resumed."),
    ),
    "resume": Verb(runs.resume, runs.run_arguments, gettext_lazy("Go on with a paused run.")),
    "retry": Verb(
        runs.retry,
        runs.retry_arguments,
        gettext_lazy("Execute the failed activities of a run again, or one of them."),
    ),
    "restart": Verb(
        runs.restart,
        runs.run_arguments,
        gettext_lazy("Stop a test where it is still open, and test the draft as it is now."),
    ),
    "stop": Verb(runs.stop, runs.run_arguments, gettext_lazy("End a run for good.")),
    "wake": Verb(runs.wake, runs.run_arguments, gettext_lazy("End every wait of a run now.")),
    "report": Verb(
        answers.report,
        answers.report_arguments,
        gettext_lazy("What was sent, what came back, and the rates, as of now."),
    ),
    "trace": Verb(
        answers.trace,
        answers.trace_arguments,
        gettext_lazy("Each activity of a run: how the person came in, by which port they left, and why."),
    ),
}


class Command(BaseCommand):
    help = gettext_lazy("Check, change, publish and run campaigns.")  # type: ignore[assignment]

    def add_arguments(self, parser: ArgumentParser) -> None:
        verbs = parser.add_subparsers(dest="verb", required=True, metavar="VERB")
        for name, verb in VERBS.items():
            said = str(verb.purpose)
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
