"""Who calls, and what they may do.

Open mode: every caller counts as an admin, so only pages and names of this machine are let in. Required mode: a session
cookie or `Authorization: Bearer` with an API token names a user; `Bearer` with a booking's token opens that booking. An
API token may be for less than its user may do (its scope), in both modes; `access.py` refuses the rest.
"""

import hmac
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Literal
from urllib.parse import urlsplit

from flask import Flask, current_app, g, request
from werkzeug.utils import cached_property

from eventbooker.config import Settings
from eventbooker.emails import fold_email
from eventbooker.http.client_address import proxies
from eventbooker.http.lookups import lookups
from eventbooker.http.problems import Problem
from eventbooker.http.queries import fetch_one
from eventbooker.tokens import Tokens, load_tokens

COOKIE = "session"

DERIVED = ("b_", "w_")
"""How tokens of bookings and of entries of a waiting list begin, which open nothing else (`tokens.py`)."""


@dataclass(frozen=True)
class User:
    """The user a session or an API token acts for."""

    id: int
    email: str
    role: str


@dataclass(frozen=True)
class Access:
    """What a session or an API token opens."""

    user: User | None = None
    scope: Literal["admin", "read", "door"] | None = None
    """None: a session, or nothing that opens anything."""
    door_event_id: int | None = None


class Caller:
    """Who sent the request; the token is looked up in the database only when a route asks for the user.

    What was found out is kept by werkzeug's `cached_property`: that of functools lets one thread at a time look
    anything up, before Python 3.12.
    """

    def __init__(self, open_mode: bool) -> None:
        self.open_mode = open_mode

    @cached_property
    def bearer(self) -> str | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        return token.strip() if scheme.lower() == "bearer" and "\0" not in token else None

    @cached_property
    def token(self) -> str | None:
        return self.bearer or session_cookie()

    @cached_property
    def access(self) -> Access:
        if not self.token or self.token.startswith(DERIVED):
            return Access()
        user_id, email, role, scope, door_event_id = lookups().authenticate(self.token)
        return Access(None if user_id is None else User(user_id, email, role), scope, door_event_id)

    @property
    def user(self) -> User | None:
        return self.access.user

    @cached_property
    def scope(self) -> str | None:
        """That of an API token. In open mode a cookie is not looked at: it gives no right that everybody has not."""
        return None if self.open_mode and self.bearer is None else self.access.scope

    @property
    def door_event_id(self) -> int | None:
        """The event whose door the caller's API token is for; None unless it is such a token."""
        return self.access.door_event_id if self.scope == "door" else None

    @cached_property
    def is_admin(self) -> bool:
        if self.open_mode:
            return self.scope != "door"
        return self.user is not None and self.user.role == "admin"

    def named_chat(self, telegram_id: str | None) -> str | None:
        """The chat to write to when this caller names one. A number is not consent: a chat that somebody
        names who is no admin must link itself first, so it is left out."""
        return telegram_id if self.is_admin else None

    def is_user(self, user_id: int) -> bool:
        return self.user is not None and self.user.id == user_id

    def is_unproven(self, user_id: int) -> bool:
        """Whether the caller's account may be a stranger's: guests have used the email, and nobody has proved that it
        is the caller's. Whom messages reach is then not theirs to say."""
        return not self.is_admin and bool(fetch_one("SELECT is_unproven_claim(%s)", user_id)[0])

    def must_be_proven(self, user_id: int) -> None:
        """Raises Problem (403)."""
        if self.is_unproven(user_id):
            raise Problem("email_unproven", "Prove first that the email is yours: guests have used it.")

    def has_token_of(self, booking_id: int) -> bool:
        return bool(self.token) and hmac.compare_digest(str(self.token).encode(), booking_token(booking_id).encode())

    def owns(self, booking_id: int) -> bool:
        """False also where there is no such booking."""
        owner_id = fetch_one("SELECT get_booking_owner(%s)", booking_id)[0]
        return owner_id is not None and self.is_user(owner_id)

    def holds(self, booking_id: int) -> bool:
        """Whether the caller may see and change the booking: its user, whoever has its token, an admin."""
        return self.has_token_of(booking_id) or self.is_admin or (self.user is not None and self.owns(booking_id))

    def holds_entry(self, entry_id: int) -> bool:
        """Whether the caller may see and leave the waiting list entry: its user, whoever has its token, an admin."""
        token = tokens().waitlist(entry_id)
        if hmac.compare_digest(str(self.token).encode(), token.encode()) or self.is_admin:
            return True
        return self.user is not None and fetch_one("SELECT get_waitlist_owner(%s)", entry_id)[0] == self.user.id

    def acts_as_admin(self, booking_id: int) -> bool:
        """Whether this caller may change the booking only as an admin. False in open mode, where nobody can tell."""
        if self.open_mode or not self.is_admin or self.has_token_of(booking_id):
            return False
        return not self.owns(booking_id)

    def may_book_for(self, email: str) -> bool:
        """Anyone may for an email that no account owns."""
        if self.is_admin or (self.user and fold_email(self.user.email) == fold_email(email)):
            return True
        return not lookups().account_exists(email)

    def refusal(self, detail: str) -> Problem:
        """401 to whoever shows no valid credentials, 403 with this detail to others."""
        if self.user is None:
            return Problem("credentials_required", "Sign in, or send Authorization: Bearer with a valid token.")
        return Problem("forbidden", detail)


def caller() -> Caller:
    """Who sent the request being answered."""
    found: Caller = g.caller
    return found


def booking_token(booking_id: int) -> str:
    """What proves that one made this booking."""
    return tokens().booking(booking_id)


def tokens() -> Tokens:
    """The tokens that this service derives."""
    found: Tokens = current_app.extensions["tokens"]()
    return found


def install(app: Flask, settings: Settings) -> None:
    """Refuse requests from foreign pages and under foreign names, and tell routes who calls."""
    open_mode = settings.auth.mode == "open"

    @lru_cache(maxsize=1)  # read at the first need: a process starts while the database is away
    def load() -> Tokens:
        return load_tokens(settings, lambda: str(fetch_one("SELECT get_secret_key()")[0]))

    app.extensions["tokens"] = load

    @lru_cache(maxsize=64)  # a few names come again and again
    def trusted(host: str) -> bool:
        return is_trusted(host, settings)

    @app.before_request
    def check_host_and_origin() -> None:
        environ = request.environ
        if "\0" in environ["PATH_INFO"]:  # PostgreSQL takes it in no text
            raise Problem("not_found", "No path has the NUL character in it.")
        host = environ.get("HTTP_HOST") or request.host
        behind_proxy = proxies().forwarded_host(environ)
        for name in (host, behind_proxy or host) if open_mode else ():
            if not trusted(name):
                raise Problem("foreign_host", f"{name} is not a name of this service; see server.trusted_hosts.")
        origin = environ.get("HTTP_ORIGIN")
        if origin is not None and not is_origin_of(behind_proxy or host, origin):
            raise Problem("foreign_origin", f"Pages of {origin} may not call this service.")
        g.caller = Caller(open_mode)


def is_origin_of(host: str, origin: str) -> bool:
    """Whether a page of `origin` (an Origin header) came from `host`; some proxies write the default port to a host."""
    try:
        scheme, netloc, *_ = urlsplit(origin)
    except ValueError:
        return False
    return netloc in (host, host.removesuffix({"https": ":443", "http": ":80"}.get(scheme, "")))


def is_trusted(host: str, settings: Settings) -> bool:
    """Whether open mode may be reached as `host` (a Host header). A foreign name could be a page's trick to get in (DNS
    rebinding); an address cannot, so with the network let in, any address will do."""
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if (
        name == "localhost"
        or name.endswith(".localhost")
        or name in (settings.server.host, *settings.server.trusted_hosts)
    ):
        return True
    try:
        address = ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or settings.auth.allow_open_on_network


def session_cookie() -> str | None:
    """The token of the caller's session. A quoted cookie can hold NUL, which no token of ours has."""
    if "HTTP_COOKIE" not in request.environ:  # seeing that nothing is nothing takes werkzeug as long as our own checks
        return None
    token = request.cookies.get(COOKIE)
    return None if token is None or "\0" in token else token
