from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from inspections import reference, rules
from inspections.choices import Answer, Cleanliness, Condition, Kind
from inspections.rules import Item, ItemState, ItemType, Read

AT = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
ASHA, BEN = uuid4(), uuid4()


def read(person: UUID = ASHA, minutes: int = 0, **what: Any) -> Read:
    at = AT + timedelta(minutes=minutes)
    return Read("kitchen_hob", person, "Somebody", at, at, **what)


def state(type: ItemType, reading: Read | None, photos: int = 0, key: str = "hob") -> ItemState:
    return ItemState(Item(f"kitchen_{key}", "Cooker and hob", type, "kitchen"), reading, photos=photos)


@given(st.integers(0, 20), st.booleans())
def test_a_home_has_as_many_bedrooms_as_was_said(bedrooms: int, ta: bool) -> None:
    content = reference.first_templates()["void"]["content"]
    rooms = rules.rooms_for(content, bedrooms, "house", ta)
    assert sum(room.kind == "bedroom" for room in rooms) == bedrooms
    keys = [item.key for room in rooms for item in room.items]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("kind", list(Kind))
def test_every_kind_of_inspection_has_rooms_and_every_room_has_items(kind: Kind) -> None:
    rooms = rules.rooms_for(reference.first_templates()[kind]["content"], 2, "house", True)
    assert rooms
    assert all(room.items for room in rooms)


def test_a_flat_has_no_outside_and_a_home_of_general_needs_no_furniture() -> None:
    rooms = rules.rooms_for(reference.first_templates()["void"]["content"], 1, "flat", False)
    assert "outside" not in {room.key for room in rooms}
    assert not [item for room in rooms for item in room.items if item.label == "Sofa"]


def test_the_21_hazards_of_2026_are_all_there() -> None:
    assert sorted(reference.hazard_words()) == list(range(1, 22))


def test_the_last_word_of_each_officer_counts_by_receipt() -> None:
    first, second, other = (
        read(condition=Condition.GOOD),
        read(minutes=1, condition=Condition.POOR),
        read(BEN, 2, condition=Condition.GOOD),
    )
    assert rules.latest_by_person([second, other, first]) == [other, second]


def test_officers_who_agree_do_not_differ() -> None:
    same = [read(condition=Condition.GOOD), read(BEN, 1, condition=Condition.GOOD, note="Scratched")]
    assert not rules.differ(same)
    assert rules.differ([*same, read(uuid4(), 2, condition=Condition.POOR)])


@pytest.mark.parametrize(
    ("type", "what", "complete"),
    [
        (ItemType.CONDITION, {"condition": Condition.GOOD}, True),
        (ItemType.CONDITION, {"cleanliness": Cleanliness.DIRTY}, False),
        (ItemType.METER, {"value": "48210"}, True),
        (ItemType.METER, {"answer": Answer.NOT_HERE}, True),
        (ItemType.METER, {}, False),
        (ItemType.COUNT, {"value": "2"}, True),
        (ItemType.TESTED, {"value": "3"}, False),
        (ItemType.CHECK, {"answer": Answer.NO}, True),
    ],
)
def test_when_an_item_counts_as_seen(type: ItemType, what: dict[str, Any], complete: bool) -> None:
    assert rules.complete_reading(type, read(**what)) is complete


def test_a_poor_item_and_a_meter_each_need_a_photo() -> None:
    poor = state(ItemType.CONDITION, read(condition=Condition.POOR))
    meter = state(ItemType.METER, read(value="48210"), key="meter")
    words = [one.words for one in rules.missing_of("kitchen", "Kitchen", [poor, meter])]
    assert words == ["Kitchen: photo of cooker and hob", "Kitchen: photo of cooker and hob"]
    poor.photos = meter.photos = 1
    assert rules.missing_of("kitchen", "Kitchen", [poor, meter]) == []


def test_an_alarm_that_did_not_sound_is_never_only_a_number() -> None:
    assert read(answer=Answer.NO, value="2").words == "No, 2"
    assert read(answer=Answer.YES, value="2").words == "2"
    assert read(value="47655").words == "47655"


def test_many_unseen_things_are_counted_and_few_are_named() -> None:
    few = [state(ItemType.CONDITION, None, key=str(n)) for n in range(3)]
    many = [
        *few,
        state(ItemType.CONDITION, None, key="4"),
        state(ItemType.CONDITION, read(condition=Condition.GOOD)),
    ]
    assert len(rules.missing_of("kitchen", "Kitchen", few)) == 3
    assert [one.words for one in rules.missing_of("kitchen", "Kitchen", many)] == [
        "Kitchen: 4 things not seen yet"
    ]
    assert [one.words for one in rules.missing_of("kitchen", "Kitchen", many[:4])] == ["Kitchen: nothing seen yet"]


@given(st.integers(0, 9_999_999_99))
def test_money_as_shown_reads_back_as_the_same_pence(pence: int) -> None:
    assert rules.pence(f"£{pence // 100:,}.{pence % 100:02d}") == pence


@pytest.mark.parametrize("text", ["1e9", "-4", "1.234", "NaN", "٣", "12p", "1.-1", "9" * 30, "1.²", "4.٣", "٤.50"])
def test_what_is_not_money_is_refused_in_words(text: str) -> None:
    with pytest.raises(ValueError, match="amount in pounds"):
        rules.pence(text)


@given(st.text(max_size=20))
def test_any_text_is_money_or_a_sentence(text: str) -> None:
    try:
        assert (rules.pence(text) or 0) >= 0
    except ValueError as error:
        assert str(error) == "Enter an amount in pounds, like 45 or 45.50."


ODD = ["banana", "٣", "²", "-1", "NaN", "1e309", "+5", "0x1f", "1_000", "1,000", "48 210", "48210 kWh", "½"]


@pytest.mark.parametrize("value", [*ODD, ".5", "5.", "1.2.3", "1.٣", "1" * 13])
def test_what_no_meter_shows_is_told_what_to_enter(value: str) -> None:
    assert rules.number_mistake(ItemType.METER, value).startswith("Enter the figures on the meter, like 48210")


@pytest.mark.parametrize("value", ["", "0", "00372", "48210", "482.5", "1234567.1234"])
def test_what_a_meter_shows_is_taken_as_it_is(value: str) -> None:
    assert rules.number_mistake(ItemType.METER, value) == ""


@pytest.mark.parametrize("type", [ItemType.COUNT, ItemType.TESTED])
def test_keys_and_alarms_are_counted_in_whole_numbers_up_to_99(type: ItemType) -> None:
    for value in (*ODD, "2 front door", "1.5", "100"):
        assert rules.number_mistake(type, value) == "Enter how many, as a whole number from 0 to 99."
    assert [rules.number_mistake(type, value) for value in ("", "0", "2", "99")] == [""] * 4


@pytest.mark.parametrize("type", [ItemType.CONDITION, ItemType.CHECK])
def test_an_item_that_is_not_a_number_takes_none(type: ItemType) -> None:
    assert rules.number_mistake(type, "3") == "Choose an answer here. There is no number to enter for this."
    assert rules.number_mistake(type, "") == ""
