import pytest

from campaigns.introspection import CatalogueError
from campaigns.links import LinkNames, add_link, count_orphans
from campaigns.models import Link, Table
from campaigns.registration import register_table
from campaigns.targeting.schema import Cardinality
from tests.campaigns.shop import execute, open_shop


@pytest.fixture
def person(db: None) -> Table:
    open_shop()
    return register_table("shop", "person").table


@pytest.fixture
def visit(person: Table) -> Table:
    return register_table("shop", "visit").table


@pytest.mark.parametrize(
    ("on", "message"),
    [
        ([], "at least one pair"),
        ([("person_id",)], "at least one pair"),
        ([("buyer", "person_id")], "“visit” has no field “buyer”. Choose among: person_id, page"),
        ([("person_id", "fingerprint")], "“person” has no field “fingerprint”"),
        ([("page", "person_id")], "only fields of one type can be equal"),
    ],
)
def test_a_link_over_unfit_fields_is_refused(
    visit: Table, person: Table, on: list[tuple[str, ...]], message: str
) -> None:
    with pytest.raises(CatalogueError, match=message):
        add_link(visit, person, on=on)  # type: ignore[arg-type]
    assert not Link.objects.exists()


def test_a_link_said_to_lead_to_one_row_must_do_so(visit: Table, person: Table) -> None:
    with pytest.raises(CatalogueError, match="a link there leads to many rows"):
        add_link(person, visit, on=[("person_id", "person_id")])


def test_an_inverse_said_to_lead_to_one_row_must_do_so(visit: Table, person: Table) -> None:
    with pytest.raises(CatalogueError, match="leads to many rows"):
        add_link(visit, person, on=[("person_id", "person_id")], inverse_cardinality=Cardinality.ONE)


def test_a_logical_link_and_its_inverse_know_each_other(visit: Table, person: Table) -> None:
    names = LinkNames("visitor", "Who came", "visits", "Their visits")
    link = add_link(visit, person, on=[("person_id", "person_id")], names=names)
    assert (link.slug, link.label, link.cardinality) == ("visitor", "Who came", Cardinality.ONE)
    assert link.inverse is not None
    assert (link.inverse.slug, link.inverse.label, link.inverse.inverse) == ("visits", "Their visits", link)
    assert link.inverse.cardinality == Cardinality.MANY


def test_a_link_without_names_avoids_those_of_fields(person: Table, visit: Table) -> None:
    execute("CREATE TABLE shop.badge (person bigint)")
    badge = register_table("shop", "badge").table
    assert add_link(badge, person, on=[("person", "person_id")]).slug == "person_2"


def test_orphans_are_rows_that_point_at_nothing(visit: Table, person: Table) -> None:
    link = add_link(visit, person, on=[("person_id", "person_id")])
    assert link.orphans_counted is None
    assert count_orphans(link) == 2
    assert (link.orphans_counted, link.orphans_counted_at is not None) == (2, True)


def test_a_row_that_refers_to_nobody_is_no_orphan(visit: Table, person: Table) -> None:
    link = add_link(visit, person, on=[("person_id", "person_id")])
    execute("DELETE FROM shop.visit WHERE person_id IS NOT NULL")
    assert count_orphans(link) == 0


def test_orphans_of_the_inverse_are_those_nobody_points_at(visit: Table, person: Table) -> None:
    link = add_link(visit, person, on=[("person_id", "person_id")])
    assert link.inverse is not None
    assert count_orphans(link.inverse) == 2
