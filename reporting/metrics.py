"""Every number of a report: its standard name, the words for it, its formula, and the SQL or arithmetic that makes it.

Measures are counted from facts, one row for each message (`reporting.facts`), and add up over any grouping.
Rates divide measures and never add up. Nothing else in the project defines a number of a report.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any, LiteralString

from django.utils.translation import gettext_lazy as _

from orchestration.verdicts import People

PLACES = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Measure:
    """A count over facts. `condition` says which facts count, `amount` how much each, `moment` when it happened.

    The SQL speaks of the columns of `reporting.facts` only. `per_event` measures happen at each event of a
    kind, not once for a message.
    """

    name: str
    label: Any
    formula: Any
    condition: LiteralString
    moment: LiteralString
    amount: LiteralString = "1"
    per_event: str = ""


@dataclass(frozen=True, slots=True)
class Rate:
    """One measure over another; a number of people switches with the reader's choice of humans or all."""

    name: str
    label: Any
    formula: Any
    over: str
    under: str


_SENT = "state IN ('sent', 'unknown') OR (state = 'failed_permanent' AND bounced_at IS NOT NULL)"

MEASURES: tuple[Measure, ...] = (
    Measure(
        "targeted", _("Targeted"), _("everybody who arrived, before any exclusion"), "true", "prepared_at"
    ),
    Measure(
        "excluded",
        _("Excluded"),
        _("targeted and not sent to, with a reason"),
        "state = 'excluded'",
        "finished",
    ),
    Measure("sends", _("Sends"), _("sent + bounced at submission + unknown"), _SENT, "finished"),
    Measure(
        "delivered",
        _("Delivered"),
        _("sent − those that bounced later"),
        "state = 'sent' AND bounced_at IS NULL",
        "finished",
    ),
    Measure(
        "bounces",
        _("Bounces"),
        _("messages refused at submission or returned later"),
        "bounced_at IS NOT NULL",
        "bounced_at",
    ),
    Measure(
        "submission_bounces",
        _("Bounced at submission"),
        _("messages the other side refused while they were being sent"),
        "state = 'failed_permanent' AND bounced_at IS NOT NULL",
        "bounced_at",
    ),
    Measure("unknown", _("Undecided"), _("may or may not have left"), "state = 'unknown'", "finished"),
    Measure(
        "errors",
        _("Errors"),
        _("could not be made or not be sent in time"),
        "state = 'expired' OR (state = 'failed_permanent' AND bounced_at IS NULL)",
        "finished",
    ),
    Measure(
        "cancelled",
        _("Cancelled"),
        _("not sent because the run was stopped"),
        "state = 'cancelled'",
        "finished",
    ),
    Measure(
        "pending",
        _("Pending"),
        _("ready, in flight or to be tried again"),
        "state IN ('ready', 'in_flight', 'failed_temporary')",
        "prepared_at",
    ),
    Measure(
        "retries",
        _("Retries"),
        _("attempts after the first"),
        "attempts > 1",
        "finished",
        amount="attempts - 1",
    ),
    Measure(
        "opens_all", _("Opens"), _("every open"), "opens_all > 0", "opened_at_all", "opens_all", "opened"
    ),
    Measure(
        "opens_human",
        _("Opens by people"),
        _("every open but software's"),
        "opens_human > 0",
        "opened_at_human",
        "opens_human",
        "opened",
    ),
    Measure("unique_opens_all", _("Unique opens"), _("messages opened"), "opens_all > 0", "opened_at_all"),
    Measure(
        "unique_opens_human",
        _("Unique opens by people"),
        _("messages opened by people"),
        "opens_human > 0",
        "opened_at_human",
    ),
    Measure(
        "clicks_all",
        _("Clicks"),
        _("every click"),
        "clicks_all > 0",
        "clicked_at_all",
        "clicks_all",
        "clicked",
    ),
    Measure(
        "clicks_human",
        _("Clicks by people"),
        _("every click but software's"),
        "clicks_human > 0",
        "clicked_at_human",
        "clicks_human",
        "clicked",
    ),
    Measure(
        "unique_clicks_all", _("Unique clicks"), _("messages clicked in"), "clicks_all > 0", "clicked_at_all"
    ),
    Measure(
        "unique_clicks_human",
        _("Unique clicks by people"),
        _("messages people clicked in"),
        "clicks_human > 0",
        "clicked_at_human",
    ),
    Measure(
        "machine_opens",
        _("Opened by software only"),
        _("messages that software opened and no person"),
        "opens_all > 0 AND opens_human = 0",
        "opened_at_all",
    ),
    Measure(
        "unsubscribes",
        _("Unsubscribes"),
        _("messages whose link was used to unsubscribe"),
        "unsubscribed_at IS NOT NULL",
        "unsubscribed_at",
    ),
    Measure(
        "complaints",
        _("Spam complaints"),
        _("messages declared spam"),
        "complained_at IS NOT NULL",
        "complained_at",
    ),
)

RATES: tuple[Rate, ...] = (
    Rate("exclusion_rate", _("Exclusion rate"), _("excluded ÷ targeted"), "excluded", "targeted"),
    Rate("delivery_rate", _("Delivery rate"), _("delivered ÷ sends"), "delivered", "sends"),
    Rate("bounce_rate", _("Bounce rate"), _("bounces ÷ sends"), "bounces", "sends"),
    Rate("open_rate", _("Open rate"), _("unique opens ÷ delivered"), "unique_opens", "delivered"),
    Rate("ctr", _("Click-through rate"), _("unique clicks ÷ delivered"), "unique_clicks", "delivered"),
    Rate("ctor", _("Click-to-open rate"), _("unique clicks ÷ unique opens"), "unique_clicks", "unique_opens"),
    Rate(
        "unsubscribe_rate", _("Unsubscribe rate"), _("unsubscribes ÷ delivered"), "unsubscribes", "delivered"
    ),
    Rate("complaint_rate", _("Complaint rate"), _("spam complaints ÷ delivered"), "complaints", "delivered"),
)

SWITCHED = ("opens", "unique_opens", "clicks", "unique_clicks")
"""Measures that exist twice, for people and for all."""

NAMES = tuple(measure.name for measure in MEASURES)
ESTIMATED_OPENS_FORMULA = _(
    "people's unique opens + messages opened by software only × people's unique opens ÷ messages that software did not"
    " open alone"
)


def numbers(counts: Mapping[str, int], people: People) -> dict[str, int]:
    """The measures a reader sees: opens and clicks are those of `people`; the others stay."""
    plain = {name: counts[name] for name in NAMES if not name.endswith(("_all", "_human"))}
    return plain | {name: counts[f"{name}_{people}"] for name in SWITCHED}


def rates(counts: Mapping[str, int], people: People) -> dict[str, Decimal | None]:
    """Each rate to six places; None where there is nothing to divide by."""
    seen = numbers(counts, people)
    return {rate.name: ratio(seen[rate.over], seen[rate.under]) for rate in RATES}


def estimated_opens(counts: Mapping[str, int]) -> Decimal | None:
    """Opens corrected for software: those it opened alone are taken to be opened as often as the rest was."""
    opened, hidden = counts["unique_opens_human"], counts["machine_opens"]
    rate = ratio(opened, counts["delivered"] - hidden)
    return None if rate is None else (opened + hidden * rate).quantize(Decimal("0.1"), ROUND_HALF_EVEN)


def ratio(over: int, under: int) -> Decimal | None:
    return (Decimal(over) / Decimal(under)).quantize(PLACES, ROUND_HALF_EVEN) if under > 0 else None
