"""Settings: `config.yaml`, overridden by environment variables (and `.env`), overridden by flags."""

import os
import re
from datetime import timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import durationpy
import psycopg
import yaml
from dotenv import dotenv_values
from psycopg.conninfo import conninfo_to_dict
from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    SecretStr,
    ValidationError,
    field_validator,
    model_validator,
)

from eventbooker.quotas import Quotas, read_quotas
from eventbooker.secret_files import SUFFIX, SecretFileError, read_secret_files

ROOT = Path(__file__).resolve().parents[2]
"""The project: `sql/`, `web/`, `config.yaml` and `yoyo.ini` lie here."""

ENVIRONMENT = {
    "DATABASE_URL": ("database_url",),
    "DATABASE_URL_DIRECT": ("database_url_direct",),
    "DATABASE_URL_REPLICA": ("database_url_replica",),
    "EVENTBOOKER_DATA_DIR": ("data_dir",),
    "TELEGRAM_BOT_TOKEN": ("telegram_bot_token",),
    "TELEGRAM_API_URL": ("telegram_api_url",),
    "SMTP_URL": ("smtp_url",),
    "EVENTBOOKER_MAIL_FROM": ("mail", "from"),
    "EVENTBOOKER_PUBLIC_URL": ("server", "public_url"),
    "EVENTBOOKER_SECRET_KEY": ("secret_key",),
    "EVENTBOOKER_ADMIN_EMAIL": ("admin_email",),
    "EVENTBOOKER_ADMIN_PASSWORD": ("admin_password",),
    "EVENTBOOKER_AUTH_MODE": ("auth", "mode"),
    "EVENTBOOKER_ALLOW_OPEN_ON_NETWORK": ("auth", "allow_open_on_network"),
    "EVENTBOOKER_SERVER_HOST": ("server", "host"),
    "EVENTBOOKER_SERVER_PORT": ("server", "port"),
    "EVENTBOOKER_SERVER_WORKERS": ("server", "workers"),
    "EVENTBOOKER_TRUSTED_HOSTS": ("server", "trusted_hosts"),
    "EVENTBOOKER_TRUSTED_PROXIES": ("server", "trusted_proxies"),
    "EVENTBOOKER_SCHEDULER_INTERVAL": ("scheduler", "interval"),
    "EVENTBOOKER_TIMEZONE": ("timezone",),
    "EVENTBOOKER_LOG_LEVEL": ("log", "level"),
    "EVENTBOOKER_LOG_FORMAT": ("log", "format"),
    "EVENTBOOKER_METRICS_WORKER_HOST": ("metrics", "worker_host"),
    "EVENTBOOKER_METRICS_WORKER_PORT": ("metrics", "worker_port"),
}
"""Each environment variable and the setting it overrides. An empty variable counts as unset."""


OTHER_SECRETS = ("OTEL_EXPORTER_OTLP_HEADERS", "OTEL_EXPORTER_OTLP_TRACES_HEADERS")
"""Variables that are not ours to read, and no less secret."""

SECRET = (SecretStr, SecretStr | None)


class ConfigError(Exception):
    """A setting is unknown or wrong; the message is one line that names it and what it takes."""


def _duration(shortest: str = "100ms", longest: str = "24h", such_as: str = "10s") -> BeforeValidator:
    """Reads durations from `shortest` to `longest`, both as Go writes them."""

    def read(value: Any) -> timedelta:
        if isinstance(value, timedelta):
            return value
        try:
            duration: timedelta = durationpy.from_str(value)
        except (durationpy.DurationError, TypeError, AttributeError, OverflowError):
            raise ValueError(f"takes a duration such as {such_as}, 500ms or 2m") from None
        if not durationpy.from_str(shortest) <= duration <= durationpy.from_str(longest):
            raise ValueError(f"takes a duration from {shortest} to {longest}, such as {such_as}")
        return duration

    return BeforeValidator(read)


def _list(value: object) -> object:
    """A list may also be written as an environment variable must be: with commas."""
    return [item.strip() for item in value.split(",")] if isinstance(value, str) else value


Network = IPv4Network | IPv6Network


def _network(value: object) -> Network:
    if isinstance(value, IPv4Network | IPv6Network):
        return value
    try:
        return ip_network(value if isinstance(value, str) else "")
    except ValueError as error:
        why = f" ({error})" if "host bits" in str(error) else ""
        raise ValueError(f"takes addresses and networks such as 127.0.0.1, 10.0.0.0/8 or ::1{why}") from None


def _web_address(value: object) -> object:
    """Without a slash at its end, so that paths can follow."""
    text = value.rstrip("/") if isinstance(value, str) else ""
    if not re.fullmatch(r"https?://[^/?#\s@]+(/[^?#\s]*)?", text):
        raise ValueError("takes an address such as https://events.example.org")
    return text


def _off_is_zero(value: object) -> object:
    """As all limits, it may be written `off`, which YAML reads as False."""
    return 0 if value is False or value == "off" else value


def _after(value: Any) -> timedelta | None:
    """A time after which something is done, or off, which YAML reads as False."""
    if value is None or value is False or value == "off":
        return None
    try:
        after: timedelta = value if isinstance(value, timedelta) else durationpy.from_str(value)
    except (durationpy.DurationError, TypeError, AttributeError, OverflowError):
        raise ValueError("takes a duration such as 720h or 365d, or off") from None
    if not timedelta(days=1) <= after <= timedelta(days=36_500):
        raise ValueError("takes a duration from 1d to 36500d, such as 720h or 365d, or off")
    return after


class Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Server(Section):
    host: str = Field("127.0.0.1", min_length=1)
    port: int = Field(8080, ge=1, le=65535)
    workers: int = Field(2, ge=1, le=64)
    trusted_hosts: Annotated[tuple[str, ...], BeforeValidator(_list)] = ()
    """Names under which open mode may be reached, beside those of the loopback."""
    trusted_proxies: Annotated[tuple[Annotated[Network, BeforeValidator(_network)], ...], BeforeValidator(_list)] = ()
    """Whose X-Forwarded-For, -Proto and -Host are believed."""
    request_timeout: Annotated[timedelta, _duration("1s", "10m", such_as="30s")] = timedelta(seconds=30)
    """From a request's first byte to its answer's, and between two pieces of the answer that the client takes."""
    public_url: Annotated[str, BeforeValidator(_web_address)] | None = None
    """What people have in their browsers, for links in mails; None: the port on localhost."""

    @property
    def on_loopback(self) -> bool:
        if self.host == "localhost":
            return True
        try:
            return ip_address(self.host).is_loopback
        except ValueError:
            return False


class Scheduler(Section):
    interval: Annotated[timedelta, _duration()] = timedelta(seconds=10)


class Auth(Section):
    mode: Literal["open", "required"] = "open"
    allow_open_on_network: bool = False
    """The operator's word that everybody who can reach the address may do everything."""


class Booking(Section):
    max_per_user: int = Field(0, ge=0, le=1_000_000)
    """Live bookings that a person may have at once, over all events to come; 0: any number."""


class Telegram(Section):
    language: Literal["en", "ru"] = "en"
    """For people whose own language is not known, or none of these."""
    reminder: float = Field(0.5, ge=0, le=0.9)
    """The share of a hold's life that is left when its user is reminded; 0: never."""
    rate: float = Field(25, ge=1, le=1000)
    """Messages a second of the whole bot. Telegram takes about 30; a Bot API server of one's own may take more."""
    timeout: Annotated[timedelta, _duration(longest="1m", such_as="5s")] = timedelta(seconds=5)
    """For each phase of a request: to connect, to write, and between two pieces of the answer."""
    keep: Annotated[timedelta, _duration(shortest="1m", longest="8760h", such_as="168h")] = timedelta(days=7)
    """How long messages are kept that were sent, that failed for good, or that nobody could send."""


class Mail(Section):
    from_: str | None = Field(None, alias="from")
    """Whose name and address mails bear; must be set where SMTP_URL is."""
    language: Literal["en", "ru"] = "en"
    """For people whose own language is not known."""
    reminder: float = Field(0.5, ge=0, le=0.9)
    """The share of a hold's life that is left when its user is reminded; 0: never."""
    timeout: Annotated[timedelta, _duration(longest="1m", such_as="10s")] = timedelta(seconds=10)
    """For each time that we wait for the mail server."""

    @field_validator("from_")
    @classmethod
    def _is_a_mailbox(cls, value: str | None) -> str | None:
        address = r"[^\s@<>,\"]+@[^\s@<>,\"]+"
        if value is not None and not re.fullmatch(rf"{address}|[^<>\r\n]* <{address}>", value):
            raise ValueError("takes an address such as tickets@example.org or Chess Club <tickets@example.org>")
        return value


class Limits(Section):
    """How much one address, and how often an account, may do. Admins are not limited: in open mode nobody is."""

    booking: Quotas = read_quotas("40/1h, 120/24h")
    waiting_list: Quotas = read_quotas("40/1h, 120/24h")
    sign_in: Quotas = read_quotas("60/10m")
    registration: Quotas = read_quotas("20/1h")
    password_reset: Quotas = read_quotas("10/1h")
    holds_per_address: Annotated[int, BeforeValidator(_off_is_zero)] = Field(10, ge=0, le=1_000_000)
    """Living holds that one address may have at once; 0: any number."""


class Privacy(Section):
    """When people are taken out of what is over; None: never by itself."""

    anonymise_canceled_after: Annotated[timedelta | None, BeforeValidator(_after)] = None
    """Since the booking was canceled or lapsed."""
    anonymise_attendees_after: Annotated[timedelta | None, BeforeValidator(_after)] = None
    """Since the event started."""


class Archive(Section):
    """What becomes of events that are over; None: nothing by itself. Since the event started."""

    after: Annotated[timedelta | None, BeforeValidator(_after)] = timedelta(days=730)
    """Moved to the schema archive, with bookings and history."""
    delete_after: Annotated[timedelta | None, BeforeValidator(_after)] = None
    """Deleted from there for good."""

    @model_validator(mode="after")
    def _in_this_order(self) -> Self:
        if self.delete_after and not (self.after and self.after <= self.delete_after):
            raise ValueError("delete_after takes no less than after, which must not be off: only there it deletes")
        return self


class Log(Section):
    level: Literal["debug", "info", "warning", "error"] = "info"
    format: Literal["text", "json"] = "text"
    slow: Annotated[timedelta, _duration(shortest="0s", longest="1h", such_as="1s")] = timedelta(seconds=1)
    """Requests and SQL statements that take at least so long are logged; 0s: none."""


class Metrics(Section):
    worker_host: str = Field("127.0.0.1", min_length=1)
    worker_port: int = Field(0, ge=0, le=65535)
    """Where `worker` answers Prometheus; 0: nowhere. What `serve` starts counts together: there /metrics has it all."""


class Replica(Section):
    staleness: Annotated[timedelta, _duration("200ms", "1h", such_as="1s")] = timedelta(seconds=1)
    """How old what is read from DATABASE_URL_REPLICA may be."""


class Settings(Section):
    server: Server = Server()
    scheduler: Scheduler = Scheduler()
    auth: Auth = Auth()
    booking: Booking = Booking()
    timezone: str = "UTC"
    limits: Limits = Limits()
    telegram: Telegram = Telegram()
    mail: Mail = Mail()
    privacy: Privacy = Privacy()
    archive: Archive = Archive()
    log: Log = Log()
    metrics: Metrics = Metrics()
    replica: Replica = Replica()
    database_url: SecretStr | None = None
    database_url_direct: SecretStr | None = None
    """Past a PgBouncer in transaction mode, which database_url then is of."""
    data_dir: Path = ROOT / "var"
    database_url_replica: SecretStr | None = None
    telegram_bot_token: SecretStr | None = None
    telegram_api_url: str = Field("https://api.telegram.org", pattern="^https?://[^ ]+$")
    smtp_url: SecretStr | None = None
    secret_key: SecretStr | None = None
    admin_email: str | None = None
    admin_password: SecretStr | None = None

    @field_validator("data_dir")
    @classmethod
    def _in_the_project(cls, value: Path) -> Path:
        return ROOT / value

    @field_validator("timezone")
    @classmethod
    def _is_a_zone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (KeyError, ValueError, OSError):
            raise ValueError("takes a zone of the IANA database such as UTC or Europe/Berlin") from None
        return value

    @field_validator("database_url", "database_url_direct", "database_url_replica")
    @classmethod
    def _is_a_libpq_url(cls, value: SecretStr | None) -> SecretStr | None:
        """What libpq says of a URL that it cannot read may repeat the password, so it is read here first."""
        if value and not _can_be_read(value.get_secret_value()):
            raise ValueError(
                "takes a libpq URL such as postgresql://user:password@host/database, with / @ : ? # % in the password"
                " written as %2F %40 %3A %3F %23 %25"
            )
        return value

    @model_validator(mode="after")
    def _has_a_database(self) -> Self:
        for name in ("database_url_direct", "database_url_replica"):
            if getattr(self, name) and not self.database_url:
                raise ValueError(f"{name.upper()}: is of no use without DATABASE_URL")
        return self

    @field_validator("smtp_url")
    @classmethod
    def _is_a_mail_server(cls, value: SecretStr | None) -> SecretStr | None:
        """The message must not repeat the value: it holds a password."""
        if value:
            try:
                parts = urlsplit(value.get_secret_value())
                known = parts.scheme in ("smtp", "smtps") and parts.hostname and parts.port != 0
            except ValueError:
                known = False
            if not known or parts.path not in ("", "/") or parts.query or parts.fragment:
                raise ValueError("takes smtp://user:password@host:587 or smtps://user:password@host")
        return value

    @model_validator(mode="after")
    def _has_a_sender(self) -> Self:
        if self.smtp_url and not self.mail.from_:
            raise ValueError("mail.from: must be set where SMTP_URL is, such as tickets@example.org")
        return self

    @property
    def session_url(self) -> SecretStr | None:
        """For what needs a session of its own: LISTEN, advisory locks, migrations."""
        return self.database_url_direct or self.database_url

    @property
    def public_url(self) -> str:
        """The address that links in messages begin with."""
        return self.server.public_url or f"http://localhost:{self.server.port}"

    def must_be_safe_to_serve(self) -> Self:
        """In open mode every caller is an admin, so a network address takes the operator's explicit word."""
        if self.auth.mode == "open" and not (self.server.on_loopback or self.auth.allow_open_on_network):
            raise ConfigError(
                f"auth.mode: open lets everybody do everything, and server.host {self.server.host} is not a "
                "loopback address; set auth.mode to required, or auth.allow_open_on_network to true"
            )
        return self


def load(**flags: Any) -> Settings:
    """Read the settings; `flags` are dotted names (`server__port=9000`), None where the flag was not given.

    Raises ConfigError."""
    values, sources = _read_file()
    environment = _environment()
    try:
        from_files = read_secret_files(environment, secrets())
    except SecretFileError as error:
        raise ConfigError(str(error)) from None
    for name, path in ENVIRONMENT.items():
        if text := from_files.get(name) or environment.get(name):
            _put(values, path, text)
            sources[path] = name + SUFFIX if name in from_files else name
    for flag, value in flags.items():
        if value is not None:
            path = tuple(flag.split("__"))
            _put(values, path, value)
            sources[path] = "--" + path[-1].replace("_", "-")
    try:
        return Settings.model_validate(values)
    except ValidationError as error:
        raise ConfigError(_describe(error, sources)) from None


def secrets() -> list[str]:
    """The variables whose settings are secret; each may come from a file instead."""
    return [name for name, (field, *_) in ENVIRONMENT.items() if Settings.model_fields[field].annotation in SECRET]


def variables(prefix: str) -> dict[str, str | None]:
    """Those of others, such as OpenTelemetry's, from `.env` too."""
    return {name: value for name, value in _environment().items() if name.startswith(prefix)}


def for_processes(database_url: str) -> dict[str, str]:
    """What the environment of our own processes must say for all of them to use this database, which may be the private
    one. That a file was named for its URL counts no more."""
    return {"DATABASE_URL": database_url, f"DATABASE_URL{SUFFIX}": ""}


def forget_environment() -> None:
    """The settings that were loaded are known now. The web server would put the variables, secrets among them, into the
    environ of each request, where whatever shows one would tell them."""
    for name in (*ENVIRONMENT, *OTHER_SECRETS):
        os.environ.pop(name, None)


def _environment() -> dict[str, str | None]:
    return {**dotenv_values(ROOT / ".env"), **os.environ}


def _read_file() -> tuple[dict[str, Any], dict[tuple[str, ...], str]]:
    chosen = _environment().get("EVENTBOOKER_CONFIG")
    path = Path(chosen) if chosen else ROOT / "config.yaml"
    try:
        values = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        if chosen:
            raise ConfigError(f"EVENTBOOKER_CONFIG: there is no file {path}") from None
        return {}, {}
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None
    except yaml.YAMLError as error:
        raise ConfigError(f"{path}: is not YAML: {' '.join(str(error).split())}") from None
    if values is None:
        return {}, {}
    if not isinstance(values, dict):
        raise ConfigError(f"{path}: takes keys with values, such as timezone: UTC")
    return values, {}


def _put(values: dict[str, Any], path: tuple[str, ...], value: object) -> None:
    for name in path[:-1]:
        if not isinstance(values.get(name), dict):
            values[name] = {}
        values = values[name]
    values[path[-1]] = value


def _can_be_read(url: str) -> bool:
    try:
        parts = conninfo_to_dict(url)
    except psycopg.ProgrammingError:
        return False
    hosts, ports = str(parts.get("host", "")), str(parts.get("port", ""))
    return (
        url.startswith(("postgresql://", "postgres://"))
        and "@" not in hosts
        and bool(re.fullmatch(r"[0-9,]*", ports))
        and ports.count(",") in (0, hosts.count(","))
    )


def _describe(error: ValidationError, sources: dict[tuple[str, ...], str]) -> str:
    problem = error.errors(include_url=False, include_input=False)[0]
    path = tuple(str(part) for part in problem["loc"])
    key = ".".join(path)
    said_in = f" (from {sources[path]})" if path in sources else ""
    if problem["type"] == "extra_forbidden":
        return f"{key}: is no setting; known here: {', '.join(_known(path[:-1]))}"
    message = problem["msg"].removeprefix("Value error, ")
    return f"{key}{said_in}: {message[0].lower()}{message[1:]}" if key else message


def _known(path: tuple[str, ...]) -> list[str]:
    model: Any = Settings
    for name in path:
        model = model.model_fields[name].annotation
    return sorted(field.alias or name for name, field in model.model_fields.items())
