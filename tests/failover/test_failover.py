"""A primary fails over: web and worker follow it by themselves, clients are told 503 meanwhile, and nothing that was
acknowledged is lost."""

import time
from pathlib import Path

from pydantic import SecretStr

from eventbooker import config
from eventbooker.config import Settings
from eventbooker.database.migrate import migrate
from tests.conftest import WITHOUT_LIMITS, serving
from tests.crash.test_crash import EVENTS, Clients, Web, must_be_true, wait_for_answers
from tests.replication import replicating
from tests.service import Service
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import until
from tests.worker.bot_api import BotApi
from tests.worker.process import Worker, worker_environment
from tests.worker.test_restart import confirm, connected

LONGEST_SECONDS = 15
"""As README.md promises: until a request that met a silent database is answered 503."""


def settings_for(url: str) -> Settings:
    return config.Settings(database_url=SecretStr(url), limits=WITHOUT_LIMITS)


def book(service: Service, event_id: int, email: str) -> int:
    return service.post(f"/events/{event_id}/book", {"email": email}).status_code


def test_web_and_worker_follow_a_primary_that_was_killed_under_load(tmp_path: Path) -> None:
    with replicating() as pair, BotApi() as bot_api:
        migrate(pair.url)
        for _ in range(EVENTS):
            pair.primary.execute("SELECT create_event('Rush', '2040-01-01', 1000000)")
        web = Web(pair.url, tmp_path / "web.log")
        try:
            with Worker(tmp_path / "log", worker_environment(pair.url, bot_api.url)) as worker:
                confirm(pair.url, "101")
                until(lambda: bot_api.delivered["101"] and bot_api.polling)
                with Clients(web.url) as clients:
                    wait_for_answers(clients)
                    pair.primary.stop("immediate")
                    pair.standby.promote()
                    promoted = time.monotonic()
                    wait_for_answers(clients)
                    booked_after = time.monotonic() - promoted
                confirm(pair.standby.url, "102")
                until(lambda: bot_api.delivered["102"])
                worker_after = time.monotonic() - promoted
                assert connected(pair.standby.url, "notifier")
                bot_api.hear(4242, "/my")  # else the poller would look at its server when its long poll is over
                until(lambda: bot_api.delivered["4242"] and connected(pair.standby.url, "update poller"))
                pair.standby.execute("UPDATE bookings SET expires_at = created_at + interval '1 ms'")
                lapsed = "SELECT count(*) FROM bookings WHERE status = 'pending' AND expires_at < now()"
                until(lambda: pair.standby.execute(lapsed) == [(0,)])
                assert worker.process.poll() is None
        finally:
            web.end()
        print(f"answers: {dict(clients.statuses)}, the slowest after {clients.slowest:.1f} s;")
        print(f"bookings again {booked_after:.1f} s after the promotion, the worker whole after {worker_after:.1f} s")
        must_be_true(pair.standby.url, clients)
        assert "no answer" not in clients.statuses
        assert clients.slowest < LONGEST_SECONDS


def test_a_server_that_swallows_packets_is_left_in_time_and_the_next_one_found() -> None:
    with replicating() as pair, swallowing_proxy(pair.primary.address) as proxy:
        migrate(pair.url)
        pair.primary.execute("SELECT create_event('Rush', '2040-01-01', 1000000)")
        with serving(settings_for(pair.url.replace(pair.primary.address, proxy.address))) as service:
            assert book(service, 1, "before@example.org") == 201
            proxy.swallow()
            began = time.monotonic()
            refused = service.post("/events/1/book", {"email": "meanwhile@example.org"})
            told_after = time.monotonic() - began
            assert (refused.status_code, refused.json()["code"]) == (503, "database_away")
            assert refused.headers["retry-after"] == "1"
            assert told_after < LONGEST_SECONDS

            pair.standby.promote()
            began = time.monotonic()
            until(lambda: book(service, 1, "after@example.org") == 201, within=20)
            whole_after = time.monotonic() - began
        print(f"503 after {told_after:.1f} s, bookings again {whole_after:.1f} s after the promotion")


def test_a_primary_that_became_read_only_is_left_for_the_new_one() -> None:
    with replicating() as pair:
        migrate(pair.url)
        pair.primary.execute("SELECT create_event('Rush', '2040-01-01', 1000000)")
        with serving(settings_for(pair.url)) as service:
            assert book(service, 1, "before@example.org") == 201
            pair.primary.execute("ALTER SYSTEM SET default_transaction_read_only = on")
            pair.primary.execute("SELECT pg_reload_conf()")
            until(lambda: book(service, 1, "meanwhile@example.org") == 503)
            pair.standby.promote()
            began = time.monotonic()
            until(lambda: book(service, 1, "after@example.org") == 201, within=20)
            print(f"bookings again {time.monotonic() - began:.1f} s after the promotion")
        assert pair.standby.execute("SELECT email FROM users WHERE email = 'after@example.org'") != []
