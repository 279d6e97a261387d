"""Messages in the outbox, for the tests of the functions that settle them."""

from tests.database import Database, Row

CHATS = {"anna": "101", "boris": "102", "clara": "103", "daria": "104", "dora": "105"} | {
    f"user{number}": str(1000 + number) for number in range(100)
}


def tell(database: Database, name: str = "anna") -> int:
    """Queues a message about a booking that was just confirmed, none about its hold; returns the booking's id."""
    booking_id = database.book(database.event(name="Chess night"), f"{name}@example.org", CHATS[name])["id"]
    database.execute("DELETE FROM outbox WHERE booking_id = %s", (booking_id,))
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    return int(booking_id)


def claim(database: Database, limit: int = 10) -> list[Row]:
    return database.execute("SELECT * FROM claim_notifications(%s, '30 s')", (limit,))


def claim_one(database: Database) -> Row:
    (message,) = claim(database)
    return message


def acknowledge(database: Database, message: Row) -> bool:
    return bool(
        database.one("SELECT acknowledge_notification(%s, %s) AS done", message["id"], message["claim"])["done"]
    )


def fail(database: Database, message: Row, reason: str = "Bad Request: no", address_is_gone: bool = False) -> bool:
    row = database.one(
        "SELECT fail_notification(%s, %s, %s, %s) AS done", message["id"], message["claim"], reason, address_is_gone
    )
    return bool(row["done"])


def retry(database: Database, message: Row, pause: str | None = None) -> Row:
    return database.one(
        "SELECT *, due_at - clock() AS wait FROM retry_notification(%s, %s, 'Bad Gateway', %s)",
        message["id"],
        message["claim"],
        pause,
    )


def stored(database: Database) -> Row:
    """The only message there is."""
    return database.one("SELECT * FROM outbox")
