"""`python -m tests.mutation [--sample N --seed S] [module …]`: how many mutants of the compiler its tests notice.

Modules are named below `campaigns.targeting`: `temporal`, `expressions.dates`. Without a sample every mutant is tried.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from pathlib import Path

from config.embedded.launcher import running_services
from config.environment import ROOT
from tests.mutation import report
from tests.mutation.equivalents import equivalents, is_equivalent
from tests.mutation.mutants import Mutant, Source, mutants_of
from tests.mutation.report import Tried
from tests.mutation.samples import sampled
from tests.mutation.session import Session, UnsoundError

PACKAGE = "campaigns.targeting"
FOLDER = ROOT.joinpath(*PACKAGE.split("."))


def main() -> int:
    arguments = _arguments()
    sources = _sources(arguments.module)
    mutants = {each.module: mutants_of(each) for each in sources}
    chosen = sampled(mutants, arguments.sample or sum(map(len, mutants.values())), arguments.seed)
    known = equivalents()
    judged = [each for each in chosen if not is_equivalent(each, known, ROOT)]
    total = sum(map(len, mutants.values()))
    print(
        f"seed {arguments.seed}: {len(judged)} of {total} mutants, {len(chosen) - len(judged)} equivalent left out"
    )
    return _try_all(judged)


def _try_all(mutants: list[Mutant]) -> int:
    began = time.monotonic()
    with running_services(Path(tempfile.mkdtemp(prefix="tutti-mutation-")), ephemeral=True) as services:
        try:
            session = Session(services, FOLDER, ROOT)
        except UnsoundError as error:
            sys.stderr.write(f"{error}\n")
            return 1
        ready = time.monotonic()
        tried = [_told(each) for each in session.tried(mutants)]
    print(*report.lines(tried), sep="\n")
    ended = time.monotonic()
    print(
        f"{ready - began:.0f} s without mutants, then {(ended - ready) / len(tried):.1f} s a mutant, "
        f"{ended - began:.0f} s in all"
    )
    return 0


def _told(each: Tried) -> Tried:
    """Survivors at once, for a run takes long."""
    if each.outcome.fate != "caught":
        print(f"{each.outcome.fate} {report.told(each)}", flush=True)
    return each


def _sources(names: list[str]) -> list[Source]:
    """Of all modules, or of those named."""
    found = {_module(path): path for path in sorted(FOLDER.rglob("*.py"))}
    wanted = {f"{PACKAGE}.{name.removeprefix(PACKAGE + '.')}" for name in names} or set(found)
    if unknown := wanted - set(found):
        sys.exit(f"There is no module {', '.join(sorted(unknown))}.")
    return [Source(module, path) for module, path in found.items() if module in wanted]


def _module(path: Path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation")
    parser.add_argument("--sample", type=int, default=0, metavar="N", help="how many mutants, about")
    parser.add_argument("--seed", type=int, default=1, metavar="S", help="draws them")
    parser.add_argument("module", nargs="*", help="below campaigns.targeting; all without any")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
