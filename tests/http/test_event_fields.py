"""Events as organisers run them: time zones, editing together, drafts, series."""

import pytest

from eventbooker.config import Settings
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, serving
from tests.database import Database
from tests.service import Service

OPTIONAL = {
    "description": "Bring a board.\nhttps://example.org/go",
    "place": "Room 1",
    "timezone": "Europe/Berlin",
    "opens_at": "2030-06-01T09:00",
    "closes_at": "2030-07-01T12:00:00+00:00",
    "max_seats_per_booking": 3,
    "published": False,
}


def test_an_event_is_created_with_all_that_it_can_have(live_service: Service) -> None:
    event = live_service.event(date="2030-07-01T18:00", **OPTIONAL)

    assert event["date"] == "2030-07-01T18:00:00+02:00"
    assert {field: event[field] for field in OPTIONAL} == OPTIONAL | {
        "opens_at": "2030-06-01T09:00:00+02:00",
        "closes_at": "2030-07-01T14:00:00+02:00",
    }
    assert live_service.get(f"/events/{event['id']}").json() == event
    assert live_service.get("/events").json() == [event]


def test_local_time_is_right_in_summer_and_in_winter(live_service: Service) -> None:
    summer = live_service.event(date="2030-07-01T18:00", timezone="Europe/Berlin")
    winter = live_service.event(date="2030-12-01T18:00", timezone="Europe/Berlin")

    assert summer["date"] == "2030-07-01T18:00:00+02:00"
    assert winter["date"] == "2030-12-01T18:00:00+01:00"
    assert (
        live_service.event(date="2030-07-01T18:00", timezone="America/New_York")["date"] == "2030-07-01T18:00:00-04:00"
    )
    assert live_service.event(date="2030-07-01T18:00", timezone="Asia/Kathmandu")["date"] == "2030-07-01T18:00:00+05:45"


def test_a_date_is_read_in_the_zone_of_the_body_then_of_the_event_then_of_the_configuration(settings: Settings) -> None:
    with serving(settings.model_copy(update={"timezone": "Asia/Tokyo"})) as service:
        event = service.event(date="2030-01-01T18:00")
        assert (event["timezone"], event["date"]) == ("Asia/Tokyo", "2030-01-01T18:00:00+09:00")
        path = f"/events/{service.event(date='2030-01-01T18:00', timezone='Europe/Berlin')['id']}"

        assert service.call("PATCH", path, {"date": "2030-07-01T18:00"}).json()["date"] == "2030-07-01T18:00:00+02:00"
        moved = service.call("PATCH", path, {"date": "2030-07-01T18:00", "timezone": "UTC"}).json()
        assert moved["date"] == "2030-07-01T18:00:00+00:00"
        shown_otherwise = service.call("PATCH", path, {"timezone": "Europe/Berlin"}).json()
        assert shown_otherwise["date"] == "2030-07-01T20:00:00+02:00"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"timezone": "Europe/Atlantis"}, "timezone"),
        ({"timezone": "Europe/Atlantis", "date": "2030-07-01T18:00:00+00:00"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"description": "x" * 10_001}, "description"),
        ({"place": "x" * 201}, "place"),
        ({"opens_at": "soon"}, "opens_at"),
        ({"opens_at": "2041-01-01T00:00"}, "opens_at"),
        ({"closes_at": "2041-01-01T00:00"}, "closes_at"),
        ({"max_seats_per_booking": 0}, "max_seats_per_booking"),
        ({"published": "yes"}, "published"),
        ({"version": 7}, "version"),
    ],
)
def test_a_field_that_does_not_fit_is_named(live_service: Service, body: dict[str, object], field: str) -> None:
    new = live_service.post("/events", {"name": "A", "date": "2040-03-01T18:00", "total_seats": 10} | body)
    changed = live_service.call("PATCH", f"/events/{live_service.event()['id']}", body)

    for refused in (new, changed):
        assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, field)


def test_null_takes_away_what_an_event_can_be_without(live_service: Service) -> None:
    event = live_service.event(date="2030-07-01T18:00", **OPTIONAL)
    nothing = {"description": None, "place": None, "opens_at": None, "closes_at": None}

    changed = live_service.call("PATCH", f"/events/{event['id']}", nothing | {"name": None})
    assert (changed.status_code, changed.json()) == (200, event | nothing | {"version": 2})


def test_an_edit_that_would_undo_somebody_elses_is_refused_and_one_after_a_booking_is_not(
    live_service: Service,
) -> None:
    path = f"/events/{live_service.event()['id']}"
    read = live_service.get(path)
    live_service.book(read.json()["id"])
    assert live_service.get(path).headers["ETag"] != read.headers["ETag"]

    first = live_service.call("PATCH", path, {"name": "First"}, headers={"If-Match": read.headers["ETag"]})
    assert (first.status_code, first.headers["ETag"]) == (200, live_service.get(path).headers["ETag"])
    lost = live_service.call("PATCH", path, {"name": "Second"}, headers={"If-Match": read.headers["ETag"]})
    assert (lost.status_code, lost.json()["code"], lost.json()["version"]) == (412, "precondition_failed", 2)
    assert live_service.get(path).json()["name"] == "First"
    for known in (first.headers["ETag"], f'"1-00", W/{first.headers["ETag"]}', "*"):
        again = live_service.call("PATCH", path, {"name": "First"}, headers={"If-Match": known})
        assert again.status_code == 200, known


@pytest.mark.parametrize("known", ['"other"', "1", "", '"99999999999999999999-0"'])
def test_an_etag_that_the_event_never_had_matches_nothing(live_service: Service, known: str) -> None:
    path = f"/events/{live_service.event()['id']}"

    assert live_service.call("PATCH", path, {"name": "B"}, headers={"If-Match": known}).status_code == 412


def test_a_series_is_the_event_again_on_further_dates(live_service: Service) -> None:
    event = live_service.event(
        date="2030-03-20T19:00", **OPTIONAL | {"opens_at": "2030-03-06T09:00", "closes_at": None}
    )
    path = f"/events/{event['id']}/copies"

    made = live_service.post(path, {"dates": ["2030-03-27T19:00", "2030-04-10T19:00", "2030-04-17T17:00:00Z"]})
    assert made.status_code == 201
    assert [(copy["date"], copy["opens_at"]) for copy in made.json()] == [
        ("2030-03-27T19:00:00+01:00", "2030-03-13T09:00:00+01:00"),
        ("2030-04-10T19:00:00+02:00", "2030-03-27T09:00:00+01:00"),
        ("2030-04-17T19:00:00+02:00", "2030-04-03T09:00:00+02:00"),
    ]
    assert {(copy["name"], copy["place"], copy["available_seats"]) for copy in made.json()} == {
        (event["name"], "Room 1", 10)
    }
    assert len(live_service.get("/events").json()) == 4


@pytest.mark.parametrize("dates", [[], ["2030-03-27T19:00", "soon"], ["2030-03-27T19:00"] * 101, "2030-03-27T19:00"])
def test_all_of_a_series_is_made_or_nothing(live_service: Service, dates: object) -> None:
    event = live_service.event()

    refused = live_service.post(f"/events/{event['id']}/copies", {"dates": dates})
    assert (refused.status_code, refused.json()["errors"][0]["field"].split(".")[0]) == (422, "dates")
    assert live_service.get("/events").json() == [event]
    assert live_service.post("/events/404/copies", {"dates": ["2030-03-27T19:00"]}).status_code == 404


def test_a_series_that_is_sent_twice_with_one_key_is_made_once(live_service: Service) -> None:
    event = live_service.event()
    sent = {"json": {"dates": ["2041-03-01T18:00"]}, "headers": {"Idempotency-Key": "a-key-that-nobody-guesses"}}

    first, second = (live_service.call("POST", f"/events/{event['id']}/copies", **sent) for _ in range(2))
    assert first.json() == second.json()
    assert len(live_service.get("/events").json()) == 2


def test_what_is_not_published_is_for_admins_only(required_service: Service) -> None:
    token = required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    assert token.status_code in (200, 201)
    shown = required_service.event(name="Shown")
    hidden = required_service.event(name="Hidden", published=False)
    path = f"/events/{hidden['id']}"
    assert [event["id"] for event in required_service.get("/events").json()] == [shown["id"], hidden["id"]]
    assert required_service.get(path).json() == hidden

    with Service(required_service.url) as guest:
        for _ in range(2):
            assert guest.get("/events").json() == [shown]
            refused = guest.get(path)
            assert (refused.status_code, refused.json()["code"]) == (404, "event_not_found")
            for headers in ({}, {"Idempotency-Key": "a-key-that-nobody-guesses"}):
                refused = guest.post(f"{path}/book", {"email": "guest@example.org"}, headers=headers)
                assert (refused.status_code, refused.json()["code"]) == (404, "event_not_found")
        assert required_service.post(f"{path}/book", {"email": "speaker@example.org"}).status_code == 201
        assert required_service.call("PATCH", path, {"published": True}).status_code == 200
        assert len(guest.get("/events").json()) == 2
        assert guest.get(path).status_code == 200


def test_what_is_over_is_listed_apart_newest_first(live_service: Service, database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    made = [live_service.event(date=f"2030-01-0{day}T18:00")["id"] for day in (1, 2, 3)]
    never_closing = live_service.event(date="2029-01-01T18:00")["id"]
    database.freeze("2030-01-02 18:00+00")

    assert [event["id"] for event in live_service.get("/events").json()] == [never_closing, made[2]]
    first = live_service.get("/events?past=1&limit=1")
    assert [event["id"] for event in first.json()] == [made[1]]
    assert [event["id"] for event in live_service.get(first.links["next"]["url"]).json()] == [made[0]]
    assert live_service.get("/events?past=yes").status_code == 422


def test_a_users_bookings_are_paged_by_the_link_header(live_service: Service) -> None:
    bookings = [live_service.book(live_service.event()["id"]) for _ in range(3)]
    path = f"/users/{bookings[0]['user_id']}/bookings"

    first = live_service.get(f"{path}?limit=2")
    assert [booking["id"] for booking in first.json()] == [bookings[2]["id"], bookings[1]["id"]]
    second = live_service.get(first.links["next"]["url"])
    assert [booking["id"] for booking in second.json()] == [bookings[0]["id"]]
    assert "link" not in second.headers
    assert live_service.get(f"{path}?limit=0").status_code == 422
