import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.strength import common_words, complaint, guessable, plain

ABOUT = ["Asha Test", "asha.test@harrowmere.example", "Harrowmere Borough Council"]
ENDINGS = ("1234", "12345", "123456", "2025", "2026!", "!!!!", "0000", "1234!", "@1234", "99", "007", "1", "_2026")


def blocked_by_the_list() -> set[str]:
    """Common words with the endings people give them, as long as the rule asks for."""
    made = {word.capitalize() + ending for word in common_words() for ending in ENDINGS}
    made |= {ending + word for word in common_words() for ending in ENDINGS}
    made |= {word + word for word in common_words()} | {
        word.replace("a", "@").replace("o", "0") + "2026" for word in common_words()
    }
    return {one for one in made if len(one) >= 12}


def test_thousands_of_common_passwords_are_refused() -> None:
    blocked = blocked_by_the_list()
    assert len(blocked) > 3000
    assert [one for one in sorted(blocked) if not guessable(one)] == []


EASY = """
Password1234 Summer2026!! Harrowmere2026 qwertyuiop12 1qaz2wsx3edc 1q2w3e4r5t6y zaq1zaq1zaq1 iloveyou1234
administrator unbelievable1 liverpool123 manchesterunited letmein12345 passw0rd1234 trustno1trustno1
123456789abc q1w2e3r4t5y6 asdfghjkl123 zxcvbnm12345 abcd12345678 aaaaaaaaaaaa abcabcabcabc 123456789012
P@ssw0rd!!!! January2026! Daisydaisy2019 changeme1234 asha.test2026 !!!!!!!!!!!! 07700900123456 qwertyqwerty
ashatest1234 Welcome12345 W3lcome2Council poiuytrewqas letmeinplease !QAZ2wsx#EDC councilhousing1
Harrowmere-Council-1 AshaHarrowmere1 correcthorsebatterystaple CouncilOfficer1!
"""
IN_WORDS = ["correct horse battery staple", "password password", "Harrowmere Council 2026", "asha test council"]


@pytest.mark.parametrize("password", [*EASY.split(), *IN_WORDS])
def test_a_password_that_is_easy_to_guess_is_refused(password: str) -> None:
    assert "easy to guess" in complaint(password, ABOUT)


@pytest.mark.parametrize(
    "password",
    [
        "London-Monkey-Summer",
        "kettle fjord umbrella",
        "7$k2!9#x4&8%",
        "Kx9$mQ2!vL7#",
        "wet cat moved ladder",
        "ünïcödé straße",
        "🐙🦊🐝🌵🎈🚲 lampe",
        "мой дом у реки",
        "vhqplmzwtxkd",
        "x" * 60 + "kettle fjord umbrella",
    ],
)
def test_a_password_that_is_hard_to_guess_is_taken(password: str) -> None:
    assert complaint(password, ABOUT) == ""


def test_eleven_characters_are_too_few_and_129_too_many() -> None:
    assert complaint("vhqplmzwtxk") == "Use at least 12 characters. This has 11."
    assert complaint("kettle fjord " * 9 + "umbrella 12 ") == "Use at most 128 characters. This has 129."
    assert complaint(("kettle 🚲 fjord umbrella " * 6)[:128]) == ""


def test_length_is_counted_after_putting_accents_together() -> None:
    apart = unicodedata.normalize("NFD", "é" * 11)
    assert len(apart) == 22
    assert complaint(apart) == "Use at least 12 characters. This has 11."


@given(st.text(max_size=200), st.text(max_size=60))
def test_any_text_is_judged_without_error(password: str, name: str) -> None:
    assert isinstance(complaint(password, [name]), str)


@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=150))
def test_the_same_characters_are_judged_the_same_however_they_are_written(password: str) -> None:
    assert complaint(unicodedata.normalize("NFD", password)) == complaint(plain(password))
