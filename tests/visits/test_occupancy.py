"""Occupancy and welfare checks: what was seen, what it suggests, and what was seen the last time."""

from typing import Any
from uuid import UUID

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as some

from properties.tables import LegalHold, Property, PropertyChange
from pwa.tables import Held, Receipt
from server.retention import forget
from server.settings import read
from tasks.rules import Due, Kind
from tasks.tables import Task
from tests.conftest import World
from tests.server.keeping import LONG_AGO, NOW
from tests.tasks.making import HTMX, asked
from tests.visits.making import happened, late, planned
from visits import occupancy_rules as rules
from visits.occupancy_rules import Check, Concern, Living, Seen, Sign, Spoken
from visits.occupancy_tables import OccupancyCheck

RULES = read({"DOORSTEP_RETAIN_OCCUPANCY_YEARS": "2"})
THERE: dict[str, Any] = {
    "seen": "household", "spoken": "household", "living": "yes", "adults": "2", "children": "1",
    "signs": ["food", "beds"], "concerns": [],
}  # fmt: skip
checks = some.builds(
    Check, some.sampled_from(Seen), some.sampled_from(Spoken), some.sampled_from(Living),
    some.lists(some.sampled_from(Sign), unique=True).map(tuple), some.none() | some.integers(-2, 40),
    some.none() | some.integers(-2, 40), some.lists(some.sampled_from(Concern), unique=True).map(tuple),
)  # fmt: skip


@given(checks)
def test_whoever_may_be_at_risk_is_somebodys_to_do_today_before_anything_else(check: Check) -> None:
    found = rules.suggested(check)
    assert [list(Due).index(one.due) for one in found] == sorted(list(Due).index(one.due) for one in found)
    if {Concern.HARM, Concern.CHILD_ALONE} & set(check.concerns):
        assert (found[0].kind, found[0].due) == (Kind.WELFARE, Due.TODAY)
    assert len({one.key for one in found}) == len(found)
    assert all(one.because and one.source and one.what for one in found)


@given(checks)
def test_nobody_living_there_is_looked_into_and_nothing_is_decided(check: Check) -> None:
    kinds = [one.kind for one in rules.suggested(check)]
    others = {Concern.OTHERS_LIVE, Concern.MORE_PEOPLE} & set(check.concerns)
    assert (Kind.LICENCE_BREACH in kinds) == (check.living is Living.NO or bool(others))
    assert (Kind.FOLLOW_UP in kinds) == (check.living is Living.NOT_SURE)


@given(checks)
def test_nothing_is_suggested_where_all_is_well(check: Check) -> None:
    if check.living is Living.YES and not check.concerns:
        assert rules.suggested(check) == []


@given(checks)
def test_an_answer_that_contradicts_itself_is_asked_about(check: Check) -> None:
    wrong = rules.wrong_with_check(check)
    at_the_door = check.spoken in (Spoken.HOUSEHOLD, Spoken.OTHERS)
    assert ("spoken" in wrong) == (check.seen is Seen.NOBODY and at_the_door)
    assert ("children" in wrong) == (check.children is not None and not 0 <= check.children <= rules.MOST_PEOPLE)


async def checked(client: httpx.AsyncClient, visit: UUID, **other: Any) -> httpx.Response:
    return await client.post(f"/visits/{visit}/occupancy", data={**THERE, **other}, headers=HTMX)


async def test_what_was_seen_is_on_the_visit_and_on_its_home(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    assert "What did you find?" in (await asha.get(f"/visits/{visit}")).text
    answer = await checked(asha, visit)
    assert answer.status_code == 200
    for words in ("Lives there?", "Yes", "2 adults, 1 child", "Fresh food", "Beds slept in", "Asha Test"):
        assert words in answer.text, words
        assert words in (await asha.get(f"/visits/{visit}")).text, words
    assert "Lives there: yes" in (await asha.get(f"/properties/{home.id}/visits")).text
    assert "Raise this task" not in answer.text


async def test_the_last_one_counts_and_both_are_kept(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="welfare-check")
    await checked(asha, visit)
    answer = await checked(asha, visit, living="not-sure", seen="nobody", spoken="nobody", adults="", children="")
    assert ("Not sure" in answer.text, "2 adults" in answer.text) == (True, False)
    assert await OccupancyCheck.count() == 2


async def test_what_is_worrying_is_proposed_as_tasks_and_raised_by_nobody_but_the_officer(
    world: World, home: Property
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    answer = await checked(asha, visit, living="no", concerns=["harm", "home-unsafe"], signs=["emptied"])
    for words in ("safeguarding team today", "have it looked at", "whether the household has left", "193(6)(d)"):
        assert words in answer.text, words
    assert answer.text.count("Raise this task") == 6  # the summary and the button of each
    assert await Task.count() == 0
    await asha.post(f"/visits/{visit}/tasks", data=asked(world.asha.id, kind="licence-breach"))
    page = (await asha.get(f"/visits/{visit}")).text
    assert (page.count("Raise this task"), "A task about this was raised" in page) == (4, True)


async def test_the_next_check_says_what_was_seen_the_last_time(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    before = await planned(world, home, "ben", hours=-170, purpose="welfare-check")
    await checked(await world.sign_in("ben"), before, living="not-sure")
    page = (await asha.get(f"/visits/{await planned(world, home, purpose='occupancy-check')}")).text
    assert ("Last time" in page, "lives there, not sure" in page, "Ben Test" in page) == (True, True, True)
    carols = await planned(world, home, "carol", purpose="occupancy-check")
    assert "Last time" not in (await (await world.sign_in("carol")).get(f"/visits/{carols}")).text


@pytest.mark.parametrize(
    ("other", "status"),
    [
        ({"seen": "nobody"}, 422), ({"adults": "31"}, 422), ({"children": "-1"}, 422), ({"children": "two"}, 422),
        ({"living": ""}, 422), ({"living": "maybe"}, 422), ({"signs": ["ghost"]}, 422), ({"surprise": "1"}, 400),
        ({"seen": "nobody", "spoken": "nobody"}, 422),
    ],
)  # fmt: skip
async def test_a_check_with_a_mistake_stores_nothing(
    world: World, home: Property, other: dict[str, Any], status: int
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    assert (await checked(asha, visit, **other)).status_code == status
    assert await OccupancyCheck.count() == await Receipt.count() == 0


async def test_a_visit_for_something_else_checks_nothing(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    assert 'id="occupancy"' not in (await asha.get(f"/visits/{visit}")).text
    assert (await checked(asha, visit)).status_code == 422
    assert await OccupancyCheck.count() == 0


async def test_a_check_of_a_visit_that_was_given_away_or_cancelled_waits_for_the_office(
    world: World, home: Property
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    given = await planned(world, home, purpose="occupancy-check")
    gone = await planned(world, home, purpose="occupancy-check")
    await dina.post(f"/visits/{given}/officer", data={"officer": str(world.ben.id)})
    await dina.post(f"/visits/{gone}/cancel", data={"note": "Moved"})
    fields = {**THERE, "concerns": ["harm", "child-alone"]}
    assert "Ben Test’s now" in await late(asha, given, "occupancy", **fields)
    assert "already cancelled" in await late(asha, gone, "occupancy", **fields)
    assert (await OccupancyCheck.count(), await happened(gone)) == (0, ["cancelled"])
    (row, *_) = await Held.select(Held.id)
    page = (await dina.get(f"/held/{row['id']}")).text
    for words in (
        "Occupancy or welfare check",
        "Somebody may be at risk of harm, A child with no adult",
        "Fresh food",
    ):
        assert words in page, words


@pytest.mark.parametrize("who", ["carol", "marek"])
async def test_another_teams_check_is_nowhere_to_be_found(world: World, home: Property, who: str) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    await checked(asha, visit)
    client = await world.sign_in(who)
    assert (await checked(client, visit)).status_code == 404
    assert "Lives there" not in (await client.get(f"/properties/{home.id}/visits")).text


async def test_what_was_found_goes_when_it_was_kept_long_enough_and_the_visit_stays(
    world: World, home: Property
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    await checked(asha, visit)
    await forget(NOW, RULES)
    assert await OccupancyCheck.count() == 1
    await OccupancyCheck.update({OccupancyCheck.received_at: LONG_AGO}, force=True)
    hold = LegalHold(property=home.id, reason="Court", set_at=NOW)
    await LegalHold.insert(hold)
    await forget(NOW, RULES)
    assert await OccupancyCheck.count() == 1
    await LegalHold.update({LegalHold.released_at: NOW}).where(LegalHold.id == hold.id)
    await forget(NOW, RULES)
    assert await OccupancyCheck.count() == 0
    assert await PropertyChange.exists().where(PropertyChange.before == "What an occupancy check found")
    (trace,) = await Receipt.select().where(Receipt.method == "ERASE")
    assert trace["path"] == f"/visits/{visit}"
    assert (await asha.get(f"/visits/{visit}")).status_code == 200


async def test_it_waits_while_the_office_has_still_to_decide_about_something_for_the_visit(
    world: World, home: Property
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, purpose="occupancy-check")
    await checked(asha, visit)
    await OccupancyCheck.update({OccupancyCheck.received_at: LONG_AGO}, force=True)
    await late(await world.sign_in("ben"), visit, "occupancy", **THERE)
    await forget(NOW, RULES)
    assert await OccupancyCheck.count() == 1
    await Held.update({Held.decided_at: NOW}, force=True)
    await forget(NOW, RULES)
    assert await OccupancyCheck.count() == 0
