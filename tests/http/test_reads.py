"""ETags, and the copies that are given out while many ask."""

from collections.abc import Callable
from datetime import timedelta
from time import monotonic

import pytest
from flask import Flask

from eventbooker.http.reads import LIFETIME, Answer, Copies
from tests.database import Database
from tests.service import Service


def test_who_has_the_answer_already_is_told_so(live_service: Service) -> None:
    event = live_service.event()
    user_id = live_service.book(event["id"])["user_id"]
    for path in ("/events", f"/events/{event['id']}", f"/users/{user_id}/bookings"):
        first = live_service.get(path)
        assert first.headers["Cache-Control"] == "no-cache"

        for known in (first.headers["ETag"], f'"other", W/{first.headers["ETag"]}'):
            again = live_service.get(path, headers={"If-None-Match": known})
            assert (again.status_code, again.text, again.headers["ETag"]) == (304, "", first.headers["ETag"])
        assert live_service.get(path, headers={"If-None-Match": '"other"'}).json() == first.json()


def test_a_seat_taken_or_lapsed_changes_the_etag(live_service: Service, database: Database) -> None:
    database.freeze()
    event_id = live_service.event(booking_ttl_minutes=1)["id"]
    path = f"/events/{event_id}"
    free = live_service.get(path).headers["ETag"]

    live_service.book(event_id)
    held = live_service.get(path, headers={"If-None-Match": free})
    assert (held.status_code, held.json()["available_seats"]) == (200, 9)

    database.advance(60)
    lapsed = live_service.get(path, headers={"If-None-Match": held.headers["ETag"]})
    assert (lapsed.status_code, lapsed.headers["ETag"]) == (200, free)


def test_a_page_says_how_long_its_seats_hold(database: Database) -> None:
    database.freeze()
    database.book(database.event(ttl=7))
    database.book(database.event(ttl=3))
    database.event(ttl=1)

    page = database.one("SELECT holds_for FROM list_events()")

    assert page == {"holds_for": timedelta(minutes=3)}
    database.advance(180)
    assert database.one("SELECT holds_for FROM list_events()") == {"holds_for": timedelta(minutes=4)}


Ask = Callable[[], float]


@pytest.fixture
def ask() -> "Callable[[timedelta | None], Ask]":
    """Makes a GET; calling it says when what it answered was read, in seconds of the monotonic clock."""
    app, copies = Flask(__name__), Copies()

    def asker(holds_for: timedelta | None) -> Ask:
        def read_at() -> float:
            with app.test_request_context():
                return float(copies.answer("key", lambda: Answer(repr(monotonic()), holds_for)).get_data())

        return read_at

    return asker


@pytest.mark.parametrize(("holds_for", "oldest"), [(None, LIFETIME), (timedelta(seconds=0.05), 0.05)])
def test_while_many_ask_a_copy_is_given_out_for_a_bounded_time(
    ask: "Callable[[timedelta | None], Ask]", holds_for: timedelta | None, oldest: float
) -> None:
    read_at = ask(holds_for)
    ages: list[float] = []
    while len(ages) < 200 or max(ages) < oldest / 2:
        asked_at = monotonic()
        ages.append(asked_at - read_at())

    assert max(ages) < oldest


def test_few_get_no_copy(ask: "Callable[[timedelta | None], Ask]") -> None:
    read_at = ask(None)

    assert len({read_at() for _ in range(10)}) == 10
