"""What must agree: the errors the SQL raises, the table that maps them, and the page that lists them."""

import re
from pathlib import Path

from eventbooker.config import ROOT
from eventbooker.database.definitions import CALLERS, definitions
from eventbooker.http.problems import PROBLEMS, SQLSTATES
from tests.database import Database
from tests.personal_data import DECISIONS, columns

SQL = {path: path.read_text() for path in definitions() if path.match("functions/*/*") or path.match("views/*")}
FUNCTIONS = [path for path in SQL if path.match("functions/*/*")]
README = (ROOT / "sql" / "README.md").read_text()


def test_every_sqlstate_is_raised_mapped_and_documented() -> None:
    raised = set(re.findall(r"'(EB\d{3})'", "".join(SQL.values())))

    assert raised == SQLSTATES.keys()
    assert set(SQLSTATES.values()) <= PROBLEMS.keys()
    assert [
        (state, code)
        for state, code in SQLSTATES.items()
        if f"| `{state}` | `{code}` | {PROBLEMS[code][0]} |" not in README
    ] == []


def test_every_comment_names_what_its_function_raises() -> None:
    for path, text in SQL.items():
        body, _, comment = text.partition("COMMENT ON")
        missing = [state for state in re.findall(r"'(EB\d{3})'", body) if f"{state} {SQLSTATES[state]}" not in comment]
        assert not missing, (path.name, missing)


def test_one_object_a_file_named_for_it() -> None:
    for path, text in SQL.items():
        created = re.findall(r"CREATE OR REPLACE (?:FUNCTION|VIEW) public\.(\w+)", text)
        assert created == [path.stem]
        assert f"COMMENT ON {'VIEW' if path.parent.name == 'views' else 'FUNCTION'} public.{path.stem}" in text


def test_every_function_is_in_the_sql_readme() -> None:
    assert [path.stem for path in SQL if f"`{path.stem}" not in README] == []


def test_a_migrated_database_holds_the_functions_of_the_files_and_no_other(database: Database) -> None:
    found = database.execute("SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace ORDER BY proname")

    assert [row["proname"] for row in found] == sorted(path.stem for path in FUNCTIONS)


def test_functions_that_run_as_their_owner_pin_their_search_path(database: Database) -> None:
    found = database.execute(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND prosecdef"
        " AND NOT coalesce('search_path=pg_catalog, pg_temp' = ANY (proconfig), false)"
    )

    assert found == []


def test_every_constraint_has_a_name_of_our_own() -> None:
    for path in sorted(Path(ROOT / "sql" / "migrations").glob("*.sql")):
        for line in path.read_text().splitlines():
            if re.search(r"\b(CHECK|PRIMARY KEY|REFERENCES|UNIQUE \()", line):
                assert "CONSTRAINT" in line, (path.name, line)


def test_one_trigger_a_file_named_for_it_and_no_other(database: Database) -> None:
    triggers = {path.stem: path.read_text() for path in definitions() if path.parent.name == "triggers"}
    for name, text in triggers.items():
        assert re.findall(r"CREATE (?:OR REPLACE )?TRIGGER (\w+)", text) == [name]
        assert f"COMMENT ON TRIGGER {name} ON public." in text

    found = database.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    assert [row["tgname"] for row in found] == sorted(triggers)


def test_every_sql_file_is_a_migration_or_a_definition() -> None:
    files = set((ROOT / "sql").rglob("*.sql")) - set((ROOT / "sql" / "migrations").glob("*.sql"))

    assert set(definitions()) == files


def test_each_function_is_called_by_the_callers_of_its_folder_and_by_nobody_else(database: Database) -> None:
    granted = database.execute(
        "SELECT p.proname, coalesce(r.rolname, 'PUBLIC') AS caller FROM pg_proc AS p"
        " CROSS JOIN LATERAL aclexplode(p.proacl) AS granted LEFT JOIN pg_roles AS r ON r.oid = granted.grantee"
        " WHERE p.pronamespace = 'public'::regnamespace AND granted.grantee <> p.proowner"
    )

    assert {(row["proname"], row["caller"]) for row in granted} == {
        (path.stem, caller) for path in FUNCTIONS for caller in CALLERS[path.parent.name]
    }


def test_archived_tables_have_the_columns_of_their_originals_in_the_same_order(database: Database) -> None:
    columns = (
        "SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute"
        " WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum"
    )
    for table in ("events", "bookings", "booking_changes"):
        assert database.execute(columns, (f"archive.{table}",)) == database.execute(columns, (f"public.{table}",))


def test_it_is_decided_of_every_column_whether_it_is_a_persons(database: Database) -> None:
    """A new column goes into tests/personal_data.py: is it exported and erased, or why need it not be?"""
    found = database.execute(
        "SELECT CASE table_schema WHEN 'public' THEN '' ELSE table_schema || '.' END || table_name AS table,"
        " column_name"
        " FROM information_schema.columns JOIN information_schema.tables USING (table_schema, table_name)"
        " WHERE table_schema IN ('public', 'archive') AND table_type = 'BASE TABLE' AND table_name !~ 'yoyo'"
    )

    decided = [
        (table, column) for table, by_why in DECISIONS.items() for why in by_why for column in columns(table, why)
    ]
    assert sorted(decided) == sorted((row["table"], row["column_name"]) for row in found)
