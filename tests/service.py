"""A running service, as a program on the network sees it."""

from typing import Any, Self

import httpx


class Service:
    """Calls to one service; every answer that is no success must be a problem body."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(base_url=url, timeout=30)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def call(self, method: str, path: str, json: Any = None, **options: Any) -> httpx.Response:
        """Send a request as it is."""
        if json is not None:
            options["json"] = json
        response = self.client.request(method, path, **options)
        if response.status_code >= 400:
            assert response.headers["content-type"] == "application/problem+json", response.text
            problem = response.json()
            assert problem["status"] == response.status_code
            assert {"type", "title", "detail", "code"} <= problem.keys()
        return response

    def get(self, path: str, **options: Any) -> httpx.Response:
        return self.call("GET", path, **options)

    def post(self, path: str, json: Any = None, **options: Any) -> httpx.Response:
        return self.call("POST", path, json, **options)

    def event(self, **changed: Any) -> Any:
        """A new event."""
        body = {"name": "Go Conference", "date": "2040-03-01T18:00", "total_seats": 10, "booking_ttl_minutes": 10}
        response = self.post("/events", body | changed)
        assert response.status_code == 201, response.text
        return response.json()

    def book(self, event_id: int, email: str = "user@example.org", **more: Any) -> Any:
        """A new hold."""
        response = self.post(f"/events/{event_id}/book", {"email": email, **more})
        assert response.status_code == 201, response.text
        return response.json()
