import threading

from tests.database import Database

COUNT = "SELECT current, previous FROM count_requests(%s, %s, %s, %s) ORDER BY ordinal"


def count(database: Database, *requests: tuple[bytes, int, int]) -> list[tuple[int, int]]:
    """Counts (key, period, requests), in periods of an hour."""
    keys, periods, counts = map(list, zip(*requests, strict=True))
    rows = database.execute(COUNT, (keys, [3600] * len(keys), periods, counts))
    return [(row["current"], row["previous"]) for row in rows]


def test_requests_add_up_by_key_and_period(database: Database) -> None:
    assert count(database, (b"a", 7, 2), (b"b", 7, 1)) == [(2, 0), (1, 0)]
    assert count(database, (b"b", 7, 4), (b"a", 7, 1)) == [(5, 0), (3, 0)]
    assert count(database, (b"a", 8, 1)) == [(1, 3)]
    assert count(database, (b"a", 10, 1)) == [(1, 0)]


def test_one_key_twice_in_a_call_is_counted_twice(database: Database) -> None:
    assert count(database, (b"a", 7, 2), (b"a", 7, 1), (b"a", 8, 1)) == [(3, 0), (3, 0), (1, 3)]


def test_calls_at_once_in_any_order_lose_nothing(database: Database) -> None:
    def often(*requests: tuple[bytes, int, int]) -> None:
        with database.connect() as connection:
            keys, periods, counts = map(list, zip(*requests, strict=True))
            for _ in range(100):
                connection.execute(COUNT, (keys, [3600] * len(keys), periods, counts))

    requests = [(bytes([n]), 7, 1) for n in range(10)]
    threads = [threading.Thread(target=often, args=order) for order in (requests, requests[::-1])]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert count(database, *((key, period, 0) for key, period, _ in requests)) == [(200, 0)] * 10


def test_counts_that_limit_nothing_any_more_are_pruned(database: Database) -> None:
    database.freeze("2030-01-01 12:00+00")
    hour = int(database.one("SELECT extract(epoch FROM clock()) / 3600 AS hour")["hour"])
    count(database, (b"old", hour - 2, 1), (b"last", hour - 1, 1), (b"new", hour, 1))

    assert database.one("SELECT prune_request_counts() AS pruned") == {"pruned": 1}
    assert database.execute("SELECT key FROM request_counts ORDER BY period") == [{"key": b"last"}, {"key": b"new"}]
    assert database.one("SELECT prune_request_counts(1) AS pruned") == {"pruned": 1}
    assert database.execute("SELECT key FROM request_counts") == [{"key": b"new"}]
