"""What is decided about each column of the database, should it say something of a person."""

ERASED = "is exported, and erased"
NOBODYS = "is exported, and nobody's once the row in users names nobody"
NOT_OF_PEOPLE = "says nothing of a person"

DECISIONS: dict[str, dict[str, str]] = {
    "users": {
        ERASED: "email name telegram_id role language notify_by telegram_broken_at telegram_error"
        " mail_broken_at mail_error",
        NOBODYS: "id created_at",
        "says only that, when and by whom the person was erased": "erased_at erased_by",
        NOT_OF_PEOPLE: "calendar_version",
    },
    "accounts": {
        ERASED: "user_id created_at email_proven_at claimed_name",
        "is erased; a hash is not for export": "password_hash",
    },
    "access_tokens": {
        ERASED: "id user_id kind label scope event_id created_at expires_at last_seen_at",
        "is erased; a hash is not for export": "token_hash",
    },
    "account_links": {
        ERASED: "purpose user_id created_at expires_at",
        "is erased; a hash and what leads to it are not for export": "token_hash nonce",
    },
    "telegram_links": {
        ERASED: "user_id expires_at chat_id",
        "is erased; a hash is not for export": "token_hash",
    },
    "telegram_chats": {ERASED: "chat_id next_send_at", "says that nobody may write to this chat": "stopped_at"},
    "sign_in_addresses": {ERASED: "address at", "is erased; the export is of this user alone": "user_id"},
    "sign_in_attempts": {ERASED: "email address at"},
    "bookings": {
        NOBODYS: "id event_id user_id status created_at expires_at confirmed_at canceled_at cancel_reason seats code"
        " checked_in_at checked_in_by",
    },
    "archive.bookings": {
        NOBODYS: "id event_id user_id status created_at expires_at confirmed_at canceled_at cancel_reason seats code"
        " checked_in_at checked_in_by",
    },
    "booking_changes": {
        NOBODYS: "booking_id id changed_at from_status to_status reason changed_by seats",
    },
    "archive.booking_changes": {
        NOBODYS: "booking_id id changed_at from_status to_status reason changed_by seats",
    },
    "waitlist": {
        NOBODYS: "id event_id user_id seats status booking_id created_at passed_over kept_until",
    },
    "client_holds": {ERASED: "booking_id client_key", "is that of the booking; erased": "expires_at"},
    "outbox": {
        ERASED: "id user_id booking_id event_id kind state attempts due_at last_error created_at finished_at not_before"
        " channel",
        "is erased; it opens or claims something": "claim link_nonce",
    },
    "idempotency_keys": {
        ERASED: "answer expires_at",
        "is erased; who sent the key has it": "scope key_hash request_hash",
    },
    "request_counts": {"is a keyed hash, for at most two days": "key", NOT_OF_PEOPLE: "period requests expires_at"},
    "events": {
        NOT_OF_PEOPLE: "id name date total_seats available_seats booking_ttl created_at canceled_at description place"
        " timezone opens_at closes_at max_seats_per_booking published version waiting"
        " no_show_minutes no_shows_freed_at",
    },
    "archive.events": {
        NOT_OF_PEOPLE: "id name date total_seats available_seats booking_ttl created_at canceled_at description place"
        " timezone opens_at closes_at max_seats_per_booking published version waiting"
        " no_show_minutes no_shows_freed_at",
    },
    "booking_settings": {NOT_OF_PEOPLE: "id max_bookings_per_user"},
    "mail": {NOT_OF_PEOPLE: "id enabled reminder"},
    "telegram_bot": {
        NOT_OF_PEOPLE: "id enabled reminder bot_id username next_update_id next_send_at quiet_until",
    },
    "service_secrets": {NOT_OF_PEOPLE: "name value"},
}
"""By table, why and which columns. A booking and its history name nobody: a reason says why, not who."""


def columns(table: str, why: str) -> list[str]:
    return DECISIONS[table].get(why, "").split()
