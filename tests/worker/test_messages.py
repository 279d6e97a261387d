from dataclasses import replace
from datetime import UTC, datetime, timedelta
from string import Formatter
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from eventbooker.wording import LANGUAGES
from eventbooker.worker.messages import (
    LISTED,
    WORDS,
    ChatBooking,
    ChatWait,
    Notification,
    Words,
    language_of,
)
from eventbooker.worker.telegram import Button

ENGLISH = Words("en", ZoneInfo("UTC"))
RUSSIAN = Words("ru", ZoneInfo("Europe/Moscow"))
KINDS = [
    "hold_made", "hold_ending", "booking_confirmed", "hold_lapsed", "booking_canceled",
    "event_changed", "event_canceled",
]  # fmt: skip


def notification(kind: str, event_name: str = "Chess night") -> Notification:
    return Notification(
        id=1,
        claim=UUID(int=0),
        attempts=1,
        kind=kind,
        user_id=3,
        address="42",
        language=None,
        link_nonce=None,
        booking_id=7,
        cancel_reason=None,
        expires_at=datetime(2031, 5, 4, 15, 30, tzinfo=UTC),
        seats=1,
        event_name=event_name,
        event_date=datetime(2031, 5, 6, 18, 0, tzinfo=UTC),
        event_timezone="UTC",
        event_place=None,
        ticket_code=None,
        is_canceled=None,
        booked_at=None,
        sequence=None,
        wait=timedelta(0),
    )


def test_a_confirmation_names_event_time_and_booking() -> None:
    assert ENGLISH.notification(notification("booking_confirmed")) == (
        "Your booking is confirmed.\n\n<b>Chess night</b>\n6 May 2031, 18:00 UTC\nBooking 7"
    )


def test_who_did_not_come_in_time_is_told_so() -> None:
    late = replace(notification("booking_canceled"), cancel_reason="no_show")

    assert "You were not there in time" in ENGLISH.notification(late)
    assert "Вас не было вовремя" in RUSSIAN.notification(late)


def test_the_same_in_russian_in_the_zone_of_the_event_and_with_its_place() -> None:
    elsewhere = replace(notification("hold_made"), event_timezone="Europe/Berlin", event_place="Зал <1>")
    assert RUSSIAN.notification(elsewhere) == (
        "Место держится за вами до 4 мая 2031, 17:30 CEST. Подтвердите его до этого времени.\n\n"
        "<b>Chess night</b>\n6 мая 2031, 20:00 CEST\nЗал &lt;1&gt;\nБронь 7"
    )


def test_a_zone_that_this_machine_does_not_know_is_told_in_the_configured_one() -> None:
    unknown = replace(notification("booking_confirmed"), event_timezone="Europe/Atlantis")
    assert "6 мая 2031, 21:00 MSK" in RUSSIAN.notification(unknown)


def test_news_of_a_kind_that_a_newer_database_knows_is_still_told() -> None:
    assert ENGLISH.notification(notification("seat_upgraded")).startswith("There is news about your booking.")


def test_a_lapsed_hold_says_when_it_lapsed() -> None:
    assert "not confirmed by 4 May 2031, 15:30 UTC" in ENGLISH.notification(notification("hold_lapsed"))


@pytest.mark.parametrize("kind", ["hold_made", "hold_ending"])
def test_a_hold_says_until_when_and_comes_with_buttons(kind: str) -> None:
    assert "4 May 2031, 15:30 UTC" in ENGLISH.notification(notification(kind))
    assert ENGLISH.buttons(notification(kind)) == [Button("Confirm", "confirm:7"), Button("Cancel", "cancel:7")]


def test_other_news_has_no_buttons() -> None:
    assert [kind for kind in KINDS if RUSSIAN.buttons(notification(kind))] == ["hold_made", "hold_ending"]


def test_the_largest_booking_fits_a_button() -> None:
    largest = replace(notification("hold_made"), booking_id=2**63 - 1)
    assert all(len(button.data.encode()) <= 64 for button in RUSSIAN.buttons(largest))


@pytest.mark.parametrize("kind", ["booking_canceled", "event_canceled"])
@pytest.mark.parametrize(
    ("reason", "told"), [("user", False), ("admin", False), ("event canceled", False), ("the hall <burned> down", True)]
)
def test_a_cancellation_says_why_if_there_is_more_to_say(kind: str, reason: str, told: bool) -> None:
    words = ENGLISH.notification(replace(notification(kind), cancel_reason=reason))
    assert ("Reason: the hall &lt;burned&gt; down" in words) == told


def test_a_name_cannot_smuggle_in_markup_or_lines() -> None:
    words = ENGLISH.notification(notification("booking_confirmed", "<i>Tom</i> &\nJerry {until}"))
    assert "<b>&lt;i&gt;Tom&lt;/i&gt; &amp; Jerry {until}</b>" in words


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_the_longest_name_still_fits_a_message(kind: str, words: Words) -> None:
    longest = replace(notification(kind, "&" * 200), cancel_reason="&" * 200, event_place="&" * 200)
    assert len(words.notification(longest)) <= 4096


def booking(number: int) -> ChatBooking:
    moment = datetime(2031, 5, 6, 18, 0, tzinfo=UTC)
    status = "pending" if number % 2 else "confirmed"
    return ChatBooking(number, status, moment, number, "x" * 200, moment, "UTC", "x" * 200)


def wait(position: int) -> ChatWait:
    return ChatWait(position, position, "y" * 200, datetime(2031, 5, 6, 18, 0, tzinfo=UTC), "UTC", "y" * 200)


def test_a_list_of_bookings_counts_them_and_says_how_each_stands() -> None:
    listed = ENGLISH.list([booking(1), booking(2)], [])
    assert listed.startswith("You have 2 bookings:\n\nheld until 6 May 2031, 18:00 UTC")
    assert "\n\nconfirmed\n\n" in listed
    assert ENGLISH.list([booking(1)], []).startswith("You have 1 booking:")
    assert RUSSIAN.list([booking(1)] * 5, []).startswith("У вас 5 броней:")
    assert RUSSIAN.list([], []) == "У вас нет броней."


def test_a_list_tells_of_several_seats_and_of_what_one_waits_for() -> None:
    listed = RUSSIAN.list([booking(2)], [wait(1), wait(5)])
    assert "\nБронь 2, 2 места\n\nВы ждёте:\n\nномер в очереди: 1\n\n" in listed
    assert listed.endswith("\n5 мест")
    assert ENGLISH.list([], [wait(1)]).startswith("You have no bookings.\n\nYou wait for:\n\nno. 1 in line\n\n")


def test_a_hold_of_several_seats_says_how_many() -> None:
    assert ENGLISH.notification(replace(notification("seat_offered"), seats=3)).endswith("\nBooking 7, 3 seats")
    nothing = replace(notification("waitlist_ended"), booking_id=None, seats=None)
    assert ENGLISH.notification(nothing).endswith("\n6 May 2031, 18:00 UTC")


@pytest.mark.parametrize("words", [ENGLISH, RUSSIAN])
def test_the_longest_list_still_fits_a_message(words: Words) -> None:
    for bookings in (0, 1, LISTED - 1, LISTED, LISTED + 2):
        waits = [wait(number) for number in range(1, LISTED + 6 - bookings)]
        listed = words.list([booking(number) for number in range(bookings)], waits)
        assert len(listed) <= 4096
        assert listed.endswith(("5", "5 more"))


def test_both_languages_say_the_same_things_with_the_same_values() -> None:
    def values(text: str) -> set[str | None]:
        return {name for _, name, _, _ in Formatter().parse(text) if name}

    english, russian = WORDS["en"], WORDS["ru"]
    assert english.keys() == russian.keys()
    assert [key for key in english if values(english[key]) != values(russian[key])] == []
    assert WORDS.keys() == set(LANGUAGES)


@pytest.mark.parametrize("language", ["en", "ru"])
def test_what_a_press_is_answered_is_short(language: str) -> None:
    words = Words(language, ZoneInfo("America/Argentina/Buenos_Aires"))
    keys = ("pressed_confirmed", "pressed_canceled", "pressed_lapsed", "not_yours", "not_understood")
    assert all(len(words.say(key, until=datetime(2031, 9, 30, tzinfo=UTC))) <= 200 for key in keys)


@pytest.mark.parametrize(
    ("code", "language"), [("en", "en"), ("en-GB", "en"), ("RU", "ru"), ("de", None), (None, None), (7, None)]
)
def test_telegrams_language_is_ours_where_we_speak_it(code: object, language: str | None) -> None:
    assert language_of(code) == language
