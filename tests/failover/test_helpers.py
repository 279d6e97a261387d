"""The broken worlds of the other tests are broken as they say."""

import psycopg
import pytest

from tests.replication import replicating
from tests.swallowing_proxy import swallowing_proxy


def test_a_commit_outlives_its_primary_and_the_old_primary_comes_back_as_a_standby() -> None:
    with replicating() as pair:
        pair.primary.execute("CREATE TABLE kept AS SELECT 1 AS number")
        pair.primary.stop("immediate")
        with pytest.raises(psycopg.OperationalError):
            psycopg.connect(pair.url, connect_timeout=2)
        pair.standby.promote()
        with psycopg.connect(pair.url, autocommit=True) as connection:
            assert connection.execute("SELECT number FROM kept").fetchone() == (1,)
            pair.fail_back()
            connection.execute("INSERT INTO kept VALUES (2)")
        assert pair.standby.execute("SELECT pg_is_in_recovery(), count(*) FROM kept") == [(True, 2)]


def test_a_proxy_passes_swallows_and_cuts() -> None:
    with replicating() as pair, swallowing_proxy(pair.primary.address) as proxy:
        url = pair.primary.url.replace(pair.primary.address, proxy.address)
        lived_through_it = psycopg.connect(url, autocommit=True)
        proxy.swallow()
        with pytest.raises(psycopg.errors.ConnectionTimeout):
            psycopg.connect(url, connect_timeout=2)
        proxy.pass_on()
        with pytest.raises(psycopg.OperationalError):
            lived_through_it.execute("SELECT 1")
        with psycopg.connect(url, autocommit=True) as connection:
            proxy.cut()
            with pytest.raises(psycopg.OperationalError):
                connection.execute("SELECT 1")
        with pytest.raises(psycopg.OperationalError, match="refused"):
            psycopg.connect(url, connect_timeout=2)
        proxy.pass_on()
        psycopg.connect(url).close()
