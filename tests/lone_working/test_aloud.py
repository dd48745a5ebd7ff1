"""What is read out to the police takes half a minute, on the longest that is likely."""

import re

import pytest

from lone_working import queries
from lone_working.tables import Alarm, LoneSession
from people.tables import Person
from tests.lone_working.conftest import Alone

HALF_A_MINUTE = 80
"""Words, at the 160 a minute of somebody who speaks so that another can write."""


def words_of(text: str) -> int:
    """As they are spoken: a number by its digits in groups of about three, a name by its parts."""
    digits = sum(one.isdigit() for one in text) // 3
    return len(re.findall(r"[^\W\d_]+(?:[’'][^\W\d_]+)*", text)) + digits


@pytest.mark.parametrize("kind", ["overdue", "duress"])
async def test_what_is_read_out_to_the_police_takes_half_a_minute(alone: Alone, kind: str) -> None:
    """At the longest that is likely: about 150 words a minute are spoken so that another can write."""
    long = {"name": "Bartholomew Featherstonehaugh-Cholmondeley", "phone": "+44 7700 900 101"}
    await Person.update(long).where(Person.id == alone.world.asha.id)
    id = await alone.begin(minutes=30)
    about = {
        LoneSession.person_name: long["name"],
        LoneSession.place: "Flat 114, Block C, Saltmarsh House, 22 Upper Saltmarsh Road, Harrowmere, HW14 3QX, "
        "third floor, by the stairs on the left",
        LoneSession.high_risk: True,
    }
    await LoneSession.update(about).where(LoneSession.id == id)
    await alone.turn(31 * 60)
    await Alarm.update({Alarm.kind: kind}).where(Alarm.session == id)
    seen = await queries.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    spoken = " ".join(seen.guidance)
    assert words_of(spoken) <= HALF_A_MINUTE, spoken


async def test_nobody_is_told_that_all_was_well_when_she_was_made_to_enter_her_pin(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(31 * 60)
    await Alarm.update({Alarm.kind: "duress"}).where(Alarm.session == id)
    seen = await queries.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    spoken = " ".join(seen.guidance)
    assert "known to be well" not in spoken and "a secret sign for help at" in spoken
