"""Every finding of `campaigns.lint` by its code: what is said, what to do, and whether it blocks publishing.

Activity types, rules and schedules keep their own codes; the documentation lists this table.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.fixes import Fixes
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
    "jump.unknown": Code(
        _("There is no activity “%(to)s” to go back to."),
        "%(nearest)s",  # type: ignore[arg-type]  # made of names alone
    ),
    "jump.not_back": Code(
        _("“%(to)s” does not stand before this activity, so nobody can go back to it."),
        _("To go on, draw a transition. To go back, choose an activity from which transitions lead here."),
    ),
    "jump.arrows": Code(
        _("%(count)d transitions arrive at “%(to)s”; people can only go back to where exactly one does."),
        _("Choose the activity before or behind it."),
    ),
    "jump.source": Code(
        _("“%(to)s” selects people of its own: whoever went back to it would be lost."),
        _("Choose the activity behind it."),
    ),
    "jump.nobody": Code(
        _("Nobody arrives at “%(to)s” by its transition: that one only says when to go on."),
        _("Choose an activity to which a transition brings people."),
    ),
    "jump.dimension": Code(
        _("“%(to)s” works on “%(wanted)s”, but whoever comes here is of “%(brought)s”."),
        _("Change the dimension back before this activity, or go back to behind the change."),
    ),
    "jump.column": Code(
        _("“%(to)s” gets the column “@%(column)s”, which people no longer have here."),
        _(
            "Keep it in the activities between, with the same type, or go back to an activity that does not get it."
        ),
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


def finding(code: str, path: str, *, activity: str = "", fixes: Fixes = (), **words: object) -> Problem:
    """A problem with this code, said in the reader's language."""
    said = CODES[code]
    message, remedy = str(said.message) % words, str(said.remedy) % words
    return Problem(code, path, message, remedy, said.severity, activity, fixes=fixes)
