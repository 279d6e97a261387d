"""get_calendar, renew_calendar, list_calendar_entries."""

from tests.database import Database, raises

ENTRIES = "SELECT booking_id, is_canceled FROM list_calendar_entries(%s)"


def confirm(database: Database, event_id: int) -> int:
    booking_id = int(database.book(event_id)["id"])
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    return booking_id


def user(database: Database) -> int:
    return int(database.one("SELECT find_or_add_user('user@example.org', NULL, NULL) AS id")["id"])


def test_a_new_address_has_the_next_version(database: Database) -> None:
    user_id = user(database)
    assert database.one("SELECT * FROM get_calendar(%s)", user_id) == {"version": 1, "language": None}

    assert database.one("SELECT renew_calendar(%s) AS version", user_id) == {"version": 2}
    assert database.one("SELECT version FROM get_calendar(%s)", user_id) == {"version": 2}


def test_who_loses_all_access_loses_the_address(database: Database) -> None:
    user_id = user(database)
    database.execute("SELECT create_admin('user@example.org', 'hash')")

    assert database.one("SELECT version > 1 AS newer FROM get_calendar(%s)", user_id) == {"newer": True}


def test_the_latest_event_comes_first_and_holds_do_not_come(database: Database) -> None:
    database.book(database.event())
    near, far = (confirm(database, database.event(date=date)) for date in ("2040-01-01", "2041-01-01"))
    database.execute("SELECT cancel_booking(%s)", (near,))

    assert database.execute(ENTRIES, (user(database),)) == [
        {"booking_id": far, "is_canceled": False},
        {"booking_id": near, "is_canceled": True},
    ]


def test_what_is_over_for_a_year_does_not_come(database: Database) -> None:
    database.freeze("2040-01-01 12:00+00")
    booking_id = confirm(database, database.event(date="2040-01-02 12:00+00"))
    database.freeze("2041-01-02 11:59+00")
    assert [row["booking_id"] for row in database.execute(ENTRIES, (user(database),))] == [booking_id]
    database.advance(60)

    assert database.execute(ENTRIES, (user(database),)) == []


def test_an_unproven_account_sees_none_from_before_it(database: Database) -> None:
    confirm(database, database.event())
    database.execute("SELECT register_user('user@example.org', 'A', NULL, 'hash', p_claim => true)")
    own = confirm(database, database.event())

    assert [row["booking_id"] for row in database.execute(ENTRIES, (user(database),))] == [own]


def test_nobodys_calendar_is_refused(database: Database) -> None:
    for function in ("get_calendar", "renew_calendar"):
        with raises("EB003"):
            database.execute(f"SELECT {function}(404)")
