from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pwa.answers import Refused, Unreadable
from pwa.forms import Name, Text, bind, clean, page_number, pairs


class Mood(StrEnum):
    GOOD = "good"
    BAD = "bad"


class Form(msgspec.Struct):
    note: Text = ""
    name: Name = ""
    rooms: int | None = None
    share: float | None = None
    on: date | None = None
    at: datetime | None = None
    id: UUID | None = None
    mood: Mood | None = None
    yes: bool = False
    several: list[str] = msgspec.field(default_factory=list)


class Needs(msgspec.Struct):
    reading: int


def refusal(field: str, value: str) -> str:
    with pytest.raises(Refused) as refused:
        bind([(field, value)], Form)
    return refused.value.reasons[field]


@pytest.mark.parametrize(
    "value", ["NaN", "1e309", "inf", "٣", "9223372036854775808", "3.0", "0x10", "1_000", "２", "--1", "- 1"]
)
def test_what_is_no_whole_number_is_named(value: str) -> None:
    assert refusal("rooms", value) == "Enter a whole number, like 3."


@pytest.mark.parametrize("value", ["NaN", "1e309", "inf", "-inf", "٣.١", "1,5", "1e3"])
def test_what_is_no_number_is_named(value: str) -> None:
    assert refusal("share", value) == "Enter a number, like 51.5."


@pytest.mark.parametrize("value", ["2026-02-31", "31 02 2026", "tomorrow", "2026-W01-9", "2026-13-01"])
def test_a_date_that_is_not_one_is_named(value: str) -> None:
    assert refusal("on", value) == "Enter a real date, like 24 11 2026."


@pytest.mark.parametrize("value", ["0001-01-01", "9999-12-31", "1899-12-31", "2201-01-01"])
def test_a_date_out_of_all_reason_is_named(value: str) -> None:
    assert refusal("on", value) == "Enter a date between 1900 and 2200."


@pytest.mark.parametrize("value", ["2026-11-22T10:00", "0001-01-01T00:00+00:00", "9999-12-31T23:59-12:00", "x"])
def test_a_moment_without_zone_or_out_of_reason_is_named(value: str) -> None:
    assert refusal("at", value) == "Enter a real date and time."


def test_text_over_four_thousand_characters_is_named_and_not_cut() -> None:
    assert refusal("note", "a" * 4001) == "Keep this under 4,000 characters."
    assert bind([("note", "a" * 4000)], Form).note == "a" * 4000


def test_a_name_over_two_hundred_characters_is_named() -> None:
    assert refusal("name", "a" * 201) == "Keep this under 200 characters."


def test_length_is_counted_after_the_characters_are_composed() -> None:
    assert len(bind([("name", "e\u0301" * 200)], Form).name) == 200


def test_a_line_break_counts_once_however_the_browser_sends_it() -> None:
    assert bind([("note", "a\r\n" * 1999 + "a")], Form).note.count("\n") == 1999


@pytest.mark.parametrize(
    "unseen", ["\u202e", "\u061c", "\u2066", "\u200b", "\ufeff", "\x07", "\x1b", "\x85", "\u2028"]
)
def test_what_nobody_can_see_is_not_stored(unseen: str) -> None:
    assert bind([("note", f"Hob{unseen} cracked")], Form).note == "Hob cracked"


@pytest.mark.parametrize(
    "typed",
    [
        "<script>alert(1)</script>",
        "{{7*7}}",
        "${7*7}",
        "' OR 1=1--",
        "../../etc/passwd",
        "%0d%0aSet-Cookie: a=b",
        "=cmd()",
        "👩‍👧 Ærøskøbing 日本",
    ],
)
def test_what_was_typed_is_kept_as_typed(typed: str) -> None:
    assert bind([("note", typed)], Form).note == typed


def test_line_breaks_and_tabs_are_kept() -> None:
    assert bind([("note", "one\r\n\ttwo\rthree")], Form).note == "one\n\ttwo\nthree"


def test_a_missing_field_is_named() -> None:
    with pytest.raises(Refused) as refused:
        bind([], Needs)
    assert refused.value.reasons == {"reading": "This is missing."}


def test_an_unknown_field_is_refused() -> None:
    with pytest.raises(Unreadable):
        bind([("approved_by", "me")], Form)


def test_a_repeated_field_is_refused_but_a_list_may_repeat() -> None:
    with pytest.raises(Unreadable):
        bind([("note", "a"), ("note", "b")], Form)
    assert bind([("several", "a"), ("several", "b")], Form).several == ["a", "b"]


def test_the_command_id_of_a_plain_form_is_no_field_of_anything() -> None:
    assert bind([("_command", "x"), ("note", "a")], Form).note == "a"


def test_an_answer_that_was_not_offered_is_named() -> None:
    assert refusal("mood", "angry") == "Choose one of the answers."


def test_an_id_that_is_none_is_named() -> None:
    assert refusal("id", "../1") == "That is not one of ours. Reload the page and try again."


def test_all_mistakes_are_told_at_once() -> None:
    with pytest.raises(Refused) as refused:
        bind([("rooms", "x"), ("on", "y")], Form)
    assert set(refused.value.reasons) == {"rooms", "on"}


@given(st.binary(max_size=200))
def test_any_bytes_are_fields_or_unreadable_and_nothing_else(body: bytes) -> None:
    try:
        found = pairs(body)
    except Unreadable:
        return
    assert all("\x00" not in key + value for key, value in found)


@given(st.sampled_from(sorted(Form.__struct_fields__)), st.text(max_size=60))
def test_any_text_in_any_field_is_read_or_refused_with_a_sentence(field: str, value: str) -> None:
    try:
        bind([(field, value)], Form)
    except Refused as refused:
        assert all(reason.endswith(".") for reason in refused.reasons.values())


@given(st.text(max_size=200))
def test_cleaning_twice_changes_nothing_more(text: str) -> None:
    once = clean(text)
    assert clean(once) == once


@pytest.mark.parametrize("text", [None, "", "0", "-1", "x", "٣", "²", "1.5", "01", "10000", "9" * 5000])
def test_what_is_no_page_of_a_list_is_its_first(text: str | None) -> None:
    assert page_number(text) == 1


@given(st.integers(1, 9999))
def test_a_page_of_a_list_is_its_number(number: int) -> None:
    assert page_number(str(number)) == number
