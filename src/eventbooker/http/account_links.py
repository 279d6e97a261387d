"""Links that set a new password or prove an email, mailed to its owner or handed over by an admin.

Whoever asks for one by email is answered the same, after the same time, whether or not anybody has the email.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic, sleep

from flask import Response, current_app, jsonify, request

from eventbooker.config import Settings
from eventbooker.http.auth import caller, tokens
from eventbooker.http.client_address import is_https, proxies
from eventbooker.http.queries import fetch_one
from eventbooker.http.schemas import NewPassword, PasswordResetRequest
from eventbooker.passwords import hash_password

RESET_MAILED = "If somebody has this email here, a link that sets a new password is on its way to it."
PROOF_MAILED = "A link is on its way to your email; open it while you are signed in."
NO_MAIL = "This service sends no mail: ask an administrator for a link."

ANSWERED_AFTER_SECONDS = 0.05
"""Many times what making a link and queueing its mail takes."""


def request_reset(body: PasswordResetRequest) -> Response:
    with takes_always_as_long():
        (mail,) = fetch_one("SELECT request_password_reset(%s, %s, %s)", body.email, *new_link())
    return mailed(mail, RESET_MAILED)


def reset(token: str, body: NewPassword) -> Response:
    fetch_one("SELECT reset_password(%s, %s)", token, hash_password(body.password))
    return Response(status=204)


def create_reset_link(user_id: int) -> Response:
    nonce, token = new_link()
    (expires_at,) = fetch_one("SELECT to_json(create_reset_link(%s, %s, %s))", user_id, nonce, token)
    response = jsonify(url=f"{base_url()}/#reset={token}", expires_at=expires_at)
    response.status_code = 201
    return response


def request_proof(user_id: int) -> Response:
    (mail,) = fetch_one("SELECT request_email_proof(%s, %s, %s)", user_id, *new_link())
    return mailed(mail, PROOF_MAILED)


def prove(token: str) -> Response:
    user = caller().user
    if user is None:
        raise caller().refusal("")
    fetch_one("SELECT prove_email(%s, %s)", user.id, token)
    return Response(status=204)


@contextmanager
def takes_always_as_long() -> Iterator[None]:
    """The block, and then a rest: by the time it took, nobody is to tell whether anything was done for an email."""
    over_at = monotonic() + ANSWERED_AFTER_SECONDS
    try:
        yield
    finally:
        sleep(max(0.0, over_at - monotonic()))


def new_link() -> tuple[str, str]:
    """A nonce, which is stored, and the token that is derived from it, which is not."""
    nonce = secrets.token_urlsafe(16)
    return nonce, tokens().link(nonce)


def mailed(mail: bool, message: str) -> Response:
    """202 with this message, or with what to do where there is no mail."""
    response = jsonify(mail=mail, message=message if mail else NO_MAIL)
    response.status_code = 202
    return response


def base_url() -> str:
    """As configured, else how the caller reached the service. The fragment that follows it is sent to no server and
    stands in no log."""
    settings: Settings = current_app.extensions["settings"]
    if settings.server.public_url:
        return settings.server.public_url
    host = proxies().forwarded_host(request.environ) or request.host
    return f"{'https' if is_https() else 'http'}://{host}"
