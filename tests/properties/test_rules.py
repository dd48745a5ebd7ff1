from datetime import date
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.rules import Role
from properties import certificates, position, rules, wording
from properties.guarding import DANGEROUS, guarded, unguarded, written
from properties.reference import alert_codes, certificate_kinds
from pwa.answers import Refused

DAY = date(2026, 11, 24)


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("100012340001", "100012340001"),
        ("000012340001", "12340001"),
        (" 1 000 ", "1000"),
        ("1", "1"),
        ("", None),
        ("0", None),
        ("1234567890123", None),
        ("12a", None),
        ("-5", None),
        ("٣", None),
    ],
)
def test_a_uprn_is_up_to_twelve_digits_without_leading_zeros(typed: str, stored: str | None) -> None:
    assert rules.normalise_uprn(typed) == stored


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("HW4 2QD", "HW4 2QD"),
        ("hw42qd", "HW4 2QD"),
        (" hw4-2qd. ", "HW4 2QD"),
        ("M1 1AE", "M1 1AE"),
        ("B33 8TH", "B33 8TH"),
        ("W1A 0AX", "W1A 0AX"),
        ("CR26XH", "CR2 6XH"),
        ("DN551PT", "DN55 1PT"),
        ("EC1A1BB", "EC1A 1BB"),
        ("HW4 OQD", "HW4 0QD"),
        ("HW4 lqd", "HW4 1QD"),
        ("HW4 20D", "HW4 2OD"),
        ("HW4", None),
        ("", None),
        ("12345", None),
        ("HWXX 2QD", None),
        ("<script>", None),
    ],
)
def test_a_postcode_is_read_however_it_is_typed(typed: str, stored: str | None) -> None:
    assert rules.normalise_postcode(typed) == stored


@given(st.text(max_size=30))
def test_any_text_is_a_postcode_in_its_one_form_or_none(text: str) -> None:
    once = rules.normalise_postcode(text)
    assert once is None or rules.normalise_postcode(once) == once


@pytest.mark.parametrize(
    ("address", "door"),
    [
        ("Flat 3, 14 Linden Court", "3"),
        ("22 Saltmarsh Road", "22"),
        ("Flat 12, Tanner’s Yard", "12"),
        ("Room 4, Beacon House", "4"),
        ("14a High Street", "14A"),
        ("Flat B, 9 Mill Lane", "B"),
        ("Rose Cottage, 5 Mill Lane", "5"),
        ("Rose Cottage", ""),
        ("", ""),
        ("Unit no. 7, Dock Road", "7"),
    ],
)
def test_the_door_carries_the_number_an_officer_looks_for(address: str, door: str) -> None:
    assert rules.door_number(address) == door


@pytest.mark.parametrize(
    ("kind", "bedrooms", "words"),
    [
        ("flat", 2, "2-bed flat"),
        ("house", None, "House"),
        ("room", 1, "Room"),
        ("", 3, "3-bed home"),
        ("", None, ""),
    ],
)
def test_a_home_is_described_by_bedrooms_and_type(kind: str, bedrooms: int | None, words: str) -> None:
    assert rules.size_words(kind, bedrooms) == words


NORTH, SOUTH, ASHA, BEN = uuid4(), uuid4(), uuid4(), uuid4()


@pytest.mark.parametrize(
    ("role", "person", "team", "owner", "home_team", "reads"),
    [
        (Role.OFFICER, ASHA, NORTH, BEN, NORTH, True),
        (Role.OFFICER, ASHA, NORTH, BEN, SOUTH, False),
        (Role.OFFICER, ASHA, NORTH, ASHA, SOUTH, True),
        (Role.OFFICER, ASHA, NORTH, BEN, None, False),
        (Role.OFFICER, ASHA, None, BEN, None, False),
        (Role.MANAGER, ASHA, NORTH, BEN, NORTH, True),
        (Role.MANAGER, ASHA, NORTH, BEN, SOUTH, False),
        (Role.MANAGER, ASHA, NORTH, BEN, None, True),
        (Role.ADMINISTRATOR, ASHA, None, ASHA, NORTH, False),
        (Role.CONTRACTOR, ASHA, None, ASHA, None, False),
    ],
)
def test_the_words_of_a_warning_are_for_the_homes_team_and_whoever_looks_after_it(
    role: Role, person: object, team: object, owner: object, home_team: object, reads: bool
) -> None:
    assert rules.reads_warning_text(role, person, team, owner, home_team) is reads  # type: ignore[arg-type]


def test_who_may_change_a_home() -> None:
    assert rules.may_change(Role.ADMINISTRATOR, None, SOUTH)
    assert rules.may_change(Role.OFFICER, NORTH, NORTH)
    assert rules.may_change(Role.MANAGER, NORTH, None)
    assert not rules.may_change(Role.MANAGER, NORTH, SOUTH)
    assert not rules.may_change(Role.CONTRACTOR, None, None)


def test_positions_in_the_country_are_believed_and_others_are_flagged() -> None:
    assert position.problem(51.5, -0.12) == ""
    assert position.problem(60.15, -1.14) == ""
    assert position.problem(54.6, -5.93) == ""
    assert position.problem(48.85, 2.35) == position.OUTSIDE
    assert position.problem(0, 0) == position.OUTSIDE
    assert "1,200 m" in position.problem(51.5, -0.12, accuracy=1200)
    assert position.problem(51.5, -0.12, accuracy=499) == ""
    assert not position.in_range(90.1, 0)
    assert not position.in_range(0, -180.1)
    assert not position.in_range(float("nan"), 0)


def test_a_position_that_came_is_doubted_one_that_did_not_is_no_matter_and_one_that_cannot_be_is_refused() -> None:
    assert position.doubt_about(None, None) == position.doubt_about(None, None, 5) == ""
    assert position.doubt_about(51.5, -0.12, 499) == ""
    assert position.doubt_about(48.85, 2.35) == position.OUTSIDE
    with pytest.raises(Refused) as refused:
        position.doubt_about(91, 0)
    assert refused.value.reasons == {"latitude": position.OFF_RANGE}


@pytest.mark.parametrize(
    ("latitude", "longitude", "accuracy", "reasons"),
    [
        (51.5, None, None, {"latitude": position.HALF}),
        (None, 200, None, {"latitude": position.HALF}),
        (51.5, -0.12, -5, {"accuracy": position.BELOW_NOTHING}),
        (None, None, -5, {"accuracy": position.BELOW_NOTHING}),
    ],
)
def test_half_a_position_or_one_better_than_exact_is_refused(
    latitude: float | None, longitude: float | None, accuracy: float | None, reasons: dict[str, str]
) -> None:
    with pytest.raises(Refused) as refused:
        position.doubt_about(latitude, longitude, accuracy)
    assert refused.value.reasons == reasons


@pytest.mark.parametrize(
    ("metres", "words"),
    [
        (5, "here"),
        (90, "100 yards"),
        (1000, "0.6 miles"),
        (1609, "1 mile"),
        (1931, "1.2 miles"),
        (55_000, "34 miles"),
        (2_000_000, "1,243 miles"),
    ],
)
def test_distances_are_said_as_in_a_car(metres: float, words: str) -> None:
    assert position.distance_words(metres) == words


def test_distance_is_over_the_ellipsoid() -> None:
    # Flinders Peak to Buninyon, the worked example of Geoscience Australia's GDA manual: 54,972.271 m.
    there = position.metres_between((-37.95103342, 144.42486789), (-37.65282114, 143.92649554))
    assert there == pytest.approx(54972.271, abs=0.01)


@pytest.mark.parametrize(
    ("expires", "state"),
    [
        (None, certificates.State.NO_END),
        (date(2026, 11, 23), certificates.State.LAPSED),
        (date(2026, 11, 24), certificates.State.LAPSES_SOON),
        (date(2026, 12, 22), certificates.State.LAPSES_SOON),
        (date(2026, 12, 23), certificates.State.IN_DATE),
    ],
)
def test_a_certificate_counts_through_its_last_day_and_warns_28_days_before(
    expires: date | None, state: certificates.State
) -> None:
    assert certificates.state_at(expires, DAY) is state


@pytest.mark.parametrize(
    ("issued", "months", "last_day"),
    [
        (date(2026, 11, 24), 12, date(2027, 11, 23)),
        (date(2024, 2, 29), 12, date(2025, 2, 27)),
        (date(2026, 8, 31), 6, date(2027, 2, 27)),
        (date(2026, 1, 1), 60, date(2030, 12, 31)),
    ],
)
def test_a_certificate_lasts_so_many_months_less_a_day(issued: date, months: int, last_day: date) -> None:
    assert certificates.expiry(issued, months) == last_day


def test_every_warning_has_a_short_tag_an_icon_of_ours_and_advice() -> None:
    icons = (Path(__file__).parents[2] / "pwa/icons/icons.svg").read_text()
    assert len(alert_codes()) == 17
    for one in alert_codes().values():
        assert 0 < len(one.tag) <= 14
        assert f'id="{one.icon}"' in icons
        assert one.advice.endswith(".")


def test_what_every_home_must_have_is_always_shown() -> None:
    assert [kind.code for kind in certificate_kinds().values() if kind.always_shown] == ["LGSR", "EICR", "EPC"]
    assert certificate_kinds()["LGSR"].months == 12
    assert certificate_kinds()["SMOKE"].months is None


def test_reference_data_says_from_when_and_when_it_was_checked() -> None:
    folder = Path(rules.__file__).parent / "data"
    for file in folder.glob("*.csv"):
        assert file.read_text().splitlines()[0].endswith("from,checked on")
    assert "Open Government Licence v3.0" in (folder / "README.md").read_text()


def test_search_words_are_plain_and_written_out() -> None:
    assert wording.words("Flat 3, 14 Tanner’s Yd.") == ["flat", "3", "14", "tanners", "yard"]
    assert wording.words("Café Rd") == ["cafe", "road"]
    assert wording.typed("hw4 2qd") == ["hw42qd"]
    assert wording.typed("000100012340001") == ["100012340001"]
    assert wording.typed("14") == ["14"]
    assert len(wording.typed("a b c d e f g h i j")) == wording.MOST_WORDS


def test_streets_are_in_order_and_doors_by_number() -> None:
    doors = ["14 Mill Lane", "9 Mill Lane", "100 Mill Lane", "3 Alder Road"]
    assert sorted(doors, key=lambda one: wording.sort_key(one, "")) == [
        "3 Alder Road",
        "9 Mill Lane",
        "14 Mill Lane",
        "100 Mill Lane",
    ]
    flats = ["Flat 10, 14 Linden Court", "Flat 2, 14 Linden Court", "Flat 1, 15 Linden Court"]
    assert sorted(flats, key=lambda one: wording.sort_key(one, "Mill Lane")) == [flats[1], flats[0], flats[2]]


def test_words_nobody_has_become_the_nearest_that_somebody_has() -> None:
    known = {"saltmarsh", "linden", "quarry"}
    assert wording.put_right(["saltmrash", "22"], known) == ["saltmarsh", "22"]
    assert wording.put_right(["lindn"], known) == ["linden"]
    assert wording.put_right(["marsh"], known) == ["marsh"]
    assert wording.put_right(["zzzzzz"], known) == ["zzzzzz"]


@given(st.text(max_size=40))
def test_a_cell_comes_back_from_our_own_file_as_it_was(text: str) -> None:
    assert unguarded(guarded(text)) == text or text.startswith("'")
    assert not guarded(text).startswith(DANGEROUS)


def test_numbers_below_zero_stay_numbers_in_a_file() -> None:
    assert written(["a"], [[-0.5], ["-0.5"], [None]]) == b'\xef\xbb\xbfa\r\n-0.5\r\n\'-0.5\r\n""\r\n'
