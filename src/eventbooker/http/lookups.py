"""What the requests of a rush ask first, in required mode: whose token this is, and whether an account owns an email.

Requests that wait at the same time share one statement, as they do to book (`batching.py`).
"""

from collections.abc import Callable
from typing import Any

from flask import current_app

from eventbooker.http.queries import fetch_all
from eventbooker.http.tracing import batcher

AUTHENTICATE = """
SELECT (acts_for).id, (acts_for).email, (acts_for).role, scope, door_event_id
FROM unnest(%s::text[]) WITH ORDINALITY AS asked (token, ordinal) LEFT JOIN LATERAL authenticate_token(token) ON true
ORDER BY ordinal
"""
ACCOUNTS_EXIST = """
SELECT account_exists(email) FROM unnest(%s::text[]) WITH ORDINALITY AS asked (email, ordinal) ORDER BY ordinal
"""


class Lookups:
    """Those of one process."""

    def __init__(self) -> None:
        self.authenticate: Callable[[str], tuple[Any, ...]] = _together(_authenticate)
        """The columns of AUTHENTICATE: all None where a token opens nothing. Raises psycopg.Error."""
        self.account_exists: Callable[[str], bool] = _together(_accounts_exist)
        """Whether an account owns the email. Raises psycopg.Error."""


def lookups() -> Lookups:
    """Those of the process that answers the request."""
    found: Lookups = current_app.extensions["lookups"]
    return found


def _together(look_up: Callable[[list[str]], list[Any]]) -> Callable[[str], Any]:
    return batcher(look_up, lambda one: look_up([one])[0])


def _authenticate(tokens: list[str]) -> list[tuple[Any, ...]]:
    """When a token was used is written now and then: in an order, so that no two processes wait for each other."""
    ordered = sorted(set(tokens))
    rows = dict(zip(ordered, fetch_all(AUTHENTICATE, ordered), strict=True))
    return [rows[token] for token in tokens]


def _accounts_exist(emails: list[str]) -> list[bool]:
    return [exists for (exists,) in fetch_all(ACCOUNTS_EXIST, emails)]
