"""One row: a world, load on it, what breaks, until all is whole again; then the books are compared."""

import itertools
import time

from tests.kill_matrix.ledger import Ledger, judge
from tests.kill_matrix.load import Caller, Load
from tests.kill_matrix.programs import Web
from tests.kill_matrix.report import Outcome
from tests.kill_matrix.rows import Row
from tests.kill_matrix.worlds import World
from tests.waiting import until

ANSWERS_BEFORE = 200
ANSWERS_AFTER = 100
WHOLE_WITHIN = 60


def run(row: Row) -> Outcome:
    """Raises NotHere."""
    with row.world() as world:
        events, ledger = world.events(), Ledger()
        with Load([web.base for web in world.webs], events, ledger) as load:
            load.wait_for_answers(ANSWERS_BEFORE)
            until(lambda: [chat for _, chat in ledger.chats if world.bot_api.delivered[chat]])
            mended = row.breaks(world, load)
            try:
                until_whole(world, events[0], ledger, mended)
                seconds = time.monotonic() - mended
                load.wait_for_answers(ANSWERS_AFTER)
            except AssertionError:
                seconds = None
        return Outcome(row, ledger, seconds, judge(world.url, ledger, world.bot_api))


def until_whole(world: World, event: int, ledger: Ledger, since: float) -> None:
    """Each web takes a booking, and somebody who has confirmed since then is told so. Raises AssertionError."""
    for web in world.webs:
        until(lambda web=web: _books(web, event, ledger), within=WHOLE_WITHIN)  # type: ignore[misc]
    until(
        lambda: [chat for at, chat in ledger.chats if at > since and world.bot_api.delivered[chat]], within=WHOLE_WITHIN
    )


_numbers = itertools.count()


def _books(web: Web, event: int, ledger: Ledger) -> bool:
    """A client would have gone to the other web, so only what it was told counts."""
    caller = Caller([web.base], Ledger())
    email = f"probe{next(_numbers)}@example.org"
    booked = caller.post(f"/events/{event}/book", {"email": email}, email)
    caller.close()
    if booked:
        ledger.told.append(booked)
    return booked is not None
