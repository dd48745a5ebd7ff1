"""Dina's wall says in plain words whom nobody looks out for, and since when it is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from lone_working.alarms.queries import Unmonitored
from lone_working.sessions import commands
from lone_working.tables import LoneSession, SafePin
from lone_working.wall.boards import wall
from messages import sending
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from server.settings import settings
from tests.conftest import World
from tests.lone_working.conftest import DURESS, HASHES, SAFE, Alone
from tests.lone_working.going import begun
from tests.lone_working.test_unwatched import lost
from tests.visits.making import planned
from visits import commands as visits
from visits.start_rules import Going

pytestmark = pytest.mark.usefixtures("messages_go_out")


@pytest.fixture(autouse=True)
def today(request: pytest.FixtureRequest) -> None:
    """Visits are planned by the real clock."""
    if "alone" in request.fixturenames:
        request.getfixturevalue("alone").now = datetime.now(UTC)


def nothing_can_be_sent(yes: bool = True) -> None:
    """Then no session begins with a visit."""
    sending.use(replace(settings.sending, demo=not yes))


async def seen(alone: Alone, who: str = "dina") -> tuple[Unmonitored, ...]:
    return (await wall(alone.who(who), alone.now)).unmonitored


async def test_a_start_that_was_held_is_on_the_managers_wall_until_somebody_knows(
    world: World, home: Property
) -> None:
    await lost(world, home)
    dina, marek, asha = [await world.sign_in(name) for name in ("dina", "marek", "asha")]
    shown = (await dina.get("/lone-working")).text
    assert "Not monitored: 1" in shown and "That visit had changed, so no session began." in shown
    assert "Ring Asha Test" in shown and "tel:07700 900123" in shown
    assert "Not monitored" not in (await marek.get("/lone-working")).text, "another team"
    assert "Not monitored" not in (await asha.get("/lone-working")).text, "not about herself"
    assert "0 people are out" in shown
    await begun(world)
    assert "Not monitored" not in (await dina.get("/lone-working")).text


async def test_a_start_that_came_late_says_when_it_was_pressed_and_when_we_heard(alone: Alone) -> None:
    pressed = alone.now - timedelta(minutes=18)
    visit = await planned(alone.world, alone.home, "asha")
    await alone.do("asha", visits.start_visit, visit, captured=pressed)
    (out,) = (await wall(alone.who("dina"), alone.now)).sessions
    assert (out.started_at, out.received_at) == (pressed, alone.now)


async def test_the_wall_says_so_in_words(world: World) -> None:
    session = await begun(world)
    now = datetime.now(UTC)
    dina = await world.sign_in("dina")
    assert "we heard at" not in (await dina.get("/lone-working")).text
    late: dict[object, object] = {
        LoneSession.started_at: now - timedelta(minutes=38), LoneSession.due_at: now + timedelta(minutes=9)
    }  # fmt: skip
    await LoneSession.update(late).where(LoneSession.id == session)  # type: ignore[arg-type]
    shown = (await dina.get("/lone-working")).text
    assert "we heard at" in shown and "not monitored in between" in shown


async def test_a_visit_under_way_without_a_session_stands_there_until_it_ends(alone: Alone) -> None:
    nothing_can_be_sent()
    await alone.start()
    assert not await LoneSession.exists()
    (one,) = await seen(alone)
    assert (one.person_name, one.held, one.started_at) == ("Asha Test", False, alone.now)
    assert one.place.startswith("22 Saltmarsh Road")
    assert await seen(alone, "marek") == () and await seen(alone, "asha") == ()
    alone.now += timedelta(hours=13)
    assert await seen(alone) == (), "after a day's work nobody stands there any more"


async def test_who_has_a_session_or_had_one_of_that_visit_is_not_called_unmonitored(alone: Alone) -> None:
    await alone.start()
    assert await seen(alone) == ()
    id = (await LoneSession.select())[0]["id"]
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await seen(alone) == (), "she said that she is out"


async def test_who_began_one_of_their_own_is_looked_out_for(alone: Alone) -> None:
    nothing_can_be_sent()
    await alone.start()
    assert len(await seen(alone)) == 1
    nothing_can_be_sent(False)
    await alone.begin()
    assert await seen(alone) == ()


async def test_a_confidential_home_is_not_named_to_whoever_is_not_cleared(alone: Alone) -> None:
    nothing_can_be_sent()
    await alone.start()
    await Property.update({Property.team: alone.world.teams["south"].id}).where(Property.id == alone.home.id)
    alert = PersonAlert(
        property=alone.home.id, code="20-70", text="fled", owner=alone.world.people["marek"].id,
        review_on=alone.now.date(), added_at=alone.now,
    )  # fmt: skip
    await PersonAlert.insert(alert)
    (one,) = await seen(alone)
    assert (one.person_name, one.place) == ("Asha Test", "A confidential home")


async def test_of_two_who_went_in_together_each_is_named_and_neither_sees_it(alone: Alone) -> None:
    nothing_can_be_sent()
    ben = alone.world.people["ben"]
    visit = await planned(alone.world, alone.home, "asha")
    await alone.do("asha", visits.start_visit, visit, Going(company=ben.id))
    assert {one.person_name for one in await seen(alone)} == {"Asha Test", "Ben Test"}


async def test_nobody_is_told_to_ring_who_is_in_there_with_somebody_who_was_made_to_enter_their_pin(
    alone: Alone,
) -> None:
    """Ben has a session of his own; Asha, who went in with him, has none."""
    nothing_can_be_sent()
    visit = await planned(alone.world, alone.home, "asha")
    await alone.do("asha", visits.start_visit, visit, Going(company=alone.world.people["ben"].id))
    phones = {one.person_name: one.phone for one in await seen(alone)}
    assert phones["Asha Test"] == "07700900101"
    nothing_can_be_sent(False)
    id = await alone.begin("ben", buddy=None)
    await SafePin.insert(SafePin(id=uuid7(), person=alone.world.people["ben"].id, made_at=alone.now, **HASHES))
    await commands.end(alone.sent("ben"), alone.who("ben"), id, DURESS)
    (one,) = await seen(alone)
    assert (one.person_name, one.phone) == ("Asha Test", "")
