"""Carries messages from the outbox to people, by one channel: Telegram or mail.

Each message is a row of the outbox, written in the transaction of the change it is about. NOTIFY only wakes us before
the next poll, so nothing depends on its arriving. A message is claimed, sent and settled with no transaction open in
between: a crash may repeat a message and never loses one.
"""

import threading
from datetime import timedelta
from typing import Protocol

import psycopg
import structlog
from psycopg.rows import class_row

from eventbooker.database.pool import Connection, connect, error_line
from eventbooker.database.server import WORKER_STATEMENT_SECONDS
from eventbooker.metrics import NOTIFICATIONS
from eventbooker.tracing import message_span
from eventbooker.worker.messages import Notification
from eventbooker.worker.outcomes import Outcome, PermanentFailure, RateLimited, Sent, TemporaryFailure

MIN_LEASE = timedelta(seconds=30)
POLL_SECONDS = 1.0
MIN_PAUSE, MAX_PAUSE = 0.25, 5.0

OUTCOMES = {
    Sent: "sent",
    RateLimited: "rate_limited",
    TemporaryFailure: "put_off",
    PermanentFailure: "failed",
}

log = structlog.get_logger()


class Carrier(Protocol):
    """A channel, and how messages go by it. For one notifier at a time."""

    @property
    def channel(self) -> str: ...
    @property
    def rate(self) -> float | None:
        """Messages a second of all notifiers together; None: as fast as they are taken."""

    @property
    def longest(self) -> timedelta:
        """How long sending one message may take."""

    def start(self, connection: Connection) -> None:
        """Let messages be queued for the channel. Raises psycopg.Error."""

    def send(self, address: str, notification: Notification) -> Outcome:
        """Send one message; a network error is an outcome too."""

    def rest(self) -> None:
        """Nothing is left to be sent at the moment."""


class Notifier:
    """Any number may run at once, in one process or in many: claims keep them apart and within one rate."""

    def __init__(self, database_url: str, carrier: Carrier, stop: threading.Event) -> None:
        self._database_url = database_url
        self._carrier = carrier
        self._lease = max(MIN_LEASE, carrier.longest)
        self._stop = stop
        self._pause = MIN_PAUSE
        self._refused_address: str | None = None

    def run(self) -> None:
        """Send messages until `stop` is set, also after the database was away."""
        while not self._stop.is_set():
            try:
                self._listen()
            except psycopg.Error as error:
                log.warning("the notifier lost the database", error=error_line(error), retry_in=self._pause)
            except Exception:  # an error in one message must not stop all others
                log.exception("unexpected error of the notifier", retry_in=self._pause)
            self._stop.wait(self._pause)
            self._pause = min(2 * self._pause, MAX_PAUSE)

    def _listen(self) -> None:
        with connect(self._database_url, "notifier", WORKER_STATEMENT_SECONDS) as connection:
            self._carrier.start(connection)
            connection.execute("LISTEN outbox")
            while not self._stop.is_set():
                self._drain(connection)
                self._carrier.rest()
                self._pause = MIN_PAUSE
                for _ in connection.notifies(timeout=POLL_SECONDS, stop_after=1):
                    pass

    def _drain(self, connection: Connection) -> None:
        """One message at a time, so that a crash leaves only one message leased."""
        while not self._stop.is_set() and (notification := self._claim(connection)):
            if self._stop.wait(notification.wait.total_seconds()):
                self._retry(connection, notification, "the worker stopped", timedelta(0))
                return
            self._settle(connection, notification, self._send(notification))

    def _claim(self, connection: Connection) -> Notification | None:
        cursor = connection.cursor(row_factory=class_row(Notification))
        return cursor.execute(
            "SELECT * FROM public.claim_notifications(1, %s, %s, %s)",
            (self._lease, self._carrier.rate, self._carrier.channel),
        ).fetchone()

    def _send(self, notification: Notification) -> Outcome:
        if notification.address is None:
            return PermanentFailure("the user has no chat or mailbox any more")
        with message_span(self._carrier.channel, notification.kind, notification.booking_id) as span:
            outcome = self._carrier.send(notification.address, notification)
            if span:
                span.set_attribute("eventbooker.outcome", OUTCOMES[type(outcome)])
            return outcome

    def _settle(self, connection: Connection, notification: Notification, outcome: Outcome) -> None:
        claimed = (notification.id, notification.claim)
        said = log.bind(notification=notification.id, kind=notification.kind, channel=self._carrier.channel)
        NOTIFICATIONS.labels(self._carrier.channel, OUTCOMES[type(outcome)]).inc()
        match outcome:
            case Sent():
                connection.execute("SELECT public.acknowledge_notification(%s, %s)", claimed)
                said.info("notification sent")
            case PermanentFailure(reason, is_gone):
                connection.execute("SELECT public.fail_notification(%s, %s, %s, %s)", (*claimed, reason, is_gone))
                said.warning("notification cannot be delivered", reason=reason, address_is_gone=is_gone)
            case RateLimited(seconds, reason):
                self._retry(connection, notification, reason, timedelta(seconds=seconds))
                said.warning("notification must wait", reason=reason, seconds=seconds)
                self._pause_if_all_are_refused(connection, notification.address, seconds)
                return
            case TemporaryFailure(reason):
                if self._retry(connection, notification, reason) == "failed":
                    said.error("notification given up", reason=reason, attempts=notification.attempts)
                else:
                    said.warning("notification put off", reason=reason, attempts=notification.attempts)
        self._refused_address = None

    def _pause_if_all_are_refused(self, connection: Connection, address: str | None, seconds: int) -> None:
        """Telegram does not say if the chat or the bot gets too much; two chats in a row mean the bot."""
        if self._refused_address not in (None, address):
            connection.execute("SELECT public.pause_telegram(%s)", (timedelta(seconds=seconds),))
        self._refused_address = address

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
