from typing import Any

from tests.database import Database


def _metrics(database: Database) -> dict[tuple[str, str | None], float]:
    rows: list[dict[str, Any]] = database.execute("SELECT name, label, value FROM get_metrics()")
    return {(row["name"], row["label"]): row["value"] for row in rows}


def test_an_empty_service_has_a_zero_for_everything(database: Database) -> None:
    assert set(_metrics(database).values()) == {0}


def test_a_lapsed_hold_is_counted_apart_and_says_how_late_the_sweep_is(database: Database) -> None:
    database.freeze("2031-05-04 12:00:00+00")
    short = database.one("SELECT id FROM create_event('A', '2032-01-01 12:00+00', 5, 1)")["id"]
    long = database.one("SELECT id FROM create_event('B', '2032-01-01 12:00+00', 5, 60)")["id"]
    for event_id in (short, long):
        database.execute("SELECT book_seat(%s, 'user@example.org')", (event_id,))
    database.advance(seconds=90)
    metrics = _metrics(database)
    assert (metrics["holds", "living"], metrics["holds", "lapsed"], metrics["sweep_lag", None]) == (1, 1, 30)

    database.execute("SELECT expire_bookings()")
    metrics = _metrics(database)
    assert (metrics["holds", "living"], metrics["holds", "lapsed"], metrics["sweep_lag", None]) == (1, 0, 0)


def test_messages_are_counted_by_channel_once_they_are_due(database: Database) -> None:
    database.freeze("2031-05-04 12:00:00+00")
    database.execute("SELECT enable_telegram(0.5)")
    event_id = database.one("SELECT id FROM create_event('A', '2032-01-01 12:00+00', 5, 60)")["id"]
    database.execute("SELECT book_seat(%s, 'user@example.org', 'U', '101')", (event_id,))
    database.advance(seconds=20)
    metrics = _metrics(database)
    assert (metrics["outbox_waiting", "telegram"], metrics["outbox_oldest", "telegram"]) == (1, 20)  # no reminder yet
    assert metrics["outbox_waiting", "mail"] == 0

    database.execute("SELECT fail_notification(id, claim, 'blocked') FROM claim_notifications(1, '30 s', NULL)")
    metrics = _metrics(database)
    assert (metrics["outbox_waiting", "telegram"], metrics["outbox_failed", "telegram"]) == (0, 1)


def test_who_waits_is_counted(database: Database) -> None:
    event_id = database.one("SELECT id FROM create_event('A', '2040-01-01 12:00+00', 1)")["id"]
    database.execute("SELECT book_seat(%s, 'first@example.org')", (event_id,))
    database.execute("SELECT join_waitlist(%s, 'second@example.org')", (event_id,))
    assert _metrics(database)["waiting_list", "waiting"] == 1
