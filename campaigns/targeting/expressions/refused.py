"""Names of the reference's list that this language refuses, each with the reason and what to use instead."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from campaigns.targeting.expressions.functions import Family, Refused

_TWICE = _("It would give something else in the run than in the test of it.")
_CHANCE = _("Use a split or a control group, whose chance is drawn from a seed.")
_NO_ZONE = _("Every date-time is an instant, which has no zone.")
_ROWS_SEE_ONE = _("An expression sees one row, and windows span many.")
_RECENCY = _("Use a rule on the first, last or n-th linked row, or a deduplication.")

REFUSED: tuple[Refused, ...] = (
    Refused(
        "ConvertNTZ", Family.DATE, _NO_ZONE, _("Say in the catalogue in which zone the field is stored.")
    ),
    Refused("ToTimeZone", Family.DATE, _NO_ZONE, _("Use TruncDateTZ, or the campaign's zone.")),
    Refused(
        "TruncTime",
        Family.DATE,
        _("There is no type for a time of day."),
        _("Use TruncDate, Hour or Minute."),
    ),
    Refused("Random", Family.NUMBER, _TWICE, _CHANCE),
    Refused(
        "AESEncrypt",
        Family.LOGIC,
        _("It needs a secret, and rules are no place for secrets."),
        _("Use Sha256Digest, or encrypt outside."),
    ),
    Refused(
        "GetMirrorURL",
        Family.LOGIC,
        _("A message has its page only once it is made; rules run before that."),
        _("Use the link of the page in the message's content."),
    ),
    Refused("NewUUID", Family.LOGIC, _TWICE, _("Use the key of the row.")),
    Refused(
        "RowId",
        Family.LOGIC,
        _("Where a row is stored says nothing about it and changes at any time."),
        _("Use the key of the row."),
    ),
    Refused(
        "NodeValue",
        Family.TEXT,
        _("There are no XML fields here."),
        _("Name a value inside a JSON field in the rule: {name, path, type}."),
    ),
    Refused(
        "VirtualLink",
        Family.TEXT,
        _("There are no virtual links; a link is a row of the catalogue."),
        _("Register the link, and follow it by its name."),
    ),
    Refused(
        "VirtualLinkStr",
        Family.TEXT,
        _("There are no virtual links; a link is a row of the catalogue."),
        _("Register the link, and follow it by its name."),
    ),
    Refused("_Over_", Family.WINDOW, _ROWS_SEE_ONE, _RECENCY),
    Refused("Desc", Family.WINDOW, _ROWS_SEE_ONE, _RECENCY),
    Refused("OrderBy", Family.WINDOW, _ROWS_SEE_ONE, _RECENCY),
    Refused("PartitionBy", Family.WINDOW, _ROWS_SEE_ONE, _RECENCY),
    Refused("RowNum", Family.WINDOW, _ROWS_SEE_ONE, _RECENCY),
)
