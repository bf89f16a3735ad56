"""What people read for the values of closed sets that carry no title of their own."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from campaigns.targeting.operators import LABELS

WORDS: Mapping[str, str | Promise] = {
    **LABELS,
    "all": _("All"),
    "allowed": _("Allowed"),
    "ascending": _("Ascending"),
    "avg": _("Average"),
    "by_type": _("Error for numbers, else allowed"),
    "collapse": _("Trimmed, and one blank for several"),
    "chosen": _("Those chosen below"),
    "columns": _("Same values in columns"),
    "common": _("Those that all sets have"),
    "continue": _("Go on with nobody"),
    "count": _("Count"),
    "count_distinct": _("Count of different values"),
    "crlf": _("CR LF"),
    "days": _("days"),
    "default": _("Take the default value"),
    "default_unmapped": _("Take the default value if not remapped"),
    "descending": _("Descending"),
    "exclusion": _("Exclusion: the primary set less the others"),
    "dmy": _("Day, month, year"),
    "fail": _("Fail"),
    "four": _("Four"),
    "hours": _("hours"),
    "empty": _("Leave the value empty"),
    "inbound": _("Everybody who came in"),
    "intersection": _("Intersection: only who is in every set"),
    "keys": _("Same key"),
    "keep": _("As it is"),
    "largest": _("Largest"),
    "left": _("Those the rule finds among who is left"),
    "lf": _("LF"),
    "lower": _("Lower case"),
    "marketing": _("Marketing"),
    "max": _("Greatest"),
    "min": _("Least"),
    "mdy": _("Month, day, year"),
    "minutes": _("minutes"),
    "never": _("Never empty"),
    "newest": _("The newest"),
    "none": _("None"),
    "primary": _("Those of the primary set"),
    "reject": _("Reject the line"),
    "reject_unmapped": _("Reject the line if not remapped"),
    "replace": _("Replace"),
    "seconds": _("seconds"),
    "smallest": _("Smallest"),
    "space": _("Blank"),
    "starttls": _("STARTTLS: after the greeting, usual on port 587"),
    "stop": _("Stop the branch"),
    "sum": _("Sum"),
    "tls": _("TLS from the first byte, usual on port 465"),
    "transactional": _("Transactional"),
    "two": _("Two"),
    "union": _("Union: who is in any set"),
    "tab": _("Tab"),
    "title": _("First letter upper, others lower case"),
    "trim": _("Trimmed"),
    "upper": _("Upper case"),
    "ymd": _("Year, month, day"),
}


def word(value: str) -> str | Promise:
    """The words for a value; one nobody has named is shown as it is written, without underscores."""
    return WORDS.get(value) or value.replace("_", " ").capitalize()
