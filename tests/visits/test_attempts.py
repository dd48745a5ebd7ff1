"""Tries that did not get in: numbered, with who and when and the door, until the council's number is reached."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as some

from properties.tables import Property
from pwa.ids import uuid7
from tests.conftest import World
from tests.tasks.making import HTMX, asked
from tests.visits.making import no_access, planned
from tests.visits.test_door_photos import a_picture
from visits import council, rules
from visits.council import Council
from visits.rules import Outcome

REACHED = "The council’s number of tries, 3, is reached."


@pytest.fixture(autouse=True)
def as_it_comes() -> Iterator[None]:
    before = council.council()
    council.use(Council("Harrowmere", 3, "01632 960 114"))
    yield
    council.use(before)


@given(some.lists(some.sampled_from(Outcome)))
def test_a_row_of_tries_ends_with_whatever_else_came_of_a_visit(outcomes: list[Outcome]) -> None:
    tries = rules.in_a_row(outcomes)
    assert outcomes[len(outcomes) - tries :] == [Outcome.NO_ACCESS] * tries
    assert len(outcomes) == tries or outcomes[-tries - 1] is not Outcome.NO_ACCESS
    assert rules.attempt(outcomes) == tries + 1


async def test_every_try_stands_with_its_reason_time_door_and_who(world: World, home: Property) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    first, second = await planned(world, home, hours=-50), await planned(world, home, "ben", hours=-26)
    data, sha = a_picture()
    await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    await asha.post(f"/visits/{first}/photos", data={"id": str(uuid7()), "sha256": sha})
    await no_access(asha, first, note="Curtains drawn")
    await no_access(ben, second, "refused", "Said come back")
    now = await planned(world, home)
    page = (await asha.get(f"/visits/{now}")).text
    assert "This is try 3 of 3." in page
    for words in (
        "Try 1",
        "nobody in",
        "Curtains drawn",
        "Asha Test",
        "Try 2",
        "refused",
        "Said come back",
        "Ben Test",
    ):
        assert words in page, words
    assert f'src="/visits/{first}/photos/{sha}?size=400"' in page
    of_home = (await asha.get(f"/properties/{home.id}/visits")).text
    assert ("No access: void inspection" in of_home, "2 of 3" in of_home) == (True, True)
    assert f'src="/visits/{first}/photos/{sha}?size=400"' in of_home


async def test_after_the_councils_number_a_task_is_proposed_and_raised_only_by_the_officer(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    visits = [await planned(world, home, hours=hours) for hours in (-50, -26, -2)]
    for visit in visits[:2]:
        await no_access(asha, visit)
    # Before the last one is over, with no signal perhaps, the form is there already.
    before = (await asha.get(f"/visits/{visits[2]}")).text
    assert ("If nobody lets you in now" in before, "Raise the follow-up task" in before) == (True, True)
    data = {"outcome": "no-access", "reason": "nobody-in", "door": "none", "note": "Dark"}
    answer = await asha.post(f"/visits/{visits[2]}/finish", data=data, headers=HTMX)
    assert (REACHED in answer.text, "Raise the follow-up task" in answer.text) == (True, True)
    page = (await asha.get(f"/visits/{visits[2]}")).text
    assert ("Write to the household" in page, "The council’s own number of tries." in page) == (True, True)
    await asha.post(f"/visits/{visits[2]}/tasks", data=asked(world.ben.id, kind="follow-up-visit"))
    page = (await asha.get(f"/visits/{visits[2]}")).text
    assert ("A task was raised after one of these tries." in page, "Raise the follow-up task" in page) == (
        True,
        False,
    )
    assert "A task was raised." in (await asha.get(f"/properties/{home.id}/visits")).text


async def test_getting_in_begins_a_new_row_and_another_purpose_has_its_own(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    await no_access(asha, await planned(world, home, hours=-50))
    await no_access(asha, await planned(world, home, hours=-40, purpose="welfare-check"))
    await asha.post(f"/visits/{await planned(world, home, hours=-30)}/finish", data={"outcome": "done"})
    page = (await asha.get(f"/properties/{home.id}/visits")).text
    assert ("No access: welfare check" in page, "No access: void inspection" in page) == (True, False)
    await no_access(asha, await planned(world, home, hours=-2))
    assert "1 of 3" in (await asha.get(f"/properties/{home.id}/visits")).text


async def test_another_teams_try_counts_and_says_nothing(world: World, home: Property) -> None:
    asha, carol = await world.sign_in("asha"), await world.sign_in("carol")
    await no_access(carol, await planned(world, home, "carol", hours=-50), note="canary-2f south")
    page = (await asha.get(f"/visits/{await planned(world, home)}")).text
    assert ("By another team" in page, "This is try 2 of 3." in page) == (True, True)
    assert ("canary-2f" in page, "Carol Test" in page) == (False, False)
    assert "By another team" not in (await asha.get(f"/properties/{home.id}/visits")).text


@pytest.mark.parametrize(
    ("purpose", "kind"), [("welfare-check", "Welfare"), ("occupancy-check", "Licence breach")]
)
async def test_what_is_proposed_depends_on_what_the_visit_was_for(
    world: World, home: Property, purpose: str, kind: str
) -> None:
    council.use(Council(tries=1))
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=-2, purpose=purpose)
    await no_access(asha, visit)
    page = (await asha.get(f"/visits/{visit}")).text
    assert f"<h3>Suggested task: {kind.lower()}</h3>" in page
