"""What can be read in a text, whoever typed it."""

import pytest

from lone_working.alarms import reply_rules
from lone_working.alarms.reply_rules import Verb, Wish, read


@pytest.mark.parametrize(
    "text",
    [
        "SAFE 4821", "safe 4821", "Safe4821", "  SAFE   4821  ", "Safe: 4821.", "safe-4821", "SAFE\n4821",
        "SAFE 4821\nSent from my phone", "SAFE 4821 Asha, TA north", "4821 safe", "ＳＡＦＥ ４８２１",
        "safe 4821, thanks for your help",
    ],
)  # fmt: skip
def test_a_check_in_is_read_however_it_is_typed(text: str) -> None:
    assert read(text) == Wish(Verb.SAFE, 4821)


@pytest.mark.parametrize("text", ["OK 4821", "ok4821", "Okay 4821", "OK. 4821", "4821 ok", "Ok 4821 on my way"])
def test_an_acknowledgement_is_read_however_it_is_typed(text: str) -> None:
    assert read(text) == Wish(Verb.OK, 4821)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("HELP", None), ("help 4821", 4821), ("Help!!", None), ("I need help", None),
        ("please help me 4821", 4821),
        ("not safe, help", None), ("safe? no. HELP", None), ("ok help", None),
    ],
)  # fmt: skip
def test_a_cry_for_help_is_heard_wherever_it_stands(text: str, number: int | None) -> None:
    assert read(text) == Wish(Verb.HELP, number)


@pytest.mark.parametrize(
    "text", ["", "   ", "hello", "helped her move", "safely home", "On my way\nHelp desk", "4821", "🙂"]
)
def test_what_asks_for_nothing_is_not_guessed_at(text: str) -> None:
    assert read(text).verb is None


@pytest.mark.parametrize("text", ["SAFE", "SAFE 48210", "ok", "SAFE 48", "safe 48 21"])
def test_without_the_four_digits_there_is_no_visit(text: str) -> None:
    assert read(text).number is None


def test_what_may_be_a_pin_is_not_kept() -> None:
    assert reply_rules.without_pins("SAFE 4821 my pin is 2741", 4821) == "SAFE 4821 my pin is ····"
    assert reply_rules.without_pins("2741", None) == "····"
    assert reply_rules.without_pins("ring me on 07700900123", None) == "ring me on 07700900123"
