"""Long polling of Telegram for updates: what people wrote to the bot and which buttons they pressed.

One worker at a time polls, the one that holds an advisory lock in the database; the others wait for it to die. An
update is recorded as done after it was handled and answered. So a crash may have one handled twice, and none is lost:
whatever the handler does can be done twice without harm.
"""

import threading
from time import monotonic
from typing import Any
from zoneinfo import ZoneInfo

import psycopg
import structlog

from eventbooker.config import Telegram
from eventbooker.database.pool import Connection, connect, error_line, takes_no_writing
from eventbooker.database.server import WORKER_STATEMENT_SECONDS, is_lost
from eventbooker.worker.telegram import Bot, TelegramUnavailable, result_of
from eventbooker.worker.update_handler import UpdateHandler

POLLER_LOCK = 0x65766E74626C  # "evntbl": names our lock among the database's advisory locks
TAKE_OVER_SECONDS = 2.0
"""Between two attempts to get the lock of a poller that may have died."""

LONG_POLL_SECONDS = 25.0
MAX_ATTEMPTS = 3
MIN_PAUSE, MAX_PAUSE = 1.0, 60.0

SAME_SERIES = 1000
"""Telegram numbers updates one by one, but after a week without any it may go on with any number, also a lower one."""

log = structlog.get_logger()


class UpdatePoller:
    """Any number may run at once; one of them polls."""

    def __init__(self, database_url: str, bot: Bot, settings: Telegram, zone: ZoneInfo, stop: threading.Event) -> None:
        self._database_url = database_url
        self._bot = bot
        self._handler = UpdateHandler(bot, settings.language, zone)
        self._stop = stop
        self._pause = MIN_PAUSE
        self._last_warning = ""

    def run(self) -> None:
        """Poll until `stop` is set, through failures of the database and of Telegram. Each outage is logged once."""
        while not self._stop.is_set():
            pause = 0.0
            try:
                self._poll_when_alone()
            except psycopg.Error as error:
                self._warn_once("the bot cannot poll: the database does not answer", error_line(error))
            except TelegramUnavailable as unavailable:
                self._warn_once("the bot cannot poll: Telegram does not answer", str(unavailable))
                pause = unavailable.retry_after
            except Exception:
                log.exception("unexpected error of the bot", retry_in=self._pause)
            self._stop.wait(max(self._pause, pause))
            self._pause = min(2 * self._pause, MAX_PAUSE)

    def _warn_once(self, event: str, reason: str) -> None:
        if self._last_warning != event:
            log.warning(event, reason=reason)
        self._last_warning = event

    def _poll_when_alone(self) -> None:
        with connect(self._database_url, "update poller", WORKER_STATEMENT_SECONDS) as connection:
            # The server must release the lock of a machine that stopped answering.
            for setting, value in (("idle", 10), ("interval", 5), ("count", 3)):
                connection.execute("SELECT set_config(%s, %s, false)", (f"tcp_keepalives_{setting}", str(value)))
            while not self._try_lock(connection):
                self._pause = MIN_PAUSE
                if self._stop.wait(TAKE_OVER_SECONDS):
                    return
            bot_id, username = self._get_identity()
            next_id = self._register_bot(connection, bot_id, username)
            log.info("the bot listens", bot=username)
            self._poll(connection, bot_id, next_id)

    def _try_lock(self, connection: Connection) -> bool:
        row = connection.execute("SELECT pg_try_advisory_lock(%s)", (POLLER_LOCK,)).fetchone()
        return row is not None and row[0]

    def _get_identity(self) -> tuple[int, str]:
        match result_of(self._bot.get_me()):
            case {"id": int(bot_id), "username": str(username)}:
                return bot_id, username
        raise TelegramUnavailable("getMe was answered without a bot")

    def _register_bot(self, connection: Connection, bot_id: int, username: str) -> int:
        row = connection.execute("SELECT public.register_telegram_bot(%s, %s)", (bot_id, username)).fetchone()
        return int(row[0]) if row else 0

    def _poll(self, connection: Connection, bot_id: int, next_id: int) -> None:
        """Telegram forgets an update when a later one is asked for, so an update that it still sends is either not
        handled yet or was handled just now."""
        offset = 0
        while not self._stop.is_set():
            started = monotonic()
            updates = self._get_updates(offset)
            # If our connection, and so our lock, is lost, another worker may be polling; so it may on a new primary.
            if takes_no_writing(connection):
                raise psycopg.OperationalError("the server takes no writing any more")
            self._pause, self._last_warning = MIN_PAUSE, ""
            offset = 0
            if not updates:  # an empty answer that comes too early must not make us ask without a pause
                self._stop.wait(started + MIN_PAUSE - monotonic())
            for update in updates:
                if self._stop.is_set():
                    return
                update_id: int = update["update_id"]
                if not next_id - SAME_SERIES <= update_id < next_id:
                    self._handle(connection, update)
                    next_id = update_id + 1
                    connection.execute("SELECT public.save_update_offset(%s, %s)", (bot_id, next_id))
                offset = update_id + 1

    def _get_updates(self, offset: int) -> list[dict[str, Any]]:
        updates = result_of(self._bot.get_updates(offset, LONG_POLL_SECONDS))
        if not isinstance(updates, list) or not all(
            isinstance(update, dict) and isinstance(update.get("update_id"), int) for update in updates
        ):
            raise TelegramUnavailable("getUpdates was answered without updates")
        return updates

    def _handle(self, connection: Connection, update: dict[str, Any]) -> None:
        """Handle the update, with retries. One that cannot be answered is skipped: it would stop all later ones."""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            try:
                self._handler.handle(connection, update)
                return
            except TelegramUnavailable as unavailable:
                log.warning(
                    "the bot could not answer", update=update["update_id"], reason=str(unavailable), attempt=attempt
                )
                if attempt == MAX_ATTEMPTS or unavailable.retry_after > MAX_PAUSE:
                    return
                if self._stop.wait(max(unavailable.retry_after, MIN_PAUSE)):
                    raise
            except Exception as error:
                if isinstance(error, psycopg.OperationalError) or (isinstance(error, psycopg.Error) and is_lost(error)):
                    raise
                log.exception("the bot skips an update", update=update["update_id"])
                return
