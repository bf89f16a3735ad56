"""Renders one preview in a process of its own: reads a request on standard input, answers on standard output.

It limits its own memory before it reads anything and its processor time before it renders, and is killed from outside
when it is late.
"""

from __future__ import annotations

import json
import math
import resource
import sys
import time
from typing import Any

from django.conf import settings

from campaigns.content.preview_values import decoded
from campaigns.content.templates import RenderError, compile_template

MEMORY = 512 * 1024 * 1024
SECONDS = 1
READY = "ready"


def limit_memory() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def limit_time() -> None:
    """Of the processor: what else the machine does takes nothing from a template. The system counts whole seconds."""
    most = math.ceil(time.process_time()) + SECONDS
    resource.setrlimit(resource.RLIMIT_CPU, (most, most))


def answer(request: dict[str, Any]) -> dict[str, object]:
    """Takes `fields` (name → source) and encoded values of `people`; the answer has one dict `rendered` for each of
    them, or the first `error`.
    """
    name = ""
    try:
        templates = {}
        for name, source in request["fields"].items():
            templates[name] = compile_template(source, where=name, html=name == "html")
        rendered: list[dict[str, str]] = []
        for values in map(decoded, request["people"]):
            rendered.append({})
            for name, template in templates.items():
                rendered[-1][name] = template.render(values)
    except RenderError as error:
        return {"error": str(error), "where": name, "line": error.line}
    except MemoryError:
        return {"error": "memory", "where": name, "line": 0}
    return {"rendered": rendered}


def main() -> None:
    settings.configure(USE_I18N=False)
    limit_memory()
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    request = json.load(sys.stdin)
    limit_time()
    json.dump(answer(request), sys.stdout)


if __name__ == "__main__":
    main()
