from psycopg.types.json import Json

from tests.database import Database


def keep(database: Database, key: str) -> None:
    database.execute("SELECT save_idempotency_response('open', %s, 'request', %s)", (key, Json([1])))


def prune(database: Database) -> int:
    return int(database.one("SELECT prune_idempotency_keys() AS pruned")["pruned"])


def test_a_key_is_deleted_when_its_24_hours_are_over(database: Database) -> None:
    database.freeze()
    keep(database, "old")
    database.advance(3600)
    keep(database, "young")

    database.advance(23 * 3600 - 0.000001)
    assert prune(database) == 0
    database.advance(0.000001)
    assert prune(database) == 1
    assert database.one("SELECT key_hash = sha256('young') AS young FROM idempotency_keys")["young"]
