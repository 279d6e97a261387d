from tests.database import Database, raises

TICKET = "SELECT * FROM get_ticket(%s)"
EVEN_CANCELED = "SELECT * FROM get_ticket(%s, p_even_canceled => true)"


def confirmed(database: Database) -> int:
    booking_id = int(database.book(database.event(), seats=1)["id"])
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    return booking_id


def test_a_confirmed_booking_has_a_ticket(database: Database) -> None:
    booking_id = confirmed(database)
    booking = database.one("SELECT * FROM bookings")

    ticket = database.one(TICKET, booking_id)

    assert ticket["sequence"] > 0
    assert ticket == {
        "booking_id": booking_id, "code": booking["code"], "is_canceled": False, "seats": 1,
        "booked_at": booking["created_at"], "sequence": ticket["sequence"], "event_name": "Go Conference",
        "event_date": database.one("SELECT date FROM events")["date"], "event_timezone": ticket["event_timezone"],
        "event_place": None, "user_name": "user", "language": None,
    }  # fmt: skip


def test_a_hold_has_none_living_or_lapsed(database: Database) -> None:
    database.freeze()
    hold = database.book(database.event(ttl=1))
    for statement in (TICKET, EVEN_CANCELED):
        with raises("EB215"):
            database.one(statement, hold["id"])
    database.advance(60)
    for statement in (TICKET, EVEN_CANCELED):
        with raises("EB215"):
            database.one(statement, hold["id"])


def test_a_canceled_one_is_for_calendars_alone(database: Database) -> None:
    booking_id = confirmed(database)
    before = database.one(TICKET, booking_id)
    database.execute("SELECT cancel_booking(%s)", (booking_id,))

    with raises("EB215"):
        database.one(TICKET, booking_id)
    canceled = database.one(EVEN_CANCELED, booking_id)
    assert canceled["is_canceled"]
    assert canceled["sequence"] > before["sequence"]


def test_the_sequence_grows_with_each_change_of_event_and_booking(database: Database) -> None:
    event_id = database.event(most=3)
    booking_id = int(database.book(event_id)["id"])
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    seen = [database.one(TICKET, booking_id)["sequence"]]

    for change in (
        f"SELECT change_event({event_id}, p_place => 'Hall 2')",
        f"SELECT change_booking_seats({booking_id}, 3)",
        f"SELECT cancel_event({event_id})",
    ):
        database.execute(change)
        seen.append(database.one(EVEN_CANCELED, booking_id)["sequence"])

    assert seen == sorted(set(seen))


def test_a_name_that_an_unproven_account_claimed_is_on_its_own_tickets_alone(database: Database) -> None:
    booking_id = confirmed(database)
    database.execute("SELECT register_user('user@example.org', 'Claimed', NULL, 'hash', p_claim => true)")
    own = database.book(database.event())
    database.execute("SELECT confirm_booking(%s)", (own["id"],))

    assert database.one(TICKET, booking_id)["user_name"] == "user"
    assert database.one(TICKET, own["id"])["user_name"] == "Claimed"


def test_an_unknown_booking_is_named(database: Database) -> None:
    with raises("EB002"):
        database.one(TICKET, 404)
