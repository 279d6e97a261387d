"""Scripts, styles and pictures of the pages as browsers get them: joined, compressed once, under addresses that change
with their content, so that a browser that has one never asks for it again.

Nothing is built beforehand: what a page needs is made at the first request, and anew once a file in `web/` was changed.
"""

import gzip
import hashlib
import mimetypes
import os
import re
import threading
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

import brotli
from flask import Request, Response

from eventbooker.http.joining import join_script, join_style

FOLDERS = ("css", "js")
FOR_EVER = "public, max-age=31536000, immutable"
LINK = re.compile(r'((?:href|src)=)"/(?:css|js)/([\w.-]+)"')
HEAD_END = "</head>"
MODULE = '<script type="module"'
SHORTEST_COMPRESSED = 1_500
"""Bytes: what fits into one packet comes no sooner for being shorter."""


@dataclass(frozen=True)
class Asset:
    body: bytes
    content_type: str

    @cached_property
    def digest(self) -> str:
        return hashlib.blake2b(self.body, digest_size=8).hexdigest()

    @cached_property
    def encoded(self) -> dict[str, bytes]:
        """By content coding, the best first."""
        return {"br": brotli.compress(self.body), "gzip": gzip.compress(self.body, mtime=0)}


class Assets:
    """The files of `web/`. A page's script or style is the joined one of its file; names are in one folder only."""

    def __init__(self, web: Path) -> None:
        self._web = web
        self._lock = threading.RLock()
        self._files: dict[str, int] = {}
        """Names, and when each was changed last."""
        self._made: dict[str, Asset] = {}

    def get(self, name: str) -> Asset | None:
        """Raises ValueError if a script cannot be joined."""
        with self._lock:
            self._look_for_changes()
            return self._made_or_new(name) if name in self._files else None

    def link(self, html: str, language: str) -> str:
        """The page with the addresses of what it needs; the words of its reader's language load beside its script."""
        if MODULE in html:
            words = f'  <link rel="modulepreload" href="/js/messages.{language}.js">\n'
            html = html.replace(HEAD_END, words + HEAD_END, 1)
        with self._lock:
            self._look_for_changes()
            return LINK.sub(lambda found: f'{found[1]}"{self._address(found[2])}"', html)

    def _look_for_changes(self) -> None:
        files = {file.name: file.stat().st_mtime_ns for folder in FOLDERS for file in os.scandir(self._web / folder)}
        if files != self._files:
            self._files, self._made = files, {}

    def _made_or_new(self, name: str) -> Asset:
        if name not in self._made:
            path = self._web / ("js" if name.endswith(".js") else "css") / name
            if path.suffix == ".js":
                body = join_script(path.parent, name, self._address).encode()
            elif path.suffix == ".css":
                body = join_style(path.parent, name).encode()
            else:
                body = path.read_bytes()
            self._made[name] = Asset(body, mimetypes.guess_type(name)[0] or "application/octet-stream")
        return self._made[name]

    def _address(self, name: str) -> str:
        if name not in self._files:
            raise ValueError(f"a page names {name}, which is not there")
        return f"/assets/{self._made_or_new(name).digest}/{name}"


def respond(asset: Asset, digest: str, request: Request) -> Response:
    """The asset as this browser takes it. The address of another version, on a page from before, is answered too."""
    response = Response(asset.body, content_type=asset.content_type)
    response.headers["Cache-Control"] = FOR_EVER if digest == asset.digest else "no-cache"
    return encode(response, asset.encoded, request)


def compress_page(response: Response, request: Request) -> Response:
    """A page that was just filled in, compressed; the same one is compressed once."""
    body = response.get_data()
    return encode(response, _encoded(body), request) if body else response


def compress_answer(response: Response, request: Request) -> Response:
    """A long JSON answer that many ask for; quickly, as it changes with each booking."""
    body = response.get_data()
    return encode(response, _zipped(body), request) if len(body) >= SHORTEST_COMPRESSED else response


def encode(response: Response, encoded: dict[str, bytes], request: Request) -> Response:
    """The response in the best coding that the client takes."""
    response.vary.add("Accept-Encoding")
    for coding, body in encoded.items():
        if request.accept_encodings[coding] > 0:
            response.set_data(body)
            response.headers["Content-Encoding"] = coding
            break
    return response


@lru_cache(maxsize=64)
def _encoded(body: bytes) -> dict[str, bytes]:
    return {"br": brotli.compress(body, quality=6), "gzip": gzip.compress(body, 6, mtime=0)}


@lru_cache(maxsize=64)
def _zipped(body: bytes) -> dict[str, bytes]:
    return {"gzip": gzip.compress(body, 4, mtime=0)}
