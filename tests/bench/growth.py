"""What a booking, a list and a sweep cost when the tables have grown."""

from collections import defaultdict
from statistics import median

import psycopg
from psycopg import sql
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from eventbooker.database.migrate import migrate
from tests.bench.load import booking, pgbench
from tests.bench.report import Row
from tests.bench.sweep import swept

CLIENTS = 8
EVENTS = 1_000
LAPSED = 20_000

LIST = "SELECT * FROM public.list_events();\n"

FILL = """
SET session_replication_role = replica;
INSERT INTO events (name, date, total_seats, available_seats, booking_ttl)
SELECT 'Event ' || number, now() + interval '1 year', 1000000, 1000000, 1000
FROM generate_series(1, {events}) AS number;
INSERT INTO users (email, name)
SELECT format('guest%s@example.org', number), 'Guest' FROM generate_series(1, {users}) AS number;
INSERT INTO bookings (event_id, user_id, status, created_at, expires_at, confirmed_at, canceled_at, cancel_reason)
SELECT 1 + number % {events}, 1 + number / {events}, kind, at, at + interval '10 minutes',
       CASE kind WHEN 'confirmed' THEN at END,
       CASE kind WHEN 'canceled' THEN at END,
       CASE kind WHEN 'canceled' THEN 'user' END
FROM generate_series(0, {bookings} - 1) AS number
CROSS JOIN LATERAL (SELECT CASE WHEN number % 10 = 0 THEN 'canceled' ELSE 'confirmed' END AS kind,
                           now() - interval '1 day' + number * interval '1 ms' AS at) AS booked;
INSERT INTO booking_changes (booking_id, changed_at, to_status, changed_by, seats)
SELECT id, created_at, 'pending', 'bench', seats FROM bookings;
SET session_replication_role = origin;
UPDATE events SET available_seats = total_seats - taken.seats
FROM (SELECT event_id, count(*) AS seats FROM bookings WHERE status = 'confirmed' GROUP BY event_id) AS taken
WHERE events.id = taken.event_id;
"""

LAPSE = """
WITH lapsed AS (
    INSERT INTO bookings (event_id, user_id, created_at, expires_at)
    SELECT 1 + number %% {events}, u.id, now() - interval '2 hours', now() - interval '1 hour'
    FROM generate_series(0, %s - 1) AS number
    CROSS JOIN LATERAL (SELECT max(id) - number / {events} AS id FROM users) AS u
    ON CONFLICT DO NOTHING
    RETURNING event_id
)
UPDATE events SET available_seats = available_seats - taken.seats
FROM (SELECT event_id, count(*) AS seats FROM lapsed GROUP BY event_id) AS taken WHERE events.id = taken.event_id
"""


def run(url: str, quick: bool) -> list[Row]:
    """Two databases on one server, in turns."""
    large = 300_000 if quick else 10_000_000
    seconds, rounds = (1.0, 2) if quick else (10.0, 5)
    databases = {name: _filled(url, name, bookings) for name, bookings in (("small", 10_000), ("large", large))}
    found: dict[tuple[str, str], list[float]] = defaultdict(list)
    for _ in range(rounds):
        for name, there in databases.items():
            found[name, "book"].append(pgbench(there, booking(EVENTS), clients=CLIENTS, seconds=seconds).rate)
            found[name, "list"].append(pgbench(there, LIST, clients=CLIENTS, seconds=seconds).rate)
            found[name, "expire"].append(_expired(there))
    titles = {"book": "`book_seat`/s", "list": "`list_events`/s", "expire": "`expire_bookings` holds/s"}
    at_least = {"book": 0.9, "list": 0.9, "expire": 0.8}
    return [
        Row(
            f"{title} with {large:,} bookings ÷ with 10,000",
            median(found["large", measure]),
            median(found["small", measure]),
            at_least[measure],
        )
        for measure, title in titles.items()
    ]


def _filled(url: str, name: str, bookings: int) -> str:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    there = make_conninfo(url, dbname=name)
    parts = conninfo_to_dict(there)
    migrate(f"postgresql://{parts['user']}:{parts['password']}@{parts['host']}:{parts['port']}/{name}")
    with psycopg.connect(there, autocommit=True) as connection:
        fill = FILL.format(events=EVENTS, users=bookings // EVENTS + 1, bookings=bookings)
        connection.execute(fill.encode())
        connection.execute("VACUUM ANALYZE")
    return there


def _expired(url: str) -> float:
    """Lapsed holds that a sweep cancels in a second."""
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(LAPSE.format(events=EVENTS).encode(), (LAPSED,))
    return swept(url)
