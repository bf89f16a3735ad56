"""From text to tables: what is understood, what is passed over, what is refused, and that nothing is half done."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.db import connection

from campaigns.catalogue import load_catalogue
from campaigns.ddl.creation import create_tables
from campaigns.ddl.parsing import parse_ddl
from campaigns.ddl.planning import DdlPlan, plan_tables
from campaigns.ddl.words import problem_of
from campaigns.introspection import CatalogueError, primary_key_of, read_relation
from campaigns.models import Link, Table
from campaigns.problems import ProblemsError
from campaigns.targeting.schema import Cardinality, FieldType
from tests.campaigns.shop import execute

pytestmark = pytest.mark.django_db
DUMP = Path(__file__).parent / "data" / "rentals.sql"
SHOP = """
CREATE TYPE state AS ENUM ('open', 'paid');
CREATE TABLE person (
    id bigint PRIMARY KEY,
    "Full Name" varchar(80) DEFAULT concat('a', random()::text) NOT NULL,
    balance numeric(12, 2),
    kind text CHECK (kind IN ('gold', 'silver')),
    boss_id bigint REFERENCES person
);
CREATE TABLE purchase (
    shop text, number int, person_id bigint REFERENCES person (id), state state, at timestamptz,
    PRIMARY KEY (shop, number)
);
CREATE TABLE line (
    shop text, number int, place smallint, PRIMARY KEY (shop, number, place),
    CONSTRAINT of_purchase FOREIGN KEY (shop, number) REFERENCES purchase (shop, number)
);
COMMENT ON TABLE person IS 'Who''s who';
COMMENT ON COLUMN person.balance IS 'In euros';
"""


def refused(text: str, dialect: str = "postgres") -> list[tuple[int, str]]:
    with pytest.raises(ProblemsError) as refusal:
        plan_tables(text, dialect)
    assert all(problem.message and problem.remedy for problem in refusal.value.problems)
    return [(problem.line, problem.code) for problem in refusal.value.problems]


def faults(text: str) -> list[tuple[int, str]]:
    """What is wrong with the text alone, without the process that it is read in elsewhere."""
    found = sorted(map(problem_of, parse_ddl(text, "postgres").refused), key=lambda problem: problem.line)
    assert all(problem.message and problem.remedy for problem in found)
    return [(problem.line, problem.code) for problem in found]


def relations() -> list[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relnamespace = to_regnamespace('data') ORDER BY 1")
        return [name for (name,) in cursor.fetchall()]


def columns(plan: DdlPlan, table: str = "t") -> dict[str, FieldType]:
    (found,) = [each for each in plan.tables if each.slug == table]
    return {column.name: column.type for column in found.columns}


@pytest.mark.parametrize(
    "statement",
    [
        "DROP TABLE person",
        "DROP SCHEMA public CASCADE",
        "DO $$ BEGIN PERFORM pg_sleep(9); END $$",
        "DELETE FROM auth_user",
        "UPDATE auth_user SET is_superuser = true",
        "TRUNCATE auth_user",
        "SELECT pg_sleep(10)",
        "SELECT set_config('x', 'y', false)",
        "CALL wipe()",
        "EXECUTE something",
        "ALTER TABLE t DROP COLUMN a",
        "ALTER TABLE t ALTER COLUMN a TYPE text",
        "ALTER TABLE t ADD COLUMN b int",
        "WITH x AS (SELECT 1) SELECT 2",
        "VACUUM",
        "hello, is there anybody",
        "CREATE FOREIGN TABLE f (a int) SERVER s",
    ],
)
def test_what_describes_no_table_is_named_with_its_line(statement: str) -> None:
    text = f"CREATE TABLE t (a int PRIMARY KEY);\n\n{statement};\nCREATE TABLE u (a int PRIMARY KEY);"
    assert faults(text) == [(3, "ddl.not_understood")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", [(1, "ddl.no_tables")]),
        ("-- nothing", [(1, "ddl.no_tables")]),
        ("SET x = 1;", [(1, "ddl.no_tables")]),
        ("CREATE TABLE t ();", [(1, "ddl.no_columns")]),
        ("CREATE TABLE t (a int, a text, PRIMARY KEY (a))", [(1, "ddl.repeated_column")]),
        ("CREATE TABLE t (a int PRIMARY KEY);\nCREATE TABLE t (a int)", [(2, "ddl.repeated_table")]),
        ("CREATE TABLE t (a int PRIMARY KEY, b int PRIMARY KEY)", [(1, "ddl.two_keys")]),
        ("CREATE TABLE t (a int, PRIMARY KEY (b))", [(1, "ddl.unknown_column")]),
        ("CREATE TABLE t (a int,\n FOREIGN KEY (b) REFERENCES t (a))", [(1, "ddl.unknown_column")]),
        ("CREATE TABLE t (a int PRIMARY KEY, b", [(1, "ddl.syntax")]),
        ("CREATE TABLE t (a text DEFAULT 'never closed)", [(1, "ddl.unreadable")]),
        ("CREATE TABLE t (a int); /* never closed", [(1, "ddl.unreadable")]),
        ("CREATE TABLE t AS SELECT * FROM auth_user", [(1, "ddl.copied")]),
        ("CREATE TABLE t (LIKE auth_user INCLUDING ALL)", [(1, "ddl.copied")]),
        ("CREATE TABLE t (a int) INHERITS (auth_user)", [(1, "ddl.copied")]),
        ("CREATE TABLE t (a int);\nCOPY t (a) FROM stdin;\n1\n'\n\\.\n", [(2, "ddl.data")]),
        ("CREATE TABLE t (a int);\nINSERT INTO t VALUES (1);", [(2, "ddl.data")]),
    ],
)
def test_a_fault_is_named_with_its_line(text: str, expected: list[tuple[int, str]]) -> None:
    assert faults(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("CREATE TABLE t (a int PRIMARY KEY);\nDROP TABLE t", [(2, "ddl.not_understood")]),
        ("CREATE TABLE t (a bytea PRIMARY KEY, b int)", [(1, "ddl.unusable_key")]),
        ("CREATE TABLE t (a int, \0 b int)", [(0, "ddl.unreadable")]),
    ],
)
def test_a_faulty_text_creates_nothing(text: str, expected: list[tuple[int, str]]) -> None:
    assert refused(text) == expected
    assert relations() == []


def test_a_dialect_that_is_not_known_is_refused() -> None:
    assert refused("CREATE TABLE t (a int)", "klingon") == [(0, "ddl.bad_dialect")]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (
            "CREATE TABLE t (a int PRIMARY KEY, b int CHECK (" + "(" * 20_000 + "1" + ")" * 20_000 + "))",
            "too_deep",
        ),
        ("CREATE TABLE t (" + ", ".join(f"c{n} int" for n in range(10_000)) + ")", "too_many_columns"),
        (f"CREATE TABLE {'t' * 5_000} (a int PRIMARY KEY)", "bad_name"),
        (f'CREATE TABLE t (a int PRIMARY KEY, "{"x" * 300}" int)', "bad_name"),
        (";".join(f"CREATE TABLE t{n} (a int PRIMARY KEY)" for n in range(201)), "too_many_tables"),
        (
            "CREATE TABLE t (a int PRIMARY KEY, b int DEFAULT " + "f(" * 5_000 + ")" * 5_000 + ", c x y z)",
            "syntax",
        ),
        ("x" * (11 << 20), "too_large"),
    ],
    ids=["nested", "wide", "long table", "long column", "many", "nested default", "large"],
)
def test_what_is_too_much_is_refused_in_bounded_time(text: str, code: str) -> None:
    assert {found for _line, found in refused(text)} == {f"ddl.{code}"}


def test_a_text_that_takes_too_long_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("campaigns.ddl.reading.SECONDS_TO_READ", 0.2)
    text = ";".join(f"CREATE TABLE t{n} (a int PRIMARY KEY)" for n in range(60_000))
    assert refused(text) == [(0, "ddl.takes_too_long")]


def test_a_name_that_is_registered_refuses_the_whole_text() -> None:
    create_tables(plan_tables("CREATE TABLE person (a int PRIMARY KEY)"))
    assert refused(SHOP) == [(3, "ddl.slug_taken")]
    assert relations() == ["person", "person_pkey"]


def test_a_name_taken_in_the_database_takes_back_the_tables_before_it() -> None:
    plan = plan_tables(SHOP)
    execute("CREATE SCHEMA IF NOT EXISTS data; CREATE TABLE data.line (x int)")
    with pytest.raises(CatalogueError):
        create_tables(plan)
    assert relations() == ["line"]
    assert not Table.objects.exists()


def test_tables_are_created_with_their_types_keys_words_and_links() -> None:
    plan = plan_tables(SHOP)
    assert relations() == []
    person, purchase, _line = create_tables(plan)
    assert (person.origin, person.description) == ("managed", "Who's who")
    assert primary_key_of(read_relation("data", "line")) == ("shop", "number", "place")
    fields = {field.slug: field for field in person.fields.all()}
    assert fields["full_name"].label == "Full Name"
    assert (fields["balance"].database_type, fields["balance"].description) == ("numeric(12,2)", "In euros")
    assert fields["kind"].enumeration == {"gold": "gold", "silver": "silver"}
    assert purchase.fields.get(slug="state").enumeration == {"open": "open", "paid": "paid"}
    links = load_catalogue().links
    assert links["line", "purchase"].on == (("shop", "shop"), ("number", "number"))
    assert links["purchase", "line"].cardinality is Cardinality.MANY
    assert links["person", "boss"].target == "person"
    assert all(link.inverse for link in Link.objects.all())


def test_tables_that_refer_to_each_other_in_a_circle_are_linked() -> None:
    create_tables(
        plan_tables(
            "CREATE TABLE a (id int PRIMARY KEY, b_id int);"
            "CREATE TABLE b (id int PRIMARY KEY, a_id int UNIQUE REFERENCES a);"
            "ALTER TABLE a ADD CONSTRAINT x FOREIGN KEY (b_id) REFERENCES b (id);"
        )
    )
    links = load_catalogue().links
    assert (links["a", "b"].target, links["b", "a"].target) == ("b", "a")
    assert links["a", "b_2"].cardinality is Cardinality.ONE


@pytest.mark.parametrize(
    "name", ['"select"', '"a""; DROP TABLE x; --"', '"고객"', '"O\'Brien"', '"%s"', '"user"', '"\u202e evil"']
)
def test_any_name_becomes_a_plain_one_and_keeps_its_label(name: str) -> None:
    (table,) = create_tables(plan_tables(f"CREATE TABLE {name} ({name} int PRIMARY KEY, b text)"))
    assert relations() == sorted([table.slug, f"{table.slug}_pkey"])
    assert table.fields.get(key_position=1).label.casefold() == name[1:-1].replace('""', '"').casefold()


def test_a_foreign_key_that_cannot_be_followed_is_said() -> None:
    plan = plan_tables(
        "CREATE TABLE a (id int PRIMARY KEY, x int REFERENCES elsewhere,\n y text REFERENCES a (id))"
    )
    assert plan.links == ()
    assert [(notice.line, notice.code) for notice in plan.notices] == [
        (1, "ddl.not_linked"),
        (2, "ddl.not_linked"),
    ]


def test_a_table_without_a_key_is_created_and_said() -> None:
    plan = plan_tables("CREATE TABLE a (x int)")
    assert [notice.code for notice in plan.notices] == ["ddl.no_key"]
    (table,) = create_tables(plan)
    assert not table.fields.filter(key_position__isnull=False).exists()


def test_a_dump_of_a_schema_is_understood_whole() -> None:
    plan = plan_tables(DUMP.read_text())
    assert {notice.code for notice in plan.notices} == {"ddl.ignored", "ddl.partition", "ddl.unusable_type"}
    tables = create_tables(plan)
    assert [table.slug for table in tables] == ["customer", "film", "film_actor", "payment"]
    film = {field.slug: field for field in tables[1].fields.all()}
    assert "fulltext" not in film
    assert (film["release_year"].type, film["rate"].database_type) == ("integer", "numeric(4,2)")
    assert list(film["rating"].enumeration) == ["G", "PG-13"]
    assert list(film["state"].enumeration) == ["in", "out"]
    assert load_catalogue().tables["payment"].primary_key == ("payment_date", "payment_id")
    assert load_catalogue().links["payment", "customer"].target == "customer"


@pytest.mark.parametrize(
    ("dialect", "text", "expected"),
    [
        (
            "mysql",
            "CREATE TABLE `t` (`id` int(11) unsigned NOT NULL AUTO_INCREMENT COMMENT 'x', e enum('a','b'),"
            " d datetime DEFAULT CURRENT_TIMESTAMP ON UPDATE CURRENT_TIMESTAMP, big bigint unsigned,"
            " PRIMARY KEY (`id`), KEY `k` (`e`)) ENGINE=InnoDB DEFAULT CHARSET=utf8 COMMENT='y'",
            "id integer; e text; d datetime; big decimal",
        ),
        (
            "snowflake",
            "CREATE OR REPLACE TRANSIENT TABLE DB.S.T (ID NUMBER(18,0) NOT NULL, N NUMBER(38,2), V VARIANT,"
            " AT TIMESTAMP_NTZ(9), S STRING, primary key (ID))",
            "id integer; n decimal; v json; at datetime; s text",
        ),
        (
            "ansi",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a DOUBLE PRECISION, b CHARACTER VARYING(20), c DATE,"
            " d DECIMAL(8), e BOOLEAN)",
            "id integer; a float; b text; c date; d integer; e boolean",
        ),
        (
            "postgres",
            "CREATE TABLE t (id serial PRIMARY KEY, a real, b citext, c jsonb, d timestamp(3) without time zone,"
            " e uuid, f numeric, g interval, h int[], i tsvector, j character(3))",
            "id integer; a float; b text; c json; d datetime; e uuid; f decimal; j text",
        ),
        (
            "tsql",
            "CREATE TABLE [dbo].[t] ([id] INT NOT NULL PRIMARY KEY, [n] NVARCHAR(50), [u] UNIQUEIDENTIFIER,"
            " [at] DATETIME2, [ok] BIT)",
            "id integer; n text; u uuid; at datetime; ok boolean",
        ),
    ],
)
def test_the_types_of_other_dialects_are_mapped(dialect: str, text: str, expected: str) -> None:
    pairs = (pair.split() for pair in expected.split(";"))
    assert columns(plan_tables(text, dialect)) == {name: FieldType(type_) for name, type_ in pairs}
