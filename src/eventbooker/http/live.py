"""Live: free seats and one's own bookings as they change, told as server-sent events."""

from collections.abc import Callable, Collection
from typing import Any

from flask import Response, current_app, request

from eventbooker.database.pool import Pool
from eventbooker.http.auth import caller
from eventbooker.http.live_feed import Feed, News, Topic, news
from eventbooker.http.queries import fetch_one
from eventbooker.http.route import EVENT_STREAM
from eventbooker.http.schemas import LiveEventsQuery

HEADERS = {
    "Cache-Control": "no-store",
    "X-Accel-Buffering": "no",  # nginx would wait for more before it passes on a piece
}


def event(event_id: int) -> Response:
    fetch_one("SELECT true FROM get_event(%s, %s)", event_id, not caller().is_admin)
    return _stream([_event_topic(event_id)])


def events(query: LiveEventsQuery) -> Response:
    return _stream([_event_topic(event_id) for event_id in query.events], listed=True)


def booking(booking_id: int) -> Response:
    fetch_one("SELECT true FROM get_booking(%s)", booking_id)
    return _stream([Topic("booking", booking_id)])


def bookings_of_user(user_id: int) -> Response:
    fetch_one("SELECT true FROM list_user_bookings(%s, 1)", user_id)
    return _stream([Topic("bookings" if caller().is_admin else "own_bookings", user_id)])


def new_feed(pool: Pool) -> Feed:
    """A feed that reads the database."""

    def read(topics: Collection[Topic]) -> dict[Topic, News]:
        found: dict[Topic, News] = {}
        with pool.connection() as connection:
            for kinds, statement, told in READS:
                if ids := [topic.id for topic in topics if topic.kind in kinds]:
                    for row in connection.execute(statement, (ids,)):
                        state = told(row)
                        found |= {Topic(kind, row[0]): state for kind in kinds if kind != "event" or row[-1]}
        return found

    return Feed(read)


def _event_topic(event_id: int) -> Topic:
    """Who may see drafts hears on when the event becomes one."""
    return Topic("draft" if caller().is_admin else "event", event_id)


def _stream(topics: Collection[Topic], listed: bool = False) -> Response:
    if request.method == "HEAD":
        return Response(content_type=EVENT_STREAM, headers=HEADERS)
    feed: Feed = current_app.extensions["feed"]
    return Response(feed.subscribe(topics, listed), content_type=EVENT_STREAM, headers=HEADERS)


def _seats(row: tuple[Any, ...]) -> News:
    event_id, available, total, _ = row
    seats = f'"available_seats":{available},"total_seats":{total}'
    return news("seats", f"{{{seats}}}", f'{{"id":{event_id},{seats}}}')


READS: tuple[tuple[tuple[Any, ...], str, Callable[[tuple[Any, ...]], News]], ...] = (
    (
        ("event", "draft"),
        "SELECT id, available_seats, total_seats, published FROM watch_events(%s::bigint[])",
        _seats,
    ),
    (
        ("booking",),
        "SELECT id, booking::text FROM watch_bookings(%s::bigint[])",
        lambda row: news("booking", row[1]),
    ),
    (
        ("bookings",),
        "SELECT id, bookings::text FROM watch_users(%s::bigint[], false)",
        lambda row: news("bookings", row[1]),
    ),
    (
        ("own_bookings",),
        "SELECT id, bookings::text FROM watch_users(%s::bigint[], true)",
        lambda row: news("bookings", row[1]),
    ),
)
"""For each kind of topics: the function that reads them all at once, and what is told of a row."""
