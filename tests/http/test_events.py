import pytest

from eventbooker.config import Settings
from tests.conftest import serving
from tests.database import Database
from tests.service import Service
from tests.waiting import until


@pytest.mark.parametrize(
    ("date", "read"),
    [
        ("2030-03-01T18:00", "2030-03-01T18:00:00+00:00"),
        ("2030-03-01T18:00:30", "2030-03-01T18:00:30+00:00"),
        ("2030-03-01T18:00Z", "2030-03-01T18:00:00+00:00"),
        ("2030-03-01T18:00:00+03:00", "2030-03-01T15:00:00+00:00"),
        ("2030-03-01 18:00:00.5-01:30", "2030-03-01T19:30:00.5+00:00"),
    ],
)
def test_a_date_may_come_with_seconds_and_an_offset(live_service: Service, date: str, read: str) -> None:
    assert live_service.event(date=date)["date"] == read


def test_a_date_without_an_offset_is_read_in_the_configured_zone(settings: Settings) -> None:
    with serving(settings.model_copy(update={"timezone": "Europe/Berlin"})) as service:
        assert service.event(date="2030-07-01T18:00")["date"] == "2030-07-01T18:00:00+02:00"
        assert service.event(date="2030-01-01T18:00")["date"] == "2030-01-01T18:00:00+01:00"


def test_events_are_paged_by_the_link_header(live_service: Service) -> None:
    made = [live_service.event(date=f"2040-01-0{day}T10:00", name="Jazz & Blues")["id"] for day in (3, 1, 2)]
    live_service.event(name="Rock")

    first = live_service.get("/events?limit=2&q=jazz%20%26")
    assert [event["id"] for event in first.json()] == [made[1], made[2]]
    second = live_service.get(first.links["next"]["url"])
    assert [event["id"] for event in second.json()] == [made[0]]
    assert "link" not in second.headers


def test_a_range_of_days_holds_both_ends(live_service: Service) -> None:
    made = [live_service.event(date=f"2040-01-0{day}T23:59")["id"] for day in (1, 2, 3)]

    def found(query: str) -> list[int]:
        return [event["id"] for event in live_service.get(f"/events?{query}").json()]

    assert found("from=2040-01-02&to=2040-01-02") == [made[1]]
    assert found("from=2040-01-02T23:59&to=2040-01-03T23:59Z") == made[1:]
    assert found("to=2040-01-02T23:58") == made[:1]


def test_events_with_free_seats_are_asked_for_alone(live_service: Service) -> None:
    free, full = live_service.event(), live_service.event(total_seats=1)
    live_service.book(full["id"])

    def found(query: str) -> list[int]:
        return [event["id"] for event in live_service.get(f"/events?{query}").json()]

    assert found("free=1") == [free["id"]]
    assert found("free=0") == [full["id"]]
    assert found("") == [free["id"], full["id"]]
    following = live_service.get("/events?free=1&limit=1").links
    assert following == {}
    gone = live_service.event(date="2020-01-01T18:00")
    assert found("free=true") == [free["id"], gone["id"]]
    assert found("") == [gone["id"], free["id"], full["id"]]


@pytest.mark.parametrize(
    "query",
    [
        "from=yesterday", "to=2040-13-01", "to=9999-12-31", "limit=0", "limit=201", "limit=x", "after=-1",
        "after=99999999999999999999", "q=%00", "q=" + "x" * 201, "unknown=1", "from=", "limit=%D9%A1", "free=yes",
    ],
)  # fmt: skip
def test_a_query_that_does_not_fit_is_refused_by_the_parameter(live_service: Service, query: str) -> None:
    response = live_service.get(f"/events?{query}")

    assert response.status_code == 422
    assert response.json()["errors"][0]["field"] == query.split("=")[0]


def test_a_lapsed_hold_counts_as_free(live_service: Service, database: Database) -> None:
    database.freeze()
    event = live_service.event(total_seats=1, booking_ttl_minutes=1)
    live_service.book(event["id"])
    assert live_service.get(f"/events/{event['id']}").json()["available_seats"] == 0
    database.advance(60)

    assert live_service.get(f"/events/{event['id']}").json()["available_seats"] == 1
    assert live_service.get("/events").json()[0]["available_seats"] == 1


def test_an_event_is_changed_in_part(live_service: Service) -> None:
    event = live_service.event(name="Jazz")
    path = f"/events/{event['id']}"

    response = live_service.call("PATCH", path, {"total_seats": 12, "date": "2041-03-01T18:00"})
    wanted = event | {"total_seats": 12, "available_seats": 12, "date": "2041-03-01T18:00:00+00:00"}
    wanted["version"] = 2
    assert (response.status_code, response.json()) == (200, wanted)
    assert live_service.get(path).json() == wanted
    assert live_service.call("PATCH", path, {}).json() == wanted


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"name": " "}, "name"),
        ({"date": "soon"}, "date"),
        ({"total_seats": 1.5}, "total_seats"),
        ({"booking_ttl_minutes": 0}, "booking_ttl_minutes"),
        ({"available_seats": 3}, "available_seats"),
    ],
)
def test_a_change_that_does_not_fit_is_refused_by_the_field(
    live_service: Service, body: dict[str, object], field: str
) -> None:
    event = live_service.event()
    response = live_service.call("PATCH", f"/events/{event['id']}", body)

    assert (response.status_code, response.json()["errors"][0]["field"]) == (422, field)
    assert live_service.get(f"/events/{event['id']}").json() == event


def test_seats_that_are_taken_cannot_be_taken_away(live_service: Service) -> None:
    event = live_service.event(total_seats=2)
    for name in "ab":
        live_service.book(event["id"], f"{name}@example.org")
    response = live_service.call("PATCH", f"/events/{event['id']}", {"total_seats": 1})

    assert (response.status_code, response.json()["code"]) == (409, "oversold")


def test_a_canceled_event_says_so_and_is_listed_no_more(live_service: Service) -> None:
    event = live_service.event(total_seats=2)
    path = f"/events/{event['id']}"
    booking = live_service.book(event["id"])
    canceled = live_service.post(f"{path}/cancel", {"reason": "The hall burned down"})

    assert canceled.status_code == 200
    assert canceled.json() == event | {"canceled_at": canceled.json()["canceled_at"]}
    assert live_service.post(f"{path}/cancel").json() == live_service.get(path).json() == canceled.json()
    assert live_service.get("/events").json() == []
    assert live_service.get(f"/bookings/{booking['id']}").json()["cancel_reason"] == "The hall burned down"
    for method, call, code in (("POST", f"{path}/book", "booking_closed"), ("PATCH", path, "event_canceled")):
        refused = live_service.call(method, call, {"email": "a@example.org"} if method == "POST" else {"name": "B"})
        assert (refused.status_code, refused.json()["code"]) == (409, code)


def test_an_unknown_event_is_neither_changed_nor_canceled(live_service: Service) -> None:
    for response in (live_service.call("PATCH", "/events/404", {}), live_service.post("/events/404/cancel")):
        assert (response.status_code, response.json()["code"]) == (404, "event_not_found")


@pytest.mark.parametrize("reason", ["", "x" * 201, "expired", 5])
def test_a_reason_that_says_nothing_is_refused(live_service: Service, reason: object) -> None:
    event = live_service.event()

    assert live_service.post(f"/events/{event['id']}/cancel", {"reason": reason}).status_code == 422
    assert live_service.get("/events").json() == [event]


def test_the_database_away_is_503_and_the_service_recovers_by_itself(live_service: Service, database: Database) -> None:
    live_service.event()
    with database.away():
        for path in ("/readyz", "/events", "/events/1", "/users/1/bookings"):
            response = live_service.get(path)
            assert (response.status_code, response.json()["code"]) == (503, "database_away")
            assert int(response.headers["retry-after"]) >= 1
        assert live_service.get("/healthz").status_code == 200

    until(lambda: live_service.get("/readyz").status_code == 200)
    assert len(live_service.get("/events").json()) == 1
