"""Problems of the arrows that come in to an activity, and of the settings that name them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from campaigns.activity_types import Inbound, Shape
from campaigns.problems import Problem
from orchestration.compilation import means
from orchestration.rule_lint import unknown


def arrows_meant(reference: str, inbound: Sequence[Inbound]) -> list[Inbound]:
    return [arrow for arrow in inbound if means(reference, arrow)]


def arrow_problems(reference: str, inbound: Sequence[Inbound], *, path: str) -> Iterator[Problem]:
    """Whether a reference means exactly one arrow, and that one carries people."""
    meant = arrows_meant(reference, inbound)
    if not meant:
        yield unknown(reference, names_of(inbound), path=path, code="arrow.unknown")
    elif len(meant) > 1:
        message = _("Several arrows come in from “%(name)s”.") % {"name": reference}
        remedy = _("Name the port too: %(names)s.") % {"names": ", ".join(names_of(meant))}
        yield Problem("arrow.ambiguous", path, message, remedy)
    elif meant[0].shape is None:
        message = _("Nobody comes in from “%(name)s”: it only says when to go on.") % {"name": reference}
        yield Problem("arrow.no_population", path, message, _("Choose an arrow that carries people."))


def names_of(inbound: Sequence[Inbound]) -> list[str]:
    """How settings may name each arrow: by its activity alone where that is enough."""
    sources = [arrow.source for arrow in inbound]
    return [
        arrow.source if sources.count(arrow.source) == 1 else f"{arrow.source}.{arrow.port}"
        for arrow in inbound
    ]


def shapes_in(inbound: Sequence[Inbound]) -> list[Shape]:
    return [arrow.shape for arrow in inbound if arrow.shape is not None]


def shape_in(inbound: Sequence[Inbound], reference: str = "") -> Shape | None:
    """The shape that the arrow meant brings, or the first one that brings people."""
    arrows = arrows_meant(reference, inbound) if reference else inbound
    return next(iter(shapes_in(arrows)), None)


def primary_problems(primary: str, inbound: Sequence[Inbound], *, code: str) -> Iterator[Problem]:
    """Where several sets come in it has to be said whose people go on."""
    if primary:
        yield from arrow_problems(primary, inbound, path="/primary")
    elif len(shapes_in(inbound)) > 1:
        remedy = _("Choose the primary set: %(names)s.") % {"names": ", ".join(names_of(inbound))}
        yield Problem(code, "/primary", _("It is not said whose people go on."), remedy)


def population_problems(inbound: Sequence[Inbound]) -> Iterator[Problem]:
    """An activity that works on people needs an arrow that brings them."""
    if not shapes_in(inbound):
        message = _("Nobody comes in here.")
        yield Problem(
            "arrow.nobody", "", message, _("Connect an activity that selects people before this one.")
        )
