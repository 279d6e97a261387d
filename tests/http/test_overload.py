"""Past its capacity the service sends people back, and finishes what it has begun."""

import threading
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

from werkzeug.test import Client

from eventbooker.http.overload import shed_load
from tests.waiting import until

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIEnvironment


def test_who_comes_when_the_hands_are_full_is_told_when_to_come_back() -> None:
    gate, begun = threading.Event(), threading.Semaphore(0)

    def answer(environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        if environ["PATH_INFO"] == "/slow":
            begun.release()
            assert gate.wait(10)
        start_response("200 OK", [])
        return [b""]

    client = Client(shed_load(answer, max_in_flight=2))
    with ThreadPoolExecutor(2) as pool:
        slow = [pool.submit(client.get, "/slow") for _ in range(2)]
        for _ in slow:
            assert begun.acquire(timeout=10)

        refused = client.get("/events")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert refused.get_json()["code"] == "overloaded"
        assert client.get("/healthz").status_code == 200

        gate.set()
        assert [answered.result().status_code for answered in slow] == [200, 200]
    until(lambda: client.get("/events").status_code == 200)
