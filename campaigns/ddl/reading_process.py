"""Parses one text in a process of its own: reads it on standard input, answers the model on standard output.

It limits its own memory and processor time before it reads anything, and is killed from outside when it is
late.
"""

from __future__ import annotations

import json
import logging
import resource
import sys

from campaigns.ddl.parsing import parse_ddl

MEMORY = 2 << 30
SECONDS = 30
READY = "ready"


def limit() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def main() -> None:
    logging.disable(logging.CRITICAL)
    limit()
    sys.stdout.write(READY + "\n")
    sys.stdout.flush()
    request = json.load(sys.stdin)
    sys.stdout.write(parse_ddl(request["text"], request["dialect"]).model_dump_json())


if __name__ == "__main__":
    main()
