"""`already_booked` and `already_waiting` name what stands only to whoever may see it: it would tell who attends."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import psycopg

from eventbooker.http.auth import Caller, caller
from eventbooker.http.problems import SQLSTATES, Problem, from_database

MAY_SEE: dict[str, tuple[str, Callable[[Caller, int], bool], str]] = {
    "already_booked": ("booking_id", Caller.holds, "This email has a booking for this event already."),
    "already_waiting": ("entry_id", Caller.holds_entry, "This email waits for this event already."),
}
"""By the code: the member that names what stands, who may see it, and what all others are told."""


@contextmanager
def hiding_bookings_of_others() -> Iterator[None]:
    """The block books for an email that may be somebody else's. Raises Problem (409), worded the same for all."""
    try:
        yield
    except (Problem, psycopg.Error) as error:
        if isinstance(error, psycopg.Error):
            if SQLSTATES.get(error.sqlstate or "") not in MAY_SEE:
                raise
            problem = from_database(error)
        else:
            problem = error
        if problem.code in MAY_SEE:
            member, may_see, told_to_others = MAY_SEE[problem.code]
            if not may_see(caller(), problem.members[member]):
                raise Problem(problem.code, told_to_others) from None
        raise
