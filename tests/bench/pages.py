"""A first visit as a phone on a bad line sees it: Chromium, slow 3G, a processor four times slower."""

import shutil
from dataclasses import dataclass

import httpx
from playwright.sync_api import Browser, sync_playwright

from tests.bench.report import Row
from tests.bench.services import eventbooker

SLOW_3G = {"offline": False, "latency": 400, "downloadThroughput": 400_000 / 8, "uploadThroughput": 400_000 / 8}
"""Chrome's own preset: 400 ms for each way there and back, 400 kbit/s."""

EVENTS = 30
MOST_BYTES, MOST_REQUESTS = 40_000, 10

OBSERVE = """
window.shifts = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) window.shifts += entry.hadRecentInput ? 0 : entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""
PAINTED = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


@dataclass
class View:
    paint_ms: float
    ready_ms: float
    shift: float
    bytes: int
    requests: int

    def said(self) -> str:
        return (
            f"{self.paint_ms:,.0f} ms to the first paint, {self.ready_ms:,.0f} ms until it can be used,"
            f" shift {self.shift:.3f}, {self.bytes / 1000:.1f} kB, {self.requests} requests"
        )


def run(url: str, quick: bool) -> list[Row]:
    """Streams are left out of requests and bytes: they go on."""
    with eventbooker(url, "web") as (base, _), sync_playwright() as playwright:
        _fill(base)
        browser = playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, ("chromium", "google-chrome")))), args=["--no-sandbox"]
        )
        views = {path: _visit(browser, base, path) for path in ("/", "/events/1", "/user")}
        browser.close()
    wanted = f"at most {MOST_BYTES // 1000} kB, {MOST_REQUESTS} requests, no shift"
    return [
        Row(f"first view of `{path}`, slow 3G, CPU ÷ 4", said=view.said(), wanted=wanted)
        for path, view in views.items()
    ]


def _fill(base: str) -> None:
    with httpx.Client(base_url=base) as client:
        for number in range(EVENTS):
            body = {"name": f"Event {number}", "date": f"2040-03-{number % 28 + 1:02}T18:00", "total_seats": 10}
            client.post("/events", json={**body, "place": "Town hall", "description": "What happens there."})


def _visit(browser: Browser, base: str, path: str) -> View:
    context = browser.new_context(locale="en-GB", viewport={"width": 390, "height": 844})
    page = context.new_page()
    page.add_init_script(OBSERVE)
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", SLOW_3G)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 4})
    asked: dict[str, str] = {}
    sizes: dict[str, int] = {}
    session.on("Network.requestWillBeSent", lambda event: asked.update({event["requestId"]: event["request"]["url"]}))
    session.on("Network.loadingFinished", lambda event: sizes.update({event["requestId"]: event["encodedDataLength"]}))
    page.goto(f"{base}{path}", wait_until="domcontentloaded", timeout=120_000)
    page.wait_for_selector("main:not([aria-busy])[data-state]:not([data-state=loading])", timeout=120_000)
    ready = page.evaluate("performance.now()")
    page.wait_for_timeout(1_000)  # what shifts, shifts now
    files = [address for address in asked.values() if not address.partition("?")[0].endswith("/live")]
    shift = page.evaluate("window.shifts")
    view = View(page.evaluate(PAINTED), ready, shift, sum(sizes.values()), len(files))
    context.close()
    return view
