from argon2 import extract_parameters

from eventbooker.passwords import NOBODY, hash_password, is_password


def test_a_password_is_known_by_its_hash() -> None:
    kept = hash_password("correct horse")

    assert is_password("correct horse", kept)
    assert not is_password("Correct horse", kept)


def test_no_account_takes_as_much_work_as_one() -> None:
    assert extract_parameters(NOBODY) == extract_parameters(hash_password("correct horse"))
    assert not is_password("correct horse", NOBODY)
