"""When a person of one set counts as being in another: by key, by equal values, or by links from the other set."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Self

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from pydantic import Field, model_validator
from sqlglot import exp

from campaigns.activity_types import Settings
from campaigns.settings_fields import RefusedError, Shown
from campaigns.targeting import trees
from campaigns.targeting.attributes import Subject
from campaigns.targeting.schema import FieldType
from orchestration.compilation import Arrival, CompileContext, key_of
from orchestration.selection.joins import filled
from orchestration.selection.linked_rows import LinkedRows
from orchestration.selection.profiles import Profiles
from orchestration.setting_fields import MOST_PARTS, ArrowName, AttributeName, LinkPath, Widget


class Pair(Settings):
    """Two attributes that have to be equal."""

    primary: Annotated[AttributeName, Widget("attribute", of="own"), Shown(_("Attribute of the primary set"))]
    other: Annotated[AttributeName, Widget("attribute", of="other"), Shown(_("Attribute of the other set"))]


class ExclusionRule(Settings):
    """How another set is compared with the primary one: by attributes that are equal, or by links to its dimension."""

    arrow: Annotated[ArrowName, Shown(_("Set"))]
    attributes: Annotated[
        tuple[Pair, ...],
        Field(max_length=MOST_PARTS),
        Shown(_("Equal attributes"), _("All pairs have to be equal.")),
    ] = ()
    link: Annotated[
        LinkPath | None, Shown(_("Links"), _("From the other set's table to that of the primary set."))
    ] = None

    @model_validator(mode="after")
    def _one_way(self) -> Self:
        if bool(self.attributes) == bool(self.link):
            raise RefusedError(
                "one_way",
                gettext("An exclusion rule compares in one way."),
                gettext("Give either “attributes” or “link”."),
            )
        return self


def same_values(
    context: CompileContext, ours: Profiles, other: Arrival, pairs: Sequence[tuple[str, str]]
) -> exp.Exists:
    """Whether `other` has somebody whose values equal those of the person `ours` is at. Empties equal nothing."""
    theirs = Profiles(context, other, "m")
    equal = [
        exp.EQ(this=_compared(theirs.value(their_name)), expression=_compared(ours.value(our_name)))
        for our_name, their_name in pairs
    ]
    return exp.Exists(this=theirs.query([exp.Literal.number(1)]).where(*equal, copy=False))


def reached_by_links(context: CompileContext, primary: Arrival, other: Arrival, link: str) -> exp.Exists:
    """Whether links from somebody of `other` lead to the person `p`."""
    rows = LinkedRows(context, other, link)
    key = trees.column(rows.end.alias, context.key_column(primary.dimension).name)
    found = rows.of_everybody([exp.Literal.number(1)])
    return exp.Exists(this=found.where(exp.EQ(this=key, expression=key_of()), copy=False))


def _compared(subject: Subject) -> exp.Expr:
    """Texts of whatever collation compare by code point."""
    value = filled(subject)
    return trees.collated(value, trees.BYTE_ORDER) if subject.type is FieldType.TEXT else value
