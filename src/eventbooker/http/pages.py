"""The pages and their scripts and styles, and the two addresses that machines ask after our health."""

from flask import Blueprint, Response, jsonify, send_from_directory

from eventbooker.config import ROOT
from eventbooker.http.queries import fetch_one

WEB = ROOT / "web"

routes = Blueprint("pages", __name__)


@routes.get("/", defaults={"page": "index"})
@routes.get("/<any(user, admin):page>")
def page(page: str) -> Response:
    return send_from_directory(WEB, f"{page}.html")


@routes.get("/<any(css, js):folder>/<path:name>")
def asset(folder: str, name: str) -> Response:
    return send_from_directory(WEB / folder, name)


@routes.get("/healthz")
def healthz() -> Response:
    return jsonify(status="ok")


@routes.get("/readyz")
def readyz() -> Response:
    fetch_one("SELECT 1")
    return jsonify(status="ready")
