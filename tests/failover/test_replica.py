"""Lists are read from a replica that is young enough, and from the primary as soon as it is not."""

import time

from prometheus_client import REGISTRY
from pydantic import SecretStr

from eventbooker import config
from eventbooker.config import Auth
from eventbooker.database.migrate import migrate
from eventbooker.doctor import examine
from tests.conftest import WITHOUT_LIMITS, serving
from tests.replication import Pair, replicating
from tests.service import Service
from tests.swallowing_proxy import swallowing_proxy
from tests.waiting import until

STALENESS = 1.0
HUNG_SECONDS = 3.5
"""As README.md promises, and a little for the machine: a replica that hangs in the middle of a list is left."""


def reads_from(server: str) -> float:
    return REGISTRY.get_sample_value("eventbooker_list_reads_total", {"server": server}) or 0


def is_listed_from(service: Service, server: str) -> bool:
    before = reads_from(server)
    assert service.get("/events").status_code == 200
    return reads_from(server) > before


def seconds_until_listed(pair: Pair, service: Service, name: str) -> float:
    pair.primary.execute(f"SELECT create_event('{name}', '2040-01-01', 10)")
    created = time.monotonic()
    until(lambda: name in service.get("/events").text, within=10)
    return time.monotonic() - created


def test_a_list_is_as_young_as_promised_whatever_becomes_of_the_replica() -> None:
    with replicating() as pair, swallowing_proxy(pair.standby.address) as proxy:
        migrate(pair.primary.url)
        settings = config.Settings(
            database_url=SecretStr(pair.primary.url),
            database_url_replica=SecretStr(pair.standby.url.replace(pair.standby.address, proxy.address)),
            auth=Auth(mode="required"),
            limits=WITHOUT_LIMITS,
        )
        with serving(settings) as service:
            until(lambda: is_listed_from(service, "replica"))
            time.sleep(1.5 * STALENESS)  # nothing is written: that must not make the replica old
            assert is_listed_from(service, "replica")
            seen = max(seconds_until_listed(pair, service, f"Followed {number}") for number in range(10))

            pair.standby.execute("SELECT pg_wal_replay_pause()")
            paused = seconds_until_listed(pair, service, "Paused")
            assert is_listed_from(service, "primary")
            pair.standby.execute("SELECT pg_wal_replay_resume()")
            until(lambda: is_listed_from(service, "replica"))

            proxy.swallow()
            began = time.monotonic()
            while not is_listed_from(service, "primary"):
                pass
            hung = time.monotonic() - began
            proxy.pass_on()
            until(lambda: is_listed_from(service, "replica"))

            pair.standby.stop("immediate")
            pair.primary.execute("ALTER SYSTEM RESET synchronous_standby_names")
            pair.primary.execute("SELECT pg_reload_conf()")
            dead = seconds_until_listed(pair, service, "Dead")
            pair.standby.start()
            until(lambda: is_listed_from(service, "replica"))
        print(f"listed after {seen:.2f} s; replay paused {paused:.2f} s; hung {hung:.2f} s; dead {dead:.2f} s")
        assert max(seen, paused, dead) < STALENESS + 0.5
        assert hung < HUNG_SECONDS


def test_an_event_that_the_replica_does_not_know_yet_is_looked_for_on_the_primary() -> None:
    with replicating() as pair:
        migrate(pair.primary.url)
        settings = config.Settings(
            database_url=SecretStr(pair.primary.url),
            database_url_replica=SecretStr(pair.standby.url),
            limits=WITHOUT_LIMITS,
        )
        with serving(settings) as service:
            first = service.event()["id"]
            until(lambda: service.get(f"/events/{first}/bookings.csv").is_success and reads_from("replica"))
            assert [found.ok for found in examine(settings, pair.primary.url) if found.what == "replica"] == [True]
            follows_none = settings.model_copy(update={"database_url_replica": settings.database_url})
            assert [found.ok for found in examine(follows_none, pair.primary.url) if found.what == "replica"] == [False]
            pair.standby.execute("SELECT pg_wal_replay_pause()")
            unknown = service.event()["id"]
            assert service.get(f"/events/{unknown}/bookings.csv").status_code == 200
