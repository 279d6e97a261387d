from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from eventbooker import wording
from eventbooker.http.tickets import WORDS


@pytest.mark.parametrize(
    ("counts", "form"), [((1, 21, 101), 0), ((2, 3, 4, 22, 104), 1), ((0, 5, 11, 12, 14, 111, 112, 25), 2)]
)
def test_russian_counts_as_russians_do(counts: tuple[int, ...], form: int) -> None:
    assert {wording.russian_plural(count) for count in counts} == {form}


def test_a_moment_is_told_by_the_clock_of_its_zone() -> None:
    summer = datetime(2030, 7, 1, 16, tzinfo=UTC)

    assert wording.moment("en", summer, ZoneInfo("Europe/Berlin")) == "1 July 2030, 18:00 CEST"
    assert wording.moment("ru", summer, ZoneInfo("UTC")) == "1 июля 2030, 16:00 UTC"


@pytest.mark.parametrize("name", ["Nowhere/Land", "../etc/passwd", "", "/"])
def test_a_zone_that_is_not_known_here_is_none(name: str) -> None:
    assert wording.zone_named(name) is None


def test_both_languages_have_all_words() -> None:
    for words in (wording.BOOKING, wording.BOOKINGS, wording.SEATS, WORDS):
        assert words.keys() == set(wording.LANGUAGES)
    assert WORDS["en"].keys() == WORDS["ru"].keys()
