"""What each demo table holds, in words, and the DuckDB query that reads it from the source.

Facts about the source that the queries answer to: money is floating point, exact to the cent but for noise
below 1e-14 (`loading` checks that before it rounds); purchase times are UTC without saying so (the quiet
hour of the night moves by one hour when daylight saving time begins and ends in New York, where the last
purchase of the year is at 23:01 on New Year's Eve); coupons repeats 4,872 of its rows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from campaigns.managed_tables import ManagedColumn, ManagedTable
from campaigns.targeting.schema import FieldType

INTEGER, TEXT, DATE = FieldType.INTEGER, FieldType.TEXT, FieldType.DATE
CENTS = (12, 2)


@dataclass(frozen=True, slots=True)
class Index:
    """A secondary index; a column ending in ` DESC` is ordered downwards."""

    on: Sequence[str]
    include: Sequence[str] = ()
    unique: bool = False


@dataclass(frozen=True, slots=True)
class DemoTable:
    """A table, the query for its rows in the order they are stored in, and its secondary indexes."""

    table: ManagedTable
    query: str
    indexes: Sequence[Index] = ()


def _money(name: str, label: str, description: str) -> ManagedColumn:
    return ManagedColumn(name, FieldType.DECIMAL, label, description, digits=CENTS)


_HOUSEHOLD_ID = ManagedColumn("household_id", INTEGER, "Household", "Number of the household in the source.")
_CAMPAIGN_ID = ManagedColumn(
    "campaign_id", INTEGER, "Past campaign", "Number of the campaign in the source, 1 to 27."
)
_PRODUCT_ID = ManagedColumn("product_id", INTEGER, "Product", "Number of the product in the source.")
_COUPON_UPC = ManagedColumn(
    "coupon_upc", INTEGER, "Coupon code", "Universal product code printed on the coupon."
)

HOUSEHOLD = DemoTable(
    ManagedTable(
        slug="household",
        label="Households",
        description="Every household of the source, which has no table of them. The addresses are synthetic.",
        key=["household_id"],
        columns=[
            _HOUSEHOLD_ID,
            ManagedColumn(
                "synthetic_first_name",
                TEXT,
                "First name (synthetic)",
                "Made up: the source holds no names.",
                slug="first_name",
                personal=True,
            ),
            ManagedColumn(
                "synthetic_email",
                TEXT,
                "E-mail (synthetic)",
                "Made up, in domains reserved for examples; some missing, malformed or shared on purpose.",
                slug="email",
                personal=True,
            ),
            ManagedColumn(
                "synthetic_phone",
                TEXT,
                "Phone (synthetic)",
                "Made up, in the range 555-0100 to 555-0199 reserved for fiction; some missing or malformed.",
                slug="phone",
                personal=True,
            ),
            ManagedColumn(
                "synthetic_language",
                TEXT,
                "Language (synthetic)",
                "Made up: about one household in five reads Korean.",
                slug="language",
                enumeration={"en": "English", "ko": "Korean"},
            ),
            ManagedColumn(
                "synthetic_time_zone",
                TEXT,
                "Time zone (synthetic)",
                "Made up, fitting the area code of the phone number.",
                slug="time_zone",
            ),
        ],
    ),
    query="SELECT * FROM people ORDER BY household_id",
    indexes=[Index(["synthetic_email"])],
)

DEMOGRAPHICS = DemoTable(
    ManagedTable(
        slug="demographics",
        label="Demographics",
        description="What 801 of the households told about themselves, in classes.",
        key=["household_id"],
        columns=[
            _HOUSEHOLD_ID,
            ManagedColumn("age", TEXT, "Age", "Class of age of the head of the household, such as “45-54”."),
            ManagedColumn(
                "income", TEXT, "Income", "Class of yearly income in US dollars, such as “50-74K”."
            ),
            ManagedColumn(
                "home_ownership",
                TEXT,
                "Home ownership",
                "Owner or renter, certain or probable; often unknown.",
            ),
            ManagedColumn(
                "marital_status", TEXT, "Marital status", "Married or unmarried; sometimes unknown."
            ),
            ManagedColumn(
                "household_size", TEXT, "Household size", "Number of people, “5+” for five and more."
            ),
            ManagedColumn("household_comp", TEXT, "Composition", "Adults and whether there are children."),
            ManagedColumn("kids_count", TEXT, "Children", "Number of children, “3+” for three and more."),
        ],
    ),
    query="""
        SELECT household_id, age, income, home_ownership, marital_status,
               household_size, household_comp, kids_count
          FROM demographics ORDER BY household_id
    """,
)

PRODUCT = DemoTable(
    ManagedTable(
        slug="product",
        label="Products",
        description="The range of the stores. Some products that were bought are not in it.",
        key=["product_id"],
        columns=[
            _PRODUCT_ID,
            ManagedColumn(
                "manufacturer_id", INTEGER, "Manufacturer", "Number of the manufacturer in the source."
            ),
            ManagedColumn(
                "department", TEXT, "Department", "The widest of three classes, such as “GROCERY”."
            ),
            ManagedColumn("brand", TEXT, "Brand", "“National” or, for the stores' own, “Private”."),
            ManagedColumn("product_category", TEXT, "Category", "The middle class, such as “FRZN ICE”."),
            ManagedColumn(
                "product_type", TEXT, "Type", "The narrowest class, such as “ICE - CRUSHED/CUBED”."
            ),
            ManagedColumn(
                "package_size", TEXT, "Package size", "As printed on the package; a third are unknown."
            ),
        ],
    ),
    query="""
        SELECT product_id, manufacturer_id, department, brand, product_category, product_type, package_size
          FROM products ORDER BY product_id
    """,
    indexes=[Index(["department", "product_category"], include=["product_id"])],
)

TRANSACTION = DemoTable(
    ManagedTable(
        slug="transaction",
        label="Purchases",
        description="One line of a till receipt: a product in a basket.",
        key=["basket_id", "product_id"],
        columns=[
            _HOUSEHOLD_ID,
            ManagedColumn("store_id", INTEGER, "Store", "Number of the store in the source."),
            ManagedColumn("basket_id", INTEGER, "Basket", "Number of the receipt."),
            _PRODUCT_ID,
            ManagedColumn(
                "quantity",
                INTEGER,
                "Quantity",
                "Pieces bought; 0 for coupons and returns, for fuel a volume.",
            ),
            _money(
                "sales_value",
                "Sales value",
                "US dollars the store received for the line, its discounts taken off.",
            ),
            _money("retail_disc", "Loyalty discount", "US dollars off by the store's loyalty card."),
            _money("coupon_disc", "Coupon discount", "US dollars off by a manufacturer's coupon."),
            _money("coupon_match_disc", "Coupon match", "US dollars the store added to the coupon."),
            ManagedColumn("week", INTEGER, "Week", "Week of 2017, 1 to 53."),
            ManagedColumn(
                "transaction_timestamp",
                FieldType.DATETIME,
                "Bought at",
                "Moment of the purchase; the stores are taken to be in America/New_York.",
            ),
        ],
    ),
    query="""
        SELECT household_id, store_id, basket_id, product_id, quantity,
               sales_value::DECIMAL(12, 2), retail_disc::DECIMAL(12, 2),
               coupon_disc::DECIMAL(12, 2), coupon_match_disc::DECIMAL(12, 2),
               week, strftime(transaction_timestamp, '%Y-%m-%d %H:%M:%S+00')
          FROM transactions ORDER BY household_id, transaction_timestamp, basket_id, product_id
    """,
    indexes=[
        Index(
            ["household_id", "transaction_timestamp DESC"], include=["sales_value", "product_id", "quantity"]
        ),
        Index(["product_id"], include=["household_id"]),
    ],
)

PAST_CAMPAIGN = DemoTable(
    ManagedTable(
        slug="past_campaign",
        label="Past campaigns",
        description="The 27 campaigns the stores ran in 2017, before Tutti.",
        key=["campaign_id"],
        columns=[
            _CAMPAIGN_ID,
            ManagedColumn("campaign_type", TEXT, "Type", "A, B or C: the stores' own classes."),
            ManagedColumn("start_date", DATE, "First day", "First day the coupons were valid."),
            ManagedColumn("end_date", DATE, "Last day", "Last day the coupons were valid."),
        ],
    ),
    query="""
        SELECT campaign_id, campaign_type, start_date::DATE, end_date::DATE
          FROM campaign_descriptions ORDER BY campaign_id
    """,
)

MEMBERSHIP = DemoTable(
    ManagedTable(
        slug="membership",
        label="Campaign memberships",
        description="Which household received which past campaign.",
        key=["membership_id"],
        columns=[
            ManagedColumn("membership_id", INTEGER, "Membership", "Numbered by campaign and household."),
            _CAMPAIGN_ID,
            _HOUSEHOLD_ID,
        ],
    ),
    query="""
        SELECT row_number() OVER (ORDER BY campaign_id, household_id), campaign_id, household_id
          FROM campaigns ORDER BY 1
    """,
    indexes=[Index(["household_id", "campaign_id"], unique=True), Index(["campaign_id"])],
)

COUPON = DemoTable(
    ManagedTable(
        slug="coupon",
        label="Coupons",
        description="Which product a coupon of a past campaign was good for; repeated rows are kept once.",
        key=["campaign_id", "coupon_upc", "product_id"],
        columns=[_CAMPAIGN_ID, _COUPON_UPC, _PRODUCT_ID],
    ),
    query="SELECT DISTINCT campaign_id, coupon_upc, product_id FROM coupons ORDER BY 1, 2, 3",
    indexes=[Index(["product_id"])],
)

REDEMPTION = DemoTable(
    ManagedTable(
        slug="redemption",
        label="Coupon redemptions",
        description="A household used a coupon of a past campaign.",
        key=["redemption_id"],
        columns=[
            ManagedColumn(
                "redemption_id",
                INTEGER,
                "Redemption",
                "Numbered here by day, household, campaign and coupon.",
            ),
            _HOUSEHOLD_ID,
            _COUPON_UPC,
            _CAMPAIGN_ID,
            ManagedColumn("redemption_date", DATE, "Redeemed on", "Day of the redemption."),
        ],
    ),
    query="""
        SELECT row_number() OVER (ORDER BY redemption_date, household_id, campaign_id, coupon_upc),
               household_id, coupon_upc, campaign_id, redemption_date::DATE
          FROM coupon_redemptions ORDER BY 1
    """,
    indexes=[Index(["household_id", "redemption_date DESC"]), Index(["campaign_id", "coupon_upc"])],
)

DEMO_TABLES = (
    HOUSEHOLD, DEMOGRAPHICS, PRODUCT, TRANSACTION, PAST_CAMPAIGN, MEMBERSHIP, COUPON, REDEMPTION,
)  # fmt: skip
