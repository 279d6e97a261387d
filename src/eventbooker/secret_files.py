"""Secrets in files, as containers and systemd hand them over: `DATABASE_URL_FILE` names one for `DATABASE_URL`.

A file is read once, when the settings are. What stands in a variable can be seen in `docker inspect` and is passed on
to every process that is started; what stands in a file cannot, and is not.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

SUFFIX = "_FILE"


class SecretFileError(Exception):
    """A file cannot be used; the message is one line that names the variable, and never holds what is in the file."""


def read_secret_files(environment: Mapping[str, str | None], names: Iterable[str]) -> dict[str, str]:
    """The values of those variables in `names` for which a file is named. A variable that is empty counts as unset.

    Raises SecretFileError."""
    found = {}
    for name in names:
        if path := environment.get(name + SUFFIX):
            if environment.get(name):
                raise SecretFileError(f"{name}{SUFFIX}: {name} is set too; set one of them")
            found[name] = _read(name + SUFFIX, Path(path))
    return found


def _read(variable: str, path: Path) -> str:
    """Without the line break that editors and `echo` put at the end."""
    try:
        text = path.read_text(encoding="utf-8").rstrip("\n")
    except UnicodeDecodeError:
        raise SecretFileError(f"{variable}: {path} is not text (UTF-8)") from None
    except OSError as error:
        raise SecretFileError(f"{variable}: {path} cannot be read: {error.strerror}") from None
    if not text:
        raise SecretFileError(f"{variable}: {path} is empty")
    return text
