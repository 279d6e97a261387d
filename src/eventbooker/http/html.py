"""Pages, filled in here; and for whom: at some addresses everybody else gets JSON."""

from http import HTTPStatus

from flask import Response, current_app, render_template, request

from eventbooker.config import Settings
from eventbooker.http.assets import Assets, compress_page
from eventbooker.wording import LANGUAGES

KINDS = ("missing", "refused", "broken")
"""Of error pages: each has words of its own."""


def prefers_html() -> bool:
    """Whether a page is wanted rather than JSON: by browsers that open an address, not by programs and scripts."""
    if request.method not in ("GET", "HEAD") or "text/html" not in request.environ.get("HTTP_ACCEPT", ""):
        return False
    accepted = request.accept_mimetypes
    return accepted.quality("text/html") > accepted.quality("application/json")


def reader_language() -> str:
    """Of those that we speak, what the browser likes best."""
    return request.accept_languages.best_match(LANGUAGES, LANGUAGES[0])


def respond(page: str, **values: object) -> Response:
    """The page of `web/` with the values in their places, escaped; 304 to a browser that has the same."""
    response = Response(_render(page, **values), mimetype="text/html", headers={"Cache-Control": "no-cache"})
    response.vary.add("Accept-Language")
    response.add_etag(weak=True)  # whatever the coding
    response.make_conditional(request)
    return compress_page(response, request)


def as_error_page(response: Response, detail: str) -> Response:
    """The same answer, status and headers, as a page for people."""
    status = HTTPStatus(response.status_code)
    kind = {404: "missing", 401: "refused", 403: "refused"}.get(response.status_code, "broken")
    page = _render("error", status=int(status), kind=kind, title=status.phrase, detail=detail)
    response.set_data(page)
    response.content_type = "text/html; charset=utf-8"
    response.vary.add("Accept")
    return response


def _render(page: str, **values: object) -> str:
    assets: Assets = current_app.extensions["assets"]
    settings: Settings = current_app.extensions["settings"]
    html = render_template(f"{page}.html", auth_mode=settings.auth.mode, **values)
    return assets.link(html, reader_language())
