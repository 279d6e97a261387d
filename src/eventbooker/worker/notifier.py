"""Carries messages from the outbox to Telegram.

What must be told stands in the outbox, written in the transaction of the change it tells of. NOTIFY only
wakes us before the next look, so nothing depends on its arriving. A message is claimed, sent and settled with
no transaction open in between: a crash may repeat a message, and never loses one.
"""

import threading
from datetime import timedelta
from time import monotonic
from zoneinfo import ZoneInfo

import psycopg
import structlog
from psycopg.rows import class_row

from eventbooker.database.pool import Connection, connect, one_line
from eventbooker.worker import messages, telegram
from eventbooker.worker.messages import Notification
from eventbooker.worker.telegram import Bot, DeadEnd, Outcome, RetryAfter, Sent, Unreachable

LEASE = timedelta(seconds=6 * telegram.TIMEOUT)  # each phase of a request may take the whole timeout
PACE = 1 / 25  # seconds between two messages: Telegram takes about 30 a second from one bot
POLL = 1.0
FIRST_PAUSE, LONGEST_PAUSE = 0.25, 15.0

log = structlog.get_logger()


class Notifier:
    """Any number may run at once, in one process or in many: claims keep them apart."""

    def __init__(self, database_url: str, bot: Bot, zone: ZoneInfo, stop: threading.Event) -> None:
        self._database_url = database_url
        self._bot = bot
        self._zone = zone
        self._stop = stop
        self._pause = FIRST_PAUSE
        self._refused_chat: str | None = None
        self._quiet_until = 0.0

    def run(self) -> None:
        """Carry messages until `stop` is set, however often the database goes away."""
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("the notifier lost the database", error=one_line(error), retry_in=self._pause)
            except Exception:  # one message that trips us up must not silence all others
                log.exception("the notifier stumbled", retry_in=self._pause)
            self._stop.wait(self._pause)
            self._pause = min(2 * self._pause, LONGEST_PAUSE)

    def _listen(self) -> None:
        with connect(self._database_url, "notifier") as connection:
            connection.execute("LISTEN outbox")
            while not self._stop.is_set():
                self._drain(connection)
                self._pause = FIRST_PAUSE
                for _ in connection.notifies(timeout=POLL, stop_after=1):
                    pass

    def _drain(self, connection: Connection) -> None:
        """One message at a time: Telegram sets the pace, and little is left leased if we die."""
        while self._may_send() and (notification := self._claim(connection)):
            begun = monotonic()
            self._settle(connection, notification, self._send(notification))
            self._stop.wait(begun + PACE - monotonic())

    def _may_send(self) -> bool:
        return not self._stop.is_set() and monotonic() >= self._quiet_until

    def _claim(self, connection: Connection) -> Notification | None:
        cursor = connection.cursor(row_factory=class_row(Notification))
        return cursor.execute("SELECT * FROM public.claim_notifications(1, %s)", (LEASE,)).fetchone()

    def _send(self, notification: Notification) -> Outcome:
        if notification.chat_id is None:
            return DeadEnd("the user has no Telegram chat any more")
        return self._bot.send(notification.chat_id, messages.text(notification, self._zone))

    def _settle(self, connection: Connection, notification: Notification, outcome: Outcome) -> None:
        claimed = (notification.id, notification.claim)
        said = log.bind(notification=notification.id, kind=notification.kind, booking=notification.booking_id)
        match outcome:
            case Sent():
                connection.execute("SELECT public.acknowledge_notification(%s, %s)", claimed)
                said.info("notification sent")
            case DeadEnd(reason):
                connection.execute("SELECT public.fail_notification(%s, %s, %s)", (*claimed, reason))
                said.warning("notification cannot be delivered", reason=reason)
            case RetryAfter(seconds, reason):
                self._retry(connection, notification, reason, timedelta(seconds=seconds))
                said.warning("notification must wait", reason=reason, seconds=seconds)
                self._heed(notification.chat_id, seconds)
                return
            case Unreachable(reason):
                if self._retry(connection, notification, reason) == "failed":
                    said.error("notification given up", reason=reason, attempts=notification.attempts)
                else:
                    said.warning("notification put off", reason=reason, attempts=notification.attempts)
        self._refused_chat = None

    def _heed(self, chat_id: str | None, seconds: int) -> None:
        """Telegram does not say if the chat or the bot gets too much; two chats in a row mean the bot."""
        if self._refused_chat not in (None, chat_id):
            self._quiet_until = monotonic() + seconds
        self._refused_chat = chat_id

    def _retry(
        self, connection: Connection, notification: Notification, reason: str, pause: timedelta | None = None
    ) -> str | None:
        """The state that the message has now; None if somebody else has claimed it since."""
        row = connection.execute(
            "SELECT state FROM public.retry_notification(%s, %s, %s, %s)",
            (notification.id, notification.claim, reason, pause),
        ).fetchone()
        state: str | None = row[0] if row else None
        return state
