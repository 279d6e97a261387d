"""`/readyz` says whether requests can be answered, and else why not."""

import pytest

from eventbooker.config import Settings
from eventbooker.database import pool
from tests.conftest import serving
from tests.database import Database
from tests.service import Service
from tests.waiting import until


def test_a_database_that_lacks_a_migration_is_not_ready(live_service: Service, database: Database) -> None:
    assert live_service.get("/readyz").json() == {"status": "ready"}
    database.execute("DELETE FROM _yoyo_migration WHERE migration_id = '0002-outbox'")
    refused = live_service.get("/readyz")
    assert (refused.status_code, refused.json()["code"]) == (503, "schema_outdated")
    assert "0002-outbox" in refused.json()["detail"]
    assert refused.headers["retry-after"] == "1"


def test_a_database_of_the_next_version_is_ready_because_both_serve_during_an_upgrade(
    live_service: Service, database: Database
) -> None:
    database.execute(
        "INSERT INTO _yoyo_migration (migration_hash, migration_id, applied_at_utc) VALUES ('x', '9999-later', now())"
    )
    assert live_service.get("/readyz").status_code == 200


def test_a_database_that_takes_no_writing_is_not_ready_and_booking_is_answered_503(
    settings: Settings, database: Database
) -> None:
    event_id = database.event()
    database.execute(f"ALTER DATABASE {database.name} SET default_transaction_read_only = on")
    with serving(settings) as service:
        refused = service.get("/readyz")
        assert (refused.status_code, refused.json()["code"]) == (503, "database_read_only")
        booking = service.post(f"/events/{event_id}/book", {"email": "user@example.org"})
        assert (booking.status_code, booking.json()["code"]) == (503, "database_away")
        assert service.get(f"/events/{event_id}").status_code == 200


def test_a_full_disk_is_told_in_words_until_writing_was_not_refused_for_a_while(
    live_service: Service, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pool, "FULL_SECONDS", 0.5)
    event_id = database.event()
    database.execute(
        "CREATE FUNCTION public.no_space() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
    )
    database.execute("CREATE TRIGGER full_disk BEFORE INSERT ON bookings EXECUTE FUNCTION public.no_space()")
    for refused in (
        live_service.post(f"/events/{event_id}/book", {"email": "user@example.org"}),
        live_service.get("/readyz"),
    ):
        assert (refused.status_code, refused.json()["code"]) == (503, "database_full")
        assert refused.headers["retry-after"] == "10"
    assert live_service.get(f"/events/{event_id}").status_code == 200

    database.execute("DROP TRIGGER full_disk ON bookings")
    until(lambda: live_service.get("/readyz").status_code == 200)
    live_service.book(event_id)
