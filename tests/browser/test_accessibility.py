"""What axe-core finds on the pages: nothing, in any state, light or dark, in either language."""

from importlib.util import find_spec
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import NewPage, pages
from tests.browser.reading import STATES, fill, loaded
from tests.database import Database
from tests.service import Service

RUN = """async () => (await axe.run()).violations.flatMap(({ id, nodes }) =>
  nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`))"""


def axe() -> str:
    """The source of axe-core, as a package of PyPI has it."""
    found = find_spec("axe_playwright_python")
    assert found is not None
    assert found.origin is not None
    return (Path(found.origin).parent / "axe.min.js").read_text()


def violations(page: Page, source: str) -> list[str]:
    if not page.evaluate("'axe' in window"):
        page.evaluate(source)
    return list(page.evaluate(RUN))


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_axe_finds_nothing(new_page: NewPage, live_service: Service, database: Database, locale: str) -> None:
    fill(live_service, database)
    page = new_page(locale=locale, reduced_motion="reduce", bypass_csp=True)  # axe-core sets styles while it looks
    source = axe()
    found: dict[str, list[str]] = {}
    for name, lead in STATES.items():
        lead(page)
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found |= {f"{name}, {scheme}": faults for faults in [violations(page, source)] if faults}

    assert found == {}


@pytest.mark.parametrize("locale", ["en-GB", "ru-RU"])
def test_axe_finds_nothing_where_one_signs_in(browser: Browser, required_service: Service, locale: str) -> None:
    source = axe()
    found: dict[str, list[str]] = {}
    with pages(browser, required_service) as new_page:
        page = new_page(locale=locale, reduced_motion="reduce", bypass_csp=True)
        loaded(page, "/?next=/admin")
        page.locator("[data-view=sign-in] [type=submit]").click()
        page.locator("[data-view=sign-in] .field-error:visible").first.wait_for()
        for way in (None, "to-register", "to-sign-in", "to-forgot"):
            if way:
                page.locator(f"[data-part={way}]:visible").click()
            for scheme in ("light", "dark"):
                page.emulate_media(color_scheme=scheme)
                found |= {f"{way}, {scheme}": faults for faults in [violations(page, source)] if faults}

    assert found == {}
