import socket
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import httpx

from tests.database import Database
from tests.service import Service
from tests.waiting import until


def test_sixty_four_clients_after_ten_seats(live_service: Service, database: Database) -> None:
    event_id = live_service.event(total_seats=10)["id"]

    def book(number: int) -> httpx.Response:
        with Service(live_service.url) as client:
            return client.post(f"/events/{event_id}/book", {"email": f"user{number}@example.org"})

    with ThreadPoolExecutor(64) as clients:
        answers = list(clients.map(book, range(64)))

    assert sorted(answer.status_code for answer in answers) == [201] * 10 + [409] * 54
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"sold_out"}
    assert database.free_seats(event_id) == 0
    database.must_keep_the_law()


def test_without_a_worker_a_lapsed_hold_is_dead_and_its_seat_free(live_service: Service, database: Database) -> None:
    database.freeze()
    event_id = live_service.event(total_seats=1, booking_ttl_minutes=1)["id"]
    hold = live_service.book(event_id)
    database.advance(60)

    shown = live_service.get(f"/bookings/{hold['id']}").json()
    assert (shown["status"], shown["cancel_reason"], shown["canceled_at"]) == (
        "canceled",
        "expired",
        hold["expires_at"],
    )
    listed = live_service.get(f"/users/{hold['user_id']}/bookings").json()
    assert listed[0]["status"] == "canceled"
    refused = live_service.post(f"/bookings/{hold['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "booking_expired")

    again = live_service.book(event_id)
    assert again["id"] != hold["id"]
    assert live_service.get(f"/bookings/{hold['id']}").json() == shown
    database.must_keep_the_law()


def test_a_hold_lives_for_the_events_minutes(live_service: Service) -> None:
    hold = live_service.book(live_service.event(booking_ttl_minutes=3)["id"])

    life = datetime.fromisoformat(hold["expires_at"]) - datetime.fromisoformat(hold["created_at"])
    assert life == timedelta(minutes=3)


def test_already_booked_names_the_standing_booking(live_service: Service) -> None:
    event_id = live_service.event()["id"]
    standing = live_service.book(event_id)

    refused = live_service.post(f"/events/{event_id}/book", {"email": "USER@EXAMPLE.ORG"})

    assert (refused.status_code, refused.json()["code"]) == (409, "already_booked")
    assert refused.json()["booking_id"] == standing["id"]


def test_cancel_frees_the_seat_and_twice_is_no_error(live_service: Service) -> None:
    event_id = live_service.event(total_seats=1)["id"]
    booking = live_service.book(event_id)

    canceled = live_service.post(f"/bookings/{booking['id']}/cancel")
    assert (canceled.status_code, canceled.json()["status"]) == (200, "canceled")
    assert live_service.post(f"/bookings/{booking['id']}/cancel").json() == canceled.json()
    assert live_service.get(f"/events/{event_id}").json()["available_seats"] == 1
    refused = live_service.post(f"/bookings/{booking['id']}/confirm")
    assert (refused.status_code, refused.json()["code"]) == (409, "booking_canceled")


def test_booking_is_closed_once_the_event_started(live_service: Service, database: Database) -> None:
    database.freeze("2040-03-01 17:59+00")
    event_id = live_service.event(date="2040-03-01T18:00")["id"]
    database.advance(60)

    refused = live_service.post(f"/events/{event_id}/book", {"email": "user@example.org"})

    assert (refused.status_code, refused.json()["code"]) == (409, "booking_closed")


def test_an_admin_may_book_for_an_admin(live_service: Service, database: Database) -> None:
    live_service.book(live_service.event()["id"], "boss@example.org", role="admin")

    assert database.one("SELECT role FROM users") == {"role": "admin"}


def test_times_carry_an_offset(live_service: Service) -> None:
    hold = live_service.book(live_service.event()["id"])

    assert datetime.fromisoformat(hold["expires_at"]).tzinfo is not None


def test_who_books_a_busy_event_holds_up_nobody_else(live_service: Service, database: Database) -> None:
    busy, idle = live_service.event()["id"], live_service.event()["id"]

    def book(event_id: int, email: str) -> int:
        with Service(live_service.url) as client:
            return client.post(f"/events/{event_id}/book", {"email": email}).status_code

    with ThreadPoolExecutor(8) as clients, database.connect() as session:
        with session.transaction():
            session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (busy,))
            waiting = [clients.submit(book, busy, f"busy{number}@example.org") for number in range(4)]
            until(lambda: database.blocked("%book_seat%"))

            assert [book(idle, f"idle{number}@example.org") for number in range(4)] == [201] * 4
            assert not any(answer.done() for answer in waiting)

        assert [answer.result() for answer in waiting] == [201] * 4
    database.must_keep_the_law()


def test_who_went_away_costs_nobody_anything(live_service: Service, database: Database) -> None:
    event_id = live_service.event()["id"]
    path, body = f"/events/{event_id}/book", '{"email": "gone@example.org"}'
    headers = f"Host: localhost\r\nContent-Type: application/json\r\nContent-Length: {len(body)}"
    with ThreadPoolExecutor(1) as clients, database.connect() as session:
        with session.transaction():
            session.execute("SELECT FROM events WHERE id = %s FOR UPDATE", (event_id,))
            with socket.create_connection(("localhost", urlsplit(live_service.url).port or 80)) as gone:
                gone.sendall(f"POST {path} HTTP/1.1\r\n{headers}\r\n\r\n{body}".encode())
                until(lambda: database.blocked("%book_seat%"))
            staying = clients.submit(live_service.post, path, {"email": "staying@example.org"})

        assert staying.result().status_code == 201
    assert live_service.post(path, {"email": "later@example.org"}).status_code == 201
    assert database.free_seats(event_id) == 7  # the hold of who went away lapses like any other
    database.must_keep_the_law()


def test_those_who_confirm_at_the_same_time_each_get_their_own_answer(
    live_service: Service, database: Database
) -> None:
    event_id = live_service.event(total_seats=40)["id"]
    held = [live_service.book(event_id, f"user{number}@example.org")["id"] for number in range(32)]
    for booking_id in held[::2]:
        live_service.post(f"/bookings/{booking_id}/cancel")

    def confirm(booking_id: int) -> tuple[int, int | str]:
        with Service(live_service.url) as client:
            answer = client.post(f"/bookings/{booking_id}/confirm")
            return answer.status_code, answer.json().get("id") or answer.json()["code"]

    with ThreadPoolExecutor(32) as clients:
        answers = list(clients.map(confirm, held))

    assert answers[::2] == [(409, "booking_canceled")] * 16
    assert answers[1::2] == [(200, booking_id) for booking_id in held[1::2]]
    database.must_keep_the_law()
