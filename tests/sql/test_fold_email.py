"""Emails are compared by one rule, in PostgreSQL and in Python, whatever the locale of the database."""

from collections.abc import Callable, Iterator

import psycopg
import pytest

from eventbooker.database.migrate import migrate
from eventbooker.emails import fold_email
from tests.database import Database

KELVIN = "\N{KELVIN SIGN}ate@example.org"

EMAILS = [
    "kate@example.org",
    " KATE@Example.ORG ",
    KELVIN,
    "I\N{LATIN CAPITAL LETTER I WITH DOT ABOVE}\N{LATIN SMALL LETTER DOTLESS I}@example.org",
    "\N{LATIN CAPITAL LETTER SHARP S}\N{LATIN SMALL LETTER SHARP S}@example.org",
    "\N{CYRILLIC CAPITAL LETTER IO}@example.org",
    "\N{GREEK CAPITAL LETTER SIGMA}\N{GREEK SMALL LETTER FINAL SIGMA}@example.org",
    "\N{NO-BREAK SPACE}a@example.org",
    "\ta@example.org\n",
]

LOCALES = {
    "c": "TEMPLATE template0 ENCODING UTF8 LOCALE 'C'",
    "libc": "TEMPLATE template0 ENCODING UTF8 LOCALE 'C.UTF-8'",
    "english": "TEMPLATE template0 ENCODING UTF8 LOCALE 'en_US.UTF-8'",
    "turkish": "TEMPLATE template0 ENCODING UTF8 LOCALE 'tr_TR.UTF-8'",
    "icu english": "TEMPLATE template0 ENCODING UTF8 LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'en-US'",
    "icu turkish": "TEMPLATE template0 ENCODING UTF8 LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE 'tr-TR'",
    "builtin": "TEMPLATE template0 ENCODING UTF8 LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'C.UTF-8'",
    "builtin, all of Unicode":
        "TEMPLATE template0 ENCODING UTF8 LOCALE 'C' LOCALE_PROVIDER builtin BUILTIN_LOCALE 'PG_UNICODE_FAST'",
}  # fmt: skip


@pytest.fixture(params=LOCALES.values(), ids=list(LOCALES))
def localized(request: pytest.FixtureRequest, new_database: Callable[..., Database]) -> Iterator[Database]:
    """A database whose own lower() follows this locale, where the server knows it."""
    try:
        database = new_database(None, request.param)
    except psycopg.Error as error:
        pytest.skip(f"this server has no such locale: {error.diag.message_primary}")
    yield database
    database.drop()


def test_the_rule_is_the_same_in_every_locale_and_in_python(localized: Database) -> None:
    migrate(localized.url)

    folded = [localized.one("SELECT fold_email(%s) AS it", email)["it"] for email in EMAILS]

    assert folded == [fold_email(email) for email in EMAILS]
    assert folded[0] == folded[1] != folded[2]
    event_id = localized.event()
    users = {localized.book(event_id, email)["user_id"] for email in ("kate@example.org", KELVIN)}
    assert len(users) == 2


def test_the_k_of_kelvin_is_no_k(database: Database) -> None:
    event_id = database.event()

    assert database.book(event_id, KELVIN)["user_id"] != database.book(event_id, "kate@example.org")["user_id"]


def test_ascii_letters_are_the_same_in_both_cases(database: Database) -> None:
    first, second = database.event(), database.event()

    assert database.book(first, " KATE@EXAMPLE.org")["user_id"] == database.book(second, "kate@example.ORG ")["user_id"]


def test_the_index_of_emails_serves_the_lookup(database: Database) -> None:
    with database.connect() as session:
        session.execute("SET enable_seqscan = off")
        plan = session.execute(
            "EXPLAIN SELECT id FROM users WHERE fold_email(email) = fold_email('A@example.org')"
        ).fetchall()

    assert "users_email_key" in sql_text(plan)


def sql_text(plan: list[dict[str, str]]) -> str:
    return "\n".join(row["QUERY PLAN"] for row in plan)
