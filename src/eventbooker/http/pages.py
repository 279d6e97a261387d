"""The pages and their scripts and styles, and the two addresses that machines ask after our health."""

from flask import Response, jsonify, send_from_directory

from eventbooker.config import ROOT
from eventbooker.http.queries import fetch_one

WEB = ROOT / "web"


def page(page: str) -> Response:
    return send_from_directory(WEB, f"{page}.html")


def asset(folder: str, name: str) -> Response:
    return send_from_directory(WEB / folder, name)


def healthz() -> Response:
    return jsonify(status="ok")


def readyz() -> Response:
    fetch_one("SELECT 1")
    return jsonify(status="ready")
