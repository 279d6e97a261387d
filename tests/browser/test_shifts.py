"""Nothing moves after the first paint, however late the answers come."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import Browser, Page, Request, ViewportSize, expect

from tests.browser.conftest import NewPage, pages
from tests.browser.reading import fill, introduce
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD
from tests.database import Database
from tests.service import Service

PHONE: ViewportSize = {"width": 390, "height": 844}
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
MOST = 0.01
"""Of the sum that browsers make of it; what people notice begins at about 0.1."""

LATE = {"offline": False, "latency": 100, "downloadThroughput": -1, "uploadThroughput": -1}
"""Each answer comes after at least as many milliseconds: several frames after what the page shows without it."""

OBSERVE = """
window.shifts = [];
const told = ({ node }) => node && `${node.nodeName}.${node.className} ${node.dataset?.part ?? ""}`;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) {
    if (!entry.hadRecentInput) window.shifts.push({ value: entry.value, moved: entry.sources.map(told) });
  }
}).observe({ type: "layout-shift", buffered: true });
"""
PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done))))"

OPEN = ("/", "/?q=over", "/?next=/user", "/events/1", "/events/2", "/user")
OWN = ("/", "/events/7", "/events/8", "/events/9", "/user", "/ticket#booking=3", "/bookings/3/ticket")
GUEST = ("/", "/events/1", "/user")


@contextmanager
def answered(page: Page) -> Iterator[None]:
    """Ends once all that the page asked for has been answered and painted; streams go on."""
    under_way: set[Request] = set()
    page.on("request", lambda request: under_way.add(request))
    page.on("requestfinished", lambda request: under_way.discard(request))
    page.on("requestfailed", lambda request: under_way.discard(request))
    yield
    expect(page.locator("main[aria-busy]")).to_have_count(0)
    while any("/live" not in request.url for request in under_way):
        page.evaluate(PAINTED)
    page.evaluate(PAINTED)


def shifts(new_page: NewPage, path: str, **options: Any) -> list[Any]:
    """What moved on the page at this address, when it is the first that a browser opens."""
    page = new_page(**{"reduced_motion": "reduce", "viewport": PHONE, **options})
    page.add_init_script(OBSERVE)
    network = page.context.new_cdp_session(page)
    network.send("Network.enable")
    network.send("Network.emulateNetworkConditions", LATE)
    with answered(page):
        page.goto(path, wait_until="commit")
    found: list[Any] = page.evaluate("window.shifts")
    page.context.close()
    return found if sum(shift["value"] for shift in found) > MOST else []


def test_nothing_moves_for_a_stranger_or_for_who_has_bookings(
    new_page: NewPage, live_service: Service, database: Database
) -> None:
    fill(live_service, database)
    page = new_page()
    introduce(page)
    ann = page.context.storage_state()
    kept = live_service.book(1, "guest@example.org")
    page.goto("/user")
    page.evaluate("kept => localStorage.setItem('eventbooker.bookings', JSON.stringify([kept]))", kept)
    page.context.clear_cookies()
    guest = page.context.storage_state()

    found = {f"{path} of a stranger": shifts(new_page, path) for path in OPEN}
    found |= {f"{path} of Ann": shifts(new_page, path, storage_state=ann) for path in OWN}
    found |= {f"{path} of a guest": shifts(new_page, path, storage_state=guest) for path in GUEST}
    wide = {"viewport": DESKTOP, "storage_state": ann}
    found |= {f"{path} of Ann, desktop": shifts(new_page, path, **wide) for path in ("/", "/events/8", "/user")}
    assert {name: moved for name, moved in found.items() if moved} == {}


def test_nothing_moves_for_whom_a_session_lets_in(browser: Browser, required_service: Service) -> None:
    with pages(browser, required_service) as new_page:
        page = new_page()
        page.request.post("/session", data={"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD})
        state = page.context.storage_state()
        found = {path: shifts(new_page, path, storage_state=state) for path in ("/", "/user")}
        found |= {f"{path}, signed out": shifts(new_page, path) for path in ("/", "/#sign-in", "/user")}
    assert {name: moved for name, moved in found.items() if moved} == {}


def test_who_runs_no_scripts_sees_all_that_the_server_filled_in(new_page: NewPage, live_service: Service) -> None:
    event = live_service.event(description="Bring a chair.")
    page = new_page(java_script_enabled=False)
    page.goto(f"/events/{event['id']}")
    expect(page.get_by_text("Bring a chair.")).to_be_visible()
    expect(page.get_by_role("link", name="All events")).to_be_visible()
