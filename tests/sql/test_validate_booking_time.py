"""From when to when an event can be booked, whoever asks."""

import pytest

from tests.database import Database, raises


@pytest.fixture
def event_id(database: Database) -> int:
    """Booking is open from 9:00 to 17:00 in Berlin; it is 8:00."""
    database.freeze("2030-07-01 08:00+02")
    event = database.one(
        "SELECT id FROM create_event('A', '2030-07-01 19:00+02', 5, p_timezone => 'Europe/Berlin',"
        " p_opens_at => '2030-07-01 09:00+02', p_closes_at => '2030-07-01 17:00+02')"
    )
    return int(event["id"])


def test_before_it_opens_it_says_when(database: Database, event_id: int) -> None:
    with raises("EB203") as refused:
        database.book(event_id)

    said = refused.value.diag
    assert said.message_primary == f"Booking for event {event_id} opens on 2030-07-01 09:00 (Europe/Berlin)."
    assert said.message_hint == "Book from then on."
    assert said.message_detail == '{"opens_at" : "2030-07-01T09:00:00+02:00"}'


@pytest.mark.parametrize(("at", "booked"), [("09:00", True), ("16:59:59.999999", True), ("17:00", False)])
def test_it_can_be_booked_from_its_opening_to_its_closing(
    database: Database, event_id: int, at: str, booked: bool
) -> None:
    database.freeze(f"2030-07-01 {at}+02")
    if booked:
        assert database.book(event_id)["status"] == "pending"
    else:
        with raises("EB203"):
            database.book(event_id)


def test_who_has_a_hold_confirms_it_after_the_closing(database: Database, event_id: int) -> None:
    database.freeze("2030-07-01 16:55+02")
    booking = database.book(event_id)
    database.freeze("2030-07-01 17:00+02")

    assert database.one("SELECT status FROM confirm_booking(%s)", booking["id"]) == {"status": "confirmed"}
