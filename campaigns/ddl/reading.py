"""Has a text parsed by a process that is killed when it takes too long or too much memory."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from pathlib import Path

import pydantic
from django.utils.translation import gettext as _

from campaigns.ddl.model import Model
from campaigns.ddl.reading_process import READY
from campaigns.ddl.words import problem_of
from campaigns.problems import Problem, ProblemsError

ROOT = Path(__file__).resolve().parents[2]
MOST_BYTES = 10 << 20
SECONDS_TO_START = 30.0
SECONDS_TO_READ = 30.0
DIALECTS = {
    "postgres": "PostgreSQL",
    "mysql": "MySQL",
    "snowflake": "Snowflake",
    "bigquery": "BigQuery",
    "tsql": "SQL Server",
    "oracle": "Oracle",
    "sqlite": "SQLite",
    "duckdb": "DuckDB",
    "ansi": "ANSI SQL",
}


def read_ddl(text: str, dialect: str = "postgres") -> Model:
    """What the text says of tables, never executed. Raises ProblemsError naming every line that is at fault."""
    _refuse_unfit(text, dialect)
    model = _ask({"text": text, "dialect": "" if dialect == "ansi" else dialect})
    if model.refused:
        raise ProblemsError(sorted(map(problem_of, model.refused), key=lambda problem: problem.line))
    return model


def decoded_ddl(raw: bytes) -> str:
    """The bytes of an upload as text; ProblemsError where they are too many or no UTF-8."""
    if len(raw) > MOST_BYTES:
        raise _refusal("too_large", _("The text is larger than 10 MB."), _("Divide it."))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refusal(
            "not_utf8", _("The text is not UTF-8."), _("Save it as UTF-8 and send it again.")
        ) from error


def _refuse_unfit(text: str, dialect: str) -> None:
    if dialect not in DIALECTS:
        raise _refusal(
            "bad_dialect",
            _("“%(dialect)s” is not a dialect known here.") % {"dialect": dialect[:40]},
            _("Choose among: %(known)s.") % {"known": ", ".join(DIALECTS)},
        )
    if len(text.encode("utf-8", "surrogatepass")) > MOST_BYTES:
        raise _refusal("too_large", _("The text is larger than 10 MB."), _("Divide it."))
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise _refusal(
            "unreadable", _("The text holds characters that no database stores."), _("Remove NUL bytes.")
        )


def _ask(request: dict[str, str]) -> Model:
    with subprocess.Popen(
        [sys.executable, "-m", "campaigns.ddl.reading_process"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            return _exchange(process, json.dumps(request))
        finally:
            process.kill()


def _exchange(process: subprocess.Popen[str], request: str) -> Model:
    """The clock starts when the process says it is ready: a busy machine may take long to start one."""
    if not _is_ready(process):
        raise _killed()
    try:
        output, _errors = process.communicate(request, timeout=SECONDS_TO_READ)
        return Model.model_validate_json(output)
    except (subprocess.TimeoutExpired, pydantic.ValidationError) as error:
        raise _killed() from error


def _is_ready(process: subprocess.Popen[str]) -> bool:
    if process.stdout is None or not select.select([process.stdout], [], [], SECONDS_TO_START)[0]:
        return False
    return process.stdout.readline().strip() == READY


def _killed() -> ProblemsError:
    return _refusal(
        "takes_too_long",
        _("Reading the text took longer than %(seconds)d seconds or needed too much memory, and was stopped.")
        % {"seconds": SECONDS_TO_READ},
        _("Send fewer tables at once, without functions and conditions."),
    )


def _refusal(code: str, message: str, remedy: str) -> ProblemsError:
    return ProblemsError([Problem(f"ddl.{code}", "", message, remedy)])
