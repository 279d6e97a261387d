from psycopg import sql
from psycopg.types.json import Json

from tests.database import Database

CLAIM = "SELECT claim_idempotency_key('open', 'key', %s) AS answer"
KEEP = "SELECT save_idempotency_response('open', %s, %s, %s)"


def test_the_key_itself_is_not_stored(database: Database) -> None:
    database.execute(KEEP, ("an unguessable key", b"request", Json([1])))

    assert "an unguessable key" not in database.one("SELECT k::text AS row FROM idempotency_keys AS k")["row"]
    assert database.one("SELECT key_hash = sha256('an unguessable key') AS hashed FROM idempotency_keys")["hashed"]


def test_an_expired_answer_makes_room_for_a_new_one(database: Database) -> None:
    database.freeze()
    database.execute(KEEP, ("key", b"request", Json([1])))
    database.advance(86400)
    database.execute(KEEP, ("key", b"another", Json([2])))

    assert database.one(CLAIM, b"another") == {"answer": [2]}
    assert database.one("SELECT expires_at - clock() = interval '24 hours' AS anew FROM idempotency_keys")["anew"]


def test_a_role_without_rights_on_the_table_keeps_and_finds_answers(database: Database) -> None:
    role = sql.Identifier(f"caller_of_{database.name}")
    with database.connect() as session:
        session.execute(sql.SQL("CREATE ROLE {} IN ROLE eventbooker_app").format(role))
        try:
            session.execute(sql.SQL("SET ROLE {}").format(role))
            session.execute(KEEP, ("key", b"request", Json([1])))
            assert session.execute(CLAIM, (b"request",)).fetchall() == [{"answer": [1]}]
        finally:
            session.execute("RESET ROLE")
            session.execute(sql.SQL("DROP ROLE {}").format(role))
