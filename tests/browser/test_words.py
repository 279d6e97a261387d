"""The pages as files: what can be told without a browser."""

import re

import pytest

from eventbooker.config import ROOT
from eventbooker.http.html import KINDS
from eventbooker.http.problems import SQLSTATES

WEB = ROOT / "web"
SCRIPTS = {path.name: path.read_text() for path in sorted((WEB / "js").glob("*.js"))}
PAGES = {path.name: path.read_text() for path in sorted(WEB.rglob("*.html"))}
PLURAL = re.compile(r"\.(one|few|many|other)$")
FORMS = {"en": {"one", "other"}, "ru": {"one", "few", "many", "other"}}


def messages(language: str) -> dict[str, str]:
    return dict(re.findall(r'^  "([^"]+)": "(.*)",$', SCRIPTS[f"messages.{language}.js"], re.MULTILINE))


def test_both_languages_say_the_same_things() -> None:
    english, russian = ({PLURAL.sub("", key) for key in messages(language)} for language in FORMS)

    assert english == russian


@pytest.mark.parametrize("language", FORMS)
def test_a_counted_thing_has_every_plural_form_of_its_language(language: str) -> None:
    forms: dict[str, set[str]] = {}
    for key in messages(language):
        if plural := PLURAL.search(key):
            forms.setdefault(PLURAL.sub("", key), set()).add(plural[1])
    forms.pop("booking.reason", None)  # "other" there is any other reason

    assert forms == dict.fromkeys(forms, FORMS[language])


def test_both_languages_fill_in_the_same_values() -> None:
    def values(text: str) -> list[str]:
        return sorted(re.findall(r"\{\w+\}", text))

    russian = messages("ru")
    for key, text in messages("en").items():
        assert values(text) == values(russian[key]), key


def test_every_word_that_a_page_asks_for_is_there() -> None:
    asked = set(re.findall(r'data-i18n(?:-label|-placeholder)?="([^"{]+)"', "".join(PAGES.values())))
    asked |= {f"error.{kind}.{part}" for kind in KINDS for part in ("heading", "text")}
    asked |= set(re.findall(r'\btn?\("([\w.]+)"', "".join(SCRIPTS.values())))

    assert asked <= {PLURAL.sub("", key) for key in messages("en")} | messages("en").keys()


def test_every_problem_that_the_database_raises_is_told_in_words() -> None:
    told_at_the_fields = {"invalid_event", "invalid_user"}
    for_operators = {"history_is_kept"}

    told = {key.removeprefix("problem.") for key in messages("en") if key.startswith("problem.")}
    assert set(SQLSTATES.values()) - told_at_the_fields - for_operators <= told


def test_one_module_alone_calls_fetch_beside_the_service_worker() -> None:
    assert [name for name, script in SCRIPTS.items() if re.search(r"\bfetch\(", script)] == ["api.js", "sw.js"]


def test_no_script_makes_markup_of_data() -> None:
    for name, script in SCRIPTS.items():
        assert not re.search(r"(inner|outer)HTML|insertAdjacentHTML|document\.write|\beval\(", script), name


def test_pages_hold_no_script_or_style_of_their_own() -> None:
    for name, page in PAGES.items():
        assert not re.search(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son\w+=|https?://", page), name
