import pytest
from django.db import IntegrityError, transaction

from campaigns.catalogue import load_catalogue
from campaigns.introspection import CatalogueError
from campaigns.link_paths import (
    add_link_path,
    add_many_to_many,
    broken_links,
    paths_through,
    relation_links,
)
from campaigns.links import LinkNames, count_orphans
from campaigns.models import Link, Table
from campaigns.registration import refresh_table, register_table
from campaigns.targeting.schema import Cardinality
from tests.campaigns.shop import execute

MARKET = """
    CREATE SCHEMA market;
    CREATE TABLE market.customer (id bigint PRIMARY KEY, name text);
    CREATE TABLE market.product (id bigint PRIMARY KEY, title text);
    CREATE TABLE market.purchase (
        customer_id bigint REFERENCES market.customer, product_id bigint REFERENCES market.product,
        PRIMARY KEY (customer_id, product_id));
"""


@pytest.fixture(autouse=True)
def market(db: None) -> dict[str, Table]:
    execute(MARKET)
    names = ("customer", "product", "purchase")
    return {name: register_table("market", name).table for name in names}


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ([], "catalogue.short_path"),
        (["purchase"], "catalogue.short_path"),
        (["purchase", "nowhere"], "catalogue.bad_path"),
        (["product", "purchase"], "catalogue.bad_path"),
        (['"; DROP TABLE x; --', "product"], "catalogue.bad_path"),
        (["purchase", "customer"] * 11, "catalogue.bad_path"),
    ],
)
def test_a_path_that_leads_nowhere_is_refused(market: dict[str, Table], path: list[str], code: str) -> None:
    with pytest.raises(CatalogueError) as refusal:
        add_link_path(market["customer"], path)
    (problem,) = refusal.value.problems
    assert (problem.code, bool(problem.remedy)) == (code, True)
    assert not Link.objects.exclude(path=[]).exists()


@pytest.mark.parametrize("slug", ["name", "purchase", "Products", "two words"])
def test_a_slug_that_is_taken_or_no_name_is_refused(market: dict[str, Table], slug: str) -> None:
    with pytest.raises(CatalogueError, match=r"slug|already"):
        add_link_path(market["customer"], ["purchase", "product"], names=LinkNames(slug=slug))


def test_a_link_cannot_be_a_join_and_a_path(market: dict[str, Table]) -> None:
    link = Link.objects.filter(path=[]).first()
    assert link
    with pytest.raises(IntegrityError), transaction.atomic():
        Link.objects.filter(pk=link.pk).update(path=["purchase", "product"])


def test_a_path_has_no_orphans_of_its_own(market: dict[str, Table]) -> None:
    link = add_many_to_many(market["purchase"], "customer", "product")
    with pytest.raises(CatalogueError, match="purchase, product"):
        count_orphans(link)


def test_a_relation_table_links_its_two_sides_both_ways(market: dict[str, Table]) -> None:
    assert relation_links(market["purchase"]) == ("customer", "product")
    link = add_many_to_many(
        market["purchase"], "customer", "product", names=LinkNames(slug="products", inverse_slug="buyers")
    )
    assert (link.source.slug, link.target.slug, link.path) == ("customer", "product", ["purchase", "product"])
    assert link.inverse
    assert (link.inverse.slug, link.inverse.path, link.inverse.inverse) == (
        "buyers",
        ["purchase", "customer"],
        link,
    )
    known = load_catalogue().links["product", "buyers"]
    assert (known.target, known.cardinality, len(known.steps)) == ("customer", Cardinality.MANY, 2)


@pytest.mark.parametrize(("left", "right"), [("customer", "customer"), ("customer", "gone"), ("", "product")])
def test_a_relation_of_one_side_is_refused(market: dict[str, Table], left: str, right: str) -> None:
    with pytest.raises(CatalogueError):
        add_many_to_many(market["purchase"], left, right)


def test_a_table_of_one_link_relates_nothing(market: dict[str, Table]) -> None:
    with pytest.raises(CatalogueError, match="0 links"):
        relation_links(market["customer"])


def test_a_path_over_a_path_holds_the_joins_of_both(market: dict[str, Table]) -> None:
    add_many_to_many(
        market["purchase"], "customer", "product", names=LinkNames(slug="products", inverse_slug="buyers")
    )
    alike = add_link_path(market["customer"], ["products", "buyers"], names=LinkNames(slug="alike"))
    assert alike.path == ["purchase", "product", "purchase", "customer"]
    assert alike.target == alike.source == market["customer"]


def test_a_path_that_lost_a_link_is_reported_and_unknown_to_rules(market: dict[str, Table]) -> None:
    link = add_many_to_many(market["purchase"], "customer", "product", names=LinkNames(slug="products"))
    assert broken_links() == ()
    assert paths_through(Link.objects.get(source__slug="purchase", slug="product")) == (link,)
    execute("ALTER TABLE market.purchase DROP COLUMN product_id")
    refresh_table(market["purchase"])
    assert ("customer", "products") not in load_catalogue().links
    assert {each.slug for each in broken_links()} == {"product", "products", "purchase", "customer"}


def test_paths_written_in_a_circle_are_unknown_to_rules(market: dict[str, Table]) -> None:
    """Nothing here writes such rows; whoever does, by SQL, stops neither the catalogue nor the rules."""
    for source, slug, path in (("customer", "a", ["b", "a"]), ("customer", "b", ["a", "b"])):
        Link.objects.create(
            slug=slug, label=slug, source=market[source], target=market[source], path=path, cardinality="many"
        )
    assert {("customer", "a"), ("customer", "b")}.isdisjoint(load_catalogue().links)
    assert {link.slug for link in broken_links()} == {"a", "b"}
