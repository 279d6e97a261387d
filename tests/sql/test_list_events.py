from typing import Any

from tests.database import Database, raises


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


def test_what_is_over_is_listed_apart_newest_first(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    earlier, later = (database.event(date=date) for date in ("2030-01-01 13:00+00", "2030-01-01 14:00+00"))
    already_past = database.event(date="2029-01-01")
    coming = database.event(date="2030-02-01")
    database.freeze("2030-01-01 14:00+00")

    assert [event["id"] for event in listed(database)[0]] == [already_past, coming]
    assert [event["id"] for event in listed(database, "p_past => true")[0]] == [later, earlier]
    page, after = listed(database, "p_past => true, p_limit => 1")
    assert ([event["id"] for event in page], after) == ([later], later)
    page, after = listed(database, f"p_past => true, p_limit => 1, p_after => {after}")
    assert ([event["id"] for event in page], after) == ([earlier], None)


def test_what_is_not_published_is_listed_for_those_who_may_see_it(database: Database) -> None:
    shown = database.event()
    hidden = int(database.one("SELECT id FROM create_event('A', '2040-01-02', 5, p_published => false)")["id"])

    assert [event["id"] for event in listed(database)[0]] == [shown, hidden]
    assert [event["id"] for event in listed(database, "p_published_only => true")[0]] == [shown]
    assert database.one("SELECT get_event(%s) AS event", hidden)["event"]["published"] is False
    with raises("EB001"):
        database.execute("SELECT get_event(%s, true)", (hidden,))


def test_order_is_that_of_the_moments_whatever_the_zones(database: Database) -> None:
    for name, date, zone in (
        ("Tokyo", "2040-01-02 01:00+09", "Asia/Tokyo"),
        ("Berlin", "2040-01-01 18:00+01", "Europe/Berlin"),
        ("New York", "2040-01-01 11:30-05", "America/New_York"),
    ):
        database.execute("SELECT create_event(%s, %s, 5, p_timezone => %s)", (name, date, zone))

    assert [(event["name"], event["date"]) for event in listed(database)[0]] == [
        ("Tokyo", "2040-01-02T01:00:00+09:00"),
        ("New York", "2040-01-01T11:30:00-05:00"),
        ("Berlin", "2040-01-01T18:00:00+01:00"),
    ]


def test_seats_of_lapsed_holds_count_as_free(database: Database) -> None:
    database.freeze()
    event_id = database.event(seats=5, ttl=1)
    database.book(event_id)
    assert listed(database)[0][0]["available_seats"] == 4
    database.advance(60)

    assert listed(database)[0][0]["available_seats"] == 5
    assert database.free_seats(event_id) == 4


def test_events_with_free_seats_are_listed_apart_from_the_full_and_the_closed(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    free = database.event()
    full = database.event(seats=1)
    database.book(full)
    closed, opens_later = (
        int(database.one(f"SELECT id FROM create_event('A', '2040-01-02', 5, {times})")["id"])
        for times in (
            "p_closes_at => '2030-01-01 12:01+00'",
            "p_opens_at => '2035-01-01'",
        )
    )
    database.advance(60)

    assert [event["id"] for event in listed(database, "p_free => true")[0]] == [free, opens_later]
    assert [event["id"] for event in listed(database, "p_free => false")[0]] == [full, closed]


def test_of_what_is_free_that_with_a_date_gone_by_comes_last_page_by_page(database: Database) -> None:
    gone, also_gone, next_year = (database.event(date=date) for date in ("2020-01-01", "2021-01-01", "2040-01-01"))
    later = database.event(date="2041-01-01")

    page, after = listed(database, "p_free => true, p_limit => 1")
    found = [event["id"] for event in page]
    while after is not None:
        page, after = listed(database, f"p_free => true, p_limit => 1, p_after => {after}")
        found += [event["id"] for event in page]
    assert found == [next_year, later, gone, also_gone]
    assert [event["id"] for event in listed(database)[0]] == [gone, also_gone, next_year, later]


def test_a_lapsed_hold_makes_its_event_free_unless_somebody_waits(database: Database) -> None:
    database.freeze()
    full, waited_for = (database.event(seats=1, ttl=1) for _ in range(2))
    for event_id in (full, waited_for):
        database.book(event_id)
    database.execute("SELECT join_waitlist(%s, 'bob@example.org')", (waited_for,))
    assert listed(database, "p_free => true") == ([], None)
    database.advance(60)

    assert [event["id"] for event in listed(database, "p_free => true")[0]] == [full]
    assert [event["id"] for event in listed(database, "p_free => false")[0]] == [waited_for]
