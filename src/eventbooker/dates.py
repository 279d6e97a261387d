"""Dates as people read them, in the languages that we speak."""

from datetime import datetime

MONTHS = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "ru": (
        "января", "февраля", "марта", "апреля", "мая", "июня",
        "июля", "августа", "сентября", "октября", "ноября", "декабря",
    ),
}  # fmt: skip


def write_moment(moment: datetime, language: str) -> str:
    """`1 March 2040, 18:00`, by the clock of the moment's own offset."""
    return f"{moment.day} {MONTHS[language][moment.month - 1]} {moment:%Y, %H:%M}"
