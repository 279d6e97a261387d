"""Events from a file, on /admin."""

from playwright.sync_api import Page, expect

from tests.service import Service

WRONG = b"name,date,total_seats\nYoga,2040-03-01T18:00,5\nRun,soon,5\n"
RIGHT = b"name,date\nYoga,2040-03-01T18:00\nRun,2040-03-02T18:00\n"


def test_a_file_is_checked_and_then_imported(page: Page, live_service: Service) -> None:
    page.goto("/admin")
    page.get_by_text("Events from a file").click()
    panel = page.locator("[data-part=import]")
    check, create = panel.get_by_role("button", name="Check"), panel.locator("[data-part=create]")

    check.click()
    expect(panel.get_by_text("Choose a file.")).to_be_visible()

    panel.get_by_label("File", exact=True).set_input_files({"name": "e.csv", "mimeType": "text/csv", "buffer": WRONG})
    check.click()
    expect(panel.get_by_role("status")).to_have_text("1 line does not fit. Nothing was created.")
    expect(panel.locator("li")).to_have_text(["Line 3: date: Choose a date and a time."])
    expect(create).to_be_hidden()

    panel.get_by_label("File", exact=True).set_input_files({"name": "e.csv", "mimeType": "text/csv", "buffer": RIGHT})
    panel.get_by_label("Seats").fill("5")
    check.click()
    expect(panel.locator("li")).to_have_count(2)
    assert live_service.get("/events").json() == []
    create.click()
    expect(page.get_by_text("2 events were created.")).to_be_visible()
    expect(page.get_by_role("link", name="Yoga")).to_be_visible()
    assert len(live_service.get("/events").json()) == 2
