"""A small model of the rules of seats and waiting lists, for the test that compares the database with it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

TTL = timedelta(minutes=1)
START = datetime(2030, 1, 1, 12, tzinfo=UTC)
MOST = 3
"""Seats that one booking may take."""

LIVE = ("pending", "confirmed")


@dataclass
class Hold:
    """A booking as the rules have it."""

    event: int
    email: str
    seats: int
    expires_at: datetime
    state: str = "pending"  # or confirmed, or why it is canceled: user, expired, event canceled


@dataclass
class Entry:
    """Who waits, in the order of coming; `offer` is the booking, or what stands for it until its id is known."""

    event: int
    email: str
    seats: int
    status: str = "waiting"
    offer: int | None = None
    passed_over: int = 0
    kept_until: datetime | None = None


class Rules:
    """What should be so. A hold past its end is dead, and stays so if a clock steps back after anybody noticed."""

    def __init__(self) -> None:
        self.now = START
        self.limit: int | None = None
        self.seats: dict[int, int] = {}
        self.canceled: set[int] = set()
        self.holds: dict[int, Hold] = {}
        self.entries: dict[int, Entry] = {}

    def state(self, booking: int) -> str:
        hold = self.holds[booking]
        return "expired" if hold.state == "pending" and hold.expires_at <= self.now else hold.state

    def status(self, entry: int) -> str:
        it = self.entries[entry]
        if it.status == "offered" and it.offer is not None and self.state(it.offer) == "expired":
            return "expired"
        return it.status

    def taken(self, event: int) -> int:
        return sum(h.seats for b, h in self.holds.items() if h.event == event and self.state(b) in LIVE)

    def stored_free(self, event: int) -> int:
        return self.seats[event] - sum(h.seats for h in self.holds.values() if h.event == event and h.state in LIVE)

    def waiting(self, event: int) -> list[int]:
        return [n for n, e in sorted(self.entries.items()) if e.event == event and e.status == "waiting"]

    def standing(self, event: int, email: str) -> int | None:
        """The live booking of somebody, if there is one."""
        live = [b for b, h in self.holds.items() if (h.event, h.email) == (event, email) and self.state(b) in LIVE]
        return live[0] if live else None

    def may_book_more(self, email: str) -> bool:
        live = sum(h.email == email and self.state(b) in LIVE for b, h in self.holds.items())
        return self.limit is None or live < self.limit

    def close(self, booking: int, state: str) -> None:
        """Seats come back; an offer ends with them."""
        self.holds[booking].state = state
        for entry in self.entries.values():
            if entry.offer == booking and entry.status == "offered":
                entry.status = "left" if state == "user" else "expired"

    def advance(self, event: int) -> None:
        """Where people wait, lapsed holds are taken back and what is free is offered."""
        if self.waiting(event):
            self.lapse(event)
            self.offer(event)

    def lapse(self, event: int) -> None:
        for booking, hold in self.holds.items():
            if hold.event == event and hold.state == "pending" and self.state(booking) == "expired":
                self.close(booking, "expired")

    def offer(self, event: int) -> None:
        free = self.stored_free(event)
        lapsed = self.seats[event] - self.taken(event) - free
        ahead: list[Entry] = []
        keeper: Entry | None = None
        for number in self.waiting(event):
            entry = self.entries[number]
            if entry.seats > self.seats[event] or not self.may_book_more(entry.email):
                continue
            if free == 0:
                return
            if entry.seats > free:
                if entry.seats <= free + lapsed or (entry.kept_until and entry.kept_until > self.now):
                    return
                if entry.kept_until:
                    entry.passed_over, entry.kept_until = 0, None
                elif entry.passed_over == 3:
                    keeper = keeper or entry
                ahead.append(entry)
                continue
            if keeper:
                keeper.kept_until = self.now + TTL
                return
            entry.status, entry.offer, entry.kept_until = "offered", -number, None
            self.holds[-number] = Hold(event, entry.email, entry.seats, self.now + TTL)
            free -= entry.seats
            for group in ahead:
                group.passed_over += 1
                if group.passed_over == 3:
                    keeper = keeper or group

    def book(self, event: int, email: str, seats: int) -> str | int | None:
        """The SQLSTATE that must come, the offer that the user was next for, or None: a new booking."""
        before = set(self.holds)
        self.advance(event)
        standing = self.standing(event, email)
        if event in self.canceled:
            return "EB203"
        if standing is not None:
            return standing if standing not in before else "EB202"
        if seats > MOST:
            return "EB104"
        if not self.may_book_more(email):
            return "EB214"
        return "EB201" if self.waiting(event) or self.seats[event] - self.taken(event) < seats else None

    def join(self, event: int, email: str, seats: int) -> str | None:
        self.lapse(event)
        self.offer(event)
        if event in self.canceled:
            return "EB203"
        if any(
            (e.event, e.email) == (event, email) and e.status in ("waiting", "offered") for e in self.entries.values()
        ):
            return "EB212"
        if self.standing(event, email) is not None:
            return "EB202"
        if seats > min(MOST, self.seats[event]):
            return "EB104"
        if not self.may_book_more(email):
            return "EB214"
        return "EB213" if not self.waiting(event) and self.stored_free(event) >= seats else None

    def change_event(self, event: int, seats: int) -> str | None:
        if event in self.canceled:
            return "EB210"
        self.advance(event)
        return "EB207" if self.taken(event) > seats else None

    def confirm(self, booking: int) -> str | None:
        return {"expired": "EB204", "user": "EB205", "event canceled": "EB205"}.get(self.state(booking))

    def change_seats(self, booking: int, seats: int) -> str | None:
        hold = self.holds[booking]
        if refused := self.confirm(booking):
            return refused
        if seats <= hold.seats:
            return None
        if seats > MOST:
            return "EB104"
        self.advance(hold.event)
        free = self.seats[hold.event] - self.taken(hold.event)
        return "EB201" if self.waiting(hold.event) or free < seats - hold.seats else None

    def revive(self, booking: int) -> str | None:
        hold = self.holds[booking]
        if self.state(booking) in LIVE:
            return None
        if self.state(booking) != "expired":
            return "EB205"
        self.lapse(hold.event)
        self.offer(hold.event)
        if hold.event in self.canceled:
            return "EB203"
        if self.standing(hold.event, hold.email) is not None:
            return "EB202"
        return "EB201" if self.waiting(hold.event) or self.stored_free(hold.event) < hold.seats else None
