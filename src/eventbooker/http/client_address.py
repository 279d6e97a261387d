"""What a proxy in front says of the client: its address, the scheme and the host that it used.

Only proxies in `server.trusted_proxies` are believed, since anybody can send these headers. `X-Forwarded-For`,
`X-Forwarded-Proto` and `X-Forwarded-Host` count; `Forwarded` (RFC 7239) does not: a proxy that sets the one kind passes
on what the client wrote into the other.
"""

from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import TYPE_CHECKING

from flask import current_app, request

from eventbooker.config import Network

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Address = IPv4Address | IPv6Address

IPV6_CLIENT_BITS = 64
"""Who has one IPv6 address has all of its /64, so these count as one client."""


class Proxies:
    """Reads requests that came through the proxies in `trusted` or past them."""

    def __init__(self, trusted: tuple[Network, ...]) -> None:
        self._trusted = trusted

    def client_address(self, environ: "WSGIEnvironment") -> str:
        """The right-most hop of X-Forwarded-For that is no trusted proxy: its address or, for IPv6, its /64."""
        client = _peer(environ)
        for hop in reversed(environ.get("HTTP_X_FORWARDED_FOR", "").split(",")):
            if not self._is_trusted(client):
                break
            address = _parse(hop)
            if address is None:  # what a hop says that wrote no address is not believed
                break
            client = address
        return _as_client(client)

    def is_https(self, environ: "WSGIEnvironment") -> bool:
        """Whether the client speaks HTTPS to the proxy; we ourselves never do."""
        scheme = environ.get("HTTP_X_FORWARDED_PROTO")
        return (
            scheme is not None and scheme.split(",")[0].strip().lower() == "https" and self._is_trusted(_peer(environ))
        )

    def forwarded_host(self, environ: "WSGIEnvironment") -> str | None:
        """The host that the client asked a trusted proxy for, if the proxy says so."""
        host = environ.get("HTTP_X_FORWARDED_HOST")
        if host is None or not self._is_trusted(_peer(environ)):
            return None
        return host.split(",")[0].strip() or None

    def _is_trusted(self, address: Address | None) -> bool:
        return address is not None and any(address in network for network in self._trusted)


def client_address() -> str:
    """Who sent the request being answered: an IPv4 address, or the /64 of an IPv6 one; PostgreSQL's `inet` takes both.
    A peer without an address is 0.0.0.0."""
    return proxies().client_address(request.environ)


def is_https() -> bool:
    """Whether the client of the request being answered speaks HTTPS."""
    return proxies().is_https(request.environ)


def proxies() -> Proxies:
    """How the process that answers the request reads them."""
    found: Proxies = current_app.extensions["proxies"]
    return found


def _peer(environ: "WSGIEnvironment") -> Address | None:
    return _parse(environ.get("REMOTE_ADDR") or "")


def _as_client(address: Address | None) -> str:
    if isinstance(address, IPv6Address):
        return str(IPv6Network((int(address), IPV6_CLIENT_BITS), strict=False))
    return str(address or IPv4Address(0))


@lru_cache(maxsize=256)  # a request asks more than once; proxies come again and again
def _parse(hop: str) -> Address | None:
    """The address in `192.0.2.1`, `192.0.2.1:80`, `2001:db8::1`, `[2001:db8::1]:80`; an IPv4 one that came as IPv6 is
    IPv4."""
    text = hop.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
