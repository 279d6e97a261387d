"""The page of one event: what a shared link shows of it is in the page itself, for whoever runs no scripts."""

import json
from datetime import datetime
from typing import Any

from flask import Response, current_app

from eventbooker.config import Settings
from eventbooker.dates import write_moment
from eventbooker.http.html import reader_language, respond

SUMMARY_LENGTH = 200
"""Characters of the description in a shared link's preview; services show about as many."""


def event_page(event_json: str) -> Response:
    """The page, 304 to a browser that has it already."""
    event: dict[str, Any] = json.loads(event_json)
    settings: Settings = current_app.extensions["settings"]
    language = reader_language()
    response = respond(
        "event",
        event=event,
        event_json=event_json,
        when=when(event, language),
        summary=summary(event, language),
        url=f"{settings.public_url}/events/{event['id']}",
    )
    response.vary.update(("Accept", "Accept-Language"))
    return response


def when(event: dict[str, Any], language: str) -> str:
    """By the clock of the place, which is named: whoever looks at a preview may be anywhere."""
    return f"{write_moment(datetime.fromisoformat(event['date']), language)} ({event['timezone']})"


def summary(event: dict[str, Any], language: str) -> str:
    """When, where and the beginning of what it is, on one line."""
    about = " ".join((event["description"] or "").split())
    if len(about) > SUMMARY_LENGTH:
        about = about[:SUMMARY_LENGTH].rpartition(" ")[0] + " …"
    return " · ".join(filter(None, (when(event, language), event["place"], about)))
