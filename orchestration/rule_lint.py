"""Problems of the rules and names in an activity's settings, found without running anything."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import get_close_matches

from django.utils.translation import gettext as _

from campaigns.activity_types import World
from campaigns.problems import Problem
from campaigns.targeting.compile import Scope, check_rule
from campaigns.targeting.rules import Rule
from campaigns.targeting.schema import Column


def dimension_problems(dimension: str, world: World, *, path: str) -> Iterable[Problem]:
    if dimension not in world.dimensions:
        yield unknown(dimension, world.dimensions, path=path, code="dimension.unknown")


def unknown(name: str, known: Iterable[str], *, path: str, code: str) -> Problem:
    """A slug that names nothing, with the nearest ones that do."""
    near = ", ".join(get_close_matches(name, list(known), n=3)) or ", ".join(sorted(known)[:5]) or "—"
    return Problem(
        code=code,
        path=path,
        message=_("“%(name)s” is not known here.") % {"name": name},
        remedy=_("Use one that is, such as: %(near)s.") % {"near": near},
    )
