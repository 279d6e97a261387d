"""Notifications as mails: the words of Telegram's messages, as text and as HTML, with links."""

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, localtime, parseaddr
from html import escape, unescape
from zoneinfo import ZoneInfo

from eventbooker import calendars, qr_codes
from eventbooker.calendars import CalendarEntry
from eventbooker.config import Mail
from eventbooker.database.pool import Connection
from eventbooker.tokens import Tokens
from eventbooker.worker.messages import Notification, Words
from eventbooker.worker.outcomes import Outcome, PermanentFailure
from eventbooker.worker.smtp import PHASES, MailServer

LINKS = {"password_reset": "/#reset={}", "email_proof": "/#proof={}"}
"""Where a mail with a link leads; the fragment is sent to no server and stands in no log."""

SUBJECT_LENGTH = 150
NEWLINE = "\n"


class MailCarrier:
    """Sends by the mail server. `load_tokens` is called with the first connection."""

    channel = "mail"
    rate = None

    def __init__(
        self,
        server: MailServer,
        settings: Mail,
        public_url: str,
        zone: ZoneInfo,
        load_tokens: Callable[[Connection], Tokens],
    ) -> None:
        if settings.from_ is None:
            raise ValueError("mail.from is not set")
        self.longest: timedelta = PHASES * settings.timeout
        self._from = settings.from_
        self._server = server
        self._settings = settings
        self._public_url = public_url
        self._zone = zone
        self._load_tokens = load_tokens
        self._tokens: Tokens | None = None

    def start(self, connection: Connection) -> None:
        self._tokens = self._load_tokens(connection)
        connection.execute("SELECT public.enable_mail(%s)", (self._settings.reminder,))

    def send(self, address: str, notification: Notification) -> Outcome:
        if self._tokens is None:
            raise RuntimeError("start() was not called")
        try:
            recipient = _ascii_domain(address)
            words = Words(notification.language or self._settings.language, self._zone)
            mail = compose(notification, words, self._from, recipient, self._public_url, self._tokens)
        except ValueError as error:  # what users.email takes is more than mail has addresses
            return PermanentFailure(f"no mail can be written to this address: {error}", address_is_gone=True)
        return self._server.send(mail, parseaddr(self._from)[1], recipient)

    def rest(self) -> None:
        self._server.close()


def compose(
    notification: Notification, words: Words, sender: str, recipient: str, public_url: str, tokens: Tokens
) -> EmailMessage:
    """The mail; EmailMessage refuses line breaks in headers. Raises ValueError."""
    told = words.notification(notification)
    links = _links(notification, words, public_url, tokens)
    why = words.say("why_mail", address=recipient, url=public_url)
    footer_text, footer_html = [unescape(why)], [why]

    mail = EmailMessage()
    name, from_address = parseaddr(sender)
    mail["From"] = Address(name, addr_spec=from_address)
    mail["To"] = Address(addr_spec=recipient)
    mail["Subject"] = _subject(notification, told)
    mail["Date"] = format_datetime(localtime())
    mail["Message-ID"] = f"<{tokens.message_id(notification.id)}@{from_address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    if notification.link_nonce is None:  # nobody can unsubscribe from what they have asked for
        token = tokens.unsubscribing(notification.user_id)
        mail["List-Unsubscribe"] = f"<{public_url}/users/{notification.user_id}/unsubscribe?token={token}>"
        mail["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
        page = f"{public_url}/user#unsubscribe={notification.user_id}&token={token}"
        footer_text.append(f"{unescape(words.say('unsubscribe'))} {page}")
        footer_html.append(f'{words.say("unsubscribe")} <a href="{escape(page)}">{escape(public_url)}</a>')

    text, paragraphs = [_as_text(told)], told.split("\n\n")
    ticket = notification.ticket
    picture = f"ticket-{notification.booking_id}@{from_address.rpartition('@')[2]}"
    if ticket:
        paragraphs.append(f'<img src="cid:{picture}" width="232" height="232" alt="{escape(ticket)}">')
    for what, where in links:
        text.append(f"{unescape(what)}\n{where}")
        paragraphs.append(f'{what}\n<a href="{escape(where)}">{escape(where)}</a>')
    text.append("-- \n" + "\n".join(footer_text))
    mail.set_content("\n\n".join(text) + "\n", cte="quoted-printable")
    mail.add_alternative(_as_html(words.language, paragraphs, footer_html), subtype="html", cte="quoted-printable")
    if ticket:
        _add_picture(mail, qr_codes.png(ticket), picture)
    if notification.calendar_entry:
        _attach_calendar(mail, notification.calendar_entry, words.language, sender)
    return mail


def _add_picture(mail: EmailMessage, png: bytes, cid: str) -> None:
    """Into the HTML, which shows it by its Content-ID: mail programs fetch no pictures from elsewhere unasked."""
    html = mail.get_body(("html",))
    if not isinstance(html, EmailMessage):
        raise LookupError("the mail has no HTML")
    html.add_related(png, "image", "png", cid=f"<{cid}>", disposition="inline", filename="ticket.png")


def _attach_calendar(mail: EmailMessage, entry: CalendarEntry, language: str, sender: str) -> None:
    ics = calendars.ticket_calendar(entry, language, datetime.now(UTC), sender)
    parameters = {"charset": "utf-8", **({"method": "CANCEL"} if entry.is_canceled else {})}
    mail.add_attachment(ics, "text", "calendar", filename=f"booking-{entry.booking_id}.ics", params=parameters)


def _subject(notification: Notification, told: str) -> str:
    """The first sentence of the news, after the event it is about."""
    first = re.split(r"(?<=[.!?])\s", _as_text(told), maxsplit=1)[0].rstrip(".")
    event = " ".join((notification.event_name or "").split())
    return f"{event[:80]}: {first}"[:SUBJECT_LENGTH] if event else first[:SUBJECT_LENGTH]


def _links(notification: Notification, words: Words, public_url: str, tokens: Tokens) -> list[tuple[str, str]]:
    """What to do next, and where."""
    if notification.link_nonce is not None:
        path = LINKS.get(notification.kind, "/").format(tokens.link(notification.link_nonce))
        return [(words.say("open_link"), public_url + path)]
    if notification.booking_id is None:
        return [(words.say("open_events"), f"{public_url}/user")]
    fragment = f"booking={notification.booking_id}&token={tokens.booking(notification.booking_id)}"
    ticket = [(words.say("open_ticket"), f"{public_url}/ticket#{fragment}")] if notification.ticket else []
    return [*ticket, (words.say("open_booking"), f"{public_url}/user#{fragment}")]


def _as_text(told: str) -> str:
    """Telegram's HTML without its marks."""
    return unescape(re.sub(r"</?b>", "", told))


def _as_html(language: str, paragraphs: list[str], footer: list[str]) -> str:
    body = "".join(f"<p>{paragraph.replace(NEWLINE, '<br>')}</p>\n" for paragraph in paragraphs)
    small = f'<p style="color:#666;font-size:small">{"<br>".join(footer)}</p>'
    head = f'<!doctype html>\n<html lang="{language}">\n<meta charset="utf-8">'
    return f"{head}\n<body>\n{body}<hr>\n{small}\n</body>\n</html>\n"


def _ascii_domain(address: str) -> str:
    """The address as mail servers write its domain. Raises ValueError."""
    mailbox, _, domain = address.rpartition("@")
    return f"{mailbox}@{domain if domain.isascii() else domain.encode('idna').decode()}"
