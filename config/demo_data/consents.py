"""What the made-up people of the demo agreed to, so that a marketing send has somebody to go to.

Only those who never said anything are given a statement: loading the demo twice, or after somebody
unsubscribed, raises nobody's consent.
"""

from __future__ import annotations

from collections.abc import Iterable

from campaigns.consents import import_consents
from campaigns.models import Channel, Consent, ConsentState, TargetingDimension
from config.demo_data.people import fraction

SOURCE = "demo data"
TEXT_VERSION = "demo-2018"
OPTED_IN = {Channel.EMAIL: 0.80, Channel.SMS: 0.40}
OPTED_OUT = 0.05


def seed_consents(household_ids: Iterable[int]) -> int:
    """About 80 % opt in to e-mail, 40 % to SMS, and 5 % out of each; the number of new statements."""
    dimension = TargetingDimension.objects.get(slug="household")
    return sum(_seed_channel(dimension, channel, tuple(household_ids)) for channel in OPTED_IN)


def _seed_channel(dimension: TargetingDimension, channel: Channel, household_ids: tuple[int, ...]) -> int:
    known = Consent.objects.filter(dimension=dimension, channel=channel)
    said = set(known.values_list("recipient_key", flat=True))
    silent = (household for household in household_ids if str(household) not in said)
    statements = [
        (str(household), state) for household in silent if (state := statement_of(household, channel))
    ]
    import_consents(
        statements, dimension=dimension, channel=channel, source=SOURCE, text_version=TEXT_VERSION
    )
    return len(statements)


def statement_of(household_id: int, channel: Channel) -> ConsentState | None:
    """What the household said about the channel; None for those who said nothing, which is no consent."""
    share = fraction(household_id, f"consent {channel}")
    if share < OPTED_IN[channel]:
        return ConsentState.OPTED_IN
    return ConsentState.OPTED_OUT if share < OPTED_IN[channel] + OPTED_OUT else None
