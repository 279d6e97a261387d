"""ETags, and the cache of answers that many clients ask for."""

from collections.abc import Callable
from time import monotonic

import pytest
from flask import Flask

from eventbooker.http.etag import Page
from eventbooker.http.response_cache import TTL_SECONDS, ResponseCache
from tests.database import Database
from tests.service import Service


def test_who_has_the_answer_already_is_told_so(live_service: Service) -> None:
    event = live_service.event()
    user_id = live_service.book(event["id"])["user_id"]
    for path in ("/events", f"/events/{event['id']}", f"/users/{user_id}/bookings"):
        first = live_service.get(path)
        assert first.headers["Cache-Control"] == ("private, no-store" if "user" in path else "no-cache")

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


@pytest.fixture
def read_at() -> Callable[[], float]:
    """A GET; says when what it answered was read, in seconds of the monotonic clock."""
    app, cache = Flask(__name__), ResponseCache()

    def ask() -> float:
        with app.test_request_context():
            return float(cache.respond("key", lambda: Page(repr(monotonic()))).get_data())

    return ask


def test_while_many_ask_the_answer_is_cached_for_a_bounded_time(read_at: Callable[[], float]) -> None:
    ages: list[float] = []
    while len(ages) < 200 or max(ages) < TTL_SECONDS / 2:
        asked_at = monotonic()
        ages.append(asked_at - read_at())

    assert max(ages) < TTL_SECONDS


def test_what_few_ask_for_is_not_cached(read_at: Callable[[], float]) -> None:
    assert len({read_at() for _ in range(10)}) == 10
