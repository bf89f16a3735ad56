from pathlib import Path

import pytest

from campaigns.imports.plans import ImportOptions, Plan, make_plan, managed_table
from campaigns.imports.refusals import ImportRefused
from campaigns.managed_tables import ManagedColumn, ManagedTable, create_managed_table
from campaigns.models import ImportJob, Table
from campaigns.targeting.schema import FieldType

pytestmark = pytest.mark.django_db
KEY = ImportOptions(key=["id"])


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    path.write_text("\ufeffID;Full Name;spent\n7;Ada;12.50\n", encoding="utf-8")
    return path


@pytest.fixture
def people() -> Table:
    columns = [
        ManagedColumn("id", FieldType.INTEGER),
        ManagedColumn("full_name", FieldType.TEXT, "Name"),
        ManagedColumn("spent", FieldType.DECIMAL, "full_name", digits=(12, 2)),
    ]
    return create_managed_table(ManagedTable("people", columns, ["id"]))


def test_columns_may_be_named_in_any_case(path: Path) -> None:
    plan = make_plan(path, "people", ImportOptions(key=["id"], types={"SPENT": "text"}))
    assert [(column.name, column.type) for column in plan.columns] == [
        ("id", FieldType.INTEGER), ("full_name", FieldType.TEXT), ("spent", FieldType.TEXT),
    ]  # fmt: skip
    assert (plan.delimiter, plan.offset, plan.line, plan.creates) == (";", 22, 1, True)


def test_a_plan_survives_being_stored(path: Path) -> None:
    plan = make_plan(path, "people", KEY)
    assert Plan.model_validate(plan.model_dump(mode="json")) == plan


def test_a_new_table_is_labelled_by_the_header(path: Path) -> None:
    table = managed_table("people", make_plan(path, "people", KEY))
    assert [(column.name, column.label) for column in table.columns][1] == ("full_name", "Full Name")
    assert table.key == ("id",)


def test_a_known_table_gives_types_digits_and_key(people: Table, path: Path) -> None:
    path.write_text("spent,id\n1,2\n", encoding="utf-8")
    plan = make_plan(path, "people", ImportOptions())
    assert [(column.name, column.digits, column.key) for column in plan.columns] == [
        ("spent", (12, 2), False), ("id", None, True),
    ]  # fmt: skip
    assert (plan.key, plan.values, plan.creates) == (("id",), ("spent",), False)


def test_a_slug_counts_before_a_label_of_the_same_words(people: Table, path: Path) -> None:
    path.write_text("id,full_name\n1,Ada\n", encoding="utf-8")
    assert make_plan(path, "people", ImportOptions()).columns[1].name == "full_name"


def test_two_headers_for_one_column_are_refused(people: Table, path: Path) -> None:
    path.write_text("id,full_name,Name\n1,Ada,Eve\n", encoding="utf-8")
    with pytest.raises(ImportRefused, match="Two columns of the file mean “full_name”"):
        make_plan(path, "people", ImportOptions())


def test_deleting_reads_the_key_only(people: Table, path: Path) -> None:
    path.write_text("id,spent\n1,x\n", encoding="utf-8")
    plan = make_plan(path, "people", ImportOptions(mode=ImportJob.Mode.DELETE))
    assert ([column.name for column in plan.columns], plan.width) == (["id"], 2)
