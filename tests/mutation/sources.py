"""The modules of the compiler, and the names they are called by."""

from __future__ import annotations

from config.environment import ROOT
from tests.mutation.mutants import Source

PACKAGE = "campaigns.targeting"
FOLDER = ROOT.joinpath(*PACKAGE.split("."))


class UnknownModuleError(ValueError):
    """A name that is no module's."""


def sources(names: list[str]) -> list[Source]:
    """Those named below the package, as in `temporal` or `expressions.dates`; all of them without names."""
    paths = sorted(FOLDER.rglob("*.py"))
    found = {".".join(path.relative_to(ROOT).with_suffix("").parts): path for path in paths}
    wanted = {f"{PACKAGE}.{name.removeprefix(PACKAGE + '.')}" for name in names} or set(found)
    if unknown := wanted - set(found):
        raise UnknownModuleError(f"There is no module {', '.join(sorted(unknown))}.")
    return [Source(module, path) for module, path in found.items() if module in wanted]
