"""Tokens that are derived instead of stored: a keyed hash of what each one opens.

Web and worker derive the same ones, so a message never has to carry a secret through the database. The key may be
configured outside the database; then no backup of the database can forge a token.
"""

import hmac
from base64 import urlsafe_b64encode
from collections.abc import Callable

from eventbooker.config import Settings


class Tokens:
    """The tokens of one secret key."""

    def __init__(self, key: str) -> None:
        self._hash = hmac.new(key.encode(), digestmod="sha256")

    def booking(self, booking_id: int) -> str:
        """What proves that one made this booking."""
        return self._derive("b_", f"booking {booking_id}")

    def waitlist(self, entry_id: int) -> str:
        """What proves that one waits with this entry of a waiting list."""
        return self._derive("w_", f"waitlist {entry_id}")

    def link(self, nonce: str) -> str:
        """What opens the link whose row holds this nonce, for whoever was sent it."""
        return self._derive("l_", f"link {nonce}")

    def unsubscribing(self, user_id: int) -> str:
        """What ends the mails to a user, for whoever was sent one."""
        return self._derive("u_", f"unsubscribe {user_id}")

    def calendar(self, user_id: int, version: int) -> str:
        """What opens the calendar of a user's bookings, until there is a newer version of its address."""
        return self._derive("c_", f"calendar {user_id} {version}")

    def message_id(self, notification_id: int) -> str:
        """The part of a mail's Message-ID before the @: always the same for a message, and no other service's."""
        return f"{notification_id}.{self._derive('', f'message {notification_id}')}"

    def rate_key(self, subject: str) -> bytes:
        """Under which the requests of a subject are counted, so that what is stored names nobody."""
        return self._mac(f"rate {subject}")[:16]

    def _derive(self, prefix: str, what: str) -> str:
        return prefix + urlsafe_b64encode(self._mac(what)[:24]).decode()

    def _mac(self, what: str) -> bytes:
        mac = self._hash.copy()
        mac.update(what.encode())
        return mac.digest()


def load_tokens(settings: Settings, get_stored_key: Callable[[], str]) -> Tokens:
    """With the configured key, or the one that the database made for itself: what the function `get_secret_key`
    returns."""
    return Tokens(settings.secret_key.get_secret_value() if settings.secret_key else get_stored_key())
