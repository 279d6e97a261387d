from typing import Any

from tests.database import Database
from tests.sql.waiting_list import full_event, join


def listed(database: Database, arguments: str = "") -> dict[str, Any]:
    found: dict[str, Any] = database.one(f"SELECT list_managed_events({arguments}) AS found")["found"]
    return found


def names(database: Database, arguments: str = "") -> list[str]:
    return [event["name"] for event in listed(database, arguments)["events"]]


def seats(event: dict[str, Any]) -> tuple[int, int, int]:
    return event["available_seats"], event["held_seats"], event["confirmed_seats"]


def test_each_event_tells_its_free_held_and_confirmed_seats(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=10, ttl=1, most=3)
    database.book(event_id, "lapsed@example.org", seats=2)
    database.advance(60)
    database.book(event_id, "held@example.org", seats=3)
    confirmed = database.book(event_id, "confirmed@example.org")
    database.execute("SELECT confirm_booking(%s)", (confirmed["id"],))

    (event,) = listed(database)["events"]
    assert (seats(event), event["waiting"]) == ((6, 3, 1), 0)

    database.advance(60)
    (event,) = listed(database)["events"]
    assert seats(event) == (9, 0, 1)


def test_it_tells_how_many_wait_until_nobody_can_get_a_seat_any_more(database: Database) -> None:
    database.freeze()
    event_id = full_event(database)
    join(database, event_id, "anna")

    assert listed(database)["events"][0]["waiting"] == 1
    database.execute("UPDATE events SET date = clock() + interval '1 s' WHERE id = %s", (event_id,))
    database.advance(1)
    assert listed(database, "'past'")["events"][0]["waiting"] == 0


def test_what_comes_what_is_over_and_what_was_canceled_are_listed_apart(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    database.event(name="over", date="2030-01-01 13:00+00")
    database.event(name="never closes", date="2029-01-01")
    database.event(name="coming", date="2030-02-01")
    database.execute("SELECT cancel_event(%s)", (database.event(name="canceled", date="2030-03-01"),))
    database.advance(3600)

    assert names(database) == ["never closes", "coming"]
    assert names(database, "'past'") == ["over"]
    assert names(database, "'canceled'") == ["canceled"]
    assert names(database, "'all'") == ["never closes", "over", "coming", "canceled"]


def test_they_are_sorted_by_each_column_both_ways(database: Database) -> None:
    for name, date, total, booked in (
        ("b", "2040-01-01", 3, 1),
        ("C", "2040-01-02", 9, 2),
        ("a", "2040-01-03", 4, 0),
    ):
        event_id = database.event(name=name, date=date, seats=total)
        for number in range(booked):
            database.book(event_id, f"user{number}@example.org")

    for sort, order in {"date": "bCa", "name": "abC", "free": "baC", "fullness": "aCb"}.items():
        assert "".join(names(database, f"p_sort => '{sort}'")) == order
        assert "".join(names(database, f"p_sort => '-{sort}'")) == order[::-1]


def test_they_are_found_by_a_part_of_the_name_and_come_page_by_page(database: Database) -> None:
    for number in range(5):
        database.event(name=f"Chess {number}")
    database.event(name="100% Go")

    assert names(database, "p_query => '0%% g'") == ["100% Go"]
    page = listed(database, "p_query => 'CHESS', p_limit => 2, p_page => 3")
    assert (page["total"], [event["name"] for event in page["events"]]) == (5, ["Chess 4"])
    assert listed(database, "p_query => 'CHESS', p_page => 100000") == {"total": 5, "events": []}
