"""The functions by which a user says how to be told, and the switch of mail itself."""

import pytest

from tests.database import Database, Row, raises


@pytest.fixture
def user_id(database: Database) -> int:
    database.execute("SELECT enable_mail()")
    return int(database.one("SELECT find_or_add_user('anna@example.org', NULL, '101') AS id")["id"])


def settings(database: Database, user_id: int) -> Row:
    row: Row = database.one("SELECT get_notification_settings(%s) AS settings", user_id)["settings"]
    return row


def choose(database: Database, user_id: int, channel: str | None, language: str | None = None) -> Row:
    row: Row = database.one("SELECT set_notification_settings(%s, %s, %s) AS settings", user_id, channel, language)[
        "settings"
    ]
    return row


def test_at_first_the_way_is_chosen_for_the_user(database: Database, user_id: int) -> None:
    assert settings(database, user_id) == {
        "channel": "auto", "language": None, "mail_available": True, "mail_error": None,
    }  # fmt: skip


def test_a_choice_is_kept(database: Database, user_id: int) -> None:
    chosen = choose(database, user_id, "both", "ru")
    assert (chosen["channel"], chosen["language"]) == ("both", "ru")
    assert settings(database, user_id) == chosen


def test_what_waits_for_a_way_that_is_not_wished_any_more_is_not_sent(database: Database, user_id: int) -> None:
    choose(database, user_id, "both")
    database.book(database.event(), "anna@example.org")
    database.execute("SELECT queue_account_mail(%s, 'password_reset', 'nonce')", (user_id,))
    choose(database, user_id, "telegram")
    left = database.execute("SELECT channel, kind FROM outbox ORDER BY id")
    assert [(row["channel"], row["kind"]) for row in left] == [
        ("telegram", "hold_made"), ("telegram", "hold_ending"), ("mail", "password_reset"),
    ]  # fmt: skip
    choose(database, user_id, "mail")
    assert [row["kind"] for row in database.execute("SELECT kind FROM outbox")] == ["password_reset"]


def test_who_asks_for_mail_again_says_that_the_address_works(database: Database, user_id: int) -> None:
    database.execute("UPDATE users SET mail_broken_at = now(), mail_error = '550 full'")
    assert choose(database, user_id, "telegram")["mail_error"] == "550 full"
    assert choose(database, user_id, "auto")["mail_error"] is None


@pytest.mark.parametrize(("channel", "language"), [("pigeon", None), (None, None), ("mail", "de")])
def test_an_unknown_way_or_language_is_refused(
    database: Database, user_id: int, channel: str | None, language: str | None
) -> None:
    with raises("EB105"):
        choose(database, user_id, channel, language)


def test_nobody_has_no_settings(database: Database) -> None:
    with raises("EB003"):
        settings(database, 404)
    with raises("EB003"):
        choose(database, 404, "auto")


def test_unsubscribing_ends_the_mails_that_wait_too_but_not_telegram(database: Database, user_id: int) -> None:
    choose(database, user_id, "both")
    database.book(database.event(), "anna@example.org")
    for _ in range(2):
        database.execute("SELECT unsubscribe_from_mail(%s)", (user_id,))
    assert {row["channel"] for row in database.execute("SELECT channel FROM outbox")} == {"telegram"}
    assert settings(database, user_id)["channel"] == "telegram"
    database.execute("SELECT unsubscribe_from_mail(404)")


def test_without_a_mail_server_nothing_waits(database: Database, user_id: int) -> None:
    choose(database, user_id, "mail")
    database.book(database.event(), "anna@example.org")
    database.execute("SELECT disable_mail()")
    assert database.execute("SELECT FROM outbox") == []
    database.book(database.event(), "anna@example.org")
    assert database.execute("SELECT FROM outbox") == []


def test_what_is_as_it_should_be_is_not_written(database: Database) -> None:
    for call in ("SELECT enable_mail(0.3)", "SELECT disable_mail()"):
        database.execute(call)
        before = database.one("SELECT *, xmin::text AS version FROM mail")
        database.execute(call)
        assert database.one("SELECT *, xmin::text AS version FROM mail") == before


def test_a_notifier_of_one_channel_claims_nothing_of_another(database: Database, user_id: int) -> None:
    choose(database, user_id, "both")
    database.book(database.event(), "anna@example.org")
    mails = database.execute("SELECT * FROM claim_notifications(9, '30 s', NULL, 'mail')")
    assert [(mail["kind"], mail["address"]) for mail in mails] == [("hold_made", "anna@example.org")]
    messages = database.execute("SELECT * FROM claim_notifications(9, '30 s')")
    assert [(message["kind"], message["address"]) for message in messages] == [("hold_made", "101")]


def test_a_retried_mail_takes_the_address_for_good_again(database: Database, user_id: int) -> None:
    choose(database, user_id, "mail")
    database.book(database.event(), "anna@example.org")
    mail = database.one("SELECT * FROM claim_notifications(1, '30 s', NULL, 'mail')")
    database.execute("SELECT fail_notification(%s, %s, '550 5.1.1 gone', true)", (mail["id"], mail["claim"]))
    assert settings(database, user_id)["mail_error"] == "550 5.1.1 gone"
    assert database.one("SELECT telegram_error FROM users") == {"telegram_error": None}
    database.execute("SELECT requeue_notification(%s)", (mail["id"],))
    assert settings(database, user_id)["mail_error"] is None
