"""Many events at once, from a file that an organiser has."""

from dataclasses import asdict

from flask import Response
from psycopg.types.json import Jsonb

from eventbooker.calendar_files import read_ical
from eventbooker.event_files import Reader, read_csv, read_events
from eventbooker.http.idempotency import change, sent_key
from eventbooker.http.parsing import UploadedFile
from eventbooker.http.queries import fetch_one
from eventbooker.http.responses import json_response
from eventbooker.http.schemas import ImportQuery

READERS: dict[str, Reader] = {"text/csv": read_csv, "text/calendar": read_ical}


def import_events(file: UploadedFile, query: ImportQuery) -> Response:
    lines = Jsonb([asdict(line) for line in read_events(file.content, READERS[file.media_type], query.total_seats)])
    if query.dry_run:
        sent_key()  # not used up, but what is no key is refused here too
        (json,) = fetch_one("SELECT json_build_object('lines', import_events(%s, p_dry_run => true))::text", lines)
        return json_response(json)
    (json,) = change("SELECT json_build_object('lines', import_events(%s))::text", lines)
    return json_response(json, 201)
