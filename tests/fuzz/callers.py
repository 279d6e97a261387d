"""Who calls while the service is fuzzed: an admin, a user, a guest with tokens of bookings, nobody."""

from collections.abc import Callable
from functools import partial
from secrets import token_urlsafe
from typing import Any

import psycopg
from schemathesis.auths import AuthContext, AuthProvider, CachingAuthProvider
from schemathesis.core.transport import Response
from schemathesis.generation.case import Case
from schemathesis.schemas import BaseSchema
from schemathesis.wfc.escalation import EscalatingAuthProvider

Credentials = dict[str, str]

NO_PASSWORD = "a hash of none"
ADMIN = "admin@example.org"
USERS = ("member@example.org", "neighbour@example.org")


class Signed:
    """Headers for each call, asked for anew after a 401: the calls sign out, and delete accounts."""

    def __init__(self, sign_in: Callable[[], Credentials]) -> None:
        self._sign_in = sign_in

    def get(self, case: Case[Any], context: AuthContext) -> Credentials:
        return self._sign_in()

    def set(self, case: Case[Any], data: Credentials, context: AuthContext) -> None:
        case.headers.update(data)


class Guest:
    """Shows the token that came with what it made, and nothing where it has none."""

    def __init__(self) -> None:
        self._tokens: dict[str, str] = {}

    def learn(self, response: Response) -> None:
        if response.status_code == 201 and (location := response.headers.get("location")):
            self._tokens[location[0]] = response.json().get("token", "")

    def get(self, case: Case[Any], context: AuthContext) -> Credentials | None:
        path = case.formatted_path
        place = next((place for place in self._tokens if path == place or path.startswith(f"{place}/")), None)
        return place and {"Authorization": f"Bearer {self._tokens[place]}"}  # type: ignore[return-value]

    def set(self, case: Case[Any], data: Credentials, context: AuthContext) -> None:
        case.headers.update(data)


def call_as_admin(schema: BaseSchema, database_url: str) -> None:
    schema.auth.providers.append(CachingAuthProvider(Signed(partial(_admin, database_url))))


def call_as_user(schema: BaseSchema, database_url: str) -> None:
    """And look whether another user is shown the same: the check `object_level_authorization`."""
    providers: list[AuthProvider[Any]] = [
        CachingAuthProvider(Signed(partial(_user, database_url, email))) for email in USERS
    ]
    schema.auth.providers.append(EscalatingAuthProvider(providers, list(USERS), peers=USERS, pinned=USERS[0]))


def call_as_guest(schema: BaseSchema, database_url: str) -> None:
    guest = Guest()
    schema.auth.providers.append(guest)

    @schema.hook
    def after_call(context: Any, case: Case[Any], response: Response) -> None:
        guest.learn(response)


def call_as_nobody(schema: BaseSchema, database_url: str) -> None:
    """With no credentials but made up ones."""


def _admin(database_url: str) -> Credentials:
    token = token_urlsafe(16)
    with psycopg.connect(database_url) as connection:
        connection.execute(
            "SELECT create_api_token((create_admin(%s, %s)).id, %s)",
            (ADMIN, NO_PASSWORD, token),
        )
    return {"Authorization": f"Bearer {token}"}


def _user(database_url: str, email: str) -> Credentials:
    token = token_urlsafe(16)
    with psycopg.connect(database_url) as connection:
        find = "SELECT id FROM users WHERE email = %s"
        row = (
            connection.execute(find, (email,)).fetchone()
            or connection.execute("SELECT id FROM register_user(%s, 'User', NULL, %s)", (email, NO_PASSWORD)).fetchone()
        )
        assert row is not None
        connection.execute("SELECT create_session(%s, %s, '1 day')", (row[0], token))
    return {"Cookie": f"session={token}"}
