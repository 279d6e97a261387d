"""Commands of one answer, on a database that is there already."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests.database import Database


def eventbooker(database: Database, *arguments: str, text: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "eventbooker", *arguments], env={**os.environ, "DATABASE_URL": database.url},
        capture_output=True, text=True, timeout=120, input=text, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "command",
    [
        "", "serve", "web", "worker", "migrate", "doctor", "psql", "archive", "admin", "token create", "notifications",
        "notifications retry", "admin reset-link", "token list", "token revoke", "users export", "users erase",
        "events import", "backup", "restore",
    ],
)  # fmt: skip
def test_help_is_everywhere(database: Database, command: str) -> None:
    told = eventbooker(database, *command.split(), "--help")

    assert told.returncode == 0
    assert "usage" in told.stdout.lower()


def test_admins_and_tokens_are_made(database: Database) -> None:
    made = eventbooker(database, "admin", "create", "boss@example.org", text="correct horse\n")
    assert (made.returncode, made.stdout.splitlines()[-1]) == (0, "boss@example.org is an admin."), made.stderr
    assert eventbooker(database, "admin", "create", "boss@example.org", text="short\n").returncode == 1

    token = eventbooker(database, "token", "create", "--email", "boss@example.org")
    assert re.fullmatch(r"t_\S{43}\n", token.stdout)
    unknown = eventbooker(database, "token", "create", "--email", "nobody@example.org")
    assert (unknown.returncode, unknown.stderr) == (
        1,
        "eventbooker: No user has the email nobody@example.org.\n",
    )


def test_tokens_are_made_listed_and_revoked(database: Database) -> None:
    event_id = database.event()
    assert eventbooker(database, "token", "create").stderr == (
        "eventbooker: There is no admin. Say which user the token acts for.\n"
    )
    eventbooker(database, "admin", "create", "boss@example.org", text="correct horse\n")
    made = eventbooker(database, "token", "create", "--scope", "read", "--label", "cron\x1b[2J", "--expires", "30d")
    door = eventbooker(
        database, "token", "create", "--scope", "door", "--event", str(event_id), "--expires", "2099-12-31"
    )
    assert (made.returncode, door.returncode) == (0, 0), made.stderr + door.stderr

    told = eventbooker(database, "token", "list").stdout

    assert re.search(rf"^\d+ +- +door of event {event_id} +- +.* UTC +never +2100-01-01 00:00 UTC$", told, re.MULTILINE)
    line = re.search(r"^(\d+) +cron\?\[2J +read +boss@example.org +.* UTC +never +.* UTC$", told, re.MULTILINE)
    assert line, told
    assert made.stdout.strip() not in told
    assert eventbooker(database, "token", "revoke", line[1]).stdout == f"Token {line[1]} is revoked.\n"
    again = eventbooker(database, "token", "revoke", line[1])
    assert (again.returncode, again.stderr) == (1, f"eventbooker: There is no API token {line[1]}.\n")
    assert database.execute("SELECT * FROM authenticate_token(%s)", (made.stdout.strip(),)) == []


@pytest.mark.parametrize(
    "arguments",
    [
        ["--scope", "door"],
        ["--event", "1"],
        ["--expires", "soon"],
        ["--expires", "0d"],
        ["--expires", "2020-01-01"],
        ["--expires", "9999-12-31"],
    ],
)
def test_a_token_that_makes_no_sense_is_refused(database: Database, arguments: list[str]) -> None:
    refused = eventbooker(database, "token", "create", *arguments)

    assert (refused.returncode, refused.stdout) == (2, "")
    assert f"Error: {'--event' if '--expires' not in arguments else 'Invalid value for --expires'}" in refused.stderr


def test_the_same_password_for_an_admin_again_ends_no_session(database: Database) -> None:
    eventbooker(database, "admin", "create", "boss@example.org", text="correct horse\n")
    database.execute("SELECT create_session(find_user_id('boss@example.org'), 'session', '1 day')")

    eventbooker(database, "admin", "create", "boss@example.org", text="correct horse\n")
    assert len(database.execute("SELECT * FROM authenticate_token('session')")) == 1
    eventbooker(database, "admin", "create", "boss@example.org", text="another horse\n")
    assert database.execute("SELECT * FROM authenticate_token('session')") == []


def test_a_link_that_sets_a_password_is_printed(database: Database) -> None:
    database.book(database.event(), "guest@example.org")

    link = eventbooker(database, "admin", "reset-link", "Guest@example.org").stdout
    token = re.fullmatch(r"http://localhost:8080/#reset=(l_\S+)\n", link)
    assert token, link
    database.execute("SELECT reset_password(%s, 'hash')", (token[1],))
    unknown = eventbooker(database, "admin", "reset-link", "nobody@example.org")
    assert (unknown.returncode, unknown.stderr) == (1, "eventbooker: No user has the email nobody@example.org.\n")


def test_doctor_tells_by_its_status_of_missing_tables(empty_database: Database) -> None:
    told = eventbooker(empty_database, "doctor")

    assert (told.returncode, "FAIL  schema: the database lacks 0001" in told.stdout) == (1, True)


def test_doctor_tells_by_its_status_of_a_newer_version_and_of_a_read_only_server(database: Database) -> None:
    database.execute(
        "INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc) VALUES ('x', '9999-later', now())"
    )
    database.execute(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")

    told = eventbooker(database, "doctor")

    assert told.returncode == 1
    assert "FAIL  database: takes no writing" in told.stdout
    assert "FAIL  schema: the database is of a newer EventBooker, with 9999-later" in told.stdout
    refused = eventbooker(database, "migrate")
    assert (refused.returncode, refused.stderr.startswith("eventbooker: the database is of a newer")) == (1, True)


def test_doctor_tells_by_its_status_of_lost_seats(database: Database) -> None:
    event_id = database.event(seats=5)
    assert eventbooker(database, "doctor").returncode == 0
    database.execute("UPDATE events SET available_seats = 4")

    told = eventbooker(database, "doctor")

    assert told.returncode == 1
    assert f"FAIL  seats: event {event_id} is off by -1" in told.stdout


def test_messages_in_trouble_are_told_and_tried_again(database: Database) -> None:
    booking = database.book(database.event(), telegram_id="42")
    database.execute("SELECT confirm_booking(%s)", (booking["id"],))
    database.execute("DELETE FROM outbox WHERE kind <> 'booking_confirmed'")
    database.execute(
        "UPDATE outbox SET id = 7, state = 'failed', finished_at = clock(), last_error = 'Forbidden: blocked'"
    )

    told = eventbooker(database, "notifications").stdout
    assert re.search(r"^failed +1$", told, re.MULTILINE)
    assert re.search(r"^7 +failed +booking_confirmed +1 +1 +0 +.* UTC +Forbidden: blocked$", told, re.MULTILINE)

    assert eventbooker(database, "notifications", "retry", "7").returncode == 0
    told = eventbooker(database, "notifications").stdout
    assert re.search(r"^waiting +1, the oldest since .* UTC$", told, re.MULTILINE)
    assert "Forbidden" not in told
    unknown = eventbooker(database, "notifications", "retry", "8")
    assert (unknown.returncode, unknown.stderr) == (1, "eventbooker: There is no notification 8.\n")


def test_events_that_are_over_go_to_the_archive(database: Database) -> None:
    for date in ("2020-01-01 00:30", "2020-01-02 00:00"):
        event_id = database.event(date=date)
        database.execute("UPDATE events SET created_at = '2019-01-01' WHERE id = %s", (event_id,))

    archived = eventbooker(database, "archive", "--before", "2020-01-02")

    assert (archived.returncode, archived.stdout) == (0, "archived 1 event\n"), archived.stderr
    deleted = eventbooker(database, "archive", "--delete", "--before", "2020-01-02")
    assert (deleted.returncode, deleted.stdout) == (0, "deleted 1 event\n"), deleted.stderr
    assert [row["id"] for row in database.execute("SELECT id FROM events")] == [event_id]


def test_what_is_kept_of_a_person_is_exported_and_erased(database: Database) -> None:
    booking = database.book(database.event(), "Ann@example.org")

    exported = eventbooker(database, "users", "export", "ann@example.org")
    assert json.loads(exported.stdout)["bookings"][0]["id"] == booking["id"]
    assert eventbooker(database, "users", "erase", "ann@example.org", text="n\n").returncode == 1
    assert (
        eventbooker(database, "users", "erase", "ann@example.org", text="y\n").stdout == "ann@example.org is erased.\n"
    )

    gone = eventbooker(database, "users", "erase", "ann@example.org", "--yes")
    assert (gone.returncode, gone.stderr) == (1, "eventbooker: No user has the email ann@example.org.\n")
    who = database.one("SELECT email, erased_by = session_user AS by_the_role FROM users")
    assert who == {"email": f"erased-{booking['user_id']}@erased.invalid", "by_the_role": True}


def test_a_file_of_events_is_imported_whole_or_not_at_all(database: Database, tmp_path: Path) -> None:
    file = tmp_path / "events.csv"
    file.write_text("name,date\nA,2030-01-01T18:00\nB,tomorrow\n")
    wrong = eventbooker(database, "events", "import", str(file), "--seats", "5")
    assert (wrong.returncode, wrong.stdout.split(" must")[0]) == (1, "line 3: date:")
    assert database.execute("SELECT FROM events") == []

    file.write_text("name,date\nA,2030-01-01T18:00\n")
    fits = eventbooker(database, "events", "import", str(file), "--seats", "5", "--dry-run")
    assert (fits.returncode, fits.stdout) == (0, "line 2: fits: A, 2030-01-01T18:00:00+00:00\n1 fit\n")
    assert database.execute("SELECT FROM events") == []
    created = eventbooker(database, "events", "import", str(file), "--seats", "5")
    assert created.stdout == "line 2: 1: A, 2030-01-01T18:00:00+00:00\n1 created\n"


def test_a_backup_is_written_and_restored(database: Database, empty_database: Database, tmp_path: Path) -> None:
    database.book(database.event())
    file = tmp_path / "shop.dump"

    made = eventbooker(database, "backup", str(file))
    assert (made.returncode, "Checked: restored into a scratch database" in made.stdout) == (0, True), made.stderr
    assert eventbooker(database, "backup", str(file)).stderr == (
        f"eventbooker: {file} exists; say --force to write over it, or name another\n"
    )
    restored = eventbooker(empty_database, "restore", str(file))
    assert restored.returncode == 0, restored.stderr
    assert "1 events, 1 bookings, 1 users" in restored.stdout
    assert "every event adds up" in restored.stdout
    assert eventbooker(empty_database, "doctor").returncode == 0
