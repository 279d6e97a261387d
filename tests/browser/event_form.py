"""Using the pages of those who run events, as a person does."""

from typing import Any

from playwright.sync_api import Page


def run(page: Page, event: Any) -> None:
    """Open the event's page for its organiser."""
    page.goto(f"/admin/events/{event['id']}")


def press(page: Page, name: str) -> None:
    """Click the button that is called exactly so."""
    page.get_by_role("button", name=name, exact=True).click()


def fill(page: Page, **values: str) -> None:
    """Type into the form for events."""
    labels = {"name": "Name", "date": "Date and time", "seats": "Seats", "hold": "Hold, minutes"}
    for field, value in values.items():
        page.get_by_label(labels[field], exact=True).fill(value)


def save(page: Page) -> Any:
    """Save the changes; what was sent."""
    with page.expect_request(lambda request: request.method == "PATCH") as sent:
        press(page, "Save changes")
    return sent.value.post_data_json
