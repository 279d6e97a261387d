"""PostgreSQL goes down under a running worker, and comes back."""

from pathlib import Path

import psycopg

from eventbooker.database import embedded
from eventbooker.database.migrate import migrate
from tests.crash.test_crash import Server
from tests.waiting import until
from tests.worker.bot_api import BotApi
from tests.worker.process import Worker, worker_environment

BEFORE, MEANWHILE, AFTER = "101", "102", "103"
"""Chats, each of a user of its own."""


def confirm(url: str, chat: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(
            "SELECT confirm_booking((book_seat((create_event(%s, '2040-01-01', 1)).id, %s, NULL, %s)).id)",
            (chat, f"{chat}@example.org", chat),
        )


def connected(url: str, application: str) -> bool:
    with psycopg.connect(url) as connection:
        found = connection.execute(
            "SELECT FROM pg_stat_activity WHERE application_name = %s", (f"eventbooker {application}",)
        )
        return found.rowcount > 0


def test_the_worker_goes_on_when_postgresql_was_restarted(data_dir: Path, tmp_path: Path, bot_api: BotApi) -> None:
    with embedded.running(data_dir, lambda line: None) as url:
        migrate(url)
        with Worker(tmp_path / "log", worker_environment(url, bot_api.url)) as worker:
            confirm(url, BEFORE)
            until(lambda: bot_api.delivered[BEFORE] and connected(url, "notifier") and bot_api.polling)

            Server(url).cut_off_and_restart()
            confirm(url, MEANWHILE)
            until(lambda: bot_api.delivered[MEANWHILE])
            bot_api.hear(4242, "/my")
            until(lambda: bot_api.delivered["4242"])
            confirm(url, AFTER)
            until(lambda: bot_api.delivered[AFTER])

            assert worker.process.poll() is None
            assert [len(bot_api.delivered[chat]) for chat in (BEFORE, MEANWHILE, AFTER)] == [1, 1, 1]
            assert worker.log.count("the notifier lost the database") >= 1
            assert worker.log.count("the bot cannot poll") <= 1
            assert worker.stop() < 2
