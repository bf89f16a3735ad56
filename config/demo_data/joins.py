"""How the demo tables belong together, and by which of them people can be addressed."""

from __future__ import annotations

from dataclasses import dataclass

from campaigns.dimensions import register_dimension
from campaigns.links import LinkNames, add_link, count_orphans
from campaigns.models import Link, Table, TargetingDimension
from campaigns.targeting.schema import Cardinality

ONE, MANY = Cardinality.ONE, Cardinality.MANY


@dataclass(frozen=True, slots=True)
class Join:
    """A logical link; fields of the same slug are equal at both ends."""

    source: str
    target: str
    on: tuple[str, ...]
    names: LinkNames
    leads_to: Cardinality = ONE
    back_to: Cardinality = MANY


JOINS = (
    Join(
        "transaction",
        "household",
        ("household_id",),
        LinkNames("household", "Household", "transactions", "Purchases"),
    ),
    Join(
        "transaction",
        "product",
        ("product_id",),
        LinkNames("product", "Product", "transactions", "Purchases"),
    ),
    Join(
        "demographics",
        "household",
        ("household_id",),
        LinkNames("household", "Household", "demographics", "Demographics"),
        back_to=ONE,
    ),
    Join(
        "membership",
        "household",
        ("household_id",),
        LinkNames("household", "Household", "memberships", "Campaign memberships"),
    ),
    Join(
        "membership",
        "past_campaign",
        ("campaign_id",),
        LinkNames("campaign", "Past campaign", "memberships", "Campaign memberships"),
    ),
    Join(
        "redemption",
        "household",
        ("household_id",),
        LinkNames("household", "Household", "redemptions", "Coupon redemptions"),
    ),
    Join(
        "redemption",
        "past_campaign",
        ("campaign_id",),
        LinkNames("campaign", "Past campaign", "redemptions", "Coupon redemptions"),
    ),
    Join(
        "redemption",
        "membership",
        ("household_id", "campaign_id"),
        LinkNames("membership", "Campaign membership", "redemptions", "Coupon redemptions"),
    ),
    Join(
        "redemption",
        "coupon",
        ("campaign_id", "coupon_upc"),
        LinkNames("coupons", "Products of the coupon", "redemptions", "Redemptions"),
        leads_to=MANY,
    ),
    Join("coupon", "product", ("product_id",), LinkNames("product", "Product", "coupons", "Coupons")),
    Join(
        "coupon",
        "past_campaign",
        ("campaign_id",),
        LinkNames("campaign", "Past campaign", "coupons", "Coupons"),
    ),
)

HOUSEHOLD_ROLES = {
    "name": "first_name",
    "email": "email",
    "phone": "phone",
    "language": "language",
    "time_zone": "time_zone",
}


def add_missing_links(tables: dict[str, Table]) -> None:
    """Add the links that are not there, and count the orphans of every one."""
    for join in JOINS:
        source, target = tables[join.source], tables[join.target]
        known = Link.objects.filter(source=source, slug=join.names.slug).first()
        count_orphans(known or _add(join, source, target))


def add_missing_dimensions(tables: dict[str, Table]) -> None:
    present = set(TargetingDimension.objects.values_list("slug", flat=True))
    for slug, label, roles in (
        ("household", "Households", HOUSEHOLD_ROLES),
        ("membership", "Campaign memberships", {}),
        ("redemption", "Coupon redemptions", {}),
    ):
        if slug not in present:
            register_dimension(slug, tables[slug], label=label, fields=roles)


def _add(join: Join, source: Table, target: Table) -> Link:
    return add_link(
        source,
        target,
        on=[(slug, slug) for slug in join.on],
        names=join.names,
        cardinality=join.leads_to,
        inverse_cardinality=join.back_to,
    )
