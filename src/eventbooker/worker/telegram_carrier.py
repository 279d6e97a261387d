"""Notifications as messages of the Telegram bot."""

from zoneinfo import ZoneInfo

from eventbooker.config import Telegram
from eventbooker.database.pool import Connection
from eventbooker.worker.messages import Notification, Words
from eventbooker.worker.outcomes import Outcome
from eventbooker.worker.telegram import Bot


class TelegramCarrier:
    """Sends by the bot."""

    channel = "telegram"

    def __init__(self, bot: Bot, settings: Telegram, zone: ZoneInfo) -> None:
        self.rate = settings.rate
        self.longest = 6 * settings.timeout  # each phase of a request may take the whole timeout
        self._bot = bot
        self._settings = settings
        self._zone = zone

    def start(self, connection: Connection) -> None:
        connection.execute("SELECT public.enable_telegram(%s)", (self._settings.reminder,))

    def send(self, address: str, notification: Notification) -> Outcome:
        words = Words(notification.language or self._settings.language, self._zone)
        return self._bot.send(address, words.notification(notification), words.buttons(notification))

    def rest(self) -> None:
        """The client keeps its connections itself."""
