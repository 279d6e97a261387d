"""A calendar of one's bookings, for calendar programs that ask for it again and again and cannot sign in.

Its address holds a token that opens nothing else, and codes of tickets are not in it: such addresses stand in logs."""

import hmac
from datetime import UTC, datetime

import psycopg
from flask import Response, jsonify
from psycopg.rows import class_row

from eventbooker import calendars, wording
from eventbooker.calendars import CalendarEntry
from eventbooker.http.account_links import base_url
from eventbooker.http.auth import tokens
from eventbooker.http.problems import SQLSTATES, Problem
from eventbooker.http.queries import fetch_one, transact
from eventbooker.http.schemas import CalendarQuery

NAMES = {"en": "Bookings", "ru": "Брони"}


def show_address(user_id: int) -> Response:
    return _address(user_id, fetch_one("SELECT version FROM get_calendar(%s)", user_id)[0])


def renew_address(user_id: int) -> Response:
    return _address(user_id, fetch_one("SELECT renew_calendar(%s)", user_id)[0])


def feed(user_id: int, query: CalendarQuery) -> Response:
    language = _open(user_id, query.token) or wording.LANGUAGES[0]
    entries = transact(
        lambda connection: (
            connection.cursor(row_factory=class_row(CalendarEntry))
            .execute("SELECT * FROM list_calendar_entries(%s)", (user_id,))
            .fetchall()
        )
    )
    ics = calendars.feed(entries, language, NAMES[language], datetime.now(UTC))
    return Response(ics, content_type=calendars.MEDIA_TYPE)


def _open(user_id: int, token: str) -> str | None:
    """The user's language. Of who does not exist no more is told than of a wrong token. Raises Problem (404)."""
    try:
        version, language = fetch_one("SELECT version, language FROM get_calendar(%s)", user_id)
    except psycopg.Error as error:
        if SQLSTATES.get(error.sqlstate or "") != "user_not_found":
            raise
    else:
        if hmac.compare_digest(tokens().calendar(user_id, version).encode(), token.encode()):
            return str(language) if language else None
    raise Problem("calendar_link_invalid", "This address opens nobody's calendar; its owner may have made a new one.")


def _address(user_id: int, version: int) -> Response:
    return jsonify(url=f"{base_url()}/users/{user_id}/bookings.ics?token={tokens().calendar(user_id, version)}")
