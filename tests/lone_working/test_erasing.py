"""Times for a year, alarms for three, PIN slips for a month; what is open for as long as it is open."""

from datetime import datetime, timedelta

import pytest

from lone_working import session_erasing
from lone_working.code_word import commands as word_commands
from lone_working.erasing import erase_older
from lone_working.ladders import drill_commands
from lone_working.ladders.tables import CodeWord, Drill, DrillTold, TeamLadder
from lone_working.rota.tables import DutyHours, DutyShift
from lone_working.sessions import commands
from lone_working.sessions.pins import PinNotRecognised
from lone_working.sessions.tables import FirmWatch
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, PinFailure, SafePin, SessionEvent
from messages.tables import PushAnswer
from people.tables import Person
from properties.tables import LegalHold
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.lone_working.conftest import SAFE, WRONG, Alone


async def left(alone: Alone, days: float) -> tuple[int, int]:
    """Sessions and alarms that are left so many days later."""
    at: datetime = alone.now + timedelta(days=days)
    while await erase_older(at):
        pass
    return await LoneSession.count(), await Alarm.count()


async def test_a_session_that_ended_well_is_kept_for_a_year(alone: Alone) -> None:
    id = await alone.begin()
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await left(alone, 360) == (1, 0)
    assert await left(alone, 370) == (0, 0)
    assert await SessionEvent.count() == 0
    assert await Receipt.count().where(Receipt.method == "ERASE") == 1


async def test_an_alarm_keeps_its_session_for_three_years(alone: Alone) -> None:
    id = await alone.begin()
    await alone.turn(40 * 60)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    assert await left(alone, 3 * 365) == (1, 1)
    assert await left(alone, 3 * 366 + 1) == (0, 0)
    assert (await AlarmStep.count(), await AlarmTold.count()) == (0, 0)


async def test_what_is_open_is_never_forgotten(alone: Alone) -> None:
    await alone.begin()
    await alone.turn(40 * 60)
    assert await left(alone, 4000) == (1, 1)


async def test_a_slip_of_the_finger_is_forgotten_after_a_month(alone: Alone) -> None:
    id = await alone.begin()
    with pytest.raises(PinNotRecognised):
        await commands.end(alone.sent("asha"), alone.who("asha"), id, WRONG)
    await left(alone, 29)
    assert await PinFailure.count() == 1
    await left(alone, 31)
    assert await PinFailure.count() == 0


async def test_a_home_on_hold_keeps_who_was_there(alone: Alone) -> None:
    await alone.start()
    (session,) = await LoneSession.select()
    await commands.end(alone.sent("asha"), alone.who("asha"), session["id"], SAFE)
    await LegalHold.insert(LegalHold(property=alone.home.id, reason="a", set_at=alone.now, set_by_name="a"))
    assert await left(alone, 400) == (1, 0)


async def test_who_was_on_duty_and_tests_go_after_a_year_and_a_leavers_code_word_with_them(alone: Alone) -> None:
    north, dina = alone.world.teams["north"].id, alone.world.dina.id
    times = {"starts_at": alone.now, "ends_at": alone.now + timedelta(hours=1), "made_at": alone.now}
    await DutyShift.insert(DutyShift(team=north, duty="manager", person=dina, **times))
    await alone.do("dina", drill_commands.begin, north)
    for name in ("asha", "ben"):
        await alone.do(name, word_commands.set_word, "tide tables")
    await Person.update({Person.disabled_at: alone.now}).where(Person.id == alone.world.ben.id)
    assert await erase_older(alone.now + timedelta(days=360)) == 0
    assert await erase_older(alone.now + timedelta(days=367)) == 3
    assert [await table.count() for table in (DutyShift, Drill, DrillTold)] == [0, 0, 0]
    assert [row["person"] for row in await CodeWord.select()] == [alone.world.asha.id]


async def test_pins_that_were_replaced_go_at_once_and_the_newest_stays(alone: Alone) -> None:
    asha, now = alone.world.people["asha"].id, alone.now
    newer = SafePin(person=asha, safe_hash="newer", duress_hash="newer", made_at=now + timedelta(minutes=1))
    await SafePin.insert(newer)
    assert await erase_older(now) == 0, "not before it is replaced"
    assert await erase_older(now + timedelta(minutes=1)) == 1
    assert await erase_older(now + timedelta(days=4000)) == 0
    assert {row["person"]: row["safe_hash"] == "newer" for row in await SafePin.select()} == {
        asha: True,
        alone.world.dina.id: False,
    }


async def test_hours_on_duty_go_a_year_after_they_were_changed_and_never_the_last(alone: Alone) -> None:
    north, south = alone.world.teams["north"].id, alone.world.teams["south"].id
    for team, opens, days in ((north, "08:00", 0), (north, "09:00", 100), (south, "07:00", 0)):
        made = alone.now + timedelta(days=days)
        await DutyHours.insert(DutyHours(team=team, days="01234", opens=opens, closes="17:00", made_at=made))
    assert await erase_older(alone.now + timedelta(days=465)) == 0
    assert await erase_older(alone.now + timedelta(days=467)) == 1
    assert await erase_older(alone.now + timedelta(days=9000)) == 0
    assert sorted(row["opens"] for row in await DutyHours.select()) == ["07:00", "09:00"]


async def test_whom_a_firm_named_goes_three_years_after_it_named_another(alone: Alone) -> None:
    firm = alone.world.people["callum"].firm
    for days in (0, 10):
        by = {"set_by": alone.world.dina.id, "set_by_name": str(days), "set_at": alone.now + timedelta(days=days)}
        await FirmWatch.insert(FirmWatch(firm=firm, supervisor=None, **by))
    assert await erase_older(alone.now + timedelta(days=10 + 3 * 366 - 1)) == 0
    assert await erase_older(alone.now + timedelta(days=10 + 3 * 366)) == 1
    assert [row["set_by_name"] for row in await FirmWatch.select()] == ["10"]


async def ladder(alone: Alone, days: float, which: str = "normal", team: str = "north") -> None:
    made = alone.now + timedelta(days=days)
    row = TeamLadder(team=alone.world.teams[team].id, ladder=which, policy=str(days), made_at=made)
    await TeamLadder.insert(row)


async def ladders(alone: Alone, days: float) -> list[str]:
    await left(alone, days)
    return [row["policy"] for row in await TeamLadder.select().order_by(TeamLadder.id)]


async def test_a_ladder_goes_three_years_after_it_was_changed_and_the_last_of_each_kind_never(
    alone: Alone,
) -> None:
    for days, which, team in (
        (-9, "normal", "north"),
        (0, "normal", "north"),
        (0, "panic", "north"),
        (1, "normal", "south"),
    ):
        await ladder(alone, days, which, team)
    assert len(await ladders(alone, 3 * 366 - 1)) == 4
    assert await ladders(alone, 3 * 366) == ["0", "0", "1"]
    assert await ladders(alone, 9000) == ["0", "0", "1"]


async def test_a_ladder_is_kept_for_as_long_as_an_alarm_from_when_it_was_in_force(alone: Alone) -> None:
    await ladder(alone, -2)
    await ladder(alone, -1)
    await alone.begin()
    await alone.turn(40 * 60)
    await ladder(alone, 1)
    assert await ladders(alone, 4000) == ["-1", "1"], "the alarm is still open"
    at = alone.now + timedelta(days=4000)
    over = {Alarm.state: "resolved", Alarm.resolved_at: at}
    await Alarm.update(over, force=True)
    await LoneSession.update({LoneSession.state: "closed_safe", LoneSession.closed_at: at}, force=True)
    assert await ladders(alone, 4000 + 3 * 366 - 1) == ["-1", "1"]
    assert await ladders(alone, 4000 + 3 * 366 + 1) == ["1"]


async def test_that_a_test_notification_came_is_forgotten_after_a_year(alone: Alone) -> None:
    row = PushAnswer(id=uuid7(), person=alone.world.asha.id, device=uuid7(), answered_at=alone.now)
    await PushAnswer.insert(row)
    assert await session_erasing.forget(alone.now + timedelta(days=366)) == 0
    assert await session_erasing.forget(alone.now + timedelta(days=367)) == 1
    assert await PushAnswer.count() == 0
