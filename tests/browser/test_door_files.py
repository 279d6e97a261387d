"""Somebody else's script that the door brings along is the one that was published."""

from hashlib import sha256

import pytest

from eventbooker.config import ROOT

PUBLISHED = {
    "decode.js": "00e209820dcb11d624e9a03d6383e580766792b57d1651318f0a29e4e1ff0fe8",
    "index.js": "a0de370051f94bd74f218f74401fdf197585e3f9ef0143164f87ea941a3fdd6f",
    "LICENSE-MIT": "07a9f887e9215644439b808628b09f8eece932d79130ff563f958f3a1783e684",
}
"""SHA-256 of the files in the package qr 0.7.0."""


@pytest.mark.parametrize(("name", "digest"), PUBLISHED.items())
def test_the_reader_of_qr_codes_is_as_its_authors_published_it(name: str, digest: str) -> None:
    assert sha256((ROOT / "web" / "vendor" / "qr" / name).read_bytes()).hexdigest() == digest
