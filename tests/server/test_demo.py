"""The demo council: whole, once, and of nobody who exists."""

from collections import Counter
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from PIL import Image

from inspections import review_queries, review_view
from inspections.compare_rules import Changed
from inspections.comparison import comparison_of
from inspections.inventory_queries import links_of
from inspections.inventory_tables import InventoryLink, InventoryPhoto
from inspections.queries import inspection_for
from inspections.sheet import missing_from
from inspections.tables import Completion, Inspection, InspectionPhoto
from media.rules import original_key
from media.store import store
from media.tables import Photo
from people.tables import Firm, Person, Team
from properties.position import problem
from properties.tables import Certificate, PersonAlert, Property
from pwa.tables import Held, Receipt
from server.demo import Account, load
from server.demo.calendar import moment
from server.demo.council import signed_in
from server.demo.diary import PLANNED, done_by
from server.demo.equipment import electric_meter
from server.demo.photographs import photograph
from tasks.tables import Task
from tests.conftest import browser, empty_tables
from tests.inspections.inventories import going_out
from visits.occupancy_tables import OccupancyCheck
from visits.tables import Visit, VisitEvent, VisitPhoto

NOW = datetime(2026, 11, 24, 11, 0, tzinfo=UTC)


@pytest.fixture(scope="module")
async def council(app: object) -> AsyncIterator[list[Account]]:
    """Loaded once for this file: nothing below changes it."""
    with going_out():
        yield await load(NOW)
    await empty_tables()


@pytest.fixture(autouse=True)
def clean_database() -> None:
    """Instead of the one that empties the tables after each test."""


async def test_the_demo_council_is_there_and_loading_it_again_changes_nothing(council: list[Account]) -> None:
    counted = [await table.count() for table in (Property, Visit, VisitEvent, Inspection, Photo, Receipt)]
    assert await load(NOW) == []
    assert [await table.count() for table in (Property, Visit, VisitEvent, Inspection, Photo, Receipt)] == counted
    assert (await Property.count(), await Team.count(), await Firm.count()) == (40, 3, 2)
    roles = Counter(row["role"] for row in await Person.select(Person.role))
    assert roles == {"officer": 8, "manager": 2, "administrator": 1, "contractor": 4}
    assert len(council) == 15


async def test_whoever_is_printed_can_sign_in(council: list[Account], app: object) -> None:
    for account in council[::7]:
        name, _, email, password = account
        async with browser(app) as client:  # type: ignore[arg-type]
            answer = await client.post("/sign-in", data={"email": email, "password": password, "next": "/you"})
            assert (answer.status_code, answer.headers["location"]) == (303, "/you"), name
        assert str(account).startswith(name)


async def test_nobody_and_nothing_in_it_can_be_real(council: list[Account]) -> None:
    for person in await Person.select():
        assert person["email"].endswith(".example")
        assert person["phone"].startswith("07700 900")
    for home in await Property.select():
        assert home["uprn"].startswith("9990000000")
        assert home["postcode"].startswith("HW")
        assert problem(home["latitude"], home["longitude"]) == ""
    assert len({home["uprn"] for home in await Property.select()}) == 40


async def test_everything_in_it_went_through_the_door_and_one_reading_came_too_late(
    council: list[Account],
) -> None:
    assert await Held.count() == 1
    # Those of the people who signed in above are of today, not of the demo's day.
    demo = Receipt.path != "/sign-in"
    receipts = await Receipt.select(Receipt.captured_at, Receipt.received_at).where(demo)
    assert len(receipts) > 500
    assert all(row["captured_at"] <= row["received_at"] <= NOW + timedelta(minutes=1) for row in receipts)
    assert any(row["received_at"] - row["captured_at"] > timedelta(minutes=30) for row in receipts)


async def test_there_are_visits_today_and_tomorrow_done_and_still_to_do(council: list[Account]) -> None:
    days = Counter(row["planned_for"].date() for row in await Visit.select(Visit.planned_for))
    assert days[NOW.date()] == 22
    assert days[NOW.date() + timedelta(days=1)] == 11
    outcomes = Counter(row["outcome"] for row in await VisitEvent.select().where(VisitEvent.what == "finished"))
    assert outcomes["no-access"] == 4
    assert outcomes["done"] > 25


@pytest.mark.parametrize("hour", range(24))
def test_at_any_hour_everybody_still_has_something_to_do(hour: int) -> None:
    now = NOW.replace(hour=hour, minute=30)
    done = done_by(now)
    still = Counter(planned[2] for place, planned in enumerate(PLANNED) if planned[0] == 0 and place not in done)
    assert len(still) == 8
    assert min(still.values()) >= 2
    assert all(moment(now, 0, PLANNED[place][1]) < now for place in done)


async def test_there_is_something_to_do_overdue_today_and_done(council: list[Account]) -> None:
    tasks = await Task.select()
    days = [(row["due"] - NOW.date()).days for row in tasks]
    assert (len([due for due in days if due < 0]), days.count(0)) == (3, 1)
    assert sum(row["ended_at"] is not None for row in tasks) == 1
    assert {row["living"] for row in await OccupancyCheck.select()} == {"yes", "no", "not-sure"}


async def test_a_month_of_inspections_is_completed_with_photographs_that_are_kept(council: list[Account]) -> None:
    assert await Inspection.count() == 28  # and one of them was seen in passing
    assert await Completion.count() == 27
    shots = await InspectionPhoto.select()
    assert len(shots) > 55
    kept = await store().get(original_key(shots[0]["sha256"]))
    assert kept is not None
    assert Image.open(BytesIO(kept)).size == (1280, 960)
    doors = await VisitPhoto.select()
    assert len(doors) == 3
    theirs = await InventoryPhoto.select()
    assert await Photo.count() == len({shot["sha256"] for shot in shots + doors + theirs})


async def test_a_newcomer_finds_a_move_out_with_a_cracked_hob_and_a_missing_key(council: list[Account]) -> None:
    row = (
        await Inspection.objects()
        .where(Inspection.kind == "move-out")
        .order_by("captured_at", ascending=False)
        .first()
    )
    assert row is not None
    person = signed_in(await Person.objects().get(Person.id == row.started_by))
    found = await comparison_of(person, await inspection_for(person, row.id))
    assert {one.key: one.changed for one in found.differences} == {
        "kitchen_hob": (Changed.DAMAGED,),
        "meters_keys": (Changed.MISSING,),
    }
    hob = found.of("kitchen_hob")
    assert hob and hob.item.previous_photo and hob.photo


async def test_a_newcomer_finds_two_photographs_from_the_same_spot(council: list[Account]) -> None:
    photo = InspectionPhoto
    pairs = await photo.select(photo.item, photo.taken_over, photo.inspection.kind).where(
        photo.taken_over.is_not_null()
    )
    assert ("kitchen_hob", "move-out") in [(row["item"], row["inspection.kind"]) for row in pairs]


async def test_a_newcomer_finds_a_household_that_answered_its_inventory_and_one_that_did_not(
    council: list[Account],
) -> None:
    asha = signed_in(await Person.objects().get(Person.email.like("asha%")))
    rows = await InventoryLink.select(InventoryLink.inspection).order_by(InventoryLink.received_at)
    links = [(await links_of(await inspection_for(asha, row["inspection"]), NOW))[0] for row in rows]
    assert [link.words for link in links] == ["No reply", "3 comments, 1 photo, 3 days left"]


async def test_most_inspections_lack_nothing_and_the_others_say_why(council: list[Account]) -> None:
    reasons = [row["reason"] for row in await Completion.select() if row["missing"]]
    assert 1 <= len(reasons) <= 5
    assert all(reasons)
    first = await Inspection.objects().order_by(Inspection.captured_at).first()
    person = await Person.objects().get(Person.id == first.started_by)
    assert await missing_from(await inspection_for(signed_in(person), first.id)) == []


async def test_some_certificates_have_lapsed_and_some_will_soon(council: list[Account]) -> None:
    ends: list[date] = [row["expires_on"] for row in await Certificate.select() if row["kind"] == "LGSR"]
    today = NOW.date()
    assert 2 <= sum(end < today for end in ends) <= 8
    assert 2 <= sum(today <= end <= today + timedelta(days=30) for end in ends) <= 10
    assert await PersonAlert.count() == 10


def test_a_meter_shows_the_reading_it_was_asked_for() -> None:
    one, other = electric_meter(1, "11111").image, electric_meter(1, "88888").image
    assert one.crop((430, 190, 940, 360)).tobytes() != other.crop((430, 190, 940, 360)).tobytes()


def test_a_photograph_carries_when_it_was_taken_and_each_is_its_own_file() -> None:
    scene = electric_meter(1, "48210").image
    one, other = photograph(scene, 1, NOW), photograph(scene, 2, NOW)
    assert one != other
    assert 60_000 < len(one) < 300_000
    assert Image.open(BytesIO(one)).getexif().get_ifd(0x8769)[0x9003] == "2026:11:24 11:00:00"


async def test_the_queue_of_a_leader_is_alive_on_the_first_day(council: list[Account]) -> None:
    dina = signed_in(await Person.objects().get(Person.email.like("dina@%")))  # type: ignore[arg-type]
    shown = await review_view.queue(dina, "", 1)
    counts = shown["found"].counts
    assert (counts["recharges"], counts["held"], counts["back"]) == (1, 1, 1)
    assert counts["inspections"] >= 2 and len(shown["rows"]) == shown["found"].total
    asha = signed_in(await Person.objects().get(Person.email.like("asha@%")))  # type: ignore[arg-type]
    (back,) = await review_queries.sent_back_to(asha)
    assert [note["anchor"] for note in back.notes] == ["item-bedroom_walls"]
