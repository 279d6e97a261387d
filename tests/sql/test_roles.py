"""What the two roles may do, tried with real logins."""

import secrets
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr

from eventbooker.config import ROOT, Auth, Settings
from eventbooker.database.definitions import grants
from eventbooker.database.migrate import migrate
from eventbooker.passwords import hash_password
from tests.conftest import ADMIN_EMAIL, ADMIN_PASSWORD, serving
from tests.database import Database, raises

Login = Callable[[str], str]

WRITES = [
    "UPDATE bookings SET status = 'canceled'",
    "UPDATE events SET available_seats = available_seats + 1",
    "UPDATE events SET total_seats = total_seats + 1",
    "DELETE FROM bookings",
    "TRUNCATE bookings CASCADE",
    "INSERT INTO bookings (event_id, user_id, expires_at) VALUES (1, 1, 'infinity')",
    "UPDATE users SET role = 'admin'",
    "DELETE FROM booking_changes",
    "INSERT INTO outbox (user_id, booking_id, kind) VALUES (1, 1, 'hold_lapsed')",
    "CREATE OR REPLACE FUNCTION public.clock() RETURNS timestamptz LANGUAGE sql AS 'SELECT now()'",
    "ALTER TABLE bookings DISABLE TRIGGER ALL",
    "SELECT release_seats(1, ARRAY[1], 'x', now())",
    "SELECT lapse_holds(1, 'infinity', 10)",
    "SELECT queue_notifications(ARRAY[1], 'hold_lapsed')",
    "SELECT queue_hold_notifications(ARRAY[1], 'hold_made')",
    "SELECT offer_seats(1, now())",
    "UPDATE waitlist SET status = 'left'",
    "UPDATE booking_settings SET max_bookings_per_user = NULL",
    "UPDATE telegram_bot SET enabled = false",
    "SELECT find_or_add_users('{x@example.org}', '{x}', '{NULL}')",
]
PRIVATE = [
    "SELECT * FROM accounts",
    "SELECT * FROM access_tokens",
    "SELECT * FROM account_links",
    "SELECT * FROM sign_in_addresses",
    "SELECT * FROM service_secrets",
    "SELECT create_admin('me@example.org', 'x')",
    "SELECT create_api_token(1, 'x')",
    "SELECT list_api_tokens()",
    "SELECT * FROM start_sign_in('a@example.org', '192.0.2.1')",
    "SELECT * FROM telegram_links",
    "SELECT claim_notifications(1, '1 minute')",
    "SELECT create_telegram_link(1, 'x')",
    "SELECT link_telegram('x', '42', 'en')",
    "SELECT disable_telegram()",
    "SELECT save_idempotency_response('open', 'k', 'x', '{}')",
]


@pytest.fixture
def login(database: Database) -> Iterator[Login]:
    """Makes a login of its own that is a member of a role; its URL."""
    made: list[str] = []

    def make(role: str) -> str:
        name, password = f"test_{secrets.token_hex(6)}", secrets.token_hex(8)
        made.append(name)
        with database.connect() as connection:
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN PASSWORD {} IN ROLE {}").format(
                    sql.Identifier(name), sql.Literal(password), sql.Identifier(role)
                )
            )
        address = database.url.split("@", 1)[1]
        return f"postgresql://{name}:{password}@{address}"

    yield make
    for name in made:
        database.execute(sql.SQL("DROP ROLE {}").format(sql.Identifier(name)).as_string())


@pytest.mark.parametrize("role", ["eventbooker_app", "eventbooker_operator"])
def test_neither_role_can_break_the_seat_law_by_hand(database: Database, login: Login, role: str) -> None:
    booking = database.book(database.event())
    with psycopg.connect(login(role), autocommit=True) as hands:
        for statement in WRITES:
            with raises("42501"):
                hands.execute(statement)

    assert database.one("SELECT status FROM bookings WHERE id = %s", booking["id"]) == {"status": "pending"}
    database.must_keep_the_law()


def test_an_operator_calls_what_operators_call_and_reads_no_secret(database: Database, login: Login) -> None:
    with psycopg.connect(login("eventbooker_operator"), autocommit=True) as hands:
        for call in (
            "SELECT * FROM create_event('Go', '2040-01-01', 5)",
            "SELECT * FROM book_seat(1, 'a@example.org')",
            "SELECT * FROM confirm_booking(1)",
            "SELECT * FROM cancel_booking(1, 'by phone')",
            "SELECT expire_bookings()",
            "SELECT * FROM audit_seats()",
            "SELECT * FROM explain_event(1)",
            "SELECT * FROM repair_seats(1)",
            "SELECT * FROM booking_history(1)",
            "SELECT get_notifications()",
            "SELECT * FROM users, events, bookings, current_bookings, current_events, booking_changes, outbox",
        ):
            hands.execute(call)
        row = hands.execute("SELECT session_user, changed_by FROM booking_history(1)").fetchone()
        assert row is not None
        assert row[0] == row[1]
        for statement in PRIVATE:
            with raises("42501"):
                hands.execute(statement)
    database.must_keep_the_law()


@pytest.mark.parametrize("mode", ["open", "required"])
def test_the_service_runs_with_the_rights_of_the_app_role(database: Database, login: Login, mode: str) -> None:
    database.execute("SELECT create_admin(%s, %s)", (ADMIN_EMAIL, hash_password(ADMIN_PASSWORD)))
    url = login("eventbooker_app")
    settings = Settings(database_url=SecretStr(url), auth=Auth.model_validate({"mode": mode}))
    with serving(settings) as service:
        assert service.post("/session", {"email": ADMIN_EMAIL, "password": ADMIN_PASSWORD}).status_code == 201
        assert service.post("/users", {"email": "u@example.org", "password": "long enough"}).status_code == 201
        event_id = service.event()["id"]
        booking = service.book(event_id, "u@example.org")
        for path in (f"/bookings/{booking['id']}/confirm", f"/bookings/{booking['id']}/cancel"):
            assert service.post(path, headers={"Idempotency-Key": path}).status_code == 200
        for path in ("/events", f"/events/{event_id}", f"/events/{event_id}/bookings", f"/bookings/{booking['id']}"):
            assert service.get(path).status_code == 200
        assert service.post(f"/bookings/{service.book(event_id, 'v@example.org')['id']}/confirm").status_code == 200
        for path in (
            f"/users/{booking['user_id']}/bookings",
            f"/users/{booking['user_id']}/telegram",
            "/notifications",
        ):
            assert service.get(path).status_code == 200
        assert service.call("DELETE", "/session").status_code == 204
    with psycopg.connect(url, autocommit=True) as worker:
        for call in (
            "SELECT expire_bookings()",
            "SELECT claim_notifications(1, '1 minute')",
            "SELECT enable_telegram(0.5)",
            "SELECT register_telegram_bot(7, 'seven_bot'), save_update_offset(7, 8)",
            f"SELECT create_telegram_link({booking['user_id']}, 'token')",
            "SELECT link_telegram('token', '42', 'en')",
            "SELECT list_chat_bookings('42'), find_chat_booking(1, '42')",
            "SELECT unlink_telegram_chat('42'), pause_telegram('1 s'), get_notifications()",
            "SELECT prune_outbox()",
            "SELECT prune_idempotency_keys()",
        ):
            worker.execute(call)
    database.must_keep_the_law()


def roles_named(prefix: str) -> str:
    """roles.sql and the grants, for other roles that the cluster does not have yet."""
    return ((ROOT / "sql" / "roles.sql").read_text() + grants()).replace("eventbooker_", prefix)


@pytest.fixture
def prefix(server_url: str, database: Database) -> Iterator[str]:
    """Begins the names of roles that are gone after the test."""
    prefix = f"test_{secrets.token_hex(6)}_"
    yield prefix
    for role in (f"{prefix}app", f"{prefix}operator"):
        if database.execute("SELECT FROM pg_roles WHERE rolname = %s", (role,)):
            database.execute(f"DROP OWNED BY {role}")
            database.execute(f"DROP ROLE {role}")


def test_databases_of_one_cluster_make_the_roles_at_once(
    new_database: Callable[[str | None], Database], template: str, prefix: str
) -> None:
    databases = [new_database(template) for _ in range(6)]
    try:
        with ThreadPoolExecutor(len(databases)) as migrating:
            list(migrating.map(lambda database: database.execute(roles_named(prefix).replace("%", "%%")), databases))

        for database in databases:
            assert database.one(
                "SELECT has_table_privilege(%s, 'bookings', 'SELECT') AS reads,"
                " has_table_privilege(%s, 'bookings', 'UPDATE') AS writes,"
                " has_function_privilege(%s, 'repair_seats(bigint)', 'EXECUTE') AS repairs",
                *[f"{prefix}operator"] * 3,
            ) == {"reads": True, "writes": False, "repairs": True}
    finally:
        for database in databases:
            database.drop()


def test_who_may_not_make_roles_is_told_in_a_line_and_grants_to_those_that_are_there(
    empty_database: Database, prefix: str
) -> None:
    owner, password = f"{prefix}owner", secrets.token_hex(8)
    empty_database.execute(
        f"CREATE ROLE {owner} LOGIN PASSWORD '{password}'; ALTER DATABASE {empty_database.name} OWNER TO {owner}"
    )
    address = empty_database.url.split("@", 1)[1]
    told: list[str | None] = []
    try:
        migrate(f"postgresql://{owner}:{password}@{address}")
        with psycopg.connect(f"postgresql://{owner}:{password}@{address}", autocommit=True) as hands:
            hands.add_notice_handler(lambda notice: told.append(notice.message_primary))
            hands.execute(roles_named(prefix))
            empty_database.execute(f"CREATE ROLE {prefix}app")
            hands.execute(roles_named(prefix))

        assert told == [
            f"roles {prefix}app and {prefix}operator were not made: permission denied to create role",
            f"role {prefix}operator was not made: permission denied to create role",
        ]
        assert empty_database.one(
            "SELECT has_table_privilege(%s, '_yoyo_migration', 'SELECT') AS reads", f"{prefix}app"
        ) == {"reads": True}
    finally:
        empty_database.execute(f"REASSIGN OWNED BY {owner} TO current_user; DROP OWNED BY {owner}, {prefix}app")
        empty_database.execute(f"DROP ROLE {owner}")


def test_what_was_granted_on_a_dropped_function_is_granted_anew(database: Database) -> None:
    database.execute("DROP FUNCTION repair_seats(bigint)")

    migrate(database.url)

    assert database.one(
        "SELECT has_function_privilege('eventbooker_operator', 'repair_seats(bigint)', 'EXECUTE') AS operator,"
        " has_function_privilege('eventbooker_app', 'repair_seats(bigint)', 'EXECUTE') AS app"
    ) == {"operator": True, "app": False}


def test_anybody_may_call_the_six_functions_of_the_seats_and_no_other(database: Database) -> None:
    called = database.execute(
        "SELECT p.proname FROM pg_proc AS p"
        " CROSS JOIN LATERAL aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) AS granted"
        " WHERE p.pronamespace = 'public'::regnamespace AND granted.grantee = 0 ORDER BY p.proname"
    )

    assert [row["proname"] for row in called] == [
        "audit_seats", "book_seat", "cancel_booking", "clock", "confirm_booking", "create_event", "expire_bookings",
    ]  # fmt: skip
