"""What every migrate loads anew: the one list of the files, their order, and who may call each function."""

import re
from pathlib import Path

from yoyo.migrations import read_sql_migration

from eventbooker.config import ROOT

SQL = ROOT / "sql"

LOADED = (
    "functions/public/clock.sql",  # the views call these
    "functions/internal/time_in_zone.sql",
    "functions/internal/waiting_has_ended.sql",
    "views/*.sql",
    "functions/*/*.sql",
    "roles.sql",
    "triggers/*.sql",
)
"""Files below sql/, in the order in which they load: each once, where it first matches."""

DROPS_FUNCTION = re.compile(r"DROP FUNCTION (?:IF EXISTS )?public\.(\w+)")

APP, OPERATOR = "eventbooker_app", "eventbooker_operator"

CALLERS: dict[str, tuple[str, ...]] = {
    "public": ("PUBLIC",),
    "shared": (APP, OPERATOR),
    "operator": (OPERATOR,),
    "service": (APP,),
    "internal": (),
}
"""The folders of sql/functions, and who may call the functions in each."""


def definitions() -> list[Path]:
    """The files of LOADED, in that order."""
    return list(dict.fromkeys(path for pattern in LOADED for path in sorted(SQL.glob(pattern))))


def removed_functions() -> list[str]:
    """Names that a migration drops and that no file brings back."""
    dropped = [
        found[1]
        for path in sorted((SQL / "migrations").glob("*.sql"))
        for statement in statements_of(path)
        if (found := DROPS_FUNCTION.match(statement))
    ]
    kept = {path.stem for path in definitions()}
    return [name for name in dict.fromkeys(dropped) if name not in kept]


def statements_of(migration: Path) -> list[str]:
    """Without comments before them."""
    _, _, statements = read_sql_migration(str(migration))
    return [re.sub(r"^(\s*--.*\n)+", "", statement).strip() for statement in statements]


def grants() -> str:
    """SQL that lets each function be called by the callers of its folder and by nobody else, for the roles that exist.

    Functions are named without their parameters, so that two of one name are an error."""
    return "\n".join(
        [
            f"REVOKE EXECUTE ON FUNCTION {_functions(*CALLERS)} FROM PUBLIC;",
            f"GRANT EXECUTE ON FUNCTION {_functions(*_folders_of('PUBLIC'))} TO PUBLIC;",
            *(_grants_to(role) for role in (APP, OPERATOR)),
        ]
    )


def _grants_to(role: str) -> str:
    return f"""
DO $$
BEGIN
    IF to_regrole('{role}') IS NOT NULL THEN
        REVOKE EXECUTE ON FUNCTION {_functions(*CALLERS)} FROM {role};
        GRANT EXECUTE ON FUNCTION {_functions(*_folders_of(role))} TO {role};
    END IF;
END
$$;
"""


def _folders_of(caller: str) -> list[str]:
    return [folder for folder, callers in CALLERS.items() if caller in callers]


def _functions(*folders: str) -> str:
    names = [path.stem for folder in folders for path in sorted((SQL / "functions" / folder).glob("*.sql"))]
    return ", ".join(f"public.{name}" for name in names)
