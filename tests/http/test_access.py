"""Who gets in where, in required mode: every route, called by each kind of caller.

The table is written by hand, so that a change of the rules in the code shows here. A new route needs its line."""

import re
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from eventbooker.config import Auth, Settings
from eventbooker.http.examples import CSV_FILE
from eventbooker.http.routes import ROUTES
from tests.conftest import serving
from tests.database import Database
from tests.http.world import CALLERS, PASSWORD, World, worlds
from tests.service import Service

# fmt: off
#                nobody garbage another this  other owner owner admin admin revoked expired owner admin door  another
#                               's      one's user  cookie token cookie token               reads reads       door
ANYONE        = "ok     ok      ok      ok    ok    ok    ok    ok    ok    ok      ok      ok    ok    ok    ok"
ANYONE_WRITES = "ok     ok      ok      ok    ok    ok    ok    ok    ok    ok      ok      403   403   ok    ok"
A_USER_WRITES = "401    401     401     401   ok    ok    ok    ok    ok    401     401     403   403   403   403"
USER          = "401    401     401     401   403   ok    ok    ok    ok    401     401     ok    ok    403   403"
USER_WRITES   = "401    401     401     401   403   ok    ok    ok    ok    401     401     403   403   403   403"
HOLDER        = "401    401     401     ok    403   ok    ok    ok    ok    401     401     ok    ok    403   403"
HOLDER_WRITES = "401    401     401     ok    403   ok    ok    ok    ok    401     401     403   403   403   403"
ADMIN         = "401    401     401     401   403   403   403   ok    ok    401     401     403   ok    403   403"
ADMIN_WRITES  = "401    401     401     401   403   403   403   ok    ok    401     401     403   403   403   403"
DOOR          = "401    401     401     401   403   403   403   ok    ok    401     401     403   ok    ok    403"
DOOR_WRITES   = "401    401     401     401   403   403   403   ok    ok    401     401     403   403   ok    403"

EXPECTED = {
    "POST /events":                                            (201, ADMIN_WRITES),
    "POST /events/import":                                     (201, ADMIN_WRITES),
    "GET /events":                                             (200, ANYONE),
    "GET /events/<id:event_id>":                               (200, ANYONE),
    "GET /events/<id:event_id>/live":                          (200, ANYONE),
    "GET /events/live":                                        (200, ANYONE),
    "PATCH /events/<id:event_id>":                             (200, ADMIN_WRITES),
    "POST /events/<id:event_id>/copies":                       (201, ADMIN_WRITES),
    "POST /events/<id:event_id>/cancel":                       (200, ADMIN_WRITES),
    "POST /events/<id:event_id>/book":                         (201, USER_WRITES),
    "GET /events/overview":                                    (200, ADMIN),
    "GET /events/<id:event_id>/overview":                      (200, ADMIN),
    "GET /events/<id:event_id>/problems":                      (200, ADMIN),
    "GET /events/<id:event_id>/bookings":                      (200, ADMIN),
    "GET /events/<id:event_id>/bookings.csv":                  (200, ADMIN),
    "GET /events/<id:event_id>/figures":                       (200, ADMIN),
    "GET /events/<id:event_id>/attendees":                     (200, ADMIN),
    "POST /events/<id:event_id>/waitlist":                     (201, USER_WRITES),
    "GET /events/<id:event_id>/waitlist":                      (200, ADMIN),
    "GET /waitlist/<id:entry_id>":                             (200, HOLDER),
    "DELETE /waitlist/<id:entry_id>":                          (204, HOLDER_WRITES),
    "GET /bookings/<id:booking_id>":                           (200, HOLDER),
    "GET /bookings/<id:booking_id>/live":                      (200, HOLDER),
    "POST /bookings/<id:booking_id>/confirm":                  (200, HOLDER_WRITES),
    "PATCH /bookings/<id:booking_id>":                         (200, HOLDER_WRITES),
    "POST /bookings/<id:booking_id>/cancel":                   (200, HOLDER_WRITES),
    "POST /bookings/<id:booking_id>/revive":                   (200, ADMIN_WRITES),
    "GET /bookings/<id:booking_id>/history":                   (200, ADMIN),
    "POST /bookings/<id:booking_id>/resend":                   (200, ADMIN_WRITES),
    "GET /bookings/<id:booking_id>/ticket":                    (200, HOLDER),
    "GET /bookings/<id:booking_id>/ticket.svg":                (200, HOLDER),
    "GET /bookings/<id:booking_id>/ticket.ics":                (200, HOLDER),
    "POST /check-in":                                          (200, DOOR_WRITES),
    "DELETE /bookings/<id:booking_id>/check-in":               (200, ADMIN_WRITES),
    "GET /events/<id:event_id>/door":                          (200, DOOR),
    "GET /events/<id:event_id>/attendance":                    (200, DOOR),
    "POST /users":                                             (201, ANYONE_WRITES),
    "GET /users/<id:user_id>/bookings":                        (200, USER),
    "GET /users/<id:user_id>/bookings.ics":                    (200, ANYONE),
    "GET /users/<id:user_id>/calendar":                        (200, USER),
    "POST /users/<id:user_id>/calendar":                       (200, USER_WRITES),
    "GET /users/<id:user_id>/live":                            (200, USER),
    "GET /users/<id:user_id>/waitlist":                        (200, USER),
    "GET /users/<id:user_id>/telegram":                        (200, USER),
    "POST /users/<id:user_id>/telegram-link":                  (201, USER_WRITES),
    "DELETE /users/<id:user_id>/telegram":                     (204, USER_WRITES),
    "GET /users/<id:user_id>/notifications":                   (200, USER),
    "PUT /users/<id:user_id>/notifications":                   (200, USER_WRITES),
    "POST /users/<id:user_id>/unsubscribe":                    (204, ANYONE_WRITES),
    "GET /users/<id:user_id>/unsubscribe":                     (303, ANYONE),
    "GET /session":                                            (200, ANYONE),
    "POST /session":                                           (201, ANYONE_WRITES),
    "DELETE /session":                                         (204, ANYONE_WRITES),
    "PUT /session/password":                                   (204, A_USER_WRITES),
    "GET /users/<id:user_id>/sessions":                        (200, USER),
    "DELETE /users/<id:user_id>/sessions":                     (204, USER_WRITES),
    "DELETE /users/<id:user_id>/sessions/<id:session_id>":     (204, USER_WRITES),
    "DELETE /users/<id:user_id>":                              (204, USER_WRITES),
    "GET /users/<id:user_id>/export":                          (200, USER),
    "POST /password-reset":                                    (202, ANYONE_WRITES),
    "PUT /password-reset/<token>":                             (204, ANYONE_WRITES),
    "POST /users/<id:user_id>/reset-link":                     (201, ADMIN_WRITES),
    "POST /users/<id:user_id>/email-proof":                    (202, USER_WRITES),
    # The link is the owner's, and nobody else's proof.
    "PUT /email-proof/<token>": (204, A_USER_WRITES.replace("401   ok    ok    ok    ok    ok ",
                                                            "401   404   ok    ok    404   404")),
    "GET /tokens":                                             (200, ADMIN),
    "POST /tokens":                                            (201, ADMIN_WRITES),
    "DELETE /tokens/<id:token_id>":                            (204, ADMIN_WRITES),
    "GET /notifications":                                      (200, ADMIN),
    "POST /notifications/<id:notification_id>/retry":          (200, ADMIN_WRITES),
    "GET /healthz":                                            (200, ANYONE),
    "GET /readyz":                                             (200, ANYONE),
    "GET /metrics":                                            (200, ADMIN),
    "GET /":                                                   (200, ANYONE),
    "GET /user":                                               (200, ANYONE),
    "GET /ticket":                                             (200, ANYONE),
    "GET /admin":                                              (200, ANYONE),
    "GET /admin/events/<id:event_id>":                         (200, ANYONE),
    "GET /door":                                               (200, ANYONE),
    "GET /docs":                                               (200, ANYONE),
    "GET /openapi.json":                                       (200, ANYONE),
    "GET /assets/<digest>/<name>":                             (200, ANYONE),
    "GET /manifest.webmanifest":                               (200, ANYONE),
    "GET /sw.js":                                              (200, ANYONE),
    "GET /css/<name>":                                         (200, ANYONE),
    "GET /js/<name>":                                          (200, ANYONE),
    "GET /vendor/qr/<name>":                                   (200, ANYONE),
    "GET /viewer/css/<name>":                                  (200, ANYONE),
    "GET /viewer/js/<name>":                                   (200, ANYONE),
}
# fmt: on
"""By route, how those who may are answered, and who may: `ok`, or how the others are refused. Booking and waiting are
tried with the owner's email."""

EVENT = {"name": "A", "date": "2040-01-01T10:00", "total_seats": 5}

BODIES: dict[str, Callable[[World], Any]] = {
    "POST /events": lambda world: EVENT,
    "POST /events/import": lambda world: CSV_FILE,
    "PATCH /events/<id:event_id>": lambda world: {"name": "B"},
    "POST /events/<id:event_id>/copies": lambda world: {"dates": ["2041-01-01T10:00"]},
    "POST /events/<id:event_id>/book": lambda world: {"email": world.owner},
    "POST /events/<id:event_id>/waitlist": lambda world: {"email": world.owner},
    "PATCH /bookings/<id:booking_id>": lambda world: {"seats": 2},
    "POST /check-in": lambda world: {
        "event_id": world.things["confirmed_event_id"],
        "booking_id": world.things["confirmed_booking_id"],
    },
    "POST /users": lambda world: {"email": f"new-{world.owner}", "password": PASSWORD},
    "PUT /users/<id:user_id>/notifications": lambda world: {"channel": "auto"},
    "POST /session": lambda world: {"email": world.owner, "password": PASSWORD},
    "PUT /session/password": lambda world: {"old_password": PASSWORD, "password": "even longer"},
    "POST /password-reset": lambda world: {"email": world.owner},
    "PUT /password-reset/<token>": lambda world: {"password": "even longer"},
    "POST /tokens": lambda world: {"scope": "read"},
}
"""What is sent where a route takes something."""

ARGUMENTS: dict[str, dict[str, str]] = {
    "POST /events/<id:event_id>/book": {"event_id": "free_event_id"},
    "POST /events/<id:event_id>/waitlist": {"event_id": "full_event_id"},
    "POST /bookings/<id:booking_id>/resend": {"booking_id": "confirmed_booking_id"},
    "GET /bookings/<id:booking_id>/ticket": {"booking_id": "confirmed_booking_id"},
    "GET /bookings/<id:booking_id>/ticket.svg": {"booking_id": "confirmed_booking_id"},
    "GET /bookings/<id:booking_id>/ticket.ics": {"booking_id": "confirmed_booking_id"},
    "DELETE /bookings/<id:booking_id>/check-in": {"booking_id": "confirmed_booking_id"},
    "GET /events/<id:event_id>/door": {"event_id": "confirmed_event_id"},
    "GET /events/<id:event_id>/attendance": {"event_id": "confirmed_event_id"},
    "GET /vendor/qr/<name>": {"name": "qr_js"},
    "GET /assets/<digest>/<name>": {"name": "js", "digest": "css"},
    "PUT /password-reset/<token>": {"token": "reset_token"},
    "PUT /email-proof/<token>": {"token": "proof_token"},
    "GET /css/<name>": {"name": "css"},
    "GET /js/<name>": {"name": "js"},
    "GET /viewer/css/<name>": {"name": "viewer_css"},
    "GET /viewer/js/<name>": {"name": "viewer_js"},
}
"""Which thing of the world stands in the path, where it is not called as in the path."""

QUERIES = {
    "/events/live": "?ids={event_id}",
    "/users/<id:user_id>/bookings.ics": "?token={calendar_token}",
    "/users/<id:user_id>/unsubscribe": "?token={unsubscribe_token}",
}


@pytest.fixture
def service(settings: Settings, database: Database) -> Iterator[Service]:
    """In required mode, with a bot, so that links to a chat can be made."""
    database.execute("SELECT register_telegram_bot(7000000001, 'ticket_bot')")
    with serving(settings.model_copy(update={"auth": Auth(mode="required")})) as service:
        yield service


@pytest.fixture
def new_world(database: Database) -> Iterator[Callable[[str], World]]:
    with worlds(database) as new_world:
        yield new_world


def test_every_route_has_a_line() -> None:
    assert list(EXPECTED) == [f"{route.method} {route.path}" for route in ROUTES]


@pytest.mark.parametrize("who", CALLERS)
def test_nobody_gets_in_where_they_do_not_belong(service: Service, new_world: Callable[[str], World], who: str) -> None:
    answered, expected = {}, {}
    world = new_world(who)
    for route, (status, cells) in EXPECTED.items():
        cell = cells.split()[CALLERS.index(who)]
        expected[route] = status if cell == "ok" else int(cell)
        answered[route] = call(service, route, world)
        if expected[route] < 400 and not route.startswith("GET"):
            world = new_world(who)  # something was changed

    assert answered == expected


def call(service: Service, route: str, world: World) -> int:
    """The status of the answer. Refusals of access are told apart from others by their code."""
    method, _, template = route.partition(" ")
    named = ARGUMENTS.get(route, {})
    asked_for = {name: world.things[named.get(name, name)] for name in re.findall(r"<(?:id:)?(\w+)>", template)}
    path = re.sub(r"<(?:id:)?(\w+)>", lambda found: str(asked_for[found[1]]), template)
    query = QUERIES.get(template, "").format_map(world.things)
    if "entry_id" in asked_for:
        this = world.tokens.waitlist(asked_for["entry_id"])
    else:
        this = world.tokens.booking(asked_for.get("booking_id", world.things["booking_id"]))
    headers = {name: value.replace("{this}", this) for name, value in world.headers.items()}
    body = BODIES[route](world) if route in BODIES else None
    if isinstance(body, str):
        sent: dict[str, Any] = {"content": body.encode()}
        headers["Content-Type"] = "text/csv"
    else:
        sent = {"json": body}

    with service.client.stream(method, path + query, headers=headers, **sent) as answer:
        service.client.cookies.clear()
        if not answer.headers.get("Content-Type", "").startswith("text/event-stream"):  # which does not end
            answer.read()
        if answer.status_code in (401, 403):
            code = answer.json()["code"]
            assert code == {401: "credentials_required", 403: "forbidden"}[answer.status_code], route
            assert answer.headers["Cache-Control"] == "private, no-store", route
        return answer.status_code
