"""Notifications as messages of the Telegram bot."""

from zoneinfo import ZoneInfo

import structlog

from eventbooker import qr_codes
from eventbooker.config import Telegram
from eventbooker.database.pool import Connection
from eventbooker.worker.messages import Notification, Words
from eventbooker.worker.outcomes import Outcome, PermanentFailure, RateLimited, Sent, TemporaryFailure
from eventbooker.worker.telegram import Bot

PICTURE_ATTEMPTS = 3
"""After so many, the ticket goes as text alone: some Bot API servers may know no pictures."""

log = structlog.get_logger()


class TelegramCarrier:
    """Sends by the bot."""

    channel = "telegram"

    def __init__(self, bot: Bot, settings: Telegram, zone: ZoneInfo) -> None:
        self.rate = settings.rate
        # Each phase of a request may take the whole timeout; a ticket may take a second request on the same connection.
        self.longest = 10 * settings.timeout
        self._bot = bot
        self._settings = settings
        self._zone = zone

    def start(self, connection: Connection) -> None:
        connection.execute("SELECT public.enable_telegram(%s)", (self._settings.reminder,))

    def send(self, address: str, notification: Notification) -> Outcome:
        words = Words(notification.language or self._settings.language, self._zone)
        text = words.notification(notification)
        if notification.ticket and notification.attempts <= PICTURE_ATTEMPTS:
            outcome = self._bot.send_photo(address, qr_codes.png(notification.ticket), text)
            match outcome:
                case (
                    Sent() | RateLimited() | PermanentFailure(address_is_gone=True) | TemporaryFailure(is_answer=False)
                ):
                    return outcome
                case PermanentFailure(reason) | TemporaryFailure(reason):
                    log.warning("a ticket goes without its picture", notification=notification.id, reason=reason)
        return self._bot.send(address, text, words.buttons(notification))

    def rest(self) -> None:
        """The client keeps its connections itself."""
