"""Idempotency-Key: sent twice, done once."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.http.test_auth import bearer, refusal, register, sign_in
from tests.service import Service
from tests.waiting import until

KEY = "4f7c1d52-9d0a-4f3e-8c55-0c9b1f5d7a10"
EVENT = {"name": "A", "date": "2040-01-01T10:00", "total_seats": 5, "booking_ttl_minutes": 10}
USER = {"email": "user@example.org"}


def send(service: Service, path: str, body: Any = None, key: str = KEY, **headers: str) -> httpx.Response:
    return service.post(path, body, headers={"Idempotency-Key": key, **headers})


def told(response: httpx.Response) -> tuple[int, str, str | None, str]:
    """All that a repeated request must be told again."""
    return response.status_code, response.text, response.headers.get("Location"), response.headers["Content-Type"]


def must_replay(first: httpx.Response, again: httpx.Response) -> None:
    assert first.is_success, first.text
    assert told(again) == told(first)
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"


def count(database: Database, table: str) -> int:
    return int(database.one(f"SELECT count(*) AS rows FROM {table}")["rows"])


@pytest.fixture
def admin(required_service: Service) -> Service:
    return sign_in(required_service, ADMIN_EMAIL, ADMIN_PASSWORD)


def test_a_repeated_event_is_one_event(live_service: Service, database: Database) -> None:
    first, again = (send(live_service, "/events", EVENT) for _ in range(2))

    must_replay(first, again)
    assert count(database, "events") == 1


def test_a_repeated_booking_is_one_booking(live_service: Service, database: Database) -> None:
    path = f"/events/{live_service.event()['id']}/book"

    first, again = (send(live_service, path, USER) for _ in range(2))

    must_replay(first, again)
    assert again.json()["token"]
    assert count(database, "bookings") == 1
    assert refusal(live_service.post(path, USER)) == (409, "already_booked")
    database.must_keep_the_law()


def test_a_repeated_booking_for_an_admin_is_one_booking(live_service: Service, database: Database) -> None:
    path = f"/events/{live_service.event()['id']}/book"

    first, again = (send(live_service, path, {**USER, "role": "admin"}) for _ in range(2))

    must_replay(first, again)
    assert count(database, "bookings") == 1


def test_confirm_and_cancel_are_answered_as_they_were_then(live_service: Service) -> None:
    path = f"/bookings/{live_service.book(live_service.event()['id'])['id']}"

    confirmed = send(live_service, f"{path}/confirm", key="confirm")
    canceled = send(live_service, f"{path}/cancel", key="cancel")

    must_replay(confirmed, send(live_service, f"{path}/confirm", key="confirm"))
    must_replay(canceled, send(live_service, f"{path}/cancel", key="cancel"))
    assert refusal(live_service.post(f"{path}/confirm")) == (409, "booking_canceled")


def test_a_change_of_an_event_is_answered_as_it_was_then(live_service: Service) -> None:
    path = f"/events/{live_service.event()['id']}"

    def change(key: str, name: str) -> httpx.Response:
        return live_service.call("PATCH", path, {"name": name}, headers={"Idempotency-Key": key})

    first = change("1", "First")
    assert change("2", "Second").json()["name"] == "Second"
    canceled = send(live_service, f"{path}/cancel", key="3")

    must_replay(first, change("1", "First"))
    must_replay(canceled, send(live_service, f"{path}/cancel", key="3"))
    assert live_service.get(path).json()["name"] == "Second"


def test_a_key_belongs_to_one_request(live_service: Service, database: Database) -> None:
    one, two = (live_service.event()["id"] for _ in range(2))
    booked = send(live_service, f"/events/{one}/book", USER)

    for path, body in (
        (f"/events/{one}/book", {"email": "other@example.org"}),
        (f"/events/{two}/book", USER),
        (f"/bookings/{booked.json()['id']}/confirm", None),
        ("/events", EVENT),
    ):
        assert refusal(send(live_service, path, body)) == (422, "idempotency_key_reused")
    assert (count(database, "bookings"), count(database, "events")) == (1, 2)


def test_a_key_in_flight_is_refused_without_waiting(live_service: Service, database: Database) -> None:
    event_id = live_service.event()["id"]
    path = f"/events/{event_id}/book"
    with ThreadPoolExecutor(1) as client, database.connect() as session:
        with session.transaction():
            session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (event_id,))
            first = client.submit(send, live_service, path, USER)
            until(lambda: database.blocked("%book_seat%"))
            assert refusal(send(live_service, path, USER)) == (409, "idempotency_key_in_flight")

        must_replay(first.result(), send(live_service, path, USER))
    assert count(database, "bookings") == 1


def test_twenty_at_once_make_one_booking(live_service: Service, database: Database) -> None:
    path = f"/events/{live_service.event()['id']}/book"

    with ThreadPoolExecutor(20) as clients:
        answers = list(clients.map(lambda _: send(live_service, path, USER), range(20)))

    in_flight = [answer for answer in answers if not answer.is_success]
    assert {refusal(answer) for answer in in_flight} <= {(409, "idempotency_key_in_flight")}
    assert len({told(answer) for answer in answers if answer.is_success}) == 1
    assert count(database, "bookings") == 1


def test_a_connection_lost_between_change_and_answer_leaves_nothing_stuck(
    live_service: Service, database: Database
) -> None:
    event_id = live_service.event(total_seats=1)["id"]
    path = f"/events/{event_id}/book"
    with ThreadPoolExecutor(1) as client, database.connect() as session, session.transaction():
        session.execute("LOCK TABLE idempotency_keys IN SHARE MODE")  # lets read, not write
        lost = client.submit(send, live_service, path, USER)
        (pid,) = until(lambda: database.blocked("%save_idempotency_response%"))
        database.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
        assert refusal(lost.result()) == (503, "database_away")
    assert (count(database, "bookings"), database.free_seats(event_id)) == (0, 1)

    booked = send(live_service, path, USER)

    must_replay(booked, send(live_service, path, USER))
    assert (count(database, "bookings"), database.free_seats(event_id)) == (1, 0)


def test_a_refused_request_leaves_its_key_unused(live_service: Service) -> None:
    event_id = live_service.event(total_seats=1)["id"]
    standing = live_service.book(event_id, "first@example.org")
    path = f"/events/{event_id}/book"
    assert refusal(send(live_service, path, USER)) == (409, "sold_out")
    live_service.post(f"/bookings/{standing['id']}/cancel")

    booked = send(live_service, path, USER)

    must_replay(booked, send(live_service, path, USER))


def test_after_24_hours_a_key_is_new(live_service: Service, database: Database) -> None:
    database.freeze()
    first = send(live_service, "/events", EVENT)
    database.advance(86400 - 1)
    must_replay(first, send(live_service, "/events", EVENT))

    database.advance(1)
    assert database.one("SELECT prune_idempotency_keys() AS pruned") == {"pruned": 1}
    second = send(live_service, "/events", EVENT)
    assert second.json()["id"] != first.json()["id"]
    must_replay(second, send(live_service, "/events", EVENT))


def test_a_quoted_key_is_the_same_key(live_service: Service) -> None:
    first = send(live_service, "/events", EVENT, key='a "key" \\')

    must_replay(first, send(live_service, "/events", EVENT, key='"a \\"key\\" \\\\"'))
    assert send(live_service, "/events", EVENT, key='"' + "k" * 255 + '"').status_code == 201


@pytest.mark.parametrize("key", ["", '""', '"', '"a', '"a"b"', '"\\a"', '"a", "b"', "a\tb", "ключ", "k" * 256])
def test_a_malformed_key_is_refused(live_service: Service, database: Database, key: str) -> None:
    refused = live_service.post("/events", EVENT, headers={"Idempotency-Key": key.encode()})

    assert refusal(refused) == (400, "invalid_idempotency_key")
    assert count(database, "events") == 0


def test_without_a_key_nothing_is_kept(live_service: Service, database: Database) -> None:
    assert len({live_service.post("/events", EVENT).json()["id"] for _ in range(2)}) == 2
    assert count(database, "idempotency_keys") == 0


def test_keys_of_two_users_do_not_meet(required_service: Service, admin: Service, database: Database) -> None:
    path = f"/events/{admin.event()['id']}/book"
    users = [register(required_service, f"{name}@example.org") for name in "ab"]

    mine, theirs = (
        send(user, path, {"email": f"{name}@example.org"}, key="1") for user, name in zip(users, "ab", strict=True)
    )

    assert (mine.status_code, theirs.status_code) == (201, 201)
    assert mine.json()["id"] != theirs.json()["id"]
    must_replay(mine, send(users[0], path, {"email": "a@example.org"}, key="1"))


def test_what_a_caller_may_no_longer_do_is_not_answered_again(required_service: Service, admin: Service) -> None:
    path = f"/events/{admin.event()['id']}/book"
    booked = send(required_service, path, USER)
    confirm = f"/bookings/{booked.json()['id']}/confirm"
    holder = bearer(booked.json()["token"])
    must_replay(booked, send(required_service, path, USER))

    confirmed = send(required_service, confirm, key=KEY[::-1], **holder)
    must_replay(confirmed, send(required_service, confirm, key=KEY[::-1], **holder))
    assert refusal(send(required_service, confirm, key=KEY[::-1])) == (401, "credentials_required")

    made = send(admin, "/events", EVENT)
    assert made.status_code == 201
    assert refusal(send(required_service, "/events", EVENT)) == (401, "credentials_required")


def test_without_a_user_a_key_must_be_hard_to_guess(required_service: Service, admin: Service) -> None:
    path = f"/events/{admin.event()['id']}/book"

    assert refusal(send(required_service, path, USER, key="k" * 15)) == (400, "invalid_idempotency_key")
    assert send(required_service, path, USER, key="k" * 16).status_code == 201


def test_a_bookings_token_is_not_stored_with_the_answer(live_service: Service, database: Database) -> None:
    booked = send(live_service, f"/events/{live_service.event()['id']}/book", USER).json()

    assert booked["token"] not in database.one("SELECT answer::text AS kept FROM idempotency_keys")["kept"]


def test_a_key_that_comes_again_with_another_query_was_used_for_another_request(live_service: Service) -> None:
    headers = {"Idempotency-Key": "k" * 20, "Content-Type": "text/csv"}
    content = "name,date\nGo Conference,2040-03-01T18:00\n"
    for seats, status in ((5, 201), (5, 201), (6, 422)):
        answer = live_service.post(f"/events/import?total_seats={seats}", content=content, headers=headers)
        assert answer.status_code == status, answer.text

    odd = live_service.post("/events/import?dry_run=true", content=content, headers={**headers, "Idempotency-Key": ""})
    assert (odd.status_code, odd.json()["code"]) == (400, "invalid_idempotency_key")
