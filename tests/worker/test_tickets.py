"""Tickets that go with the confirmation: a picture in Telegram; a picture and the calendar entry in mails."""

import io
from collections.abc import Callable
from email.message import EmailMessage

import icalendar
import pytest
import zxingcpp
from PIL import Image

from tests.database import Database
from tests.waiting import until
from tests.worker.bot_api import BLOCKED, BROKEN, NOT_FOUND, Answer, BotApi, _error, too_many_requests
from tests.worker.conftest import Bookings
from tests.worker.mail_server import MailServer
from tests.worker.test_mail import PUBLIC_URL, TOKENS, StartMailer, mail_server, part, start_mailer, the_mail

StartNotifier = Callable[[], None]

__all__ = ["mail_server", "start_mailer"]

WRONG_PICTURE = _error(400, "Bad Request: IMAGE_PROCESS_FAILED")


def code_in(png: bytes) -> str:
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(png)))
    return str(found.text)


def code_of(database: Database, booking_id: int) -> str:
    return str(database.one("SELECT code FROM bookings WHERE id = %s", booking_id)["code"])


def states(database: Database) -> list[str]:
    return [row["state"] for row in database.execute("SELECT state FROM outbox ORDER BY id")]


def entry(mail: EmailMessage) -> icalendar.Event:
    (attached,) = [found for found in mail.iter_attachments() if found.get_content_type() == "text/calendar"]
    (event,) = icalendar.Calendar.from_ical(attached.get_content()).walk("VEVENT")
    assert isinstance(event, icalendar.Event)
    return event


def test_a_confirmation_comes_with_the_code_as_a_picture(
    bookings: Bookings, database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    booking_id = bookings.confirm("101")
    start_notifier()
    until(lambda: bot_api.messages["101"])

    (message,) = bot_api.messages["101"]
    code = code_of(database, booking_id)
    assert code_in(message.photo or b"") == code
    assert code in message.text
    assert "Chess night" in message.text
    until(lambda: states(database) == ["sent"])


@pytest.mark.parametrize("trouble", [WRONG_PICTURE, NOT_FOUND, BROKEN])
def test_a_picture_that_telegram_does_not_take_leaves_the_text(
    bookings: Bookings, database: Database, bot_api: BotApi, start_notifier: StartNotifier, trouble: Answer
) -> None:
    booking_id = bookings.confirm("101")
    bot_api.script("101", trouble)
    start_notifier()
    until(lambda: states(database) == ["sent"])

    (message,) = bot_api.messages["101"]
    assert message.photo is None
    assert code_of(database, booking_id) in message.text


def test_who_has_blocked_the_bot_is_asked_no_second_time(
    bookings: Bookings, database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bookings.confirm("101")
    bot_api.script("101", BLOCKED)
    start_notifier()
    until(lambda: states(database) == ["failed"])

    assert bot_api.asked("101") == 1
    assert database.one("SELECT telegram_broken_at IS NOT NULL AS broken FROM users") == {"broken": True}


def test_a_picture_that_comes_too_early_is_sent_again_as_a_picture(
    bookings: Bookings, database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    bookings.confirm("101")
    bot_api.script("101", too_many_requests(1))
    start_notifier()
    until(lambda: states(database) == ["sent"])

    (message,) = bot_api.messages["101"]
    assert message.photo is not None


def test_a_booking_that_was_canceled_meanwhile_has_no_picture(
    bookings: Bookings, database: Database, bot_api: BotApi, start_notifier: StartNotifier
) -> None:
    booking_id = bookings.confirm("101")
    database.execute("SELECT cancel_booking(%s)", (booking_id,))
    start_notifier()
    until(lambda: states(database) == ["sent"])

    (message,) = bot_api.messages["101"]
    assert message.photo is None
    assert code_of(database, booking_id) not in message.text


@pytest.fixture
def confirmed(database: Database, start_mailer: StartMailer) -> int:
    """A booking whose confirmation is on its way by mail."""
    booking_id = int(database.book(database.event(name="Вечер шахмат"), "anna@example.org")["id"])
    database.execute("DELETE FROM outbox")
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    start_mailer()
    return booking_id


def test_a_mail_shows_the_code_and_brings_the_calendar_entry(
    database: Database, mail_server: MailServer, confirmed: int
) -> None:
    mail = the_mail(mail_server)

    (picture,) = [found for found in mail.walk() if found.get_content_type() == "image/png"]
    code = code_of(database, confirmed)
    assert code_in(picture.get_content()) == code
    assert f'src="cid:{picture["Content-ID"].strip("<>")}"' in part(mail, "html")
    assert picture.get_content_disposition() == "inline"
    ticket = f"{PUBLIC_URL}/ticket#booking={confirmed}&token={TOKENS.booking(confirmed)}"
    assert f"Ticket code: {code}" in part(mail, "plain")
    assert f"\n{ticket}\n" in part(mail, "plain")
    event = entry(mail)
    assert (event["SUMMARY"], event["STATUS"]) == ("Вечер шахмат", "CONFIRMED")


def test_the_mail_of_a_change_or_a_cancellation_updates_the_calendar(
    database: Database, mail_server: MailServer, confirmed: int
) -> None:
    first = entry(the_mail(mail_server))
    event_id = database.one("SELECT event_id FROM bookings")["event_id"]

    database.execute("SELECT change_event(%s, p_place => 'Hall 2')", (event_id,))
    until(lambda: len(mail_server.mails["anna@example.org"]) == 2)
    changed = entry(mail_server.mails["anna@example.org"][1])
    assert (changed["UID"], changed["LOCATION"], changed["STATUS"]) == (first["UID"], "Hall 2", "CONFIRMED")

    database.execute("SELECT cancel_event(%s)", (event_id,))
    until(lambda: len(mail_server.mails["anna@example.org"]) == 3)
    canceled = entry(mail_server.mails["anna@example.org"][2])
    assert (canceled["UID"], canceled["STATUS"]) == (first["UID"], "CANCELLED")
    assert canceled["ORGANIZER"] == "mailto:club@example.org"
    assert int(str(first["SEQUENCE"])) < int(str(changed["SEQUENCE"])) < int(str(canceled["SEQUENCE"]))


def test_a_hold_brings_neither(database: Database, mail_server: MailServer, start_mailer: StartMailer) -> None:
    database.book(database.event(), "anna@example.org")
    start_mailer()

    assert the_mail(mail_server).get_content_type() == "multipart/alternative"
