"""The money of a recharge and what counts as changed, by rules alone and by generated values."""

import json
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import reference
from inspections.choices import Answer, Cleanliness, Condition, Kind, Liability, What
from inspections.compare_rules import Changed, base_of, changes
from inspections.recharge_letter import draft
from inspections.recharge_queries import Proposed
from inspections.recharge_rules import (
    Life,
    Work,
    age_in_words,
    amount_mistake,
    fair,
    figures_of,
    letter_mistake,
    may_decide,
    proposed,
    put_right_mistake,
    sum_in_words,
)
from inspections.rules import Item, ItemType, Read
from people.rules import Role

COSTS, AGES = st.integers(0, 10_000_000), st.integers(0, 1200)
LIVES = st.integers(1, 600).map(lambda months: Life("A thing", months))
WEARS = st.sampled_from([Work.REPLACE, Work.REPAIR])


@given(COSTS, WEARS, LIVES, AGES)
def test_nobody_pays_more_than_the_share_that_was_left_and_rounding_is_for_the_household(
    cost: int, work: Work, life: Life, age: int
) -> None:
    asked = fair(cost, work, life, age)
    assert asked is not None and life.months is not None
    exact = cost * Fraction(max(life.months - age, 0), life.months)
    assert 0 <= asked <= exact < asked + 1


@given(COSTS, WEARS, LIVES, AGES, AGES)
def test_the_older_it_was_the_less_it_costs(cost: int, work: Work, life: Life, one: int, other: int) -> None:
    young, old = fair(cost, work, life, min(one, other)), fair(cost, work, life, max(one, other))
    assert young is not None and old is not None and old <= young


@given(COSTS, WEARS, LIVES)
def test_a_new_thing_costs_what_it_costs_and_one_past_its_life_nothing(cost: int, work: Work, life: Life) -> None:
    assert fair(cost, work, life, 0) == cost
    assert fair(cost, work, life, life.months) == 0


@given(COSTS, WEARS, LIVES)
def test_without_an_age_or_a_life_there_is_no_sum(cost: int, work: Work, life: Life) -> None:
    assert fair(cost, work, life, None) is None
    assert fair(cost, work, None, 12) is None
    assert proposed(None, None, Liability.HOUSEHOLD) == 0


@given(COSTS, st.none() | AGES)
def test_cleaning_and_what_does_not_wear_out_count_whole(cost: int, age: int | None) -> None:
    assert fair(cost, Work.CLEAN, None, age) == cost
    assert fair(cost, Work.REPLACE, Life("Keys", None), age) == cost


@given(st.none() | COSTS, COSTS, st.none() | COSTS, st.sampled_from(Liability))
def test_what_is_asked_is_never_more_than_the_fair_cost_nor_another_s_part(
    fair_pence: int | None, cost: int, asked: int | None, liability: Liability
) -> None:
    if fair_pence is not None and fair_pence > cost:
        fair_pence = cost
    if amount_mistake(fair_pence, cost, asked, "a reason"):
        return
    comes_to = proposed(fair_pence, asked, liability)
    assert 0 <= comes_to <= (cost if fair_pence is None else fair_pence)
    assert liability is Liability.HOUSEHOLD or comes_to == 0


def test_an_amount_for_what_cannot_be_worked_out_needs_its_reason() -> None:
    assert amount_mistake(None, 5000, 4000, "") != ""
    assert amount_mistake(None, 5000, 4000, "Two quotes") == ""
    assert amount_mistake(None, 5000, 0, "") == ""


@pytest.mark.parametrize("role", Role)
def test_only_a_manager_decides_and_never_who_proposed_it(role: Role) -> None:
    asha, dina = uuid4(), uuid4()
    assert may_decide(role, dina, asha) == (role is Role.MANAGER)
    assert not may_decide(role, dina, dina)


@pytest.mark.parametrize(("days", "right"), [(-1, False), (0, False), (1, True), (365, True), (366, False)])
def test_the_day_to_put_it_right_by_is_from_tomorrow_to_a_year(days: int, right: bool) -> None:
    today = date(2026, 11, 24)
    assert (put_right_mistake(today + timedelta(days=days), today) == "") == right


@pytest.mark.parametrize(
    ("months", "words"),
    [(None, "not known"), (0, "new"), (1, "1 month"), (12, "1 year"), (38, "3 years and 2 months")],
)
def test_an_age_is_said_in_words(months: int | None, words: str) -> None:
    assert age_in_words(months) == words


LINE = {"work": "replace", "fair": 100, "life_months": 120, "age_months": 36}


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ({}, "It was 3 years old and lasts 10 years: that share is taken off."),
        ({"age_months": 130}, "It was 10 years and 10 months old and lasts 10 years, so nothing of it was left."),
        ({"work": "clean"}, "Cleaning does not wear out, so it counts whole."),
        ({"fair": None}, "Nobody knows how old it was, so no sum can be made."),
        ({"fair": None, "life_months": None}, "The list does not say how long this lasts, so no sum can be made."),
        ({"life_months": None}, "This does not wear out, so it counts whole."),
    ],
)
def test_how_a_sum_came_about_is_said_in_words(line: dict[str, object], words: str) -> None:
    assert sum_in_words(LINE | line) == words


# --- what changed


def read(condition: str = "", clean: str = "", answer: str = "", value: str = "") -> Read:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    return Read(
        item="kitchen_hob", person_id=uuid4(), person_name="Asha", captured_at=at, received_at=at, value=value,
        condition=Condition(condition) if condition else None,
        cleanliness=Cleanliness(clean) if clean else None, answer=Answer(answer) if answer else None,
    )  # fmt: skip


THING, COUNT, TESTED = ItemType.CONDITION, ItemType.COUNT, ItemType.TESTED


@pytest.mark.parametrize(
    ("type", "before", "now", "changed"),
    [
        (THING, read("G"), read("G"), ()),
        (THING, read("P"), read("G"), ()),
        (THING, read("G"), read("F"), (Changed.WORSE,)),
        (THING, read("G"), read("V"), (Changed.DAMAGED,)),
        (THING, read("V"), read("V"), ()),
        (THING, read("G"), read("M"), (Changed.MISSING,)),
        (THING, read("M"), read("M"), ()),
        (THING, read("M"), read("G", "dirty"), ()),
        (THING, read("G", "dusty"), read("G", "dirty"), (Changed.DIRTIER,)),
        (THING, read("G", "dirty"), read("F", "clean"), (Changed.WORSE,)),
        (THING, read("G"), read("P", "heavily soiled"), (Changed.WORSE, Changed.DIRTIER)),
        (THING, None, read("V"), None),
        (THING, read("G"), None, None),
        (COUNT, read(value="3"), read(value="2"), (Changed.MISSING,)),
        (COUNT, read(value="2"), read(value="3"), ()),
        (COUNT, read(value="2"), read(answer="not here"), (Changed.MISSING,)),
        (COUNT, read(answer="not here"), read(answer="not here"), ()),
        (TESTED, read(answer="yes", value="2"), read(answer="no", value="2"), (Changed.WORSE,)),
        (TESTED, read(answer="yes", value="2"), read(answer="yes", value="1"), (Changed.MISSING,)),
    ],
)
def test_what_is_worse_is_a_change_and_what_is_better_or_the_same_is_none(
    type: ItemType, before: Read | None, now: Read | None, changed: tuple[Changed, ...] | None
) -> None:
    assert changes(type, before, now) == changed


def test_damage_that_is_found_counts_unless_it_was_found_before() -> None:
    good = read("G")
    assert changes(THING, good, good, (), [What.DAMAGED]) == (Changed.DAMAGED,)
    assert changes(THING, good, good, [What.DAMAGED], [What.DAMAGED]) == ()
    assert changes(THING, good, good, (), [What.REPAIR, What.HAZARD]) == ()


@given(st.sampled_from(Condition), st.sampled_from(Cleanliness))
def test_what_is_as_it_was_has_not_changed(condition: Condition, clean: Cleanliness) -> None:
    assert changes(THING, read(condition, clean), read(condition, clean)) == ()


@pytest.mark.parametrize(
    ("kinds", "place"),
    [
        ([], None),
        ([Kind.READY_TO_LET], 0),
        ([Kind.MOVE_IN], 0),
        ([Kind.OCCUPIED, Kind.MOVE_IN], 1),
        ([Kind.OCCUPIED, Kind.OCCUPANCY_CHECK, Kind.MOVE_IN, Kind.READY_TO_LET], 2),
        ([Kind.OCCUPIED, Kind.MOVE_OUT, Kind.MOVE_IN], 0),
        ([Kind.READY_TO_LET, Kind.VOID, Kind.MOVE_OUT, Kind.MOVE_IN], 0),
    ],
)
def test_it_is_compared_with_the_move_in_of_who_lives_there(kinds: list[Kind], place: int | None) -> None:
    assert base_of(kinds) == place


@pytest.mark.parametrize(
    ("letter", "pence", "right"),
    [
        ("Together: £132.30", 13230, True),
        ("Pay £100 by Friday", 10000, True),
        ("Pay £100.00.", 10000, True),
        ("Pay £1,250, thank you", 125000, True),
        ("Pay £ 40", 4000, True),
        ("Pay £1000", 10000, False),
        ("Pay £100.50", 10000, False),
        ("Pay 100", 10000, False),
        ("Pay £1,000", 100, False),
    ],
)
def test_a_letter_says_the_sum_that_was_decided(letter: str, pence: int, right: bool) -> None:
    assert (letter_mistake(letter, pence) == "") == right


SUMS = st.integers(1, 10_000_000)


def sum_of(pence: int) -> str:
    return f"£{pence // 100:,}.{pence % 100:02d}"


@given(SUMS, st.sets(SUMS, max_size=4), SUMS)
def test_every_sum_of_a_letter_is_the_one_decided_or_a_figure_of_one_of_the_things(
    amount: int, figures: set[int], other: int
) -> None:
    letter = "\n".join([*map(sum_of, figures), f"Please pay {sum_of(amount)}."])
    assert letter_mistake(letter, amount, figures) == ""
    wrong = letter_mistake(f"{letter} And {sum_of(other)}.", amount, figures)
    assert bool(wrong) is (other != amount and other not in figures)


@pytest.mark.parametrize(
    "other", ["£45", "£ 45", "£\u00a045.00", "£1,0,0.5", "£100.001", "£100k", "£1.5m", "£100.5"]
)
def test_what_is_no_sum_or_another_is_said_to_be_wrong(other: str) -> None:
    assert letter_mistake(f"Please pay £100.00. Not {other}.", 10000).startswith("The letter also says £")


def test_the_figures_of_a_thing_are_its_cost_its_fair_cost_and_what_is_asked() -> None:
    lines = [{"cost": 18900, "fair": 13230, "amount": 10000}, {"cost": 2000, "fair": None, "amount": 0}]
    assert figures_of(lines) == {18900, 13230, 10000, 2000, 0}


# --- the council's list


def test_what_a_thing_lasts_goes_by_its_name_in_any_room_and_a_check_lasts_no_time() -> None:
    used = reference.charging()
    assert used.life_of(Item("kitchen_hob", "Hob", THING, "kitchen")) == Life("Cooker and hob", 120)
    assert used.life_of(Item("bedroom-2_walls", "Walls", THING, "bedroom-2")) == used.lives["walls"]
    assert used.life_of(Item("structure_walls", "Walls sound", ItemType.CHECK, "structure")) is None
    assert used.life_of(Item("outside_bins", "Bins", THING, "outside")) is None


def test_the_list_that_comes_with_doorstep_says_that_it_is_not_the_councils() -> None:
    assert not reference.charging().own


def test_a_council_puts_in_its_own_list_and_a_broken_one_is_told_at_the_start(tmp_path: Path) -> None:
    own = json.loads((reference.HERE / "recharges.json").read_text()) | {"name": "Ours", "own": True}
    (tmp_path / "own.json").write_text(json.dumps(own))
    (tmp_path / "broken.json").write_text(json.dumps({"name": "Ours"}))
    try:
        assert reference.use_charging(tmp_path / "own.json").name == "Ours"
        assert reference.charging().own
        for name in ("broken.json", "not-there.json"):
            with pytest.raises(ValueError, match=f"{name} is not a list for recharges"):
                reference.use_charging(tmp_path / name)
        assert reference.charging().name == "Ours"
    finally:
        reference.use_charging(None)


# --- the letter's first words


@pytest.mark.parametrize(
    ("work", "fair", "taken_off"), [("replace", 10000, True), ("clean", 18900, False), ("replace", None, False)]
)
def test_the_letter_says_that_years_were_taken_off_only_where_they_were(
    work: str, fair: int | None, taken_off: bool
) -> None:
    line = {
        "place": "Kitchen: Hob",
        "work": work,
        "cost": 18900,
        "fair": fair,
        "amount": 9000,
        "before": "",
        "now": "",
    }
    others = {**line, "place": "Walls", "fair": 1, "amount": 0}
    row = {"total": 9000, "put_right_by": None, "appeal": "Write to us."}
    words = draft("Harrowmere", "22 Saltmarsh Road", Proposed(row, [line, others], None))
    assert ("years" in words) == taken_off
    assert "Walls" not in words
