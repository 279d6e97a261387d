"""What browsers load: joined, compressed, kept for ever under addresses that change with the content."""

import gzip
import re
from pathlib import Path

import brotli
import pytest

from eventbooker.http.assets import Assets
from eventbooker.http.joining import join_script, join_style
from eventbooker.http.pages import WEB
from tests.service import Service


def write(folder: Path, **files: str) -> None:
    for name, text in files.items():
        path = folder / name.replace("_", ".")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def test_a_script_is_joined_with_what_it_imports_each_module_once_and_before_those_that_need_it(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_js='// @ts-check\nimport { b as other } from "./b.js";\nimport { c } from "./c.js";\nother(c);\n',
        b_js='/** What\n * it does. */\nimport { c } from "./c.js";\nconst own = 1;\nexport function b() {}\n',
        c_js='export const c = () => import("./later.js");\nconst own = 2;\n',
    )

    assert join_script(tmp_path, "a.js", lambda name: f"/there/{name}") == (
        'const $c = await (async () => {\nconst c = () => import("/there/later.js");\nconst own = 2;\n'
        "return { c };\n})();\n"
        "const $b = await (async () => {\nconst { c } = $c;\nconst own = 1;\nfunction b() {}\nreturn { b };\n})();\n"
        "const { b: other } = $b;\nconst { c } = $c;\nother(c);\n"
    )


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"b_js": "export { x };\n"}, "b.js: cannot be joined: export { x };"),
        ({"b_js": 'import * as c from "./c.js";\n'}, r"b.js: cannot be joined: import \* as c"),
        ({"b_js": 'import { a } from "./a.js";\n'}, "a.js imports itself: a.js → b.js → a.js"),
    ],
)
def test_what_cannot_be_joined_is_refused_by_name(tmp_path: Path, files: dict[str, str], said: str) -> None:
    write(tmp_path, a_js='import { b } from "./b.js";\n', **files)

    with pytest.raises(ValueError, match=said):
        join_script(tmp_path, "a.js", str)


def test_a_style_is_joined_layer_by_layer(tmp_path: Path) -> None:
    write(
        tmp_path,
        main_css='/* why */\n@layer base;\n\n@import url("x.css") layer(base);\n',
        x_css="a { /* b */ c: d }\n",
    )

    assert join_style(tmp_path, "main.css") == "@layer base;\n\n@layer base {\na { c: d }\n}\n"


def test_all_scripts_and_styles_of_the_pages_can_be_joined() -> None:
    assets = Assets(WEB)
    for path in (*(WEB / "js").iterdir(), *(WEB / "css").iterdir()):
        assert assets.get(path.name), path


def test_an_edit_changes_the_address_and_is_seen_at_once(tmp_path: Path) -> None:
    write(tmp_path / "css", main_css="a {}\n")
    write(tmp_path / "js", a_js="1;\n")
    assets = Assets(tmp_path)
    page = '<link rel="stylesheet" href="/css/main.css">'

    first = assets.link(page, "en")
    assert assets.link(page, "en") == first
    write(tmp_path / "css", main_css="b {}\n")
    assert assets.link(page, "en") != first


def test_what_a_page_needs_is_kept_for_ever_and_comes_compressed(live_service: Service) -> None:
    page = live_service.get("/").text
    addresses = re.findall(r'"(/assets/\w+/[\w.]+)"', page)
    assert {address.rpartition("/")[2] for address in addresses} >= {
        "index.js",
        "main.css",
        "messages.en.js",
        "icon.svg",
    }
    assert '"/js/' not in page
    assert '"/css/' not in page

    for address in addresses:
        with live_service.client.stream("GET", address, headers={"Accept-Encoding": "gzip, br"}) as best:
            small = b"".join(best.iter_raw())
        with live_service.client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as second:
            larger = b"".join(second.iter_raw())
        plain = live_service.get(address, headers={"Accept-Encoding": "identity"})
        assert best.headers["Cache-Control"] == "public, max-age=31536000, immutable"
        assert (best.headers["Content-Encoding"], second.headers["Content-Encoding"]) == ("br", "gzip")
        assert "Content-Encoding" not in plain.headers
        assert best.headers["Vary"] == "Accept-Encoding"
        assert brotli.decompress(small) == gzip.decompress(larger) == plain.content


def test_an_address_of_another_version_is_answered_but_not_kept(live_service: Service) -> None:
    assert live_service.get("/assets/0123/main.css").headers["Cache-Control"] == "no-cache"
    assert live_service.get("/assets/0123/none.css").json()["code"] == "not_found"
    assert live_service.get("/assets/0123/..%2findex.html").json()["code"] == "not_found"


def test_a_page_comes_compressed_and_is_not_sent_again_to_who_has_it(live_service: Service) -> None:
    page = live_service.get("/", headers={"Accept-Encoding": "br", "Accept-Language": "ru-RU,ru;q=0.9,en;q=0.8"})
    assert page.headers["Content-Encoding"] == "br"
    assert re.search(r'<link rel="modulepreload" href="/assets/\w+/messages.ru.js">', page.text)

    known = {"If-None-Match": page.headers["ETag"], "Accept-Encoding": "br", "Accept-Language": "ru"}
    assert live_service.get("/", headers=known).status_code == 304


def test_a_long_list_of_events_comes_compressed_to_who_takes_it(live_service: Service) -> None:
    for _ in range(5):
        live_service.event()

    plain = live_service.get("/events", headers={"Accept-Encoding": "identity"})
    zipped = live_service.get("/events", headers={"Accept-Encoding": "gzip"})
    assert zipped.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in plain.headers
    assert zipped.json() == plain.json()
    known = {"Accept-Encoding": "gzip", "If-None-Match": zipped.headers["ETag"]}
    assert live_service.get("/events", headers=known).status_code == 304
