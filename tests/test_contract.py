"""What must agree: the errors the SQL raises, the table that maps them, and the page that lists them."""

import re
from pathlib import Path

from eventbooker.config import ROOT
from eventbooker.database.migrate import definitions
from eventbooker.http.problems import PROBLEMS, SQLSTATES
from tests.database import Database

SQL = {path: path.read_text() for path in definitions()}
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

    assert [row["proname"] for row in found] == sorted(path.stem for path in SQL if path.parent.name == "functions")


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
    triggers = {path.stem: path.read_text() for path in (ROOT / "sql" / "triggers").glob("*.sql")}
    for name, text in triggers.items():
        assert re.findall(r"CREATE (?:OR REPLACE )?TRIGGER (\w+)", text) == [name]
        assert f"COMMENT ON TRIGGER {name} ON public." in text

    found = database.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal ORDER BY tgname")
    assert [row["tgname"] for row in found] == sorted(triggers)


def test_roles_sql_says_of_every_function_who_may_call_it() -> None:
    """What only other functions call is taken from PUBLIC and granted to nobody."""
    _, revoked, *granted = re.split(
        r"\n(?:REVOKE|    GRANT) EXECUTE ON FUNCTION\n", (ROOT / "sql" / "roles.sql").read_text()
    )
    taken = set(re.findall(r"public\.(\w+)\(", revoked.split("FROM PUBLIC")[0]))
    given = {name for text in granted for name in re.findall(r"public\.(\w+)\(", text.split("    TO ")[0])}

    functions = {path.stem for path in SQL if path.parent.name == "functions"}
    assert taken | given == functions
    assert functions - given == {
        "add_user", "attempt_booking", "find_or_add_users", "keep_history", "keep_moved_history", "lapse_holds",
        "raise_refusal", "record_booking_change", "refuse", "refuse_booking", "refuse_confirmation", "refuse_event",
        "refuse_event_values", "refuse_field", "refuse_user", "release_seats", "tell_holds", "tell_users", "user_name",
    }  # fmt: skip
