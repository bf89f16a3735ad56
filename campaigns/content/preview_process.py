"""Renders one preview in a process of its own: reads a request on standard input, answers on standard output.

It limits its own memory and processor time before it reads anything, and is killed from outside when it is
late.
"""

from __future__ import annotations

import json
import resource
import sys

from django.conf import settings

from campaigns.content.preview_values import decoded
from campaigns.content.templates import RenderError, compile_template

MEMORY = 512 * 1024 * 1024
SECONDS = 5
READY = "ready"


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(request: dict[str, object]) -> dict[str, object]:
    """Takes `fields` (name → source) and encoded `values`; the answer has `rendered` or the `error`."""
    values = decoded(request["values"])
    fields = request["fields"]
    rendered: dict[str, str] = {}
    for name, source in fields.items():  # type: ignore[attr-defined]
        try:
            rendered[name] = compile_template(source, where=name, html=name == "html").render(values)
        except RenderError as error:
            return {"error": str(error), "where": name, "line": error.line}
        except MemoryError:
            return {"error": "memory", "where": name, "line": 0}
    return {"rendered": rendered}


def main() -> None:
    settings.configure(USE_I18N=False)
    limit()
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    json.dump(answer(json.load(sys.stdin)), sys.stdout)


if __name__ == "__main__":
    main()
