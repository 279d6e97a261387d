"""Who comes to an event, as a table and as a list to print."""

import csv
import io

import pytest

from eventbooker.http import paging
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.service import Service

FILL = """
WITH added AS (
    INSERT INTO users (email, name) SELECT n || '@example.org', 'Guest ' || n FROM generate_series(1, %s) AS n
    RETURNING id
)
INSERT INTO bookings (event_id, user_id, status, expires_at, confirmed_at)
SELECT %s, id, 'confirmed', clock_timestamp() + interval '1 hour', clock_timestamp() FROM added
"""


def table(content: bytes) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def test_the_table_is_what_rfc_4180_and_spreadsheets_want(live_service: Service) -> None:
    event_id = live_service.event()["id"]
    live_service.book(event_id, "a@example.org", name='Ann "Nan", the\r\nfirst')
    live_service.book(event_id, "б@example.org", name="Ёжик")

    response = live_service.get(f"/events/{event_id}/bookings.csv")

    assert response.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert response.headers["content-disposition"] == f'attachment; filename="event-{event_id}-bookings.csv"'
    assert response.headers["cache-control"] == "private, no-store"
    assert response.content.startswith(b"\xef\xbb\xbfid,")
    assert b'"Ann ""Nan"", the\r\nfirst"' in response.content
    assert b"\n" not in response.content.replace(b"\r\n", b"")
    assert [(row["name"], row["email"], row["seats"], row["status"]) for row in table(response.content)] == [
        ('Ann "Nan", the\r\nfirst', "a@example.org", "1", "pending"),
        ("Ёжик", "б@example.org", "1", "pending"),
    ]


@pytest.mark.parametrize("start", ["=1+1", "+1", "-1", "@SUM(A1)", "＝1+1"])
def test_a_name_that_starts_like_a_formula_stays_a_name(live_service: Service, start: str) -> None:
    event_id = live_service.event()["id"]
    live_service.book(event_id, "=a@example.org", name=start)

    (row,) = table(live_service.get(f"/events/{event_id}/bookings.csv").content)

    assert (row["name"], row["email"]) == (f"'{start}", "'=a@example.org")


def test_no_page_of_a_long_table_is_lost(live_service: Service, database: Database) -> None:
    event_id = live_service.event(total_seats=3000)["id"]
    database.execute(FILL, (2500, event_id))

    rows = table(live_service.get(f"/events/{event_id}/bookings.csv").content)

    assert len({row["id"] for row in rows}) == len(rows) == 2500
    page = live_service.get(f"/events/{event_id}/attendees").text
    assert page.count('type="checkbox"') == 2500


def test_slow_readers_hold_no_connection_of_the_pool(live_service: Service, database: Database) -> None:
    event_id = live_service.event(total_seats=20_000)["id"]
    database.execute(FILL, (20_000, event_id))
    with (
        live_service.client.stream("GET", f"/events/{event_id}/bookings.csv"),
        live_service.client.stream("GET", f"/events/{event_id}/bookings.csv"),
        live_service.client.stream("GET", f"/events/{event_id}/bookings.csv"),
        live_service.client.stream("GET", f"/events/{event_id}/bookings.csv"),
    ):
        assert live_service.get("/readyz").status_code == 200


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paging, "PAUSE_SECONDS", 0.01)


@pytest.mark.usefixtures("impatient")
def test_a_table_that_breaks_off_says_so(live_service: Service, database: Database) -> None:
    event_id = live_service.event(total_seats=20_000)["id"]
    database.execute(FILL, (20_000, event_id))

    with live_service.client.stream("GET", f"/events/{event_id}/bookings.csv") as response:
        parts = response.iter_raw()
        received = next(parts)
        with database.away():
            received += b"".join(parts)

    assert received.decode().endswith("\r\nINCOMPLETE: the database stopped answering. Download the file again.\r\n")


def test_papers_are_for_admins(required_service: Service) -> None:
    admin = Service(required_service.url)
    admin.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    event_id = admin.event()["id"]
    for path in (f"/events/{event_id}/bookings.csv", f"/events/{event_id}/attendees"):
        assert required_service.get(path).status_code == 401
        assert admin.get(path).status_code == 200
        assert admin.get(path.replace(str(event_id), "404")).json()["code"] == "event_not_found"


def test_the_list_to_print_shows_names_as_text(live_service: Service) -> None:
    event_id = live_service.event(name="<b>Fest</b>", place="Hall & yard")["id"]
    live_service.book(event_id, name="<script>alert(1)</script>")

    page = live_service.get(f"/events/{event_id}/attendees")

    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
    assert "&lt;b&gt;Fest&lt;/b&gt;" in page.text
    assert "Hall &amp; yard" in page.text
