"""Load the current definitions under the feet of a service that goes on.

Functions change all at one moment, with the rights to call them. Views and triggers lock tables, so they are made one
at a time, and only where they differ."""

from collections.abc import Callable
from itertools import groupby
from pathlib import Path

import psycopg
from psycopg.errors import AmbiguousFunction, DeadlockDetected, InvalidFunctionDefinition, LockNotAvailable

from eventbooker.config import ROOT
from eventbooker.database.definitions import SQL, definitions, grants, removed_functions
from eventbooker.database.patience import LOCK_TIMEOUT, patiently
from eventbooker.database.pool import Connection, error_line

VIEW = """
SELECT pg_get_viewdef(c.oid), obj_description(c.oid, 'pg_class'),
       array_agg((attname, atttypid, atttypmod)::text ORDER BY attnum)
FROM pg_class AS c
JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0
WHERE c.oid = to_regclass(%s)
GROUP BY c.oid
"""

ROLES = SQL / "roles.sql"


class DefinitionError(Exception):
    """A definition cannot be loaded; the message names its file."""


def load_definitions(connection: Connection, say: Callable[[str], None]) -> None:
    """Raises DefinitionError, TableBusy, psycopg.OperationalError."""
    for kind, paths in groupby(definitions(), key=_kind):
        match kind:
            case "views":
                for path in paths:
                    if _view_differs(connection, path):
                        _replace(connection, say, path)
            case "triggers":
                made = {name for (name,) in connection.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")}
                for path in paths:
                    if path.stem not in made:
                        _replace(connection, say, path)
            case _:
                _load_functions(connection, list(paths))


def _kind(path: Path) -> str:
    return path.parent.name if path.parent.name in ("views", "triggers") else "functions"


def _view_differs(connection: Connection, path: Path) -> bool:
    """Replacing a view locks out whoever reads it, and a reader of two views could wait for us while we wait for it. So
    it is made beside the one that is there, for this session alone, and compared as PostgreSQL reads both."""
    beside = path.read_text().replace(f"VIEW public.{path.stem}", f"VIEW pg_temp.{path.stem}")
    with connection.transaction(force_rollback=True):
        _run(connection, path, beside)
        connection.execute("SET LOCAL search_path = pg_catalog, pg_temp")
        made = connection.execute(VIEW, (f"public.{path.stem}",)).fetchone()
        return made != connection.execute(VIEW, (f"pg_temp.{path.stem}",)).fetchone()


def _replace(connection: Connection, say: Callable[[str], None], path: Path) -> None:
    def replace() -> None:
        with connection.transaction():
            connection.execute(LOCK_TIMEOUT)
            _run(connection, path, path.read_text())

    patiently(connection, say, str(path.relative_to(ROOT)), replace)


def _load_functions(connection: Connection, paths: list[Path]) -> None:
    """All of them at one moment, with the rights to call them."""
    with connection.transaction():
        # The body of a function may name a function that is loaded after it.
        connection.execute("SET LOCAL check_function_bodies = off")
        for path in paths:
            _load_function(connection, path)
        if ROLES in paths:
            connection.execute("SET LOCAL client_min_messages = warning")  # most of the removed ones are long gone
            for name in removed_functions():
                connection.execute(f"DROP FUNCTION IF EXISTS public.{name}".encode())
            connection.execute(grants().encode())


def _load_function(connection: Connection, path: Path) -> None:
    try:
        with connection.transaction():
            connection.execute(path.read_bytes())
    except (InvalidFunctionDefinition, AmbiguousFunction):
        # Its parameters or its result have changed. PostgreSQL would refuse it, or keep the former one beside it.
        _run(connection, path, f'DROP FUNCTION IF EXISTS public."{path.stem}"; {path.read_text()}')
    except psycopg.Error as error:
        raise _definition_error(path, error) from error


def _run(connection: Connection, path: Path, text: str) -> None:
    try:
        connection.execute(text.encode())
    except (LockNotAvailable, DeadlockDetected):
        raise
    except psycopg.Error as error:
        raise _definition_error(path, error) from error


def _definition_error(path: Path, error: psycopg.Error) -> DefinitionError:
    return DefinitionError(f"{path.relative_to(ROOT)}: {error_line(error)}")
