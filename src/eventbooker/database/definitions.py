"""What every migrate loads anew: the one list of the files, their order, and who may call each function."""

from pathlib import Path

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
