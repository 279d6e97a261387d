"""`./dev screenshots`: every page in every state, on a phone and a desktop, light and dark, in both languages.

They come into `var/screenshots/`, which git ignores. Arguments name the ones that are wanted: parts of their names.
"""

import logging
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Literal

import psycopg
from playwright.sync_api import Browser, Page, ViewportSize, sync_playwright
from pydantic import SecretStr

from eventbooker import config
from eventbooker.config import ROOT, Settings
from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.browser.conftest import ARGUMENTS, NAMES
from tests.conftest import WITHOUT_DURABILITY, WITHOUT_LIMITS, serving
from tests.database import Database
from tests.screenshots.scenes import SCENES, fill
from tests.service import Service

PLACE = ROOT / "var" / "screenshots"
SIZES: dict[str, ViewportSize] = {
    "phone": {"width": 390, "height": 844},
    "desktop": {"width": 1280, "height": 900},
}
SCHEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
LANGUAGES = {"en": "en-GB", "ru": "ru-RU"}


@contextmanager
def service() -> Iterator[Service]:
    """The service in open mode on a database of its own, with events in it."""
    data = Path(tempfile.mkdtemp(prefix="eventbooker-screenshots-"))
    try:
        with embedded.running(data, lambda line: None, WITHOUT_DURABILITY) as url:
            with psycopg.connect(url, autocommit=True) as connection:
                connection.execute("CREATE DATABASE screenshots")
            database = Database(url, "screenshots")
            migrate(database.url)
            settings: Settings = config.Settings(database_url=SecretStr(database.url), limits=WITHOUT_LIMITS)
            with serving(settings) as running:
                fill(running, database)
                yield running
    finally:
        for place in (data, embedded.place_elsewhere(data)):
            shutil.rmtree(place, ignore_errors=True)


def take(browser: Browser, service: Service, wanted: list[str]) -> int:
    """How many pictures there are now."""
    taken = 0
    for scene in SCENES:
        for size, viewport in SIZES.items():
            for scheme in SCHEMES:
                for language, locale in LANGUAGES.items():
                    name = f"{scene.__name__}-{size}-{scheme}-{language}"
                    if wanted and not any(part in name for part in wanted):
                        continue
                    context = browser.new_context(
                        base_url=service.url,
                        viewport=viewport,
                        color_scheme=scheme,
                        locale=locale,
                        timezone_id="Europe/Berlin",
                        reduced_motion="reduce",
                    )
                    page: Page = context.new_page()
                    scene(page, service)
                    page.screenshot(path=PLACE / f"{name}.png", full_page="whole" in scene.__name__)
                    context.close()
                    taken += 1
    return taken


def main() -> None:
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        sys.exit("no Chromium here: `apt-get install chromium`, or put google-chrome on the PATH")
    PLACE.mkdir(parents=True, exist_ok=True)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    with service() as running, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        taken = take(browser, running, sys.argv[1:])
        browser.close()
    print(f"{taken} pictures in {PLACE}")


main()
