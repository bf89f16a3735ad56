import io

import pytest
from django.core.management import CommandError, call_command

from campaigns.models import Link, Table
from tests.campaigns.shop import execute, open_shop


@pytest.fixture(autouse=True)
def _shop(db: None) -> None:
    open_shop()


def run(*arguments: str) -> str:
    out = io.StringIO()
    call_command("register_table", *arguments, stdout=out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ([], "Name a table as SCHEMA.TABLE"),
        (["shop.persons"], "no table or view"),
        (["nowhere"], "Schema “nowhere” has nothing to register"),
        (["shop.person", "--refresh"], "is not registered"),
    ],
)
def test_a_wrong_command_says_what_to_do(arguments: list[str], message: str) -> None:
    with pytest.raises(CommandError, match=message):
        run(*arguments)


def test_what_is_not_registered_is_listed() -> None:
    run("shop.person")
    listed = run("--list")
    assert "shop.visit" in listed
    assert "shop.person " not in listed


def test_a_table_is_registered_under_a_slug_and_what_was_skipped_is_said() -> None:
    said = run("shop.person", "--slug", "buyer")
    assert "Registered “buyer”: 13 fields" in said
    assert "fingerprint: Rules cannot use the type “bytea”" in said


def test_a_schema_is_registered_as_a_whole_with_its_links() -> None:
    run("shop")
    assert Table.objects.count() == 8
    assert Link.objects.filter(source__slug="orders", target__slug="person").exists()


def test_a_refresh_says_what_changed() -> None:
    run("shop.visit")
    execute("ALTER TABLE shop.visit ADD COLUMN seconds int, DROP COLUMN page")
    said = run("shop.visit", "--refresh")
    assert "new: seconds" in said
    assert "gone: page" in said


def test_a_table_relates_two_others_in_one_act() -> None:
    execute(
        "CREATE TABLE shop.likes (person_id bigint REFERENCES shop.person, order_id uuid REFERENCES shop.orders)"
    )
    run("shop")
    with pytest.raises(CommandError, match="is not registered"):
        run("shop.nobody", "--relate", "a,b")
    with pytest.raises(CommandError, match="has no link"):
        run("shop.likes", "--relate", "person,nowhere")
    assert "person.orders_2 → orders" in run("shop.likes", "--relate", "person,order")
    assert Link.objects.get(slug="orders_2").path == ["likes", "order"]
