"""Who gets in where, in required mode: every route, called by each kind of caller.

The table is written by hand, so that a change of the rules in the code shows here. A new route needs its line."""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from eventbooker.config import Auth, Settings
from eventbooker.http.routes import ROUTES
from eventbooker.passwords import hash_password
from eventbooker.tokens import Tokens
from tests.conftest import serving
from tests.database import Database
from tests.service import Service

CALLERS = (
    "nobody", "garbage", "token of another booking", "token of this one", "another user", "owner by session",
    "owner by API token", "admin by session", "admin by API token", "revoked token", "expired token",
    "owner's read token", "admin's read token", "door token",
)  # fmt: skip
"""The token of this one is that of the booking or entry that is asked for. Revoked and expired: an admin's."""

# fmt: off
#                nobody garbage another this  other owner owner admin admin revoked expired owner admin door
#                               's      one's user  cookie token cookie token               reads reads
ANYONE        = "ok     ok      ok      ok    ok    ok    ok    ok    ok    ok      ok      ok    ok    ok"
ANYONE_WRITES = "ok     ok      ok      ok    ok    ok    ok    ok    ok    ok      ok      403   403   ok"
A_USER_WRITES = "401    401     401     401   ok    ok    ok    ok    ok    401     401     403   403   403"
USER          = "401    401     401     401   403   ok    ok    ok    ok    401     401     ok    ok    403"
USER_WRITES   = "401    401     401     401   403   ok    ok    ok    ok    401     401     403   403   403"
HOLDER        = "401    401     401     ok    403   ok    ok    ok    ok    401     401     ok    ok    403"
HOLDER_WRITES = "401    401     401     ok    403   ok    ok    ok    ok    401     401     403   403   403"
ADMIN         = "401    401     401     401   403   403   403   ok    ok    401     401     403   ok    403"
ADMIN_WRITES  = "401    401     401     401   403   403   403   ok    ok    401     401     403   403   403"

EXPECTED = {
    "POST /events":                                             (201, ADMIN_WRITES),
    "GET /events":                                              (200, ANYONE),
    "GET /events/<id:event_id>":                                (200, ANYONE),
    "PATCH /events/<id:event_id>":                              (200, ADMIN_WRITES),
    "POST /events/<id:event_id>/copies":                        (201, ADMIN_WRITES),
    "POST /events/<id:event_id>/cancel":                        (200, ADMIN_WRITES),
    "POST /events/<id:event_id>/book":                          (201, USER_WRITES),
    "GET /events/<id:event_id>/bookings":                       (200, ADMIN),
    "GET /events/<id:event_id>/bookings.csv":                   (200, ADMIN),
    "GET /events/<id:event_id>/attendees":                      (200, ADMIN),
    "POST /events/<id:event_id>/waitlist":                      (201, USER_WRITES),
    "GET /events/<id:event_id>/waitlist":                       (200, ADMIN),
    "GET /waitlist/<id:entry_id>":                              (200, HOLDER),
    "DELETE /waitlist/<id:entry_id>":                           (204, HOLDER_WRITES),
    "GET /bookings/<id:booking_id>":                            (200, HOLDER),
    "POST /bookings/<id:booking_id>/confirm":                   (200, HOLDER_WRITES),
    "PATCH /bookings/<id:booking_id>":                          (200, HOLDER_WRITES),
    "POST /bookings/<id:booking_id>/cancel":                    (200, HOLDER_WRITES),
    "POST /bookings/<id:booking_id>/revive":                    (200, ADMIN_WRITES),
    "POST /users":                                              (201, ANYONE_WRITES),
    "GET /users/<id:user_id>/bookings":                         (200, USER),
    "GET /users/<id:user_id>/waitlist":                         (200, USER),
    "GET /users/<id:user_id>/telegram":                         (200, USER),
    "POST /users/<id:user_id>/telegram-link":                   (201, USER_WRITES),
    "DELETE /users/<id:user_id>/telegram":                      (204, USER_WRITES),
    "GET /users/<id:user_id>/notifications":                    (200, USER),
    "PUT /users/<id:user_id>/notifications":                    (200, USER_WRITES),
    "POST /users/<id:user_id>/unsubscribe":                     (204, ANYONE_WRITES),
    "GET /users/<id:user_id>/unsubscribe":                      (303, ANYONE),
    "GET /session":                                             (200, ANYONE),
    "POST /session":                                            (201, ANYONE_WRITES),
    "DELETE /session":                                          (204, ANYONE_WRITES),
    "PUT /session/password":                                    (204, A_USER_WRITES),
    "GET /users/<id:user_id>/sessions":                         (200, USER),
    "DELETE /users/<id:user_id>/sessions":                      (204, USER_WRITES),
    "DELETE /users/<id:user_id>/sessions/<id:session_id>":      (204, USER_WRITES),
    "DELETE /users/<id:user_id>":                               (204, USER_WRITES),
    "GET /users/<id:user_id>/export":                           (200, USER),
    "POST /password-reset":                                     (202, ANYONE_WRITES),
    "PUT /password-reset/<token>":                              (204, ANYONE_WRITES),
    "POST /users/<id:user_id>/reset-link":                      (201, ADMIN_WRITES),
    "POST /users/<id:user_id>/email-proof":                     (202, USER_WRITES),
    # The link is the owner's, and nobody else's proof.
    "PUT /email-proof/<token>": (204, A_USER_WRITES.replace("401   ok    ok    ok    ok    ok ",
                                                            "401   404   ok    ok    404   404")),
    "GET /tokens":                                              (200, ADMIN),
    "POST /tokens":                                             (201, ADMIN_WRITES),
    "DELETE /tokens/<id:token_id>":                             (204, ADMIN_WRITES),
    "GET /notifications":                                       (200, ADMIN),
    "POST /notifications/<id:notification_id>/retry":           (200, ADMIN_WRITES),
    "GET /healthz":                                             (200, ANYONE),
    "GET /readyz":                                              (200, ANYONE),
    "GET /metrics":                                             (200, ADMIN),
    "GET /":                                                    (200, ANYONE),
    "GET /user":                                                (200, ANYONE),
    "GET /admin":                                               (200, ANYONE),
    "GET /docs":                                                (200, ANYONE),
    "GET /openapi.json":                                        (200, ANYONE),
    "GET /css/<name>":                                          (200, ANYONE),
    "GET /js/<name>":                                           (200, ANYONE),
    "GET /viewer/css/<name>":                                   (200, ANYONE),
    "GET /viewer/js/<name>":                                    (200, ANYONE),
}
# fmt: on
"""By route, how those who may are answered, and who may: `ok`, or how the others are refused. Booking and waiting are
tried with the owner's email."""

PASSWORD = "long enough"
EVENT = {"name": "A", "date": "2040-01-01T10:00", "total_seats": 5}

BODIES: dict[str, Callable[["World"], Any]] = {
    "POST /events": lambda world: EVENT,
    "PATCH /events/<id:event_id>": lambda world: {"name": "B"},
    "POST /events/<id:event_id>/copies": lambda world: {"dates": ["2041-01-01T10:00"]},
    "POST /events/<id:event_id>/book": lambda world: {"email": world.owner},
    "POST /events/<id:event_id>/waitlist": lambda world: {"email": world.owner},
    "PATCH /bookings/<id:booking_id>": lambda world: {"seats": 2},
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
    "PUT /password-reset/<token>": {"token": "reset_token"},
    "PUT /email-proof/<token>": {"token": "proof_token"},
    "GET /css/<name>": {"name": "css"},
    "GET /js/<name>": {"name": "js"},
    "GET /viewer/css/<name>": {"name": "viewer_css"},
    "GET /viewer/js/<name>": {"name": "viewer_js"},
}
"""Which thing of the world stands in the path, where it is not called as in the path."""


@dataclass(frozen=True)
class World:
    """An owner with a booking and a place in a waiting list, and somebody who calls."""

    owner: str
    things: dict[str, Any]
    headers: dict[str, str]
    """Of the caller; `{this}` in them is the token of the booking or the entry that is asked for."""


@pytest.fixture(scope="module")
def password_hash() -> str:
    return hash_password(PASSWORD)


@pytest.fixture
def service(settings: Settings, database: Database) -> Iterator[Service]:
    """In required mode, with a bot, so that links to a chat can be made."""
    database.execute("SELECT register_telegram_bot(7000000001, 'ticket_bot')")
    with serving(settings.model_copy(update={"auth": Auth(mode="required")})) as service:
        yield service


@pytest.fixture
def new_world(database: Database, password_hash: str) -> Iterator[Callable[[str], World]]:
    numbers = itertools.count(1)
    key = database.one("SELECT get_secret_key() AS it")["it"]
    with database.connect() as connection:

        def one(statement: str, *parameters: object) -> Any:
            row = connection.execute(statement, parameters).fetchone()
            return row and next(iter(row.values()))

        def make(who: str) -> World:
            n = next(numbers)
            owner = f"owner{n}@example.org"
            user_ids = [
                one("SELECT id FROM register_user(%s, 'U', %s, %s)", email, chat, password_hash)
                for email, chat in ((owner, str(n)), (f"other{n}@example.org", None), (f"admin{n}@example.org", None))
            ]
            owner_id, other_id, admin_id = user_ids
            one("UPDATE accounts SET email_proven_at = clock() WHERE user_id = ANY (%s) RETURNING true", user_ids)
            one("SELECT make_admin(%s)", admin_id)

            events = [
                one("SELECT id FROM create_event('A', '2040-01-01', %s, 10, p_max_seats_per_booking => 2)", seats)
                for seats in (10, 10, 1, 1)
            ]
            event_id, free_event_id, full_event_id, owners_full_event_id = events
            booking_id = one("SELECT id FROM book_seat(%s, %s)", event_id, owner)
            others = [one("SELECT id FROM book_seat(%s, %s)", full, f"other{n}@example.org") for full in events[2:]]
            entry_id = one("SELECT id FROM join_waitlist(%s, %s)", owners_full_event_id, owner)
            one("SELECT create_session(%s, %s, '1 day', 'another device')", owner_id, f"device {n}")
            one("SELECT create_reset_link(%s, %s, %s)", owner_id, f"reset {n}", f"reset{n}")
            one("SELECT create_account_link(%s, 'email_proof', %s, %s)", owner_id, f"proof {n}", f"proof{n}")
            things = {
                "event_id": event_id,
                "free_event_id": free_event_id,
                "full_event_id": full_event_id,
                "booking_id": booking_id,
                "entry_id": entry_id,
                "user_id": owner_id,
                "session_id": one("SELECT id FROM access_tokens WHERE user_id = %s AND kind = 'session'", owner_id),
                "token_id": one("SELECT id FROM create_api_token(%s, %s)", owner_id, f"another {n}"),
                "notification_id": one("SELECT id FROM outbox WHERE user_id = %s LIMIT 1", owner_id),
                "reset_token": f"reset{n}",
                "proof_token": f"proof{n}",
                "css": "main.css",
                "js": "api.js",
                "viewer_css": "swagger-ui.css",
                "viewer_js": "swagger-ui-bundle.js",
                "unsubscribe_token": Tokens(key).unsubscribing(owner_id),
                "booking_token": Tokens(key).booking(booking_id),
                "entry_token": Tokens(key).waitlist(entry_id),
            }
            return World(owner, things, headers(who, n, owner_id, other_id, admin_id, event_id, others[0]))

        def headers(
            who: str, n: int, owner_id: int, other_id: int, admin_id: int, event_id: int, others_booking_id: int
        ) -> dict[str, str]:
            token = f"{n}"
            match who:
                case "nobody":
                    return {}
                case "token of this one":
                    token = "{this}"
                case "token of another booking":
                    token = Tokens(key).booking(others_booking_id)
                case "another user" | "owner by session" | "admin by session":
                    user_id = {"another user": other_id, "owner by session": owner_id}.get(who, admin_id)
                    one("SELECT create_session(%s, %s, '1 day')", user_id, token)
                    return {"Cookie": f"session={token}"}
                case "owner by API token" | "admin by API token":
                    one("SELECT create_api_token(%s, %s)", owner_id if "owner" in who else admin_id, token)
                case "revoked token":
                    one("SELECT revoke_api_token(id) FROM create_api_token(%s, %s)", admin_id, token)
                case "expired token":
                    one("SELECT create_api_token(%s, %s, p_expires_at => clock())", admin_id, token)
                case "owner's read token" | "admin's read token":
                    one("SELECT create_api_token(%s, %s, 'read')", owner_id if "owner" in who else admin_id, token)
                case "door token":
                    one("SELECT create_api_token(NULL, %s, 'door', %s)", token, event_id)
            return {"Authorization": f"Bearer {token}"}

        yield make


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
    method, _, path = route.partition(" ")
    for part in path.split("/"):
        if part.startswith("<"):
            name = part.strip("<>").rpartition(":")[2]
            path = path.replace(part, str(world.things[ARGUMENTS.get(route, {}).get(name, name)]))
    if path.endswith("/unsubscribe"):
        path += f"?token={world.things['unsubscribe_token']}"
    this = world.things["entry_token" if path.startswith("/waitlist") else "booking_token"]
    headers = {name: value.replace("{this}", this) for name, value in world.headers.items()}
    body = BODIES[route](world) if route in BODIES else None

    answer = service.call(method, path, body, headers=headers)
    service.client.cookies.clear()

    if answer.status_code in (401, 403):
        assert answer.json()["code"] == {401: "credentials_required", 403: "forbidden"}[answer.status_code]
        assert answer.headers["Cache-Control"] == "private, no-store", route
    return answer.status_code
