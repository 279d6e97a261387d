"""Who a request comes from and over what, behind proxies and without."""

from ipaddress import ip_network

import pytest

from eventbooker.config import Auth, Server, Settings
from eventbooker.http.client_address import Proxies
from eventbooker.passwords import hash_password
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, serving
from tests.database import Database
from tests.http.test_auth import refusal

PROXIES = Proxies((ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1")))


@pytest.mark.parametrize(
    ("peer", "forwarded_for", "client"),
    [
        ("203.0.113.7", None, "203.0.113.7"),
        ("203.0.113.7", "192.0.2.1", "203.0.113.7"),
        ("10.0.0.1", None, "10.0.0.1"),
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        ("10.0.0.1", "198.51.100.9,192.0.2.1,10.9.9.9", "192.0.2.1"),
        ("10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "192.0.2.1, junk, 10.9.9.9", "10.9.9.9"),
        ("10.0.0.1", "192.0.2.1:51234", "192.0.2.1"),
        ("10.0.0.1", "[2001:db8:1:2:3::4]:443", "2001:db8:1:2::/64"),
        ("10.0.0.1", "2001:db8:1:2:ffff::1", "2001:db8:1:2::/64"),
        ("10.0.0.1", "::ffff:192.0.2.1", "192.0.2.1"),
        ("::ffff:10.0.0.1", "192.0.2.1", "192.0.2.1"),
        ("fd00::1", "192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3::4", "192.0.2.1", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", None, "fe80::/64"),
        ("", "192.0.2.1", "0.0.0.0"),
    ],
)
def test_the_client_is_the_last_hop_that_is_no_trusted_proxy(peer: str, forwarded_for: str | None, client: str) -> None:
    environ = {"REMOTE_ADDR": peer}
    if forwarded_for is not None:
        environ["HTTP_X_FORWARDED_FOR"] = forwarded_for

    assert PROXIES.client_address(environ) == client


@pytest.mark.parametrize(
    ("peer", "said", "https"),
    [
        ("10.0.0.1", "https", True),
        ("10.0.0.1", "HTTPS, http", True),
        ("10.0.0.1", "http", False),
        ("10.0.0.1", "http, https", False),
        ("203.0.113.7", "https", False),
    ],
)
def test_https_is_what_a_trusted_proxy_says(peer: str, said: str, https: bool) -> None:
    assert PROXIES.is_https({"REMOTE_ADDR": peer, "HTTP_X_FORWARDED_PROTO": said}) is https


def behind_proxy(settings: Settings, mode: str = "required") -> Settings:
    """With this machine as the proxy."""
    server = Server(trusted_proxies=(ip_network("127.0.0.1"),), trusted_hosts=("tickets.example.org",))
    return settings.model_copy(update={"server": server, "auth": Auth.model_validate({"mode": mode})})


HTTPS = {"X-Forwarded-For": "192.0.2.1", "X-Forwarded-Proto": "https"}


def test_behind_https_the_cookie_is_secure_and_hsts_is_said_and_nowhere_else(
    settings: Settings, database: Database
) -> None:
    with serving(behind_proxy(settings, "open")) as service:
        over_https = service.post("/session", {"email": ADMIN_EMAIL}, headers=HTTPS)
        assert "Secure" in over_https.headers["set-cookie"].split("; ")
        assert over_https.headers["strict-transport-security"] == "max-age=31536000"
        ended = service.call(
            "DELETE", "/session", headers=HTTPS | {"Cookie": f"session={over_https.cookies['session']}"}
        )
        assert "Secure" in ended.headers["set-cookie"].split("; ")
        over_http = service.post("/session", {"email": ADMIN_EMAIL})
        assert "Secure" not in over_http.headers["set-cookie"].split("; ")
        assert "strict-transport-security" not in over_http.headers
    with serving(settings) as service:
        not_trusted = service.post("/session", {"email": ADMIN_EMAIL}, headers=HTTPS)
        assert "Secure" not in not_trusted.headers["set-cookie"].split("; ")
        assert "strict-transport-security" not in not_trusted.headers


def test_every_answer_says_what_pages_may_not_do(settings: Settings) -> None:
    with serving(settings) as service:
        for path in ("/", "/events", "/events/404", "/nowhere", "/js/api.js"):
            headers = service.get(path).headers
            assert headers["cross-origin-opener-policy"] == "same-origin"
            assert "camera=(self)" in headers["permissions-policy"]
            assert "default-src 'self'" in headers["content-security-policy"]
            assert headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("mode", ["open", "required"])
@pytest.mark.parametrize("forwarded", ["tickets.example.org", "tickets.example.org:443", "tickets.example.org, inner"])
def test_pages_may_call_under_the_name_that_the_proxy_was_asked_for(
    settings: Settings, mode: str, forwarded: str
) -> None:
    ours = HTTPS | {"X-Forwarded-Host": forwarded, "Forwarded": "host=evil.example;for=1.2.3.4"}
    with serving(behind_proxy(settings, mode)) as service:
        allowed = service.get("/events", headers=ours | {"Origin": "https://tickets.example.org"})
        assert allowed.status_code == 200
        for origin in ("https://evil.example", "https://inner", service.url, "https://tickets.example.org:8443"):
            assert refusal(service.get("/events", headers=ours | {"Origin": origin})) == (403, "foreign_origin")


def test_open_mode_believes_no_foreign_name_that_hides_behind_a_known_one(settings: Settings) -> None:
    with serving(behind_proxy(settings, "open")) as service:
        for names in (
            {"Host": "evil.example", "X-Forwarded-Host": "localhost"},
            {"Host": "localhost", "X-Forwarded-Host": "evil.example"},
        ):
            assert refusal(service.get("/events", headers=names)) == (403, "foreign_host")
    with serving(settings) as service:
        told_by_a_stranger = {"X-Forwarded-Host": "evil.example", "Origin": "http://evil.example"}
        assert refusal(service.get("/events", headers=told_by_a_stranger)) == (403, "foreign_origin")


@pytest.mark.parametrize("origin", ["http://[", "http://[::1", "//", "", "http://a\tb", "x" * 5000])
def test_an_origin_that_is_none_is_foreign(settings: Settings, origin: str) -> None:
    with serving(settings) as service:
        assert refusal(service.get("/events", headers={"Origin": origin})) == (403, "foreign_origin")


def test_a_password_signs_in_over_https_in_required_mode(settings: Settings, database: Database) -> None:
    database.execute("SELECT create_admin(%s, %s)", (ADMIN_EMAIL, hash_password(ADMIN_PASSWORD)))
    with serving(behind_proxy(settings)) as service:
        signed_in = service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}, headers=HTTPS)
        assert "Secure" in signed_in.headers["set-cookie"].split("; ")
        cookie = {"Cookie": f"session={signed_in.cookies['session']}"}
        assert service.get("/session", headers=HTTPS | cookie).json()["user"]["email"] == ADMIN_EMAIL
