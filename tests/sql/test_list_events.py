from typing import Any

from tests.database import Database


def listed(database: Database, arguments: str = "") -> tuple[list[Any], int | None]:
    page = database.one(f"SELECT * FROM list_events({arguments})")
    return page["events"], page["next_after"]


def test_events_come_by_date_then_id_page_by_page(database: Database) -> None:
    late, early, also_early = (database.event(date=date) for date in ("2040-01-02", "2040-01-01", "2040-01-01"))

    page, after = listed(database, "p_limit => 2")
    assert [event["id"] for event in page] == [early, also_early]
    page, after = listed(database, f"p_limit => 2, p_after => {after}")
    assert ([event["id"] for event in page], after) == ([late], None)


def test_a_full_last_page_has_no_next(database: Database) -> None:
    database.event()

    assert listed(database, "p_limit => 1")[1] is None


def test_events_are_found_by_a_part_of_the_name_and_by_date(database: Database) -> None:
    go = database.event(name="Go 100%", date="2040-01-01")
    database.event(name="Rust", date="2040-01-02")

    assert [event["id"] for event in listed(database, "p_query => '100%%'")[0]] == [go]
    assert [event["id"] for event in listed(database, "p_query => 'GO'")[0]] == [go]
    assert [event["id"] for event in listed(database, "p_before => '2040-01-02'")[0]] == [go]
    assert listed(database, "p_from => '2041-01-01'") == ([], None)


def test_seats_of_lapsed_holds_count_as_free(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    database.book(event_id)
    assert listed(database)[0][0]["available_seats"] == 4
    database.advance(60)

    assert listed(database)[0][0]["available_seats"] == 5
    assert database.free_seats(event_id) == 4
