"""Shows an e-mail as one person would get it, rendered in a process that is killed when it takes too long."""

from __future__ import annotations

import json
import select
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _

from campaigns.content.email_content import EmailContent
from campaigns.content.preview_process import READY
from campaigns.content.preview_values import encoded
from campaigns.content.problems import refusal
from campaigns.content.templates import compile_template, require_plain
from campaigns.problems import Problem

ROOT = Path(__file__).resolve().parents[2]
SECONDS_TO_START = 30.0
SECONDS_TO_RENDER = 10.0
"""For a machine that has much else to do: the process itself stops after about a second of work."""


@dataclass(frozen=True, slots=True)
class Preview:
    """All parts rendered; `html` is not sanitised: show it in a sandboxed frame only."""

    subject: str
    preheader: str
    from_name: str
    html: str
    text: str


def preview(content: EmailContent, values: Mapping[str, Any]) -> Preview:
    """Raises ProblemsError naming the field: it cannot be compiled or rendered, takes over a second or too
    much memory.
    """
    require_plain(values)
    fields = {name: getattr(content, name) for name in ("subject", "preheader", "from_name")}
    fields |= {"html": content.html_template(), "text": content.text_template()}
    for name, source in fields.items():
        compile_template(source, where=name, html=name == "html")
    answer = _ask({"fields": fields, "people": [encoded(dict(values))]})
    if "error" in answer:
        raise refusal(_failed(_as_written(answer, content)))
    return Preview(**answer["rendered"][0])


def _as_written(answer: dict[str, Any], content: EmailContent) -> dict[str, Any]:
    """Of HTML that was made of MJML, no line is one that the author knows."""
    if answer["where"] == "html" and content.written_in == "mjml":
        return {**answer, "where": "mjml", "line": 1}
    return answer


def preview_text(source: str, values: Mapping[str, Any]) -> str:
    """As `preview`, of one plain text."""
    return preview_texts(source, [values])[0]


def preview_texts(source: str, people: Sequence[Mapping[str, Any]]) -> list[str]:
    """One plain text as each of several people would get it; raises ProblemsError when it fails for one of them."""
    for values in people:
        require_plain(values)
    compile_template(source, where="text")
    answer = _ask({"fields": {"text": source}, "people": [encoded(dict(values)) for values in people]})
    if "error" in answer:
        raise refusal(_failed(answer))
    return [rendered["text"] for rendered in answer["rendered"]]


def _ask(request: dict[str, Any]) -> dict[str, Any]:
    with subprocess.Popen(
        [sys.executable, "-m", "campaigns.content.preview_process"],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        encoding="utf-8",
    ) as process:
        try:
            return _exchange(process, request)
        finally:
            process.kill()


def _exchange(process: subprocess.Popen[str], request: dict[str, Any]) -> dict[str, Any]:
    """The clock starts when the process says it is ready: a busy machine may take long to start one."""
    if not _is_ready(process):
        raise refusal(_killed())
    try:
        output, _errors = process.communicate(json.dumps(request), timeout=SECONDS_TO_RENDER)
        answer: dict[str, Any] = json.loads(output)
    except (subprocess.TimeoutExpired, json.JSONDecodeError) as error:
        raise refusal(_killed()) from error
    return answer


def _is_ready(process: subprocess.Popen[str]) -> bool:
    if process.stdout is None or not select.select([process.stdout], [], [], SECONDS_TO_START)[0]:
        return False
    return process.stdout.readline().strip() == READY


def _killed() -> Problem:
    return Problem(
        "render_takes_too_long",
        "",
        _("The preview took longer than a second or needed too much memory, and was stopped."),
        _("Simplify loops and filters on long texts."),
    )


def _failed(answer: dict[str, Any]) -> Problem:
    return Problem(
        "render_failed",
        "/" + answer["where"],
        _("The template fails for this person: %(error)s.") % {"error": answer["error"]},
        _("Guard the expression with {% if %} or a default."),
        line=max(answer["line"], 1),
    )
