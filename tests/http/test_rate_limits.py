"""Rate limits: the arithmetic of one process, several processes that share their counts, and what callers are told."""

import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from ipaddress import ip_network
from typing import Any

import pytest

from eventbooker.config import Auth, Limits, Server, Settings
from eventbooker.http.rate_limits import MAX_COUNTERS, Key, RateLimits, Standing, Told
from eventbooker.passwords import hash_password
from eventbooker.quotas import Quota
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, WITHOUT_LIMITS, serving
from tests.database import Database
from tests.http.test_auth import refusal, register, sign_in
from tests.service import Service

TEN = Quota(10, 100, "100s")
START = 1_000_000.0


class Shared:
    """A clock and the counts of all processes, as count_requests keeps them."""

    def __init__(self) -> None:
        self.now = START
        self.counts: Counter[tuple[Key, int]] = Counter()
        self.calls = 0

    def tell(self, told: Sequence[Told]) -> Iterable[tuple[int, int]]:
        self.calls += 1
        for one in told:
            self.counts[one.key, one.window] += one.requests
        return [(self.counts[one.key, one.window], self.counts[one.key, one.window - 1]) for one in told]

    def process(self) -> RateLimits:
        return RateLimits(self.tell, lambda: self.now)


def key(quota: Quota = TEN, subject: str = "address 192.0.2.1") -> Key:
    return Key("booking", quota, subject)


def let_through(process: RateLimits, requests: int, *keys: Key) -> int:
    standings = [process.count(keys or [key()]) for _ in range(requests)]
    return sum(not any(one.refused for one in each) for each in standings)


def test_a_quota_lets_through_so_many_in_a_window_and_says_how_many_are_left() -> None:
    process = Shared().process()

    assert process.count([key()]) == [Standing(TEN, 9, 100)]
    assert let_through(process, 20) == 9
    assert process.count([key(subject="user 1")]) == [Standing(TEN, 9, 100)]


@pytest.mark.parametrize("after", [0, 30, 99.5, 100, 130, 150.25, 199])
@pytest.mark.parametrize("before", [0, 4, 10])
def test_who_comes_back_when_told_is_let_in_and_a_second_earlier_is_not(before: int, after: float) -> None:
    shared = Shared()
    process = shared.process()
    assert let_through(process, before) == before
    shared.now += after
    let_through(process, 20)
    (refused,) = process.count([key()])
    assert refused.refused

    shared.now += refused.seconds - 1
    assert let_through(process, 1) == 0
    shared.now += 1
    assert let_through(process, 1) == 1


def test_the_window_slides_and_is_empty_in_the_end() -> None:
    shared = Shared()
    process = shared.process()
    assert let_through(process, 20) == 10
    shared.now += 150
    assert let_through(process, 20) == 5
    shared.now += 200
    assert let_through(process, 20) == 10


def test_a_request_that_one_quota_refuses_counts_in_none() -> None:
    process = Shared().process()
    hour, day = Quota(3, 3600, "1h"), Quota(5, 86400, "24h")

    assert let_through(process, 10, key(hour), key(day)) == 3
    assert let_through(process, 10, key(day)) == 2


@pytest.mark.parametrize(("most", "processes"), [(10, 2), (10, 8), (100, 4), (1, 3)])
def test_processes_together_exceed_a_quota_by_no_more_than_a_tenth_each(most: int, processes: int) -> None:
    shared = Shared()
    quota = Quota(most, 100, "100s")
    all_of_them = [shared.process() for _ in range(processes)]

    total = sum(let_through(process, 1, key(quota)) for _ in range(3 * most) for process in all_of_them)

    assert most <= total <= most + processes * max(2, most // 10)


def test_most_requests_ask_nobody() -> None:
    shared = Shared()
    process = shared.process()
    for number in range(1000):
        assert let_through(process, 2, key(Quota(40, 3600, "1h"), f"address {number}")) == 2
    assert shared.calls == 0
    let_through(process, 1000, key(Quota(1000, 3600, "1h")))
    assert shared.calls <= 1000 / 50


def test_a_process_remembers_a_bounded_number_of_addresses() -> None:
    process = Shared().process()
    for number in range(MAX_COUNTERS + 5):
        process.count([key(subject=f"address {number}")])
    assert len(process._counters) <= MAX_COUNTERS


def test_threads_lose_no_count() -> None:
    shared = Shared()
    process = shared.process()
    quota = Quota(200, 100, "100s")
    through: list[int] = []
    threads = [threading.Thread(target=lambda: through.append(let_through(process, 50, key(quota)))) for _ in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sum(through) == 200


def test_counts_that_could_not_be_told_are_told_later() -> None:
    shared = Shared()
    away = True

    def tell(told: Sequence[Told]) -> Iterable[tuple[int, int]]:
        if away:
            raise ConnectionError
        return shared.tell(told)

    process = RateLimits(tell, lambda: shared.now)
    assert let_through(process, 1) == 1
    with pytest.raises(ConnectionError):
        process.count([key()])
    away = False

    assert let_through(process, 20) == 9


def limited(settings: Settings, **limits: str) -> Settings:
    """In required mode, behind a proxy, so that a test can call from several addresses."""
    return settings.model_copy(
        update={
            "auth": Auth(mode="required"),
            "server": Server(trusted_proxies=(ip_network("127.0.0.1"),)),
            "limits": Limits.model_validate(dict.fromkeys(Limits.model_fields, "off") | limits),
        }
    )


def address(number: int) -> dict[str, str]:
    return {"X-Forwarded-For": f"192.0.2.{number}"}


def test_booking_is_limited_by_address_and_the_caller_is_told(settings: Settings, database: Database) -> None:
    event_id = database.event(seats=100)
    with serving(limited(settings, booking="3/1h, 5/24h")) as service:

        def book(number: int, headers: dict[str, str]) -> "tuple[int, str | None]":
            response = service.post(f"/events/{event_id}/book", {"email": f"{number}@example.org"}, headers=headers)
            assert response.headers["ratelimit-policy"] == '"booking-1h";q=3;w=3600, "booking-24h";q=5;w=86400'
            return response.status_code, response.headers["ratelimit"].split(";t=")[0]

        told = [book(number, address(1)) for number in range(4)]
        assert told == [(201, f'"booking-1h";r={left}') for left in (2, 1, 0)] + [(429, '"booking-1h";r=0')]
        assert book(5, address(2)) == (201, '"booking-1h";r=2')

        refused = service.post(f"/events/{event_id}/book", {"email": "x@example.org"}, headers=address(1))
        assert refusal(refused) == (429, "rate_limited")
        assert 0 < int(refused.headers["retry-after"]) <= 7200
        assert f"t={refused.headers['retry-after']}" in refused.headers["ratelimit"]


def test_an_account_is_limited_from_all_its_addresses_and_an_admin_is_not(
    settings: Settings, database: Database
) -> None:
    database.execute("SELECT create_admin(%s, %s)", (ADMIN_EMAIL, hash_password(ADMIN_PASSWORD)))
    events = [database.event() for _ in range(6)]
    with serving(limited(settings, booking="3/1h")) as service:

        def book(client: Service, email: str) -> list[int]:
            return [
                client.post(f"/events/{event}/book", {"email": email}, headers=address(number)).status_code
                for number, event in enumerate(events)
            ]

        user = register(service, "u@example.org")
        assert book(user, "u@example.org") == [201] * 3 + [429] * 3
        assert book(sign_in(service, ADMIN_EMAIL, ADMIN_PASSWORD), ADMIN_EMAIL) == [201] * 6


@pytest.mark.parametrize(
    ("limit", "path", "body"),
    [
        ("sign_in", "/session", {"email": "u@example.org", "password": "wrong"}),
        ("registration", "/users", {"email": "u@example.org", "name": "U", "password": "long enough"}),
    ],
)
def test_what_is_tried_too_often_is_refused_before_it_costs_anything(
    settings: Settings, database: Database, limit: str, path: str, body: dict[str, str]
) -> None:
    with serving(limited(settings, **{limit: "2/10m"})) as service:
        codes = [service.post(path, body, headers=address(1)).status_code for _ in range(4)]
        assert codes[2:] == [429, 429]
        assert service.post(path, body, headers=address(2)).status_code != 429


def test_processes_share_what_they_count(settings: Settings, database: Database) -> None:
    event_id = database.event(seats=100)
    with ExitStack() as running:
        services = [running.enter_context(serving(limited(settings, booking="10/1h"))) for _ in range(2)]
        made = sum(
            service.post(f"/events/{event_id}/book", {"email": f"{number}-{n}@example.org"}).status_code == 201
            for number in range(20)
            for n, service in enumerate(services)
        )
    assert 10 <= made <= 10 + 2 * 2


def test_nobody_is_limited_in_open_mode(settings: Settings, database: Database) -> None:
    event_id = database.event(seats=100)
    with serving(settings.model_copy(update={"limits": Limits()})) as service:
        for number in range(50):  # past every limit
            response = service.post(f"/events/{event_id}/book", {"email": f"{number}@example.org"})
            assert response.status_code == 201
        assert "ratelimit" not in response.headers


def test_as_shipped_one_address_cannot_take_a_big_event(settings: Settings, database: Database) -> None:
    event_id = database.event(seats=500)
    shipped = limited(settings).model_copy(update={"limits": Limits()})
    with serving(shipped) as service:
        taken = 0
        for number in range(100):
            made = service.post(f"/events/{event_id}/book", {"email": f"{number}@example.org"})
            if made.status_code == 201:
                taken += 1
                bearer = {"Authorization": f"Bearer {made.json()['token']}"}
                service.post(f"/bookings/{made.json()['id']}/confirm", headers=bearer)
        assert taken == Limits().booking[0].requests
        assert database.free_seats(event_id) == 500 - taken


def test_joining_a_waiting_list_counts_by_itself(settings: Settings, database: Database) -> None:
    event_id = database.event(seats=1)
    with serving(limited(settings, booking="1/1h", waiting_list="2/1h")) as service:

        def ask(path: str, name: str) -> int:
            wanted = {"email": f"{name}@example.org"}
            return int(service.post(f"/events/{event_id}/{path}", wanted, headers=address(1)).status_code)

        assert [ask("book", name) for name in "ab"] == [201, 429]
        assert [ask("waitlist", name) for name in "cde"] == [201, 201, 429]


def test_one_address_may_have_so_many_living_holds_whatever_emails_it_names(
    settings: Settings, database: Database
) -> None:
    database.execute("SELECT create_admin(%s, %s)", (ADMIN_EMAIL, hash_password(ADMIN_PASSWORD)))
    event_id = database.event(seats=100)
    with serving(limited(settings, holds_per_address="3")) as service:

        def book(number: int, client: Service = service, headers: dict[str, str] | None = None) -> Any:
            path, wanted = f"/events/{event_id}/book", {"email": f"{number}@example.org"}
            return client.post(path, wanted, headers=address(1) | (headers or {}))

        made = [book(number) for number in range(3)]
        assert [answer.status_code for answer in made] == [201] * 3
        assert refusal(book(3)) == (429, "too_many_holds")
        assert refusal(book(3, headers={"Idempotency-Key": "0123456789abcdef"})) == (429, "too_many_holds")
        assert book(4, headers=address(2)).status_code == 201
        admin = sign_in(service, ADMIN_EMAIL, ADMIN_PASSWORD)
        assert [book(number, admin).status_code for number in range(5, 10)] == [201] * 5

        booking = made[0].json()
        bearer = {"Authorization": f"Bearer {booking['token']}"}
        assert service.post(f"/bookings/{booking['id']}/confirm", headers=bearer).status_code == 200
        assert book(3).status_code == 201
        assert refusal(book(10)) == (429, "too_many_holds")


def test_many_at_once_from_one_address_get_no_more_holds(settings: Settings, database: Database) -> None:
    events = [database.event(seats=100) for _ in range(4)]
    codes: list[int] = []
    with ExitStack() as running:
        services = [running.enter_context(serving(limited(settings, holds_per_address="5"))) for _ in range(2)]

        def book(number: int) -> None:
            path, wanted = f"/events/{events[number % 4]}/book", {"email": f"{number}@example.org"}
            codes.append(services[number // 4 % 2].post(path, wanted, headers=address(1)).status_code)

        threads = [threading.Thread(target=book, args=(number,)) for number in range(24)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
    assert sorted(codes) == [201] * 5 + [429] * 19
    database.must_keep_the_law()


def test_counts_name_neither_address_nor_account(settings: Settings, database: Database) -> None:
    with serving(limited(settings, registration="1/1h")) as service:
        for number in range(3):
            service.post("/users", {"email": f"{number}@example.org", "password": "long enough"}, headers=address(1))
    (row,) = database.execute("SELECT * FROM request_counts")
    assert len(row["key"]) == 16
    assert row["requests"] == 1


def test_tests_run_without_limits() -> None:
    assert all(not limit for _, limit in WITHOUT_LIMITS)
