"""Every function's every statement, looked at by plpgsql_check."""

import pytest

from tests.database import Database

CHECK = """
SELECT p.proname, c.*
FROM pg_proc AS p
JOIN pg_language AS l ON l.oid = p.prolang
CROSS JOIN LATERAL plpgsql_check_function(
    p.oid,
    relid => CASE WHEN p.prorettype = 'trigger'::regtype
                  THEN (SELECT tgrelid FROM pg_trigger WHERE tgfoid = p.oid LIMIT 1) ELSE 0 END,
    oldtable => (SELECT max(tgoldtable::text)::name FROM pg_trigger WHERE tgfoid = p.oid),
    newtable => (SELECT max(tgnewtable::text)::name FROM pg_trigger WHERE tgfoid = p.oid),
    extra_warnings => true, performance_warnings => true, security_warnings => true
) AS c
WHERE p.pronamespace = 'public'::regnamespace AND l.lanname = 'plpgsql'
"""


def test_plpgsql_check_finds_nothing(database: Database) -> None:
    if not database.execute("SELECT FROM pg_available_extensions WHERE name = 'plpgsql_check'"):
        pytest.skip(
            "this PostgreSQL has no plpgsql_check; CI runs it on one that has (Debian: postgresql-15-plpgsql-check)"
        )
    database.execute("CREATE SCHEMA gate; CREATE EXTENSION plpgsql_check SCHEMA gate")
    with database.connect() as connection:
        connection.execute("SET search_path = public, gate")
        found = connection.execute(CHECK).fetchall()

    assert [tuple(row.values()) for row in found] == []
