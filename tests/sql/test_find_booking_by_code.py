import re

import pytest

from tests.database import Database, Row

FIND = "SELECT * FROM find_booking_by_code(%s)"
CODE = re.compile(r"\d+-[0-9A-F]{6}-[0-9A-F]{7}")


def set_code(database: Database, booking: Row, random_part: str) -> str:
    """The booking's new code, with letters that tell how they are read."""
    return str(database.one(
        "UPDATE bookings SET code = id || %s WHERE id = %s RETURNING code", random_part, booking["id"]
    )["code"])  # fmt: skip


def test_every_booking_has_a_code_of_its_own(database: Database) -> None:
    event_id = database.event(seats=300)
    codes = [database.book(event_id, f"{number}@example.org")["code"] for number in range(300)]

    assert all(CODE.fullmatch(code) for code in codes)
    assert len({code.partition("-")[2] for code in codes}) == 300
    assert {letter for code in codes for letter in code.partition("-")[2]} == set("0123456789ABCDEF-")
    for place in (*range(6), *range(7, 14)):  # no place of the random part is fixed
        assert len({code.partition("-")[2][place] for code in codes}) == 16


def test_a_code_finds_its_booking_as_it_is_stored(database: Database) -> None:
    hold = database.book(database.event())
    database.book(database.event(), "other@example.org")

    assert database.one(FIND, hold["code"]) == hold


@pytest.mark.parametrize("typed", ["{}", " {} ", "{}\n"])
def test_a_code_is_found_as_people_type_it(database: Database, typed: str) -> None:
    hold = database.book(database.event())
    code = set_code(database, hold, "-10ABCD-EF23456")

    for spelled in (
        code,
        code.lower(),
        f"00{code}",
        code.replace("-", ""),
        code.replace("-", " \u2013 "),
        code.replace("-10", "-LO"),
        code.replace("-10", "-io"),
    ):
        found = database.one(FIND, typed.format(spelled))
        assert found["id"] == hold["id"], spelled


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "-",
        "7",
        "ABCDEF-0123456",
        "1-ABCDEF-0123456",
        "1-ABCDEF-012345",
        f"{'9' * 30}-ABCDEF-0123456",
        "é" * 20,
        None,
    ],
)
def test_what_is_no_code_finds_nothing(database: Database, typed: str | None) -> None:
    database.book(database.event())

    assert database.one(FIND, typed)["id"] is None


def test_the_number_of_another_booking_does_not_go_with_a_code(database: Database) -> None:
    first, second = (database.book(database.event(), f"{name}@example.org") for name in "ab")

    swapped = f"{second['id']}-{first['code'].partition('-')[2]}"
    assert database.one(FIND, swapped)["id"] is None
