import pytest

from campaigns.dimensions import register_dimension
from campaigns.introspection import CatalogueError
from campaigns.models import Table, TargetingDimension
from campaigns.registration import register_table
from tests.campaigns.shop import open_shop


@pytest.fixture
def person(db: None) -> Table:
    open_shop()
    return register_table("shop", "person").table


@pytest.mark.parametrize(
    ("key", "fields", "message"),
    [
        ("nobody", {}, "no field “nobody”"),
        ("born", {}, "must be a whole number, a UUID or text"),
        ("fingerprint", {}, "must be a whole number, a UUID or text"),
        ("email", {}, "empty in some row"),
        ("", {"email": "person_id"}, "Choose a text field"),
        ("", {"fax": "email"}, "“fax” is not something a dimension can have"),
        ("", {"phone": "telephone"}, "no field “telephone”"),
    ],
)
def test_an_unfit_key_or_role_is_refused(
    person: Table, key: str, fields: dict[str, str], message: str
) -> None:
    with pytest.raises(CatalogueError, match=message):
        register_dimension("person", person, label="People", key=key, fields=fields)
    assert not TargetingDimension.objects.exists()


def test_a_table_with_a_composite_key_cannot_be_addressed(person: Table) -> None:
    lines = register_table("shop", "order_line").table
    with pytest.raises(
        CatalogueError, match="addressed by one key field, and the primary key of “order_line” has 2"
    ):
        register_dimension("line", lines, label="Lines")


def test_a_slug_is_used_once(person: Table) -> None:
    register_dimension("person", person, label="People")
    with pytest.raises(CatalogueError, match="already exists"):
        register_dimension("person", person, label="People again")


def test_the_primary_key_is_the_key_by_default(person: Table) -> None:
    dimension = register_dimension(
        "person", person, label="People", fields={"email": "email", "name": "full_name"}
    )
    assert dimension.key_field.slug == "person_id"
    assert dimension.email_field == person.fields.get(slug="email")
    assert dimension.name_field == person.fields.get(slug="full_name")


def test_a_field_proved_unique_may_be_the_key(person: Table) -> None:
    assert register_dimension("person", person, label="People", key="full_name").key_field.slug == "full_name"
