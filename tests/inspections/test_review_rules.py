"""When a completed inspection is clean: nothing about it stands out, and every doubt has a sentence."""

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections.choices import What as Found
from inspections.review_rules import (
    Facts,
    Spot,
    State,
    in_a_few_words,
    remarks,
    spot_named,
    state_after,
    why_not_clean,
)

# Each doubt alone, its sentence, and the words of its row.
DOUBTS = [
    ({"own": True}, "You did this inspection", "yours"),
    ({"answered": True}, "read the answers", "answered"),
    ({"found": {Found.HAZARD: 1}}, "A hazard was found.", "1 hazard"),
    ({"found": {Found.HAZARD: 2}}, "2 hazards were found.", "2 hazards"),
    ({"serious": 1}, "A finding is serious.", "1 serious finding"),
    ({"recharge": True}, "A recharge is proposed.", "recharge proposed"),
    ({"worse": 3}, "3 things are worse than they were.", "3 things worse than before"),
    ({"differ": 1}, "Two officers say different things about one thing.", "1 difference"),
    ({"missing": 2}, "2 things were missing, with a reason to read.", "completed with a reason"),
    ({"not_there": 1}, "A room was said not to be there.", "1 room not there"),
    ({"photos": 30, "received": 28}, "Only 28 of 30 photos received.", "28 of 30 photos received"),
    ({"unopened": 1}, "A photo cannot be opened.", "1 photo cannot be opened"),
    ({"undecided": True}, "waits for a decision", "something is held"),
    ({"clock_wrong": True}, "A phone’s clock was wrong.", "phone’s clock was wrong"),
    ({"late": timedelta(days=2, hours=1)}, "It reached the office 2 days late.", "2 days late"),
    ({"addenda": 1}, "Something was added after it was completed.", "1 addendum"),
]

counts = st.integers(0, 5)
facts = st.builds(
    Facts,
    photos=counts,
    received=counts,
    unopened=counts,
    found=st.dictionaries(st.sampled_from(list(Found)), counts),
    serious=counts,
    missing=counts,
    not_there=counts,
    differ=counts,
    worse=counts,
    recharge=st.booleans(),
    late=st.timedeltas(timedelta(), timedelta(days=9)),
    clock_wrong=st.booleans(),
    undecided=st.booleans(),
    addenda=counts,
    answered=st.booleans(),
    own=st.booleans(),
)


def test_an_ordinary_one_is_clean_and_its_row_says_what_there_is() -> None:
    ordinary = Facts(photos=30, received=30, found={Found.REPAIR: 2, Found.CLEAN: 1}, late=timedelta(hours=9))
    assert why_not_clean(ordinary) == []
    assert in_a_few_words(ordinary) == ["findings: 2 repair, 1 clean", "30 photos"]


@pytest.mark.parametrize(("doubt", "sentence", "words"), DOUBTS)
def test_each_doubt_alone_keeps_it_from_being_approved_with_others(
    doubt: dict[str, object], sentence: str, words: str
) -> None:
    (why,) = why_not_clean(replace(Facts(), **doubt))
    assert sentence in why
    assert words in in_a_few_words(replace(Facts(), **doubt))


@given(facts, st.sampled_from(DOUBTS))
def test_no_other_fact_makes_up_for_a_doubt(others: Facts, doubt: tuple[dict[str, object], str, str]) -> None:
    assert doubt[1] in " ".join(why_not_clean(replace(others, **doubt[0])))


@given(facts)
def test_what_is_clean_has_no_doubt_at_all(one: Facts) -> None:
    doubtful = (
        one.received < one.photos
        or any((one.unopened, one.serious, one.missing, one.not_there, one.differ, one.worse, one.addenda))
        or any((one.recharge, one.clock_wrong, one.undecided, one.answered, one.own))
        or one.late > timedelta(days=1)
        or one.found.get(Found.HAZARD, 0) > 0
    )
    assert bool(why_not_clean(one)) is doubtful


@given(facts)
def test_every_reason_is_a_sentence_and_every_remark_has_words(one: Facts) -> None:
    assert all(remark.words for remark in remarks(one))
    assert all(
        (why[0].isupper() or why[0].isdigit()) and why.endswith(".") and "{" not in why
        for why in why_not_clean(one)
    )


def test_it_stands_as_what_was_done_last_says() -> None:
    assert state_after(None) is State.WAITING
    assert {state for state in State if state.waits} == {State.WAITING, State.ANSWERED}
    assert state_after("sent back") is State.BACK


def test_a_box_is_of_one_place() -> None:
    finding = uuid4()
    assert spot_named("whole") == Spot()
    assert spot_named("room-bedroom-2") == Spot("bedroom-2")
    assert spot_named("item-bedroom-2_walls") == Spot("bedroom-2", "bedroom-2_walls")
    assert spot_named(f"finding-{finding}") == Spot(finding=finding)
    assert [spot_named(wrong) for wrong in ("", "room", "room-", "finding-1", "house-1")] == [None] * 5


@given(st.text())
def test_no_name_of_a_box_breaks_anything(name: str) -> None:
    found = spot_named(name)
    assert found is None or found.anchor
