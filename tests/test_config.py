import os
from datetime import timedelta
from ipaddress import ip_network
from pathlib import Path

import pytest

from eventbooker import config
from eventbooker.config import ConfigError


@pytest.fixture(autouse=True)
def nothing_from_outside(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Settings come from the test alone, not from this machine's environment or .env."""
    for name in (*config.ENVIRONMENT, "EVENTBOOKER_CONFIG"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(f"{name}_FILE", raising=False)
    monkeypatch.setattr(config, "_environment", lambda: dict(os.environ))


def written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    path = tmp_path / "config.yaml"
    path.write_text(text, encoding="utf-8")
    monkeypatch.setenv("EVENTBOOKER_CONFIG", str(path))


def test_the_file_as_shipped_holds_the_defaults() -> None:
    assert config.load() == config.Settings()


def test_the_environment_overrides_the_file_and_flags_override_both(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, monkeypatch, "server: {port: 1, workers: 3}\nscheduler: {interval: 1m30s}")
    monkeypatch.setenv("EVENTBOOKER_SERVER_PORT", "2")
    monkeypatch.setenv("EVENTBOOKER_AUTH_MODE", "required")
    monkeypatch.setenv("EVENTBOOKER_TRUSTED_PROXIES", "127.0.0.1, fd00::/8")
    monkeypatch.setenv("DATABASE_URL", "")

    settings = config.load(server__workers=4, server__host=None)

    assert (settings.server.port, settings.server.workers, settings.server.host) == (2, 4, "127.0.0.1")
    assert settings.scheduler.interval == timedelta(seconds=90)
    assert settings.auth.mode == "required"
    assert settings.server.trusted_proxies == (ip_network("127.0.0.1"), ip_network("fd00::/8"))
    assert settings.database_url is None


def test_times_after_which_people_are_forgotten_are_off_or_days(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, monkeypatch, "privacy: {anonymise_canceled_after: 30d, anonymise_attendees_after: off}")

    privacy = config.load().privacy

    assert (privacy.anonymise_canceled_after, privacy.anonymise_attendees_after) == (timedelta(days=30), None)


@pytest.mark.parametrize(
    ("text", "key", "takes"),
    [
        ("colour: red", "colour", "server"),
        ("server: {prot: 1}", "server.prot", "port"),
        ("privacy: {anonymise_canceled_after: 1h}", "privacy.anonymise_canceled_after", "365d"),
        ("privacy: {anonymise_attendees_after: soon}", "privacy.anonymise_attendees_after", "off"),
        ("archive: {after: 30d, delete_after: 20d}", "archive", "no less than after"),
        ("archive: {after: off, delete_after: 20d}", "archive", "no less than after"),
        ("server: {port: 99999}", "server.port", "65535"),
        ("server: {port: many}", "server.port", "integer"),
        ("server: {workers: 0}", "server.workers", "1"),
        ("server: 8080", "server", "dictionary"),
        ("server: {trusted_proxies: proxy.lan}", "server.trusted_proxies", "10.0.0.0/8"),
        ("server: {trusted_proxies: [127.0.0.1, 10.0.0.1/8]}", "server.trusted_proxies.1", "host bits"),
        ("server: {trusted_proxies: [1]}", "server.trusted_proxies", "::1"),
        ("server: {trusted_proxies: 1}", "server.trusted_proxies", "tuple"),
        ("scheduler: {interval: 10}", "scheduler.interval", "10s"),
        ("scheduler: {interval: soon}", "scheduler.interval", "10s"),
        ("scheduler: {interval: -10s}", "scheduler.interval", "100ms"),
        ("scheduler: {interval: 10y}", "scheduler.interval", "10s"),
        ("scheduler: {interval: }", "scheduler.interval", "10s"),
        ("auth: {mode: closed}", "auth.mode", "required"),
        ("timezone: Mars/Olympus", "timezone", "Europe/Berlin"),
        ("limits: {booking: 40}", "limits.booking", "40/1h"),
        ("limits: {booking: 0/1h}", "limits.booking", "40/1h"),
        ("limits: {sign_in: 10/1y}", "limits.sign_in", "168h"),
        ("limits: {sign_in: 10/1.5s}", "limits.sign_in", "1s"),
        ("limits: {sign_in: -1/1h}", "limits.sign_in", "off"),
        ("limits: {sign_in: 7}", "limits.sign_in", "40/1h"),
        ("limits: {holds_per_address: -1}", "limits.holds_per_address", "0"),
        ("limits: {holds_per_address: 10/1h}", "limits.holds_per_address", "integer"),
        ("limits: {bokking: off}", "limits.bokking", "booking"),
        ("server: {public_url: events.example.org}", "server.public_url", "https://"),
        ("server: {public_url: 'https://e.org/?q=1'}", "server.public_url", "https://"),
        ("mail: {from: nobody}", "mail.from", "tickets@example.org"),
        ('mail: {from: "a@b.c\\r\\nBcc: d@e.f"}', "mail.from", "tickets@example.org"),
        ("mail: {form: a@b.c}", "mail.form", "from"),
        ("smtp_url: smtp://host", "mail.from", "SMTP_URL"),
        ("telegram: {language: de}", "telegram.language", "ru"),
        ("telegram: {reminder: 1}", "telegram.reminder", "0.9"),
        ("telegram: {rate: 0}", "telegram.rate", "1"),
        ("telegram: {timeout: 2m}", "telegram.timeout", "5s"),
        ("telegram: {keep: 1s}", "telegram.keep", "168h"),
        ("telegram: {token: x}", "telegram.token", "language"),
        ("log: {level: loud}", "log.level", "warning"),
        ("log: {format: xml}", "log.format", "json"),
        ("database_url: mysql://x", "database_url", "postgresql://"),
        ("- a list", "config.yaml", "keys"),
        ("server: [", "config.yaml", "YAML"),
    ],
)
def test_a_bad_setting_is_told_in_one_line_with_what_it_takes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, key: str, takes: str
) -> None:
    written(tmp_path, monkeypatch, text)

    with pytest.raises(ConfigError) as error:
        config.load()

    told = str(error.value)
    assert key in told
    assert takes in told
    assert "\n" not in told


def test_quotas_are_read_as_they_are_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written(tmp_path, monkeypatch, "limits: {booking: '5/1m, 100/24h', sign_in: off, registration: 'off'}")

    limits = config.load().limits

    assert [(quota.requests, quota.seconds, str(quota)) for quota in limits.booking] == [
        (5, 60, "1m"),
        (100, 86400, "24h"),
    ]
    assert limits.sign_in == limits.registration == ()


@pytest.mark.parametrize(("text", "most"), [("3", 3), ("0", 0), ("off", 0), ("'off'", 0)])
def test_the_limit_of_holds_is_a_number_or_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, most: int
) -> None:
    written(tmp_path, monkeypatch, f"limits: {{holds_per_address: {text}}}")

    assert config.load().limits.holds_per_address == most


def test_a_bad_environment_variable_or_flag_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ConfigError, match="--port"):
        config.load(server__port=0)
    monkeypatch.setenv("EVENTBOOKER_SCHEDULER_INTERVAL", "often")
    with pytest.raises(ConfigError, match="EVENTBOOKER_SCHEDULER_INTERVAL"):
        config.load()


def test_a_missing_file_that_was_asked_for_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENTBOOKER_CONFIG", "/nowhere/config.yaml")

    with pytest.raises(ConfigError, match=r"EVENTBOOKER_CONFIG: there is no file /nowhere/config\.yaml"):
        config.load()


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "example.org"])
def test_open_mode_stays_on_loopback_unless_told_otherwise(host: str) -> None:
    with pytest.raises(ConfigError, match=r"auth\.mode"):
        config.load(server__host=host).must_be_safe_to_serve()

    config.load(server__host=host, auth__allow_open_on_network=True).must_be_safe_to_serve()
    config.load(server__host=host, auth__mode="required").must_be_safe_to_serve()


@pytest.mark.parametrize("host", ["localhost", "127.0.0.1", "127.9.9.9", "::1"])
def test_loopback_is_safe(host: str) -> None:
    config.load(server__host=host).must_be_safe_to_serve()


def test_secrets_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123:hidden")
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:hidden@h/d")

    assert "hidden" not in repr(config.load())


@pytest.mark.parametrize("url", ["mail.example.org", "http://u:geheim@host", "smtp://u:geheim@host:many", "smtp://"])
def test_a_wrong_mail_server_is_refused_without_telling_its_password(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("SMTP_URL", url)
    with pytest.raises(ConfigError, match="SMTP_URL") as refused:
        config.load()
    assert "smtps://" in str(refused.value)
    assert "geheim" not in str(refused.value)


def test_links_lead_to_the_public_address_or_to_the_port_on_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EVENTBOOKER_SERVER_PORT", "9000")
    assert config.load().public_url == "http://localhost:9000"
    monkeypatch.setenv("EVENTBOOKER_PUBLIC_URL", "https://events.example.org/club/")
    monkeypatch.setenv("SMTP_URL", "smtps://user:geheim@mail.example.org")
    monkeypatch.setenv("EVENTBOOKER_MAIL_FROM", "Chess Club <tickets@example.org>")
    settings = config.load()
    assert settings.public_url == "https://events.example.org/club"
    assert "geheim" not in repr(settings)


SECRETS = {
    "DATABASE_URL": "postgresql://u:geheim@h/d",
    "TELEGRAM_BOT_TOKEN": "123:geheim",
    "SMTP_URL": "smtps://u:geheim@mail.example.org",
    "EVENTBOOKER_SECRET_KEY": "geheim",
    "EVENTBOOKER_ADMIN_PASSWORD": "geheim geheim",
}


@pytest.mark.parametrize("name", SECRETS)
def test_every_secret_may_be_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv("EVENTBOOKER_MAIL_FROM", "tickets@example.org")
    file = tmp_path / "secret"
    file.write_text(SECRETS[name] + "\n")
    monkeypatch.setenv(name, "")
    monkeypatch.setenv(f"{name}_FILE", str(file))

    secret = getattr(config.load(), config.ENVIRONMENT[name][0])

    assert secret.get_secret_value() == SECRETS[name]


def test_no_secret_setting_is_without_a_variable_for_its_file() -> None:
    secret = {name for name, field in config.Settings.model_fields.items() if "SecretStr" in str(field.annotation)}

    assert secret == {config.ENVIRONMENT[name][0] for name in config.secrets()}


@pytest.mark.parametrize(
    ("content", "why"), [(b"", "is empty"), (b"\n", "is empty"), (b"\xff", "is not text"), (None, "cannot be read")]
)
def test_a_secret_file_that_cannot_be_used_is_told_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: bytes | None, why: str
) -> None:
    file = tmp_path / "secret"
    if content is not None:
        file.write_bytes(content)
    monkeypatch.setenv("EVENTBOOKER_SECRET_KEY_FILE", str(file))

    with pytest.raises(ConfigError, match=why) as refused:
        config.load()

    assert str(refused.value).startswith(f"EVENTBOOKER_SECRET_KEY_FILE: {file} ")
    assert "\n" not in str(refused.value)


def test_a_secret_that_is_set_both_ways_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "url").write_text("postgresql://u:geheim@h/d")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))
    monkeypatch.setenv("DATABASE_URL", "postgresql://u:other@h/d")

    with pytest.raises(ConfigError, match="DATABASE_URL_FILE: DATABASE_URL is set too") as refused:
        config.load()

    assert "geheim" not in str(refused.value)


def test_a_wrong_value_in_a_secret_file_names_the_file_s_variable_and_not_the_value(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "url").write_text("mysql://u:geheim@h/d")
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "url"))

    with pytest.raises(ConfigError, match="DATABASE_URL_FILE") as refused:
        config.load()

    assert "geheim" not in str(refused.value)


def test_processes_of_ours_use_the_database_they_are_told_whatever_file_was_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL_FILE", str(tmp_path / "gone"))
    for name, value in config.for_processes("postgresql://u:geheim@h/private").items():
        monkeypatch.setenv(name, value)

    url = config.load().database_url

    assert url
    assert url.get_secret_value() == "postgresql://u:geheim@h/private"


SEVERAL = "postgresql://user:secret@db1:5432,db2:5433/eventbooker?target_session_attrs=read-write"


def test_a_database_url_may_name_several_hosts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", SEVERAL)
    loaded = config.load()
    assert loaded.database_url
    assert loaded.database_url.get_secret_value() == SEVERAL
    assert loaded.session_url == loaded.database_url


def test_ports_that_fit_no_hosts_are_refused_without_showing_the_password(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://user:secret@/eventbooker?host=db1,db2,db3&port=1,2")
    with pytest.raises(ConfigError, match="DATABASE_URL") as refused:
        config.load()
    assert "secret" not in str(refused.value)


def test_a_direct_url_is_refused_without_the_one_that_it_goes_past(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "")
    monkeypatch.setenv("DATABASE_URL_DIRECT", "postgresql://user:secret@db1/eventbooker")
    with pytest.raises(ConfigError, match="DATABASE_URL_DIRECT: is of no use without DATABASE_URL"):
        config.load()
