"""Every finding of `campaigns.lint` by its code: what is said, what to do, and whether it blocks publishing.

Activity types, rules and schedules keep their own codes; the documentation lists this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.problems import Problem, Severity


@dataclass(frozen=True, slots=True)
class Code:
    """What is said of a finding; both texts may hold %(words)s."""

    message: Promise
    remedy: Promise
    severity: Severity = Severity.ERROR


CODES: Mapping[str, Code] = {
    "activity.unknown_type": Code(
        _("There is no activity type “%(type)s”."),
        "%(nearest)s",  # type: ignore[arg-type]  # made of names alone
    ),
    "activity.id_taken": Code(
        _("“%(id)s” was published as an activity of the type %(type)s."),
        _("Give this activity another id; reports go on naming the old one by it."),
    ),
    "activity.too_few_inbound": Code(
        _("Too few transitions arrive here: %(count)d of at least %(least)d."),
        _("Draw a transition to this activity."),
    ),
    "activity.too_many_inbound": Code(
        _("Too many transitions arrive here: %(count)d of at most %(most)d."),
        _("Remove a transition, or unite the populations before with combine."),
    ),
    "activity.unreachable": Code(
        _("No population can arrive here: nothing before it is a start."),
        _("Connect it with an activity that selects people, or remove it."),
    ),
    "audience.archived": Code(
        _("The audience “%(name)s” is in the archive."),
        _("It can still be used. Take it out of the archive, or choose another one."),
        Severity.WARNING,
    ),
    "transition.unknown_source": Code(
        _("The transition begins at “%(id)s”, which is not there."),
        "%(nearest)s",  # type: ignore[arg-type]  # made of names alone
    ),
    "transition.unknown_target": Code(
        _("The transition leads to “%(id)s”, which is not there."),
        "%(nearest)s",  # type: ignore[arg-type]  # made of names alone
    ),
    "transition.unknown_port": Code(
        _("“%(source)s” has no port “%(port)s”."),
        "%(nearest)s",  # type: ignore[arg-type]  # made of names alone
    ),
    "transition.after_end": Code(
        _("The transition leaves “%(source)s”, from which nothing goes on."),
        _("Remove the transition, or let it leave an activity before."),
    ),
    "graph.empty": Code(
        _("The campaign has no activities."),
        _("Begin with an activity that selects people, such as build audience."),
    ),
    "graph.no_start": Code(
        _("The campaign has no activity to start with."),
        _("Add an activity that selects people and to which no transition leads."),
    ),
    "graph.cycle": Code(
        _("The transitions lead in a circle through this activity."),
        _("Remove one transition of the circle."),
    ),
    "graph.too_many_channels": Code(
        _("The campaign has more than %(most)d channel activities."),
        _("Remove some, or make two campaigns of it."),
    ),
    "campaign.unknown_zone": Code(
        _("“%(zone)s” is no time zone."),
        _("Use a name of the IANA list, such as Europe/Berlin or Asia/Seoul."),
    ),
    "variable.wrong_value": Code(
        _("“%(value)s” is no value of the type %(type)s."),
        _("Write text as it is, numbers as 12.50, dates as 2018-01-31, yes or no as true or false."),
    ),
}


def finding(code: str, path: str, *, activity: str = "", **words: object) -> Problem:
    """A problem with this code, said in the reader's language."""
    said = CODES[code]
    return Problem(code, path, str(said.message) % words, str(said.remedy) % words, said.severity, activity)
