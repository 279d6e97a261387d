"""Who may call a route: the rules that the rows of `routes.py` name, checked before the view runs.

Whoever is no admin is answered 403 for what is not theirs, whether it exists or not, so that ids tell nothing. An API
token that is for reading alone, or for the door of an event, is refused the rest by `check_scope`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from eventbooker.http.auth import Caller
from eventbooker.http.problems import Problem
from eventbooker.http.schemas import CheckIn, NewBooking, NewWaitlistEntry

SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Rule:
    """`check` gets the caller and the arguments of the view. It raises Problem (401, 403)."""

    who: str
    """Who may call, in words for the API's document."""
    check: Callable[..., None]
    credentials: tuple[str, ...] = ("session", "api_token")
    """With what one may show who one is; names of `openapi.SECURITY_SCHEMES`."""
    without_credentials: bool = False
    """Whether some calls need none."""
    reads_body: bool = False
    """Whether the check depends on the body, which else is read only after it."""
    takes_user: bool = False
    """Whether the caller must be a user, in open mode too."""
    admits_door: bool = False
    """Whether door tokens get as far as the check, which then looks at `Caller.door_event_id`."""


def _is_admin(caller: Caller, **_: Any) -> None:
    if not caller.is_admin:
        raise caller.refusal("This takes an admin.")


def _is_signed_in(caller: Caller, **_: Any) -> None:
    if caller.user is None:
        raise caller.refusal("")


def _is_the_user(caller: Caller, user_id: int, **_: Any) -> None:
    if not caller.is_admin and not caller.is_user(user_id):
        raise caller.refusal("This is for the user alone and for admins.")


def _holds_the_booking(caller: Caller, booking_id: int, **_: Any) -> None:
    if not caller.holds(booking_id):
        raise caller.refusal("There is no such booking, or it is somebody else's.")


def _holds_the_entry(caller: Caller, entry_id: int, **_: Any) -> None:
    if not caller.holds_entry(entry_id):
        raise caller.refusal("There is no such waiting list entry, or it is somebody else's.")


def _may_book(caller: Caller, body: NewBooking | NewWaitlistEntry, **_: Any) -> None:
    if caller.is_admin:
        return
    if isinstance(body, NewBooking) and body.role == "admin":
        raise Problem("forbidden", "Only an admin gives somebody the role admin.")
    if not caller.may_book_for(body.email):
        raise caller.refusal("An account owns this email; only its owner books with it.")


def _stands_at_the_door(caller: Caller, event_id: int | None = None, body: CheckIn | None = None, **_: Any) -> None:
    door_id = event_id if body is None else body.event_id
    if caller.door_event_id is None and not caller.is_admin:
        raise caller.refusal("This is for admins and the event's door.")
    if caller.door_event_id not in (None, door_id):
        raise Problem("forbidden", "This API token is for the door of another event.")


ANYONE = Rule("anyone", lambda caller, **_: None, credentials=())
SIGNED_IN = Rule("whoever is signed in", _is_signed_in, takes_user=True)
ADMIN = Rule("admins", _is_admin)
THE_USER = Rule("the user and admins", _is_the_user)
BOOKING_HOLDER = Rule(
    "the booking's user, whoever has its token, and admins",
    _holds_the_booking,
    credentials=("session", "api_token", "booking_token"),
)
ENTRY_HOLDER = Rule(
    "the entry's user, whoever has its token, and admins",
    _holds_the_entry,
    credentials=("session", "api_token", "booking_token"),
)
BOOKER = Rule(
    "anyone for an email without an account, an account for its own, and admins",
    _may_book,
    without_credentials=True,
    reads_body=True,
)
DOOR = Rule(
    "tokens of the event's door, and admins",
    _stands_at_the_door,
    reads_body=True,
    admits_door=True,
)


def check_scope(caller: Caller, rule: Rule, method: str) -> None:
    """An API token may be for less than its user may do. Raises Problem (403)."""
    if rule is ANYONE and method in SAFE_METHODS:
        return  # for everybody, so no token is looked up
    if caller.scope == "read" and method not in SAFE_METHODS:
        raise Problem("forbidden", "This API token is for reading alone (scope read).")
    if caller.scope == "door" and not rule.admits_door and rule is not ANYONE:
        raise Problem("forbidden", "This API token is for the door of one event alone (scope door).")
