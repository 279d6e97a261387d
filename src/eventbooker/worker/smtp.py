"""A mail server, as much of SMTP as we need: it takes one message after the other over one connection."""

import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit

from pydantic import SecretStr

from eventbooker.worker.outcomes import Outcome, PermanentFailure, Sent, TemporaryFailure, printable

PHASES = 16
"""At most so often one message waits for the server, each time up to the timeout."""


class MailServer:
    """The server of an SMTP_URL; `timeout` is in seconds, for each time that we wait for it.

    `smtps://` is TLS from the start (port 465). `smtp://` (port 587) goes over to TLS where the server offers it; a
    password is sent over TLS only, unless the server is on this machine, whose certificate is not checked either."""

    def __init__(self, url: SecretStr, timeout: float) -> None:
        parts = urlsplit(url.get_secret_value())
        self.host = parts.hostname or ""
        self._tls_at_once = parts.scheme == "smtps"
        self.port = parts.port or (465 if self._tls_at_once else 587)
        self._user = unquote(parts.username or "")
        self._password = unquote(parts.password or "")
        self._timeout = timeout
        self._on_this_machine = _is_loopback(self.host)
        self._session: smtplib.SMTP | None = None

    def send(self, message: EmailMessage, sender: str, recipient: str) -> Outcome:
        """Hand one message over. Whatever fails is an outcome; a connection that broke while idle is replaced."""
        try:
            session = self._session = self._idle_session() or self._connect()
        except smtplib.SMTPAuthenticationError as error:
            return self._trouble(error.smtp_code, error.smtp_error, "are user and password of SMTP_URL right?")
        except smtplib.SMTPResponseException as error:
            return self._trouble(error.smtp_code, error.smtp_error)
        except (smtplib.SMTPException, OSError) as error:
            return self._broken(error)
        try:
            session.send_message(message, sender, [recipient])
        except smtplib.SMTPRecipientsRefused as refused:
            (refusal,) = refused.recipients.values()
            return self._refusal(*refusal)
        except smtplib.SMTPDataError as error:
            return self._refusal(error.smtp_code, error.smtp_error)
        except smtplib.SMTPResponseException as error:
            return self._trouble(error.smtp_code, error.smtp_error, "is mail.from right?")
        except smtplib.SMTPNotSupportedError as error:
            return PermanentFailure(self._printable(f"the mail server cannot write to this address: {error}"), True)
        except (smtplib.SMTPException, OSError) as error:
            return self._broken(error)
        return Sent()

    def close(self) -> None:
        """Say goodbye; the next message opens a new connection."""
        session, self._session = self._session, None
        if session:
            with suppress(smtplib.SMTPException, OSError):
                session.quit()
            session.close()

    def _idle_session(self) -> smtplib.SMTP | None:
        """The open session, if the server still answers in it."""
        if self._session:
            with suppress(smtplib.SMTPException, OSError):
                if self._session.noop()[0] == 250:
                    return self._session
            self.close()
        return None

    def _connect(self) -> smtplib.SMTP:
        """Raises smtplib.SMTPException, OSError."""
        if self._tls_at_once:
            session: smtplib.SMTP = smtplib.SMTP_SSL(
                self.host, self.port, timeout=self._timeout, context=self._tls_context()
            )
        else:
            session = smtplib.SMTP(self.host, self.port, timeout=self._timeout)
        try:
            session.ehlo_or_helo_if_needed()
            encrypted = self._tls_at_once
            if not encrypted and session.has_extn("starttls"):
                session.starttls(context=self._tls_context())
                session.ehlo()
                encrypted = True
            if self._user:
                if not (encrypted or self._on_this_machine):
                    raise smtplib.SMTPException("the server offers no STARTTLS, so the password was not sent")
                session.login(self._user, self._password)
        except BaseException:
            session.close()
            raise
        return session

    def _tls_context(self) -> ssl.SSLContext:
        context = ssl.create_default_context()
        if self._on_this_machine:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def _refusal(self, code: int, said: bytes | str) -> Outcome:
        """Of this recipient or this message: for good (5xx), or for now."""
        reason = self._reason(code, said)
        if code < 500:
            self._close_if_told(code)
            return TemporaryFailure(reason)
        return PermanentFailure(reason, address_is_gone=_is_about_the_address(reason))

    def _trouble(self, code: int, said: bytes | str, hint: str = "") -> Outcome:
        """With the whole server, which the message cannot help: it is tried again when the operator has mended it."""
        self.close()
        return TemporaryFailure(self._reason(code, said) + (f" ({hint})" if hint and code >= 500 else ""))

    def _broken(self, error: Exception) -> Outcome:
        self.close()
        return TemporaryFailure(self._printable(f"{type(error).__name__}: {error}"))

    def _close_if_told(self, code: int) -> None:
        if code == 421:  # the server closes the connection
            self.close()

    def _reason(self, code: int, said: bytes | str) -> str:
        text = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
        return self._printable(f"{code} {' '.join(text.split())}")

    def _printable(self, reason: str) -> str:
        return printable(reason, self._password)


def _is_about_the_address(reason: str) -> bool:
    """Whether a 5xx means that the mailbox takes nothing at all. With an enhanced status code (RFC 3463) that is a bad
    address (5.1) or a disabled mailbox (5.2.1); other codes are about the message or the server's own rules."""
    _, _, said = reason.partition(" ")
    enhanced, _, _ = said.partition(" ")
    if enhanced.startswith("5.") and enhanced.count(".") == 2:
        return enhanced.startswith("5.1.") or enhanced == "5.2.1"
    return True


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
