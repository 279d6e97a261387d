"""A real PostgreSQL for every test: each has a database of its own, cloned from a migrated template."""

import itertools
import os
import shutil
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import LiteralString

import psycopg
import pytest
from psycopg import sql
from pydantic import SecretStr
from werkzeug.serving import make_server

from eventbooker import config, tracing
from eventbooker.config import Auth, Limits, Settings
from eventbooker.database import embedded
from eventbooker.database.binaries import examine
from eventbooker.database.migrate import migrate
from eventbooker.http.app import create_app
from eventbooker.passwords import hash_password
from tests.database import Database
from tests.full import FULL
from tests.otlp import Collector
from tests.service import Service

ADMIN_EMAIL = "admin@example.org"
ADMIN_PASSWORD = "correct horse battery"
WITHOUT_LIMITS = Limits.model_validate(dict.fromkeys(Limits.model_fields, "off"))
WITHOUT_DURABILITY = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}

LONGEST = (
    "/fuzz/",
    "/stateful/",
    "/crash/",
    "/failover/",
    "/test_delivery",
    "/test_serve",
    "/test_slow_clients",
    "/test_secrets",
    "/test_worker_process",
    "/test_commands",
    "/test_killed_server",
    "/test_matrix",
)
"""Parts of the names of the tests that take ten seconds and more."""

ONLY_IN_FULL = (
    "/test_commands",
    "/test_proxies",
    "/test_worker_process",
    "/test_users.py",
    "/test_killed_server.py::test_a_server",
    "/browser/test_accessibility",
    "/browser/test_admin",
    "/browser/test_layout",
    "/browser/test_telegram",
    "/failover/test_failover",
    "/failover/test_helpers",
    "/failover/test_pgbouncer.py::test_migrate",
    "/failover/test_replica",
    "/failover/test_silence.py::test_everybody",
    "/test_conversation.py::test_one_worker",
    "/test_conversation.py::test_what_was_being_done",
    "/test_secrets.py::test_no_secret",
    "/test_serve.py::test_a_",
    "/test_serve.py::test_killed",
    "/test_serve.py::test_sigterm",
    "/test_serve.py::test_the_sql",
    "/test_serve.py::test_without",
)
"""Parts of the names of tests that start many processes: left out of `./dev test` without arguments, unless
EVENTBOOKER_FULL_TESTS=1. Naming their file runs them."""

SHORT_RUN = "EVENTBOOKER_SHORT_RUN"
"""Set here for xdist's workers, which do not know how pytest was called."""

_servers = ExitStack()
_took = ""


def pytest_configure(config: pytest.Config) -> None:
    """Start the server once, before xdist's workers: they inherit TEST_DATABASE_URL."""
    global _took
    if hasattr(config, "workerinput") or config.option.collectonly:
        return
    if not FULL and config.args_source is pytest.Config.ArgsSource.TESTPATHS:
        os.environ[SHORT_RUN] = "1"
    if os.environ.get("TEST_DATABASE_URL"):
        _took = "the one in TEST_DATABASE_URL"
    elif url := _from_container():
        _took = "a container, by testcontainers"
        os.environ["TEST_DATABASE_URL"] = url
    else:
        _took = "the embedded one"
        chosen = os.environ.get("TEST_POSTGRESQL_BIN")  # another version than the one that is found
        data = Path(tempfile.mkdtemp(prefix="eventbooker-tests-"))
        for place in (data, embedded.place_elsewhere(data)):
            _servers.callback(shutil.rmtree, place, ignore_errors=True)
        os.environ["TEST_DATABASE_URL"] = _servers.enter_context(
            embedded.running(data, lambda line: None, WITHOUT_DURABILITY, examine(Path(chosen)) if chosen else None)
        )
    with psycopg.connect(os.environ["TEST_DATABASE_URL"]) as connection:
        _took += f" (PostgreSQL {connection.info.parameter_status('server_version')})"


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """The longest tests start first, so that none of them is still at work when all others are done."""
    items.sort(key=lambda item: not any(part in item.nodeid for part in LONGEST))
    if os.environ.get(SHORT_RUN):
        left_out = [item for item in items if any(part in item.nodeid for part in ONLY_IN_FULL)]
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item not in left_out]


def pytest_report_header() -> str:
    tests = "the longest are left out; EVENTBOOKER_FULL_TESTS=1 runs them" if os.environ.get(SHORT_RUN) else "all"
    return f"database: {_took}; tests: {tests}"


def pytest_unconfigure() -> None:
    _servers.close()


def _from_container() -> str | None:
    if not (os.environ.get("DOCKER_HOST") or Path("/var/run/docker.sock").exists()):
        return None
    import docker
    from docker.errors import DockerException

    try:
        with closing(docker.from_env()) as engine:
            engine.ping()
    except DockerException:
        return None
    from testcontainers.community.postgres import PostgresContainer

    postgres = PostgresContainer("postgres:17", driver=None).with_command("postgres -c max_connections=200")
    container = _servers.enter_context(postgres)
    return str(container.get_connection_url())


@pytest.fixture(scope="session")
def server_url() -> str:
    """The libpq URL of the server's own database."""
    return os.environ["TEST_DATABASE_URL"]


@pytest.fixture(scope="session")
def new_database(server_url: str) -> Callable[..., Database]:
    """Makes a database: empty, a copy of the template whose name is given, or with options of CREATE DATABASE."""
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    numbers = itertools.count(1)

    def make(template: str | None = None, options: LiteralString = "") -> Database:
        name = f"test_{worker}_{os.getpid()}_{next(numbers)}"
        clone = sql.SQL("TEMPLATE {} STRATEGY file_copy").format(sql.Identifier(template)) if template else sql.SQL("")
        with psycopg.connect(server_url, autocommit=True) as connection:
            connection.execute(
                sql.SQL("CREATE DATABASE {} {} {}").format(sql.Identifier(name), clone, sql.SQL(options))
            )
        return Database(server_url, name)

    return make


@pytest.fixture(scope="session")
def template(new_database: Callable[[str | None], Database]) -> Iterator[str]:
    """The name of a migrated database that nobody is connected to."""
    database = new_database(None)
    migrate(database.url)
    yield database.name
    database.drop()


@pytest.fixture
def empty_database(new_database: Callable[[str | None], Database]) -> Iterator[Database]:
    """A database without a table."""
    database = new_database(None)
    yield database
    database.drop()


@pytest.fixture
def database(new_database: Callable[[str | None], Database], template: str) -> Iterator[Database]:
    """A migrated database of the test's own."""
    database = new_database(template)
    yield database
    database.drop()


@pytest.fixture
def settings(database: Database) -> Settings:
    """As shipped, on the test's database; without rate limits, because all tests call from one address."""
    return config.Settings(database_url=SecretStr(database.url), limits=WITHOUT_LIMITS)


@pytest.fixture
def data_dir(tmp_path: Path) -> Iterator[Path]:
    """Where a first start would make a private database: for root a place that PostgreSQL's user cannot reach."""
    yield tmp_path / "var"
    shutil.rmtree(embedded.place_elsewhere(tmp_path / "var"), ignore_errors=True)


@contextmanager
def serving(settings: Settings) -> Iterator[Service]:
    """The application on a port of loopback, answered by threads of this process."""
    app = create_app(settings)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, args=[0.01])
    thread.start()
    try:
        with Service(f"http://127.0.0.1:{server.port}") as service:
            yield service
    finally:
        app.extensions["feed"].close()
        server.shutdown()
        thread.join()
        server.server_close()
        if replica := app.extensions["replica"]:
            replica.close()
        app.extensions["pool"].close()


@pytest.fixture
def collector() -> Iterator[Collector]:
    """Where traces go, for a test that starts tracing."""
    with Collector() as collector:
        yield collector


@pytest.fixture
def start_tracing(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Starts it in this process; keywords are OpenTelemetry's variables, and no others are set."""
    before = dict(os.environ)

    def start(**variables: str) -> None:
        monkeypatch.setattr(config, "variables", lambda _: {"OTEL_BSP_SCHEDULE_DELAY": "50"} | variables)
        tracing.start()

    yield start
    tracing.stop()
    os.environ.clear()
    os.environ.update(before)


@pytest.fixture
def live_service(settings: Settings) -> Iterator[Service]:
    """The service in open mode, over real HTTP."""
    with serving(settings) as service:
        yield service


@pytest.fixture
def required_service(settings: Settings, database: Database) -> Iterator[Service]:
    """The service in required mode, with an admin who can sign in."""
    database.execute("SELECT create_admin(%s, %s)", (ADMIN_EMAIL, hash_password(ADMIN_PASSWORD)))
    with serving(settings.model_copy(update={"auth": Auth(mode="required")})) as service:
        yield service
