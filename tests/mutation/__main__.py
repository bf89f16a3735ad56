"""`python -m tests.mutation [--sample N --seed S] [module …]`: how many mutants of the compiler its tests notice.

Modules are named below `campaigns.targeting`: `temporal`, `expressions.dates`. Without a sample every mutant is tried.
With `--control` the changes are left out, and every mutant has to survive: that is a test of this measure itself.
"""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from config.embedded.launcher import running_services
from config.environment import ROOT
from tests.mutation import report
from tests.mutation.equivalents import equivalents, is_equivalent
from tests.mutation.mutants import Mutant, mutants_of
from tests.mutation.report import Tried
from tests.mutation.samples import sampled
from tests.mutation.session import Session, UnsoundError
from tests.mutation.sources import FOLDER, UnknownModuleError, sources


def main() -> int:
    arguments = _arguments()
    try:
        mutants = {each.module: mutants_of(each) for each in sources(arguments.module)}
        chosen = _judged(mutants, arguments.sample, arguments.seed)
        return _try_all([replace(each, is_control=arguments.control) for each in chosen])
    except (UnknownModuleError, UnsoundError) as error:
        sys.stderr.write(f"{error}\n")
        return 1


def _judged(mutants: Mapping[str, Sequence[Mutant]], number: int, seed: int) -> list[Mutant]:
    """Those drawn, without the equivalent among them."""
    known, total = equivalents(), sum(map(len, mutants.values()))
    drawn = sampled(mutants, number or total, seed)
    judged = [each for each in drawn if not is_equivalent(each, known, ROOT)]
    left_out = len(drawn) - len(judged)
    print(f"seed {seed}: {len(judged)} of {total} mutants, beside {left_out} that are equivalent", flush=True)
    return judged


def _try_all(mutants: list[Mutant]) -> int:
    began = time.monotonic()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # so that what was started is ended
    with running_services(Path(tempfile.mkdtemp(prefix="tutti-mutation-")), ephemeral=True) as services:
        session = Session(services, FOLDER, ROOT)
        ready = time.monotonic()
        tried = [_told(each) for each in session.tried(mutants)]
    print(*report.lines(tried), sep="\n")
    ended = time.monotonic()
    print(
        f"{ready - began:.0f} s without mutants, then {(ended - ready) / max(1, len(tried)):.1f} s a mutant, "
        f"{ended - began:.0f} s in all"
    )
    return 0


def _told(each: Tried) -> Tried:
    """Survivors at once, for a run takes long."""
    if each.outcome.fate != "caught":
        print(f"{each.outcome.fate} {report.told(each)}", flush=True)
    return each


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="how many mutants, about")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="draws them")
    parser.add_argument(
        "--control", action="store_true", help="leave the changes out: every mutant has to survive"
    )
    parser.add_argument("module", nargs="*", help="below campaigns.targeting; all without any")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
