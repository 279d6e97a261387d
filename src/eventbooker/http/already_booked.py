"""`already_booked` names the standing booking only to whoever may see it: to others it would tell who attends."""

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg

from eventbooker.http.auth import caller
from eventbooker.http.problems import SQLSTATES, Problem, from_database

CODE = "already_booked"


@contextmanager
def hiding_bookings_of_others() -> Iterator[None]:
    """The block books for an email that may be somebody else's. Raises Problem (409), worded the same for all."""
    try:
        yield
    except (Problem, psycopg.Error) as error:
        if isinstance(error, psycopg.Error):
            if SQLSTATES.get(error.sqlstate or "") != CODE:
                raise
            problem = from_database(error)
        else:
            problem = error
        if problem.code == CODE and not caller().holds(problem.members["booking_id"]):
            raise Problem(CODE, "This email has a booking for this event already.") from None
        raise
