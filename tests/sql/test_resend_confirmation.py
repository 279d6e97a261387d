from tests.database import Database, Row, raises
from tests.sql.outbox import acknowledge, claim_one, fail, tell


def resend(database: Database, booking_id: int) -> list[Row]:
    return database.execute("SELECT * FROM resend_confirmation(%s)", (booking_id,))


def test_who_has_lost_the_ticket_gets_it_once_more(database: Database) -> None:
    database.freeze()
    booking_id = tell(database)
    acknowledge(database, claim_one(database))

    (message,) = resend(database, booking_id)
    assert (message["kind"], message["state"], message["booking_id"]) == ("booking_confirmed", "waiting", booking_id)
    assert resend(database, booking_id) == [message]
    database.advance(1)
    acknowledge(database, claim_one(database))
    assert database.one("SELECT count(*) AS n FROM outbox WHERE state = 'sent'") == {"n": 2}


def test_a_chat_that_was_given_up_is_tried_again(database: Database) -> None:
    booking_id = tell(database)
    fail(database, claim_one(database), "blocked", address_is_gone=True)

    assert len(resend(database, booking_id)) == 1
    assert database.one("SELECT telegram_error FROM users") == {"telegram_error": None}


def test_who_cannot_be_told_or_has_no_ticket_is_named(database: Database) -> None:
    hold = database.book(database.event())
    with raises("EB215"):
        resend(database, hold["id"])
    database.execute("SELECT confirm_booking(%s)", (hold["id"],))
    with raises("EB220"):
        resend(database, hold["id"])
    with raises("EB002"):
        resend(database, 404)
