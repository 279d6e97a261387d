from psycopg.types.json import Json

from tests.database import Database, raises

CLAIM = "SELECT claim_idempotency_key(%s, %s, %s) AS answer"
KEEP = "SELECT save_idempotency_response(%s, %s, %s, %s)"
DAY = 86400


def test_a_new_key_has_no_answer(database: Database) -> None:
    assert database.one(CLAIM, "open", "key", b"request") == {"answer": None}


def test_a_kept_answer_is_found_as_it_was(database: Database) -> None:
    answer = [1, '{"b" : 1, "a" : "é"}', None, {"z": 1, "a": 2}]
    database.execute(KEEP, ("open", "key", b"request", Json(answer)))

    assert database.one(CLAIM, "open", "key", b"request") == {"answer": answer}


def test_another_request_with_the_key_is_refused(database: Database) -> None:
    database.execute(KEEP, ("open", "key", b"request", Json([1])))

    with raises("EB302"):
        database.one(CLAIM, "open", "key", b"another")


def test_keys_of_two_scopes_do_not_meet(database: Database) -> None:
    database.execute(KEEP, ("user 1", "key", b"request", Json([1])))

    assert database.one(CLAIM, "user 2", "key", b"request") == {"answer": None}
    with database.connect() as other, other.transaction():
        other.execute(CLAIM, ("user 1", "new", b"request"))
        assert database.one(CLAIM, "user 2", "new", b"request") == {"answer": None}


def test_a_key_in_flight_is_refused_at_once_and_free_when_its_transaction_ends(database: Database) -> None:
    with database.connect() as other:
        with other.transaction(force_rollback=True):
            other.execute(CLAIM, ("open", "key", b"request"))
            with raises("EB303"):
                database.one(CLAIM, "open", "key", b"request")
        assert database.one(CLAIM, "open", "key", b"request") == {"answer": None}


def test_a_key_counts_for_24_hours_pruned_or_not(database: Database) -> None:
    database.freeze()
    database.execute(KEEP, ("open", "key", b"request", Json([1])))
    database.advance(DAY - 0.000001)
    assert database.one(CLAIM, "open", "key", b"request") == {"answer": [1]}

    database.advance(0.000001)
    assert database.one(CLAIM, "open", "key", b"another") == {"answer": None}
