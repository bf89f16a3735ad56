# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Ten activities over people and orders, run by the engine and by hand in turns: `python -m bench.flow`.

Says each round's seconds, then prints one line of JSON: medians by activity. Refuses to print figures for rows that
differ.
"""

from __future__ import annotations

import json
from pathlib import Path

import django

django.setup()

from bench.flow_campaign import flow_document
from bench.hand_written import HandWritten
from bench.shop import make_shop
from bench.turns import Turns
from campaigns.drafts import save_draft

ROUNDS = 3


def main() -> None:
    people = make_shop()
    turns = Turns(
        save_draft(None, flow_document()), HandWritten(Path(__file__).with_name("flow_baseline.sql"))
    )
    turns.take(ROUNDS)
    print(json.dumps({"people": people, **turns.figures()}))


if __name__ == "__main__":
    main()
