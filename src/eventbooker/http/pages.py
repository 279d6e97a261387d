"""The pages and their scripts and styles, and the two addresses that machines ask after our health."""

from importlib.util import find_spec
from pathlib import Path

from flask import Response, jsonify, send_from_directory

from eventbooker.config import ROOT
from eventbooker.http.queries import fetch_one

WEB = ROOT / "web"


def _files_of_viewer() -> Path:
    """Where Swagger UI lies. The package is found, not imported: of it we need the files alone."""
    found = find_spec("flask_openapi3_swagger")
    if found is None or found.origin is None:
        raise LookupError("the package flask-openapi3-swagger is not installed")
    return Path(found.origin).parent / "templates" / "swagger"


VIEWER = _files_of_viewer()


def page(page: str) -> Response:
    return send_from_directory(WEB, f"{page}.html")


def asset(folder: Path, name: str) -> Response:
    return send_from_directory(folder, name)


def healthz() -> Response:
    return jsonify(status="ok")


def readyz() -> Response:
    fetch_one("SELECT 1")
    return jsonify(status="ready")
