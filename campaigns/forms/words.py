"""What people read for the values of closed sets that carry no title of their own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.targeting.operators import LABELS

WORDS: Mapping[str, str | Promise] = {
    **LABELS,
    "all": _("All"),
    "ascending": _("Ascending"),
    "avg": _("Average"),
    "chosen": _("Those chosen below"),
    "columns": _("Same values in columns"),
    "common": _("Those that all sets have"),
    "continue": _("Go on with nobody"),
    "count": _("Count"),
    "count_distinct": _("Count of different values"),
    "days": _("days"),
    "descending": _("Descending"),
    "exclusion": _("Exclusion: the primary set less the others"),
    "hours": _("hours"),
    "inbound": _("Everybody who came in"),
    "intersection": _("Intersection: only who is in every set"),
    "keys": _("Same key"),
    "largest": _("Largest"),
    "left": _("Those the rule finds among who is left"),
    "marketing": _("Marketing"),
    "max": _("Greatest"),
    "min": _("Least"),
    "minutes": _("minutes"),
    "none": _("None"),
    "primary": _("Those of the primary set"),
    "seconds": _("seconds"),
    "smallest": _("Smallest"),
    "starttls": _("STARTTLS: after the greeting, usual on port 587"),
    "stop": _("Stop the branch"),
    "sum": _("Sum"),
    "tls": _("TLS from the first byte, usual on port 465"),
    "transactional": _("Transactional"),
    "union": _("Union: who is in any set"),
}


def word(value: str) -> str | Promise:
    """The words for a value; one nobody has named is shown as it is written, without underscores."""
    return WORDS.get(value) or value.replace("_", " ").capitalize()
