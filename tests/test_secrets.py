"""What is secret stays so: it is in no log, no refusal, no command line, no document and no error, whatever happens."""

import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx
import psycopg
import pytest
from psycopg import sql

from eventbooker import config
from tests.bench.memory import descendants
from tests.database import Database
from tests.service import Service
from tests.test_serve import DEV, environment, free_port
from tests.waiting import until
from tests.worker import bot_api, mail_server
from tests.worker.bot_api import BROKEN, UNAUTHORIZED, BotApi
from tests.worker.mail_server import MailServer

ADMIN = "admin@example.org"
PERSON = "person@example.org"
REFUSED = "refused@example.org"
GUEST = "guest@example.org"

CONFIGURED = {
    "bot token": bot_api.TOKEN,
    "mail password": mail_server.PASSWORD,
    "secret key": "key-Zr8vN2wQ5tX7",
    "admin's password": "adm1n-pa55/w0rd?",
    "database password": "db-pa55:w0rd@home/7",
}


class Life:
    """A whole service in required mode, what it said, and the secrets that it gave away to whom they belong."""

    def __init__(self, database: Database, bot: BotApi, mail: MailServer, log_format: str, place: Path) -> None:
        self.secrets = dict(CONFIGURED)
        self.refusals: list[str] = []
        self.command_lines: set[str] = set()
        self.database = database
        self.bot = bot
        self.mail = mail
        self._log = place / "log"
        port = free_port()
        self.url = f"http://127.0.0.1:{port}"
        configuration = place / "config.yaml"
        configuration.write_text("log: {slow: 1ms}\nlimits: {sign_in: off}\n")  # each request and statement is logged
        variables = environment(place / "data") | {
            "DATABASE_URL": url_with_password(database),
            "EVENTBOOKER_CONFIG": str(configuration),
            "EVENTBOOKER_AUTH_MODE": "required",
            "EVENTBOOKER_ADMIN_EMAIL": ADMIN,
            "EVENTBOOKER_ADMIN_PASSWORD": CONFIGURED["admin's password"],
            "EVENTBOOKER_SECRET_KEY": CONFIGURED["secret key"],
            "EVENTBOOKER_LOG_LEVEL": "debug",
            "EVENTBOOKER_LOG_FORMAT": log_format,
            "EVENTBOOKER_SCHEDULER_INTERVAL": "200ms",
            "EVENTBOOKER_MAIL_FROM": "Chess Club <club@example.org>",
            "SMTP_URL": f"smtp://{mail_server.USER}:{quote(mail_server.PASSWORD, safe='')}@{mail.address}",
            "TELEGRAM_BOT_TOKEN": bot_api.TOKEN,
            "TELEGRAM_API_URL": bot.url,
        }
        with self._log.open("wb") as log:
            self.process = subprocess.Popen(
                [DEV, "serve", "--port", str(port), "--workers", "1"],
                env=variables, stdout=log, stderr=log, start_new_session=True,
            )  # fmt: skip
        until(lambda: "EventBooker is ready" in self.log or self.process.poll() is not None)
        assert self.process.poll() is None, self.log

    @property
    def log(self) -> str:
        return self._log.read_text()

    def client(self, token: str | None = None) -> Service:
        """Whose refusals are kept."""
        service = Service(self.url)
        service.client.headers.update({"Authorization": f"Bearer {token}"} if token else {})
        service.client.event_hooks["response"] = [self._keep]
        return service

    def secret(self, name: str, value: str) -> str:
        assert len(value) > 8
        self.secrets[name] = value
        return value

    def mailed(self, address: str, pattern: str) -> str:
        """What the latest mail to the address holds that fits the pattern."""

        def find() -> list[str]:
            texts = [part.get_content() for mail in self.mail.mails[address] for part in mail.walk() if _is_plain(part)]
            return re.findall(pattern, "\n".join(texts))

        return until(find)[-1]

    def look_at_command_lines(self) -> None:
        for process in [self.process.pid, *descendants(self.process.pid)]:
            self.command_lines.add(Path(f"/proc/{process}/cmdline").read_text().replace("\0", " "))

    def end(self) -> None:
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def _keep(self, response: httpx.Response) -> None:
        if response.status_code >= 400:
            self.refusals.append(response.read().decode())


@pytest.fixture(params=["text", "json"])
def life(request: pytest.FixtureRequest, database: Database, tmp_path: Path) -> Iterator[Life]:
    with ExitStack() as around:
        bot = around.enter_context(BotApi())
        mail = around.enter_context(MailServer(auth_required=True))
        around.callback(drop_role, database)
        add_role(database)
        living = Life(database, bot, mail, request.param, tmp_path)
        around.callback(living.end)
        yield living


@pytest.mark.filterwarnings("ignore:Requiring AUTH")  # on this machine, without TLS
def test_no_secret_shows_in_a_whole_life(life: Life) -> None:
    account(life)
    guest(life)
    telegram(life)
    refused_mail(life)
    life.look_at_command_lines()
    database_away(life)
    with life.client() as anybody:
        document = anybody.get("/openapi.json").text
    life.end()

    assert len(life.command_lines) >= 3
    assert len(life.refusals) > 10
    assert "slow request" in life.log
    assert "slow SQL" in life.log
    places = {
        "log": life.log,
        "refusals": "\n".join(life.refusals),
        "command lines": "\n".join(life.command_lines),
        "document": document,
    }
    for place, text in places.items():
        for name, value in life.secrets.items():
            for written in {value, quote(value), quote(value, safe=""), value.replace("/", "\\/")}:
                found = text.find(written)
                assert found < 0, f"{name} in {place}: {text[max(found - 200, 0) : found + 200]}"


def account(life: Life) -> None:
    """Signs in, registers, forgets the password, makes tokens and links, and does all of it wrongly too."""
    password = life.secret("user's password", "pers0n-pa55word")
    with life.client() as admin, life.client() as user:
        assert admin.post("/session", {"email": ADMIN, "password": "wrong " + password}).status_code == 401
        assert admin.post("/session", {"email": ADMIN, "password": [CONFIGURED["admin's password"]]}).status_code == 422
        assert admin.post("/session", {"email": ADMIN, "password": CONFIGURED["admin's password"]}).status_code == 201
        life.secret("admin's session", admin.client.cookies["session"])
        for scope in ("admin", "read"):
            made = admin.post("/tokens", {"scope": scope})
            assert made.status_code == 201, made.text
            life.secret(f"API token ({scope})", made.json()["token"])
        with life.client(life.secrets["API token (read)"]) as reader:
            assert reader.post("/events", {}).status_code in (401, 403)
        with life.client(life.secrets["API token (admin)"]) as program:
            assert program.post("/events", {"name": password}).status_code == 422

        assert user.post("/users", {"email": PERSON, "name": "P", "password": password, "x": 1}).status_code == 422
        assert user.post("/users", {"email": PERSON, "name": "P", "password": password}).status_code in (201, 202)
        assert user.post("/session", {"email": PERSON, "password": password}).status_code == 201
        life.secret("user's session", user.client.cookies["session"])
        user_id = user.get("/session").json()["user"]["id"]
        proof = life.secret("proof link", life.mailed(PERSON, r"/#proof=(\S+)"))
        assert user.call("PUT", f"/email-proof/{proof}x").status_code == 404
        assert user.call("PUT", f"/email-proof/{proof}").status_code == 204

        assert user.post("/password-reset", {"email": PERSON}).status_code == 202
        reset = life.secret("reset link", life.mailed(PERSON, r"/#reset=(\S+)"))
        new = {"password": life.secret("new password", "an0ther-pa55word")}
        assert user.call("PUT", f"/password-reset/{reset}", {"password": 7}).status_code == 422
        assert user.call("PUT", f"/password-reset/{reset}", new).status_code == 204
        assert user.call("PUT", f"/password-reset/{reset}", new).status_code == 404
        link = admin.post(f"/users/{user_id}/reset-link").json()["url"]
        life.secret("admin's reset link", link.partition("#reset=")[2])


def guest(life: Life) -> None:
    """Books, confirms by the token, waits in a line; with somebody else's token, and with none."""
    with life.client(life.secrets["API token (admin)"]) as admin:
        event = admin.event(total_seats=1)["id"]
    with life.client() as nobody:
        key = {"Idempotency-Key": life.secret("idempotency key", "guest-key-3f8a1c52d907")}
        booked = nobody.post(f"/events/{event}/book", {"email": GUEST}, headers=key)
        assert booked.status_code == 201, booked.text
        booking = booked.json()
        assert nobody.post(f"/events/{event}/book", {"email": GUEST}, headers=key).status_code == 201
        entry = nobody.post(f"/events/{event}/waitlist", {"email": "later@example.org"}).json()
        assert nobody.post(f"/events/{event}/book", {"email": "other@example.org"}).status_code == 409
        assert nobody.get(f"/bookings/{booking['id']}").status_code == 401
    token = life.secret("booking token", booking["token"])
    life.secret("waiting list token", entry["token"])
    with life.client(life.secrets["waiting list token"]) as stranger:
        assert stranger.post(f"/bookings/{booking['id']}/confirm").status_code in (401, 403)
    with life.client(token) as owner:
        assert owner.call("PATCH", f"/bookings/{booking['id']}", {"seats": token}).status_code == 422
        assert owner.post(f"/bookings/{booking['id']}/confirm").status_code == 200
    link = life.secret("unsubscribe token", life.mailed(GUEST, r"#unsubscribe=\d+&token=(\S+)"))
    with life.client() as reader:
        for token in (f"{link}x", link):
            reader.post(f"/users/{booking['user_id']}/unsubscribe?token={token}")


def telegram(life: Life) -> None:
    """A chat is linked, hears of a booking, and Telegram fails in two ways meanwhile."""
    with life.client(life.secrets["API token (admin)"]) as admin:
        users = [admin.book(admin.event()["id"], f"chat{chat}@example.org")["user_id"] for chat in (101, 102)]
        for chat, user in zip((101, 102), users, strict=True):
            url = admin.post(f"/users/{user}/telegram-link").json()["url"]
            payload = life.secret(f"link of chat {chat}", urlsplit(url).query.removeprefix("start="))
            life.bot.hear(chat, f"/start {payload}")
        until(lambda: life.bot.delivered["101"] and life.bot.delivered["102"])
        life.bot.fault = {"101": BROKEN, "102": UNAUTHORIZED}.get
        asked = {chat: life.bot.asked(chat) for chat in ("101", "102")}
        admin.book(admin.event()["id"], "chat101@example.org")
        until(lambda: life.bot.asked("101") > asked["101"])
        admin.book(admin.event()["id"], "chat102@example.org")
        until(lambda: life.bot.asked("102") > asked["102"])
        life.bot.fault = lambda chat_id: None


def refused_mail(life: Life) -> None:
    """The mail server wants nothing of one address, for good, and of all others for now."""
    life.mail.fault = lambda address: "RCPT 550 no such user" if address == REFUSED else "DATA 452 come back later"
    with life.client(life.secrets["API token (admin)"]) as admin:
        for address in (REFUSED, "full@example.org"):
            booking = admin.book(admin.event()["id"], address)
            assert admin.post(f"/bookings/{booking['id']}/confirm").status_code == 200
    until(lambda: "no such user" in life.log and "come back later" in life.log)
    life.mail.fault = lambda address: None


def database_away(life: Life) -> None:
    """All sessions are ended and none is let in; then the database is back, and the service with it."""
    name = sql.Identifier(life.database.name)
    with (
        psycopg.connect(life.database.server_url, autocommit=True) as server,
        life.client(life.secrets["API token (admin)"]) as admin,
    ):
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS false").format(name))
        sessions = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s"
        server.execute(sessions, [life.database.name])
        until(lambda: admin.get("/users/1/bookings").status_code == 503)
        life.look_at_command_lines()
        server.execute(sql.SQL("ALTER DATABASE {} ALLOW_CONNECTIONS true").format(name))
        until(lambda: admin.get("/notifications").status_code == 200)


BAD_VALUES = {
    "DATABASE_URL": [
        "mysql://eventbooker:S3cretPart@localhost/eventbooker",
        "postgresql://eventbooker:S3cretPart/S3cretPart@localhost/eventbooker",
        "postgresql://eventbooker:7/S3cretPart@localhost/eventbooker",
        "postgresql://eventbooker:S3cretPart@S3cretPart@localhost/eventbooker",
        "postgresql://eventbooker:S3cretPart%zz@localhost/eventbooker",
        "postgresql://eventbooker:7?S3cretPart=1@localhost/eventbooker",
        "postgresql://eventbooker:S3cretPart@127.0.0.1:1/eventbooker",
    ],
    "SMTP_URL": ["http://user:S3cretPart@host", "smtp://user:S3cretPart/x@host", "smtp://user:7:S3cretPart@host:x"],
    "EVENTBOOKER_ADMIN_PASSWORD": ["S3cretP"],
}


@pytest.mark.parametrize(("variable", "value"), [(name, value) for name in BAD_VALUES for value in BAD_VALUES[name]])
def test_a_bad_value_is_refused_without_being_repeated(
    variable: str, value: str, database: Database, tmp_path: Path
) -> None:
    variables = environment(tmp_path) | {
        "DATABASE_URL": database.url, "EVENTBOOKER_MAIL_FROM": "a@example.org", "EVENTBOOKER_ADMIN_EMAIL": ADMIN,
    } | {variable: value}  # fmt: skip

    done = subprocess.run([DEV, "migrate"], env=variables, capture_output=True, text=True, check=False, timeout=60)

    assert done.returncode == 1
    assert "S3cret" not in done.stdout + done.stderr
    assert re.fullmatch("eventbooker: .+\n", done.stderr)


def test_settings_show_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    variables = {
        "DATABASE_URL": f"postgresql://eventbooker:{quote(CONFIGURED['database password'], safe='')}@localhost/x",
        "EVENTBOOKER_ADMIN_PASSWORD": CONFIGURED["admin's password"],
        "EVENTBOOKER_MAIL_FROM": "a@example.org",
        "EVENTBOOKER_SECRET_KEY": CONFIGURED["secret key"],
        "SMTP_URL": f"smtp://user:{quote(CONFIGURED['mail password'], safe='')}@localhost",
        "TELEGRAM_BOT_TOKEN": CONFIGURED["bot token"],
    }
    for name, value in variables.items():
        monkeypatch.setenv(name, value)

    settings = config.load()

    for shown in (repr(settings), str(settings), settings.model_dump_json(), repr(settings.model_dump())):
        assert [name for name, value in CONFIGURED.items() if value in shown or quote(value, safe="") in shown] == []


def test_requests_carry_no_variable_of_ours(database: Database) -> None:
    """The server puts the environment into each request's environ."""
    served = "import os; from eventbooker.http.app import serve_app; serve_app(); print(*os.environ)"
    variables = os.environ | {"DATABASE_URL": database.url, "EVENTBOOKER_SECRET_KEY": CONFIGURED["secret key"]}

    done = subprocess.run([sys.executable, "-c", served], env=variables, capture_output=True, text=True, check=True)

    assert "PATH" in done.stdout.split()
    assert set(done.stdout.split()) & set(config.ENVIRONMENT) == set()


def url_with_password(database: Database) -> str:
    parts = urlsplit(database.url)
    return (
        f"postgresql://{database.name}:{quote(CONFIGURED['database password'], safe='')}"
        f"@{parts.hostname}:{parts.port}/{database.name}"
    )


def add_role(database: Database) -> None:
    """Who has the known password; its name is that of the test's database, because roles belong to the whole server."""
    database.execute(
        sql.SQL("CREATE ROLE {} SUPERUSER LOGIN PASSWORD {}")
        .format(sql.Identifier(database.name), CONFIGURED["database password"])
        .as_string()
    )


def drop_role(database: Database) -> None:
    role = sql.Identifier(database.name)
    for statement in ("REASSIGN OWNED BY {} TO CURRENT_USER", "DROP OWNED BY {}", "DROP ROLE {}"):
        database.execute(sql.SQL(statement).format(role).as_string())


def _is_plain(part: Any) -> bool:
    return bool(part.get_content_type() == "text/plain")
