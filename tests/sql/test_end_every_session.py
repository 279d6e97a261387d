from tests.database import Database


def test_sessions_and_links_end_and_api_tokens_stay(database: Database) -> None:
    user_id = database.one("SELECT id FROM register_user('a@example.org', 'A', NULL, 'hash')")["id"]
    database.execute("SELECT create_session(%s, 'session', '1 day')", (user_id,))
    database.execute("SELECT create_api_token(%s, 'token')", (user_id,))
    database.execute("SELECT create_reset_link(%s, 'reset', 'nonce')", (user_id,))

    assert database.one("SELECT end_every_session() AS ended") == {"ended": 1}
    assert database.execute("SELECT * FROM authenticate_token('session')") == []
    assert len(database.execute("SELECT * FROM authenticate_token('token')")) == 1
    assert database.execute("SELECT FROM account_links") == []
    assert database.one("SELECT end_every_session() AS ended") == {"ended": 0}
