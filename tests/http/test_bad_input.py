"""A long list of things that do not fit, over every route: a problem body each time, never a 5xx, nothing changed."""

import itertools
from http.client import HTTPConnection
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.database import Database
from tests.service import Service

EVENT = {"name": "A", "date": "2040-01-01T10:00", "total_seats": 5, "booking_ttl_minutes": 10}
BOOKING = {"email": "a@example.org", "name": "A", "telegram_id": "1", "role": "user"}
USER = {"email": "a@example.org", "name": "A", "telegram_id": "1", "password": "long enough"}
SIGN_IN = {"email": "a@example.org", "name": "A"}
WITH_BODY: dict[str, dict[str, Any]] = {
    "/events": EVENT,
    "/events/1/book": BOOKING,
    "/users": USER,
    "/session": SIGN_IN,
}

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    10**30,
    "",
    "\0",
    "x" * 5000,
    [],
    {},
    [1],
    {"a": 1},
    "\u202e'; DROP TABLE users; --",
]
OPTIONAL = {"telegram_id", "role", "password"}
FINE = {
    ("name", "\u202e'; DROP TABLE users; --"),
    ("password", "\u202e'; DROP TABLE users; --"),
    ("telegram_id", ""),
}
RAW = [b"", b"{", b"[]", b"null", b'"x"', b"1", b"\xff\xfe", b'{"name": "\\ud800"}', b"[" * 30000, b'{"a":1}x', b"NaN"]


def fits(path: str, field: str, value: Any) -> bool:
    if value is None:
        return field in OPTIONAL or (field == "name" and path != "/events")
    if field == "name" and value == "":
        return path != "/events"
    return isinstance(value, str) and (field, value) in FINE


@pytest.mark.parametrize("path", WITH_BODY)
def test_every_field_refuses_what_does_not_fit(live_service: Service, database: Database, path: str) -> None:
    live_service.event()
    for field, value in itertools.product(WITH_BODY[path], JUNK):
        if fits(path, field, value):
            continue
        response = live_service.post(path, WITH_BODY[path] | {field: value})

        assert response.status_code == 422, (field, value, response.text)
        assert response.json()["errors"][0]["field"] == field
    assert len(database.execute("SELECT FROM users")) == 0
    assert len(database.execute("SELECT FROM events")) == 1


@pytest.mark.parametrize("path", WITH_BODY)
def test_missing_and_unknown_fields_are_named(live_service: Service, path: str) -> None:
    required = {"/events": ["name", "date", "total_seats"]}.get(path, ["email"])
    for field in required:
        body = {name: value for name, value in WITH_BODY[path].items() if name != field}
        response = live_service.post(path, body)
        assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)

    response = live_service.post(path, WITH_BODY[path] | {"colour": "red"})
    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, "colour")


@pytest.mark.parametrize("path", WITH_BODY)
def test_what_is_no_json_object_is_refused(live_service: Service, path: str) -> None:
    for raw in RAW:
        response = live_service.post(path, content=raw, headers={"content-type": "application/json"})
        assert response.status_code in (400, 422), raw[:20]
    for media_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "x", ""):
        response = live_service.post(path, content=b"{}", headers={"content-type": media_type})
        assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")
    huge = live_service.post(path, {"name": "x" * 100_000})
    assert (huge.status_code, huge.json()["code"]) == (413, "too_large")


@pytest.mark.parametrize("action", ["confirm", "cancel"])
def test_calls_without_a_body_still_refuse_junk(live_service: Service, action: str) -> None:
    booking = live_service.book(live_service.event()["id"])
    path = f"/bookings/{booking['id']}/{action}"

    assert live_service.post(path, content=b"a=1", headers={"content-type": "text/plain"}).status_code == 415
    assert live_service.post(path, content=b"{", headers={"content-type": "application/json"}).status_code == 400
    assert live_service.get(f"/bookings/{booking['id']}").json()["status"] == "pending"
    assert live_service.post(path, {}).status_code == 200


PATHS = [
    ("GET", "/events/{}", "event_not_found"),
    ("PATCH", "/events/{}", "event_not_found"),
    ("POST", "/events/{}/cancel", "event_not_found"),
    ("GET", "/events/{}/bookings", "event_not_found"),
    ("POST", "/events/{}/book", "event_not_found"),
    ("GET", "/bookings/{}", "booking_not_found"),
    ("POST", "/bookings/{}/confirm", "booking_not_found"),
    ("POST", "/bookings/{}/cancel", "booking_not_found"),
    ("GET", "/users/{}/bookings", "user_not_found"),
    ("GET", "/users/{}/telegram", "user_not_found"),
    ("POST", "/users/{}/telegram-link", "user_not_found"),
    ("POST", "/notifications/{}/retry", "notification_not_found"),
]


@pytest.mark.parametrize(("method", "path", "code"), PATHS)
def test_ids_that_name_nothing_are_404(live_service: Service, method: str, path: str, code: str) -> None:
    body = {"PATCH": {}, "POST": BOOKING if path.endswith("book") else None}.get(method)
    for number in ("404", "0", "2147483648", "9223372036854775807", "9223372036854775808", "9" * 19):
        response = live_service.call(method, path.format(number), body)
        assert (response.status_code, response.json()["code"]) == (404, code), number
    for word in ("9" * 20, "9" * 4000, "-1", "1.5", "abc", "1e3", "%00", "%FF", "٣", "1%2F2", "..%2f..%2fetc%2fpasswd"):
        response = live_service.call(method, path.format(word), body)
        assert response.status_code == 404, word


@pytest.mark.parametrize(
    "path", [*sorted({path.format(1) for _, path, _ in PATHS}), "/events", "/users", "/session", "/healthz", "/"]
)
def test_methods_that_are_not_there_are_405(live_service: Service, path: str) -> None:
    for method in ("PUT", "TRACE", "FOO"):
        response = live_service.call(method, path)
        assert (response.status_code, response.json()["code"]) == (405, "method_not_allowed")
        assert response.headers["allow"]


ODD_CALLS = [
    ("GET", "/events"),
    ("GET", "/session"),
    ("GET", "/users/1/bookings"),
    ("GET", "/bookings/1"),
    ("GET", "/"),
    ("POST", "/events/1/book"),
    ("POST", "/bookings/1/confirm"),
    ("PATCH", "/events/1"),
]


@pytest.mark.parametrize(
    "headers",
    [
        {"Cookie": "session=\xff"},
        {"Cookie": "session=" + "x" * 4000},
        {"Cookie": 'session="\\000"'},
        {"Origin": "http://["},
        {"Authorization": "Bearer"},
        {"Authorization": "Bearer \xff"},
        {"Authorization": "Bearer a\0b"},
        {"Authorization": "bearer " + "x" * 8000},
        {"Authorization": "Basic dTpw"},
        {"Host": "\xff"},
        {"Host": "["},
        {"Origin": "null"},
        {"Origin": "\xff"},
        {"X-Forwarded-For": "," * 500},
        {"X-Forwarded-Proto": "\0"},
        {"X-Forwarded-Host": "http://["},
        {"User-Agent": "\0\xff" + "x" * 2000},
        {"If-Match": '"99999999999999999999-0", "-"'},
        {"Idempotency-Key": '"' + "\\" * 300},
        {"Content-Type": "application/json; charset=\xff"},
        {"Accept": "text/xml"},
        {"Range": "bytes=9-1"},
        {"If-None-Match": "\xff"},
        {"Content-Length": "0"},
    ],
)
def test_odd_headers_do_no_harm(live_service: Service, required_service: Service, headers: dict[str, str]) -> None:
    """Sent as they are: a client library would refuse some of them."""
    for service in (live_service, required_service):
        connection = HTTPConnection(urlsplit(service.url).netloc, timeout=30)
        for method, path in ODD_CALLS:
            connection.putrequest(method, path, skip_host="Host" in headers)
            for name, value in headers.items():
                connection.putheader(name, value.encode("latin-1"))
            connection.endheaders(b"{}" if method != "GET" and "Content-Length" not in headers else None)
            response = connection.getresponse()
            response.read()
            connection.close()
            assert response.status < 500, (method, path)


@pytest.mark.parametrize("path", ["/password-reset/%00", "/email-proof/%00"])
def test_nul_in_a_path_names_nothing(required_service: Service, path: str) -> None:
    answer = required_service.call("PUT", path, {"password": "long enough"})

    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    "path", ["/css/../../config.yaml", "/css/%2e%2e/%2e%2e/config.yaml", "/js/", "/css//etc/passwd", "/js/%00"]
)
def test_nothing_outside_web_is_served(live_service: Service, path: str) -> None:
    assert live_service.get(path).status_code == 404


TWICE = [
    ("/events/1/book", b'{"email":"a@example.org","email":"b@example.org"}'),
    ("/events/1/book", b'{"email":"a@example.org","\\u0065mail":"b@example.org"}'),
    ("/events", b'{"name":"A","date":"2040-01-01T10:00","total_seats":5,"total_seats":6}'),
    ("/events/1/cancel", b'{"reason":"a","reason":"b"}'),
    ("/events/1/cancel", b'{"reason":"a: b","reason":"c"}'),
    ("/bookings/1/confirm", b'{"x":{"a":1,"a":2}}'),
    ("/bookings/1/confirm", b'{"x":NaN}'),
    ("/bookings/1/confirm", b'{"x":-Infinity}'),
    ("/bookings/1/confirm", b'{"x":' + b"9" * 5000 + b"}"),
]


@pytest.mark.parametrize(("path", "content"), TWICE)
def test_what_parsers_read_differently_is_no_json(live_service: Service, path: str, content: bytes) -> None:
    live_service.book(live_service.event()["id"])
    response = live_service.post(path, content=content, headers={"content-type": "application/json"})

    assert (response.status_code, response.json()["code"]) == (400, "invalid_json")
    assert live_service.get("/bookings/1").json()["status"] == "pending"


def test_members_that_look_like_more_than_they_are_do_no_harm(live_service: Service) -> None:
    event = live_service.event(name='A: "name": B', description='{"name":"x","name":"y"}: 18:00')

    assert (event["name"], event["description"]) == ('A: "name": B', '{"name":"x","name":"y"}: 18:00')


def test_a_number_without_a_fraction_is_whole_however_it_is_written(live_service: Service) -> None:
    event = live_service.event(total_seats=12.0)

    assert event["total_seats"] == 12
    assert live_service.post("/events", {**EVENT, "total_seats": 12.5}).status_code == 422
    assert live_service.post("/events", {**EVENT, "total_seats": 1e30}).status_code == 422
