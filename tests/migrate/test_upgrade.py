"""The version before this one goes on serving when this one has migrated the database: its calls, as it made them.

`recorded/` is written when a version is released (record.py). What fails here would fail in web processes that are not
restarted yet."""

import psycopg
import pytest

from eventbooker.database.migrate import migrate
from tests.conftest import serving
from tests.database import Database
from tests.migrate.calls import Statement, lacks, read_calls, read_statements
from tests.migrate.record import ADMIN_TOKEN, SETUP, as_recorded, send


def test_the_sql_of_the_version_before_is_answered_as_it_was(empty_database: Database) -> None:
    """In the order in which it was sent, from an empty database: the same rows come to be. Columns are compared as a
    whole, since Python takes them apart by their order."""
    migrate(empty_database.url)
    different = []
    with psycopg.connect(empty_database.url, autocommit=True) as connection:
        for then in read_statements():
            now = Statement.run(connection, then.sql)
            if now != then:
                different.append((then.sql[:200], then.error or then.columns, now.error or now.columns))

    assert different == []


def test_what_the_api_answered_is_in_what_it_answers(database: Database) -> None:
    """Clients of the version before, pages that are open in a browser among them, find what they read: the same status,
    every member that was there, of the same type."""
    with psycopg.connect(database.url, autocommit=True) as connection:
        send(connection, SETUP)
    kept = {"admin": ADMIN_TOKEN}
    different = []
    with serving(as_recorded(database.url)) as service:
        for then in read_calls():
            now = then.made(service, kept)
            if now.status != then.status:
                different.append(f"{then.line}: {now.status} and was {then.status}")
            else:
                different += [f"{then.line}: answer{what}" for what in lacks(now.answer, then.answer)]

    assert different == []


@pytest.mark.parametrize(
    ("now", "then", "told"),
    [
        ({"a": "int", "b": "str"}, {"a": "int"}, []),
        ({"b": "str"}, {"a": "int"}, [".a is gone"]),
        ([{"a": "str"}], [{"a": "int"}], ["[].a is str and was int"]),
        ([], [{"a": "int"}], [" is empty"]),
        ({"a": "str"}, {"a": "NoneType"}, []),
    ],
)
def test_what_is_missing_in_an_answer_is_seen(now: object, then: object, told: list[str]) -> None:
    assert list(lacks(now, then)) == told
