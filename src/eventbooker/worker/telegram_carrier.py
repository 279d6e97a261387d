"""Notifications as messages of the Telegram bot."""

from zoneinfo import ZoneInfo

import structlog

from eventbooker import qr_codes
from eventbooker.config import Telegram
from eventbooker.database.pool import Connection
from eventbooker.worker.messages import Notification, Words
from eventbooker.worker.outcomes import Outcome, PermanentFailure
from eventbooker.worker.telegram import Bot

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
        if notification.ticket:
            outcome = self._bot.send_photo(address, qr_codes.png(notification.ticket), text)
            if not isinstance(outcome, PermanentFailure) or outcome.address_is_gone:
                return outcome
            log.warning("a ticket goes without its picture", notification=notification.id, reason=outcome.reason)
        return self._bot.send(address, text, words.buttons(notification))

    def rest(self) -> None:
        """The client keeps its connections itself."""
