"""A mail server that takes mails, or treats them as it is told."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

STALL, HANG_UP, HANG_UP_AT_DATA, ANSWER_LOST = "stall", "hang up", "hang up at DATA", "answer lost"
"""What a server may do besides answering: ANSWER_LOST takes the mail and closes the connection instead of saying so."""

USER, PASSWORD = "eventbooker", "s3cret/of:the@server"

Fault = Callable[[str], str | None]
"""What happens to a mail to this address: one of the above, `RCPT 550 …` or `DATA 452 …` (what is answered there), or
None."""


class MailServer:
    """On a free port of loopback while its block runs. `mails` are those taken, by address, as they came."""

    def __init__(self, tls_context: Any = None, auth_required: bool = False) -> None:
        self.fault: Fault = lambda address: None
        self.mails: defaultdict[str, list[EmailMessage]] = defaultdict(list)
        self.connections = 0
        self._chosen: dict[int, str | None] = {}
        self._controller = _Controller(
            self, hostname="127.0.0.1", port=0, tls_context=tls_context, auth_required=auth_required,
            auth_require_tls=tls_context is not None, authenticator=_authenticate,
        )  # fmt: skip

    def __enter__(self) -> Self:
        self._controller.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._controller.stop(no_assert=True)

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._controller.port}"

    @property
    def url(self) -> str:
        return f"smtp://{self.address}"

    async def handle_EHLO(
        self, server: SMTP, session: Session, envelope: Envelope, hostname: str, responses: list[str]
    ) -> list[str]:
        self.connections += 1
        session.host_name = hostname
        return responses

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        fault = self._chosen[id(envelope)] = self.fault(address)
        match (fault or "").partition(" "):
            case "RCPT", _, answer:
                return answer
        if fault == STALL:
            await asyncio.sleep(3600)
        if fault == HANG_UP:
            return _hang_up(server)
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        fault = self._chosen.pop(id(envelope), None)
        match (fault or "").partition(" "):
            case "DATA", _, answer:
                return answer
        if fault == HANG_UP_AT_DATA:
            return _hang_up(server)
        (address,) = envelope.rcpt_tos
        content = envelope.original_content or b""
        self.mails[address].append(BytesParser(EmailMessage, policy=policy.default).parsebytes(content))
        return _hang_up(server) if fault == ANSWER_LOST else "250 taken"


class _Controller(Controller):
    """Port 0 means a free one, which is known when the server listens."""

    def _trigger_server(self) -> None:
        self.port = self.server.sockets[0].getsockname()[1]  # type: ignore[union-attr]
        super()._trigger_server()  # type: ignore[no-untyped-call]


def _authenticate(server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any) -> AuthResult:
    right = isinstance(data, LoginPassword) and (data.login, data.password) == (USER.encode(), PASSWORD.encode())
    return AuthResult(success=right, handled=False)


def _hang_up(server: SMTP) -> str:
    server.transport.abort()  # type: ignore[union-attr]
    return "421 unheard"
