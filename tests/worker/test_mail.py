"""Mails to people: what is in them, and what becomes of them at a mail server that does as it is told."""

import re
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from ssl import PROTOCOL_TLS_SERVER, SSLContext
from threading import Event, Thread
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from pydantic import SecretStr

from eventbooker.config import Mail
from eventbooker.tokens import Tokens
from eventbooker.worker import smtp
from eventbooker.worker.mail_carrier import MailCarrier
from eventbooker.worker.notifier import Notifier
from eventbooker.worker.outcomes import Sent, TemporaryFailure
from tests.database import Database
from tests.waiting import until
from tests.worker.mail_server import (
    ANSWER_LOST,
    HANG_UP,
    HANG_UP_AT_DATA,
    PASSWORD,
    STALL,
    USER,
    MailServer,
)

PUBLIC_URL = "https://events.example.org"
TOKENS = Tokens("a key")
SETTINGS = Mail.model_validate({"from": "Chess Club <club@example.org>", "timeout": "500ms"})

StartMailer = Callable[[], None]


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def start_mailer(database: Database, mail_server: MailServer) -> Iterator[StartMailer]:
    """Starts one more notifier of mails at each call; all stop when the test is over."""
    database.execute("SELECT disable_telegram()")
    database.execute("SELECT enable_mail(0)")
    with ExitStack() as running:
        yield lambda: running.enter_context(_mailing(database, mail_server.url))


@contextmanager
def _mailing(database: Database, url: str) -> Iterator[None]:
    stop = Event()
    server = smtp.MailServer(SecretStr(url), SETTINGS.timeout.total_seconds())
    carrier = MailCarrier(server, SETTINGS, PUBLIC_URL, ZoneInfo("Europe/Moscow"), lambda connection: TOKENS)
    thread = Thread(target=Notifier(database.url, carrier, stop).run)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        database.execute("NOTIFY outbox")
        thread.join()
        server.close()


def confirm(database: Database, name: str = "anna", event_name: str = "Chess night") -> int:
    booking_id = int(database.book(database.event(name=event_name), f"{name}@example.org")["id"])
    database.execute("DELETE FROM outbox WHERE booking_id = %s", (booking_id,))
    database.execute("SELECT confirm_booking(%s)", (booking_id,))
    return booking_id


def outbox(database: Database) -> list[dict[str, Any]]:
    return database.execute("SELECT state, attempts, last_error, due_at - clock() AS wait FROM outbox ORDER BY id")


def part(mail: EmailMessage, kind: str) -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def the_mail(server: MailServer, address: str = "anna@example.org") -> EmailMessage:
    until(lambda: server.mails[address])
    (mail,) = server.mails[address]
    assert mail.defects == []
    return mail


def test_a_confirmation_is_told_in_text_and_html_with_a_link_that_opens_the_booking(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    booking_id = confirm(database, event_name="Chess & <Go>")
    start_mailer()
    mail = the_mail(mail_server)

    assert mail["From"] == "Chess Club <club@example.org>"
    assert mail["To"] == "anna@example.org"
    assert mail["Subject"] == "Chess & <Go>: Your booking is confirmed"
    link = f"{PUBLIC_URL}/user#booking={booking_id}&token={TOKENS.booking(booking_id)}"
    text, html = part(mail, "plain"), part(mail, "html")
    assert "Chess & <Go>\n1 January 2040" in text
    assert f"\n{link}\n" in text
    assert "<b>Chess &amp; &lt;Go&gt;</b>" in html
    assert f'href="{link.replace("&", "&amp;")}"' in html
    assert 'lang="en"' in html
    until(lambda: [row["state"] for row in outbox(database)] == ["sent"])


def test_the_same_in_russian(database: Database, mail_server: MailServer, start_mailer: StartMailer) -> None:
    booking_id = confirm(database, event_name="Шахматы")
    database.execute("UPDATE users SET language = 'ru'")
    start_mailer()
    mail = the_mail(mail_server)

    assert mail["Subject"] == "Шахматы: Ваша бронь подтверждена"
    for said in (part(mail, "plain"), part(mail, "html")):
        assert "Ваша бронь подтверждена." in said
        assert f"Бронь {booking_id}" in said
        assert "января 2040" in said
    assert 'lang="ru"' in part(mail, "html")


def test_every_line_fits_what_mail_servers_take_and_every_mail_can_be_unsubscribed_from(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    confirm(database, event_name="ж" * 200)
    user_id = database.one("SELECT id FROM users")["id"]
    start_mailer()
    mail = the_mail(mail_server)

    assert max(map(len, mail.as_bytes().splitlines())) <= 998
    url = f"{PUBLIC_URL}/users/{user_id}/unsubscribe?token={TOKENS.unsubscribing(user_id)}"
    assert mail["List-Unsubscribe"] == f"<{url}>"
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert f"{PUBLIC_URL}/user#unsubscribe={user_id}&token=" in part(mail, "plain")
    assert mail["Auto-Submitted"] == "auto-generated"


def test_a_mail_with_a_link_has_it_and_cannot_be_unsubscribed_from(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    user_id = database.one("SELECT find_or_add_user('anna@example.org', NULL, NULL) AS id")["id"]
    database.execute(
        "INSERT INTO account_links (token_hash, nonce, purpose, user_id, created_at, expires_at)"
        " VALUES ('x', 'nonce', 'password_reset', %s, clock(), clock() + '15 min')",
        (user_id,),
    )
    for nonce in ("used", "nonce"):  # the first opens nothing any more: it is not sent
        database.execute("SELECT queue_account_mail(%s, 'password_reset', %s)", (user_id, nonce))
    start_mailer()
    mail = the_mail(mail_server)

    assert f"\n{PUBLIC_URL}/#reset={TOKENS.link('nonce')}\n" in part(mail, "plain")
    assert mail["List-Unsubscribe"] is None
    until(lambda: [row["state"] for row in outbox(database)] == ["sent"])


def test_nothing_in_a_name_or_an_address_becomes_a_header(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    confirm(database, event_name="Chess\r\nBcc: all@example.org\r\n\r\nnight")
    confirm(database, "a,b;c")
    start_mailer()
    mail = the_mail(mail_server)

    assert mail["Bcc"] is None
    assert mail["Subject"].startswith("Chess Bcc: all@example.org night: ")
    until(lambda: {row["state"] for row in outbox(database)} <= {"sent", "failed"})
    assert set(mail_server.mails) <= {"anna@example.org", "a,b;c@example.org"}


@pytest.mark.parametrize(
    "fault", ["RCPT 450 4.2.0 greylisted", "DATA 451 4.3.0 try later", STALL, HANG_UP, HANG_UP_AT_DATA]
)
def test_what_fails_for_now_is_tried_again(
    database: Database, mail_server: MailServer, start_mailer: StartMailer, fault: str
) -> None:
    faults = [fault]
    mail_server.fault = lambda address: faults.pop() if faults else None
    confirm(database)
    start_mailer()
    (row,) = until(lambda: [row for row in outbox(database) if row["last_error"]])

    assert (row["state"], row["attempts"]) == ("waiting", 1)
    assert timedelta(0) < row["wait"] < timedelta(seconds=10)
    database.execute("UPDATE outbox SET due_at = clock()")
    the_mail(mail_server)


def test_a_mail_that_was_taken_while_the_answer_was_lost_comes_again_with_the_same_message_id(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    faults = [ANSWER_LOST]
    mail_server.fault = lambda address: faults.pop() if faults else None
    confirm(database)
    start_mailer()
    until(lambda: any(row["last_error"] for row in outbox(database)))
    database.execute("UPDATE outbox SET due_at = clock()")

    first, second = until(lambda: (mails := mail_server.mails["anna@example.org"])[1:] and mails)
    assert first["Message-ID"] == second["Message-ID"]
    assert re.fullmatch(r"<\d+\.[\w-]{32}@example\.org>", first["Message-ID"])


@pytest.mark.parametrize("fault", ["RCPT 550 5.1.1 no such user", "DATA 550 mailbox disabled"])
def test_an_address_that_is_refused_for_good_is_written_to_no_more(
    database: Database, mail_server: MailServer, start_mailer: StartMailer, fault: str
) -> None:
    mail_server.fault = lambda address: fault
    booking_id = confirm(database)
    start_mailer()
    until(lambda: [row["state"] for row in outbox(database)] == ["failed"])

    said = fault.partition(" ")[2]
    assert outbox(database)[0]["last_error"] == said
    assert database.one("SELECT mail_error FROM users") == {"mail_error": said}
    database.execute("SELECT cancel_booking(%s, 'admin')", (booking_id,))
    assert len(outbox(database)) == 1


def test_a_message_that_is_refused_for_good_says_nothing_about_the_address(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    mail_server.fault = lambda address: "DATA 550 5.7.1 looks like spam"
    confirm(database)
    start_mailer()
    until(lambda: [row["state"] for row in outbox(database)] == ["failed"])
    assert database.one("SELECT mail_error FROM users") == {"mail_error": None}


def test_mails_that_wait_together_go_over_one_connection(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    for number in range(20):
        confirm(database, f"user{number}")
    start_mailer()
    until(lambda: {row["state"] for row in outbox(database)} == {"sent"})
    assert mail_server.connections == 1


def test_two_notifiers_send_no_mail_twice(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    for number in range(30):
        confirm(database, f"user{number}")
    start_mailer()
    start_mailer()
    until(lambda: {row["state"] for row in outbox(database)} == {"sent"})
    assert [len(mails) for mails in mail_server.mails.values()] == [1] * 30


def mail_to(address: str) -> EmailMessage:
    mail = EmailMessage()
    mail["To"] = address
    mail.set_content("Hello")
    return mail


def send(url: str) -> object:
    server = smtp.MailServer(SecretStr(url), 2)
    try:
        return server.send(mail_to("anna@example.org"), "club@example.org", "anna@example.org")
    finally:
        server.close()


def test_a_server_that_is_not_there_is_a_temporary_failure() -> None:
    outcome = send("smtp://127.0.0.1:1")
    assert isinstance(outcome, TemporaryFailure)
    assert "ConnectionRefusedError" in outcome.reason


@pytest.fixture
def tls_context(tmp_path: Path) -> SSLContext:
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-subj", "/CN=localhost", "-days", "2"]
    subprocess.run([*command, "-keyout", key, "-out", certificate], check=True, capture_output=True)
    context = SSLContext(PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    return context


def test_starttls_is_taken_where_it_is_offered_and_the_password_never_told(tls_context: SSLContext) -> None:
    with MailServer(tls_context, auth_required=True) as server:
        signed_in = f"smtp://{USER}:{quote(PASSWORD, safe='')}@{server.address}"
        assert send(signed_in) == Sent()
        wrong = send(f"smtp://{USER}:wrong-password@{server.address}")

    assert isinstance(wrong, TemporaryFailure)
    assert "SMTP_URL" in wrong.reason
    assert "wrong-password" not in wrong.reason
    assert len(server.mails["anna@example.org"]) == 1


def test_an_address_that_no_mail_can_be_written_to_fails_for_good(
    database: Database, mail_server: MailServer, start_mailer: StartMailer
) -> None:
    confirm(database, "a(b")
    start_mailer()
    until(lambda: [row["state"] for row in outbox(database)] == ["failed"])
    assert database.one("SELECT mail_error IS NOT NULL AS told FROM users") == {"told": True}
    assert mail_server.connections == 0
