# ruff: noqa: E402 - Django is set up before what needs its settings is imported
"""Ten activities over people and orders, run by the engine and by hand in turns: `python -m bench.flow`.

Says each round's seconds, then prints one line of JSON: medians by activity, and the peak memory of the
process that executed the activities before the first and after the last. Refuses to print figures for rows that
differ.
"""

from __future__ import annotations

import json
from pathlib import Path

import django

django.setup()

from bench.flow_campaign import flow_document
from bench.hand_written import HandWritten
from bench.memory import peak_megabytes
from bench.shop import make_shop
from bench.turns import ROUNDS, Turns
from campaigns.drafts import save_draft


def main() -> None:
    people = make_shop()
    turns = Turns(
        save_draft(None, flow_document()), HandWritten(Path(__file__).with_name("flow_baseline.sql"))
    )
    before = peak_megabytes()
    turns.take(ROUNDS)
    peaks = {"before": before, "after": peak_megabytes()}
    print(json.dumps({"people": people, "peak_megabytes": peaks, **turns.figures()}))


if __name__ == "__main__":
    main()
