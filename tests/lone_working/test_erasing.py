"""Times for a year, alarms for three, PIN slips for a month; what is open for as long as it is open."""

from datetime import datetime, timedelta

import pytest

from lone_working import commands, drill_commands, word_commands
from lone_working.erasing import erase_older
from lone_working.ladder_tables import CodeWord, Drill, DrillTold
from lone_working.pins import PinNotRecognised
from lone_working.rota_tables import DutyShift
from lone_working.tables import Alarm, AlarmStep, AlarmTold, LoneSession, PinFailure, SessionEvent
from people.tables import Person
from properties.tables import LegalHold
from pwa.tables import Receipt
from tests.lone_working.conftest import SAFE, WRONG, Alone


async def left(alone: Alone, days: int) -> tuple[int, int]:
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
