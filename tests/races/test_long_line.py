"""A seat that lapses again and again reaches everybody in a long line once, in the order of coming, swept or not."""

import psycopg

from tests.database import Database, Row, raises
from tests.sql.waiting_list import full_event

PEOPLE = 200
LATE = 34
"""How many of them come while the line already moves, one at each third turn without the sweeper."""

STATUSES = "SELECT array_agg(status ORDER BY id) AS line, (SELECT count(*) FROM audit_seats()) AS wrong FROM waitlist"


def come(session: "psycopg.Connection[Row]", number: int) -> None:
    session.execute("SELECT join_waitlist(1, %s, NULL, %s)", (f"person{number}@example.org", str(number)))


def move_on(session: "psycopg.Connection[Row]", turn: int) -> int:
    """Lets the next caller come, while the sweeper is dead; returns how many joined the line."""
    if turn % 3 == 0:
        session.execute("SELECT get_waitlist_entry(%s)", (turn,))
    elif turn % 3 == 1:
        come(session, PEOPLE - LATE + turn // 3 + 1)
        return 1
    else:
        batch = "SELECT (refusal).sqlstate FROM book_seats('{1}', '{stranger@example.org}', '{NULL}', '{NULL}')"
        assert session.execute(batch).fetchall() == [{"sqlstate": "EB201"}]
    return 0


def sweep(session: "psycopg.Connection[Row]") -> None:
    assert session.execute("SELECT expire_bookings() AS expired").fetchall() == [{"expired": 1}]


def test_each_of_200_people_is_offered_a_lapsing_seat_once_in_the_order_of_coming(database: Database) -> None:
    database.freeze()
    assert full_event(database, ttl=1) == 1
    came = PEOPLE - LATE
    with database.connect() as session:
        for number in range(1, came + 1):
            come(session, number)
        for turn in range(1, PEOPLE + 1):
            session.execute("UPDATE frozen_clock SET at = at + interval '1 minute'")
            with raises("EB201"):
                session.execute("SELECT book_seat(1, 'stranger@example.org')")
            if turn <= PEOPLE // 2:
                came += move_on(session, turn)
            else:
                sweep(session)

            line = ["expired"] * (turn - 1) + ["offered"] + ["waiting"] * (came - turn)
            assert session.execute(STATUSES).fetchall() == [{"line": line, "wrong": 0}]

        assert came == PEOPLE
        session.execute("UPDATE frozen_clock SET at = at + interval '1 minute'")
        sweep(session)
        assert session.execute(STATUSES).fetchall() == [{"line": ["expired"] * PEOPLE, "wrong": 0}]

    everybody = [f"person{number}" for number in range(1, PEOPLE + 1)]
    assert offered(database) == ["holder", *everybody]
    assert told(database, "seat_offered") == everybody
    assert told(database, "offer_lapsed") == everybody
    assert database.book(1, "stranger@example.org")["status"] == "pending"


def offered(database: Database) -> list[str]:
    """Who had the seat, a name for each booking, in the order in which they were made."""
    rows = database.execute("SELECT u.name FROM bookings AS b JOIN users AS u ON u.id = b.user_id ORDER BY b.id")
    return [row["name"] for row in rows]


def told(database: Database, kind: str) -> list[str]:
    """Who was told this, a name for each message, in the order in which they were queued."""
    rows = database.execute(
        "SELECT u.name FROM outbox AS o JOIN users AS u ON u.id = o.user_id WHERE o.kind = %s ORDER BY o.id", (kind,)
    )
    return [row["name"] for row in rows]
