from tests.database import Database

MAILS = "SELECT user_id, kind, link_nonce, channel, state FROM outbox"


def test_a_mail_is_queued_with_its_nonce_where_there_is_mail(database: Database) -> None:
    user = database.one("SELECT find_or_add_user('a@b.c', NULL, NULL) AS id")["id"]
    database.execute("UPDATE mail SET enabled = true")

    assert database.one("SELECT queue_account_mail(%s, 'password_reset', 'n') AS queued", user)["queued"]
    assert database.execute(MAILS) == [
        {"user_id": user, "kind": "password_reset", "link_nonce": "n", "channel": "mail", "state": "waiting"}
    ]


def test_nothing_is_queued_where_there_is_no_mail(database: Database) -> None:
    user = database.one("SELECT find_or_add_user('a@b.c', NULL, NULL) AS id")["id"]

    assert not database.one("SELECT queue_account_mail(%s, 'password_reset', 'n') AS queued", user)["queued"]
    assert database.execute(MAILS) == []


def test_a_notifier_of_telegram_leaves_mails_alone(database: Database) -> None:
    user = database.one("SELECT find_or_add_user('a@b.c', NULL, NULL) AS id")["id"]
    database.execute("UPDATE mail SET enabled = true")
    database.execute("SELECT queue_account_mail(%s, 'password_reset', 'n')", (user,))

    assert database.execute("SELECT * FROM claim_notifications(1, interval '1 minute')") == []
