"""When two emails are the same: fold_email of sql/functions, in Python."""

import string

_LOWER = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold_email(email: str) -> str:
    """The form in which emails are compared: without spaces around it and with A-Z as a-z; no other letter changes."""
    return email.strip(" ").translate(_LOWER)
