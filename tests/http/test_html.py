"""Pages for who asks for HTML, at addresses that answer JSON to everybody else."""

import re

import httpx
import pytest

from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.service import Service

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8"


def browse(service: Service, path: str, **headers: str) -> httpx.Response:
    """As a browser opens an address."""
    return service.client.get(path, headers={"Accept": BROWSER, **headers})


def meta(page: str, name: str) -> str:
    (content,) = re.findall(rf'<meta (?:name|property)="{name}" content="([^"]*)">', page)
    return str(content)


def test_an_event_is_a_page_with_what_a_shared_link_shows(live_service: Service) -> None:
    event = live_service.event(name="Jazz & <Blues>", date="2040-03-01T18:00", timezone="Europe/Berlin",
                               place="Old Library", description="First line.\nSecond line.")  # fmt: skip
    answer = browse(live_service, f"/events/{event['id']}")

    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert "<title>Jazz &amp; &lt;Blues&gt; · EventBooker</title>" in answer.text
    assert meta(answer.text, "og:title") == "Jazz &amp; &lt;Blues&gt;"
    when = "1 March 2040, 18:00 (Europe/Berlin)"
    assert meta(answer.text, "og:description") == f"{when} · Old Library · First line. Second line."
    assert meta(answer.text, "description") == meta(answer.text, "og:description")
    assert meta(answer.text, "og:url") == f"http://localhost:8080/events/{event['id']}"
    assert "10 seats free of 10" in answer.text
    assert {"Accept", "Accept-Language"} <= set(answer.headers["vary"].split(", "))


def test_a_preview_is_in_the_language_that_is_asked_for(live_service: Service) -> None:
    event = live_service.event(date="2040-03-01T18:00Z", description="x " * 300)
    page = browse(live_service, f"/events/{event['id']}", **{"Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"}).text

    assert meta(page, "description").startswith("1 марта 2040, 18:00 (UTC) · x x")
    assert meta(page, "description").endswith(" …")


@pytest.mark.parametrize(
    "accept", [None, "*/*", "application/json", "application/json, text/html", "text/html;q=0.5, application/json"]
)
def test_everybody_else_gets_json(live_service: Service, accept: str | None) -> None:
    path = f"/events/{live_service.event()['id']}"
    answer = live_service.get(path, headers={"Accept": accept} if accept else {})

    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["vary"] == "Accept"
    assert live_service.get("/nope").json()["code"] == "not_found"


def test_a_browser_that_has_the_page_is_not_sent_it_again(live_service: Service) -> None:
    path = f"/events/{live_service.event()['id']}"
    page = browse(live_service, path)
    again = browse(live_service, path, **{"If-None-Match": page.headers["etag"]})

    assert (again.status_code, again.content) == (304, b"")
    assert live_service.get(path).headers["etag"] != page.headers["etag"]


def test_a_draft_is_a_page_for_admins_alone(required_service: Service) -> None:
    required_service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
    path = f"/events/{required_service.event(published=False)['id']}"
    shown = browse(required_service, path)
    assert (shown.status_code, shown.headers["cache-control"]) == (200, "private, no-cache")
    required_service.client.cookies.clear()

    assert browse(required_service, path).status_code == 404


@pytest.mark.parametrize("path", ["/nope", "/events/404", "/events/x", "/events/99999999999999999999", "/css/nope.css"])
def test_who_asks_for_a_page_that_is_not_there_gets_one_that_says_so(live_service: Service, path: str) -> None:
    answer = browse(live_service, path)

    assert (answer.status_code, answer.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert "error.missing.heading" in answer.text
    assert answer.headers["vary"] == "Accept"


def test_a_refusal_is_a_page_too_and_keeps_its_headers(required_service: Service) -> None:
    answer = browse(required_service, "/users/1/bookings")

    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")
    assert "error.refused.heading" in answer.text


def test_what_a_page_says_of_an_error_is_only_text(live_service: Service) -> None:
    answer = browse(live_service, "/events?q=a&limit=<script>")

    assert answer.status_code == 422
    assert "<script>" not in answer.text


@pytest.mark.parametrize(
    ("path", "meant"), [("/user/", "/user"), ("/admin//", "/admin"), ("/events/7/?q=a%20b", "/events/7?q=a%20b")]
)
def test_a_slash_at_the_end_of_a_pages_address_does_not_matter(live_service: Service, path: str, meant: str) -> None:
    answer = browse(live_service, path)

    assert (answer.status_code, answer.headers["location"]) == (308, meant)
    assert live_service.get(path).status_code == 404


def test_no_address_leads_away_from_here(live_service: Service) -> None:
    assert browse(live_service, f"{live_service.url}//example.org/").status_code == 404
