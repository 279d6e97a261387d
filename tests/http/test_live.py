"""Live streams: what is told at once, what is told of a change, who may look, and when a stream ends."""

import json
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import httpx
import pytest

from eventbooker.http import live_feed
from tests.bench.services import eventbooker
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.service import Service


class Stream:
    """What a client reads of a stream: comments as they are, events as their name and data."""

    def __init__(self, response: httpx.Response) -> None:
        self.response = response
        self._lines = response.iter_lines()

    def events(self) -> Iterator[tuple[str, Any]]:
        for line in self._lines:
            if line.startswith("event: "):
                yield line.removeprefix("event: "), json.loads(next(self._lines).removeprefix("data: "))

    def next(self) -> tuple[str, Any]:
        return next(self.events())


@contextmanager
def follow(service: Service, path: str, **options: Any) -> Iterator[Stream]:
    with service.client.stream("GET", path, **options) as response:
        assert response.status_code == 200, response.read()
        assert response.headers["content-type"] == "text/event-stream"
        assert response.headers["cache-control"] in ("no-store", "private, no-store")
        yield Stream(response)


def test_free_seats_are_told_at_once_and_within_a_second_of_each_change(live_service: Service) -> None:
    event_id = live_service.event(total_seats=3)["id"]
    with follow(live_service, f"/events/{event_id}/live") as stream:
        assert stream.next() == ("seats", {"available_seats": 3, "total_seats": 3})

        booking_id = live_service.book(event_id)["id"]
        booked_at = monotonic()
        assert stream.next() == ("seats", {"available_seats": 2, "total_seats": 3})
        assert monotonic() - booked_at < 3  # a second, and what a busy machine takes for it

        live_service.post(f"/bookings/{booking_id}/cancel")
        assert stream.next() == ("seats", {"available_seats": 3, "total_seats": 3})
        live_service.client.patch(f"/events/{event_id}", json={"total_seats": 5})
        assert stream.next() == ("seats", {"available_seats": 5, "total_seats": 5})


def test_a_hold_that_lapses_frees_its_seat_at_once_whether_or_not_it_was_swept(
    live_service: Service, database: Database
) -> None:
    database.freeze()
    event_id = live_service.event(total_seats=3, booking_ttl_minutes=1)["id"]
    live_service.book(event_id)
    with follow(live_service, f"/events/{event_id}/live") as stream:
        assert stream.next()[1]["available_seats"] == 2
        database.advance(60)
        assert stream.next()[1]["available_seats"] == 3


def test_several_events_are_followed_in_one_stream_and_told_apart(live_service: Service) -> None:
    one, two = (live_service.event(total_seats=seats)["id"] for seats in (1, 2))
    with follow(live_service, f"/events/live?ids={one},{two},{two},999") as stream:
        found = {data["id"]: data["available_seats"] for _, data in (stream.next(), stream.next())}
        assert found == {one: 1, two: 2}

        live_service.book(two)
        assert stream.next() == ("seats", {"id": two, "available_seats": 1, "total_seats": 2})


def test_who_comes_later_is_told_what_is_known_already(live_service: Service) -> None:
    event_id = live_service.event(total_seats=3)["id"]
    path = f"/events/{event_id}/live"
    with follow(live_service, path) as first, follow(live_service, path) as second:
        assert first.next() == second.next()
        live_service.book(event_id)
        assert first.next() == second.next() == ("seats", {"available_seats": 2, "total_seats": 3})


def test_a_users_bookings_and_one_of_them_are_followed(live_service: Service) -> None:
    event_id = live_service.event()["id"]
    booking = live_service.book(event_id, seats=1)
    held = {"id": booking["id"], "status": "pending", "seats": 1}
    with (
        follow(live_service, f"/users/{booking['user_id']}/live") as all_of_them,
        follow(live_service, f"/bookings/{booking['id']}/live") as this_one,
    ):
        assert all_of_them.next() == ("bookings", [held])
        assert this_one.next() == ("booking", held)

        live_service.post(f"/bookings/{booking['id']}/confirm")
        assert all_of_them.next() == ("bookings", [held | {"status": "confirmed"}])
        assert this_one.next() == ("booking", held | {"status": "confirmed"})


def test_streams_are_for_whom_the_plain_routes_are_for(required_service: Service, database: Database) -> None:
    event_id = database.event()
    booking = required_service.book(event_id, "guest@example.org")
    owner = {"Authorization": f"Bearer {booking['token']}"}
    for path, code in (
        ("/events/999/live", "event_not_found"),
        (f"/bookings/{booking['id']}/live", "credentials_required"),
        (f"/users/{booking['user_id']}/live", "credentials_required"),
        ("/events/live", "invalid_request"),
        ("/events/live?ids=1,x", "invalid_request"),
    ):
        assert required_service.get(path).json()["code"] == code

    with follow(required_service, f"/bookings/{booking['id']}/live", headers=owner) as stream:
        assert stream.next()[1]["status"] == "pending"
    required_service.post("/users", {"email": "ann@example.org", "password": "long enough it is"})
    required_service.post("/session", {"email": "ann@example.org", "password": "long enough it is"})
    assert required_service.get(f"/users/{booking['user_id']}/live").json()["code"] == "forbidden"


def test_a_draft_is_followed_by_admins_only_and_an_event_that_becomes_one_is_gone(
    required_service: Service, database: Database
) -> None:
    event_id = database.event()
    path = f"/events/{event_id}/live"
    with (
        follow(required_service, path) as stream,
        follow(required_service, f"/events/live?ids={event_id}") as listed,
    ):
        assert stream.next()[1]["available_seats"] == 10
        assert listed.next()[1]["available_seats"] == 10
        database.execute("UPDATE events SET published = false WHERE id = %s", (event_id,))
        assert list(stream.events()) == []  # it ends
        assert required_service.get(path).json()["code"] == "event_not_found"

        required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
        with follow(required_service, path) as of_admin:
            assert of_admin.next()[1]["available_seats"] == 10
        database.execute("UPDATE events SET published = true, total_seats = 11, available_seats = 11")
        assert listed.next()[1]["available_seats"] == 11


def test_all_streams_end_while_the_database_is_away_and_tell_the_present_state_afterwards(
    live_service: Service, database: Database
) -> None:
    event_id = live_service.event(total_seats=3)["id"]
    path = f"/events/{event_id}/live"
    with follow(live_service, path) as stream:
        assert stream.next()[1]["available_seats"] == 3
        with database.away():
            assert list(stream.events()) == []
            assert live_service.get(path).json()["code"] == "database_away"
    database.book(event_id)
    with follow(live_service, path) as again:
        assert again.next()[1]["available_seats"] == 2


def test_a_quiet_stream_keeps_alive_and_a_long_one_ends(live_service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_feed, "KEEP_ALIVE_SECONDS", 0.1)
    monkeypatch.setattr(live_feed, "LONGEST_BYTES", 100)
    event_id = live_service.event()["id"]
    with live_service.client.stream("GET", f"/events/{event_id}/live") as response:
        lines = list(response.iter_lines())

    assert lines[0] == "retry: 1000"
    assert lines.count(": keep-alive") >= 2
    assert sum(map(len, lines)) < 200


def test_over_the_limit_pages_are_told_to_ask_now_and_then(
    live_service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live_feed, "MAX_STREAMS", 1)
    event_id = live_service.event()["id"]
    path = f"/events/{event_id}/live"
    with follow(live_service, path) as stream:
        stream.next()
        refused = live_service.get(path)
        assert (refused.status_code, refused.json()["code"]) == (503, "overloaded")
        assert int(refused.headers["Retry-After"]) >= 1


def test_a_look_at_the_headers_alone_follows_nothing(live_service: Service) -> None:
    event_id = live_service.event()["id"]

    response = live_service.client.head(f"/events/{event_id}/live")
    assert (response.status_code, response.headers["content-type"]) == (200, "text/event-stream")


def test_clients_that_read_nothing_keep_the_news_from_nobody(database: Database) -> None:
    """Each is told of 200 events until more waits for it than its connection takes."""
    database.execute("SELECT create_event('E', '2040-01-01', 100) FROM generate_series(1, 200)")
    everything = f"/events/live?ids={','.join(map(str, range(1, 201)))}"
    with eventbooker(database.url, "web") as (url, _), Service(url) as service, ExitStack() as connections:
        for _ in range(20):
            connections.enter_context(_deaf_client(url, everything))
        stream = connections.enter_context(follow(service, "/events/1/live"))
        assert stream.next() == ("seats", {"available_seats": 100, "total_seats": 100})
        for total in range(101, 106):
            database.execute("UPDATE events SET total_seats = %s, available_seats = %s", (total, total))
            changed_at = monotonic()
            assert stream.next() == ("seats", {"available_seats": total, "total_seats": total})
            assert monotonic() - changed_at < 2


def _deaf_client(url: str, path: str) -> socket.socket:
    """Asks, and leaves the answer where it is; its side of the connection takes as little as can be."""
    address = urlsplit(url)
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
    client.connect((address.hostname, address.port))
    client.sendall(f"GET {path} HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
    return client
