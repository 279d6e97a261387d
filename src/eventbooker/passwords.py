"""Passwords and random tokens."""

import secrets
from base64 import b64encode
from threading import BoundedSemaphore

from argon2 import PasswordHasher
from argon2.exceptions import Argon2Error, InvalidHashError

MIN_PASSWORD_LENGTH = 8

_hasher = PasswordHasher()
_at_once = BoundedSemaphore(2)  # a hash takes 64 MiB and a core for 0.1 s


def _random(size: int) -> str:
    return b64encode(secrets.token_bytes(size)).decode().rstrip("=")


NOBODY = (
    f"$argon2id$v=19$m={_hasher.memory_cost},t={_hasher.time_cost},p={_hasher.parallelism}"
    f"${_random(_hasher.salt_len)}${_random(_hasher.hash_len)}"
)
"""The hash of no password that anybody knows: checked where there is no account, so that the time taken does not tell
whether there is one."""


def hash_password(password: str) -> str:
    """An argon2id hash."""
    with _at_once:
        return _hasher.hash(password)


def is_password(password: str, password_hash: str) -> bool:
    """Whether the hash is of this password."""
    with _at_once:
        try:
            return _hasher.verify(password_hash, password)
        except (Argon2Error, InvalidHashError):
            return False


def new_token() -> str:
    """A token for a session or a program: 256 random bits."""
    return "t_" + secrets.token_urlsafe(32)
