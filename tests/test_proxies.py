"""The examples for nginx and Caddy, each really in front of the service."""

import json
import os
import re
import subprocess
from collections.abc import Callable, Iterator
from getpass import getuser
from pathlib import Path
from shutil import which

import httpx
import pytest

from eventbooker.config import ROOT
from tests.bench.services import eventbooker, free_port
from tests.database import Database
from tests.waiting import until

DEPLOYMENT = ROOT / "src/eventbooker/deployment"
NAME = "events.example.org"


class Proxied:
    """The service as the world sees it, through a proxy."""

    def __init__(self, behind: str, http: int, https: int) -> None:
        self.behind = behind
        self.http = f"http://127.0.0.1:{http}"
        self._client = httpx.Client(
            base_url=f"https://127.0.0.1:{https}",
            verify=False,  # noqa: S501
            timeout=10,
            headers={"Host": NAME},
        )
        self.close = self._client.close

    def request(self, method: str, path: str, **options: object) -> httpx.Response:
        """Of somebody who thinks that the proxy's address is that of the name."""
        asked = self._client.build_request(method, path, extensions={"sni_hostname": NAME}, **options)  # type: ignore[arg-type]
        return self._client.send(asked, stream=path.endswith("/live"))


def nginx(place: Path, ports: dict[str, int]) -> list[str]:
    """The command that runs the example on other ports, with files in `place`."""
    site = (DEPLOYMENT / "nginx.conf").read_text()
    site = re.sub(r"listen \[::\].*\n", "", site).replace("listen 80;", f"listen 127.0.0.1:{ports['http']};")
    site = site.replace("listen 443 ", f"listen 127.0.0.1:{ports['https']} ").replace(
        "127.0.0.1:8080", f"127.0.0.1:{ports['web']}"
    )
    site = re.sub(r"/etc/letsencrypt/live/\S+/|/var/log/nginx/", f"{place}/", site)
    (place / "site.conf").write_text(site)
    temporary = "".join(
        f"{name}_temp_path {place}/{name};" for name in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    )
    (place / "nginx.conf").write_text(
        f"user {getuser()}; daemon off; pid {place}/pid; error_log {place}/error.log; events {{}}"
        f" http {{ {temporary} include {place}/site.conf; }}"
    )
    return ["nginx", "-e", f"{place}/error.log", "-c", f"{place}/nginx.conf"]


def caddy(place: Path, ports: dict[str, int]) -> list[str]:
    """The same of the other."""
    site = (DEPLOYMENT / "Caddyfile").read_text().replace("127.0.0.1:8080", f"127.0.0.1:{ports['web']}")
    site = site.replace(f"{NAME} {{", f"{NAME} {{\n\ttls {place}/fullchain.pem {place}/privkey.pem\n")
    options = f"admin off\n\thttp_port {ports['http']}\n\thttps_port {ports['https']}\n\tdefault_bind 127.0.0.1"
    (place / "Caddyfile").write_text(site.replace("{\n\tservers", f"{{\n\t{options}\n\tservers", 1))
    return ["caddy", "run", "--config", f"{place}/Caddyfile", "--adapter", "caddyfile"]


@pytest.fixture(params=[nginx, caddy], ids=["nginx", "Caddy"])
def proxied(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Proxied]:
    command: Callable[[Path, dict[str, int]], list[str]] = request.param
    if not which(command.__name__) or not which("openssl"):
        pytest.skip(f"{command.__name__} or openssl is not installed")
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-subj", f"/CN={NAME}", "-addext", f"subjectAltName=DNS:{NAME}",
         "-keyout", tmp_path / "privkey.pem", "-out", tmp_path / "fullchain.pem"],
        check=True, capture_output=True,
    )  # fmt: skip
    variables = {"EVENTBOOKER_TRUSTED_PROXIES": "127.0.0.1", "EVENTBOOKER_TRUSTED_HOSTS": NAME}
    with eventbooker(database.url, "web", **variables) as (behind, _):
        ports = {"web": int(behind.rpartition(":")[2]), "http": free_port(), "https": free_port()}
        log = tmp_path / "proxy.log"
        with log.open("wb") as written:
            process = subprocess.Popen(
                command(tmp_path, ports), stdout=written, stderr=written, env={**os.environ, "HOME": str(tmp_path)}
            )
        proxied = Proxied(behind, ports["http"], ports["https"])
        try:
            until(lambda: process.poll() is not None or answers(proxied))
            assert process.poll() is None, log.read_text()
            yield proxied
        finally:
            proxied.close()
            process.terminate()
            process.wait(10)


def answers(proxied: Proxied) -> bool:
    try:
        return proxied.request("GET", "/readyz").status_code == 200
    except httpx.TransportError:
        return False


def test_the_service_is_whole_behind_the_proxy(proxied: Proxied) -> None:
    made = proxied.request("POST", "/events", json={"name": "Go", "date": "2040-03-01T18:00", "total_seats": 5})
    assert made.status_code == 201, made.text
    assert "Strict-Transport-Security" in made.headers  # so it knows of TLS

    stream = proxied.request("GET", "/events/1/live")
    told = (json.loads(line.removeprefix("data: ")) for line in stream.iter_lines() if line.startswith("data: "))
    assert next(told)["available_seats"] == 5
    booked = proxied.request(
        "POST", "/events/1/book", json={"email": "user@example.org"}, headers={"X-Request-Id": "from-outside"}
    )
    assert (booked.status_code, booked.headers["X-Request-Id"]) == (201, "from-outside")
    assert next(told)["available_seats"] == 4  # while the stream is open: nothing waits for more
    stream.close()

    for body, status in ((b"x" * 70_000, 413), (b"{", 400)):
        sent = proxied.request("POST", "/events", content=body, headers={"Content-Type": "application/json"})
        assert sent.status_code == status
    lines = "".join(f"Evening {number},2040-03-01T18:00,{number:0100d}\n" for number in range(1, 900))
    table = proxied.request(
        "POST", "/events/import?dry_run=true", content="name,date,place\n" + lines, headers={"Content-Type": "text/csv"}
    )
    assert table.status_code == 200

    assert proxied.request("GET", "/metrics").status_code == 404
    assert httpx.get(f"{proxied.behind}/metrics").status_code == 200
    plain = httpx.get(f"{proxied.http}/events?q=go", headers={"Host": NAME})
    assert (plain.status_code, plain.headers["Location"]) == (308, f"https://{NAME}/events?q=go")
