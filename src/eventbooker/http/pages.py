"""The pages and their scripts and styles, and the two addresses that machines ask after our health."""

from importlib.util import find_spec
from pathlib import Path

from flask import Response, current_app, jsonify, request, send_from_directory

from eventbooker.config import ROOT
from eventbooker.database.migrate import schema_of
from eventbooker.database.pool import Pool, takes_no_writing
from eventbooker.http.assets import Assets
from eventbooker.http.assets import respond as respond_asset
from eventbooker.http.html import respond
from eventbooker.http.problems import Problem, database_full
from eventbooker.http.queries import transact

WEB = ROOT / "web"


def _files_of_viewer() -> Path:
    """Where Swagger UI lies. The package is found, not imported: of it we need the files alone."""
    found = find_spec("flask_openapi3_swagger")
    if found is None or found.origin is None:
        raise LookupError("the package flask-openapi3-swagger is not installed")
    return Path(found.origin).parent / "templates" / "swagger"


VIEWER = _files_of_viewer()


def page(page: str) -> Response:
    return respond(page)


def managed_event_page(event_id: int) -> Response:
    """The same for everybody: what it shows is asked for by its script, with what its reader may see."""
    if not event_id:
        raise Problem("event_not_found", "No event has this number.")
    return respond("admin-event", event_id=event_id, path=f"/admin/events/{event_id}")


def hashed_asset(digest: str, name: str) -> Response:
    assets: Assets = current_app.extensions["assets"]
    asset = assets.get(name)
    if asset is None:
        raise Problem("not_found", "There is no such file.")
    return respond_asset(asset, digest, request)


def manifest() -> Response:
    return send_from_directory(WEB, "manifest.webmanifest", mimetype="application/manifest+json")


def service_worker() -> Response:
    """At the top, so that it may see to all pages; asked for anew each time, so that browsers notice another one."""
    response = send_from_directory(WEB / "js", "sw.js")
    response.headers["Cache-Control"] = "no-cache"
    return response


def asset(folder: Path, name: str) -> Response:
    return send_from_directory(folder, name)


def healthz() -> Response:
    return jsonify(status="ok")


def readyz() -> Response:
    """A database of a newer version will do: during an upgrade this version serves beside the next."""
    schema, is_read_only = transact(lambda connection: (schema_of(connection), takes_no_writing(connection)))
    if schema.lacks:
        raise Problem("schema_outdated", f"The database lacks {', '.join(schema.lacks)}; run `eventbooker migrate`.")
    if is_read_only:
        raise Problem("database_read_only", "The database takes no writing: it is a replica, or was set so.")
    pool: Pool = current_app.extensions["pool"]
    if pool.lacks_space():
        raise database_full()
    return jsonify(status="ready")
