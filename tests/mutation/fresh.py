"""Has the compiler and its tests imported anew, one of its modules being another than its file says."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib.abc import MetaPathFinder, SourceLoader
from importlib.machinery import ModuleSpec
from importlib.util import spec_from_file_location
from types import CodeType, ModuleType

from tests.mutation.mutants import Mutant

# What Django's apps loaded of it stays with them. The tests of targeting ask nothing of those.
_ANEW = ("campaigns.targeting", "campaigns.rule_nodes", "tests")
_KEPT = ("tests", "tests.mutation")


def forget_modules() -> None:
    for name in [each for each in sys.modules if _is_of(each, _ANEW)]:
        if name not in _KEPT and not _is_of(name, _KEPT[1:]):
            del sys.modules[name]


def _is_of(module: str, packages: Sequence[str]) -> bool:
    return any(module == each or module.startswith(each + ".") for each in packages)


class Changed(MetaPathFinder, SourceLoader):
    """Gives the mutant's code to whoever imports its module."""

    def __init__(self, mutant: Mutant) -> None:
        self.source = mutant.source
        self.code = mutant.code()

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname != self.source.module:
            return None
        return spec_from_file_location(fullname, self.source.path, loader=self)

    def get_code(self, fullname: str) -> CodeType:
        return self.code

    def get_filename(self, fullname: str) -> str:
        return str(self.source.path)

    def get_data(self, path: str) -> bytes:
        return self.source.path.read_bytes()
