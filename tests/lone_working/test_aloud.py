"""What is read out to the police takes half a minute, on the longest that is likely."""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest

from lone_working import events
from lone_working.alarms import page as alarm_page
from lone_working.alarms.responding import calling_999
from lone_working.sessions import commands
from lone_working.tables import Alarm, LoneSession
from people.tables import Person
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.outbox import writing
from tests.lone_working.conftest import DURESS, Alone

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
    seen = await alarm_page.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    spoken = " ".join(seen.guidance)
    assert words_of(spoken) <= HALF_A_MINUTE, spoken


async def test_nobody_is_told_that_all_was_well_when_she_was_made_to_enter_her_pin(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(31 * 60)
    await Alarm.update({Alarm.kind: "duress"}).where(Alarm.session == id)
    seen = await alarm_page.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    spoken = " ".join(seen.guidance)
    assert "known to be well" not in spoken and "a secret sign for help at" in spoken


async def test_help_called_where_nobody_knew_that_she_was_out_claims_no_place_and_no_time_she_was_well(
    alone: Alone,
) -> None:
    await alone.do("asha", commands.panic, uuid7())
    seen = await alarm_page.alarm_for(alone.who("dina"), (await alone.alarm())["id"], alone.now)
    spoken = " ".join(seen.guidance)
    assert "pressed for help on their phone at 10:00. Where they are is not known." in spoken
    assert "Went in" not in spoken and "known to be well" not in spoken and "no visit" not in spoken
    dina = await alone.world.sign_in("dina")
    assert "Last confirmed" not in (await dina.get("/lone-working")).text


async def test_whoever_is_to_ring_her_has_her_number_to_press_and_nobody_has_it_where_they_are_not_to(
    alone: Alone,
) -> None:
    await Person.update({Person.phone: "07700 900123"}).where(Person.id == alone.world.asha.id)
    await alone.begin(minutes=30)
    await alone.turn(31 * 60)
    alarm, dina = (await alone.alarm())["id"], await alone.world.sign_in("dina")
    assert "tel:07700 900123" in (await dina.get(f"/lone-working/alarms/{alarm}")).text
    await Alarm.update({Alarm.kind: "duress"}).where(Alarm.id == alarm)
    assert "tel:07700 900123" not in (await dina.get(f"/lone-working/alarms/{alarm}")).text


async def warned(alone: Alone, code: str) -> None:
    row: dict[str, Any] = {"property": alone.home.id, "code": code, "text": "Why", "review_on": alone.now.date()}
    await PersonAlert.insert(PersonAlert(**row, owner=alone.world.people["marek"].id, added_at=alone.now))


async def asked(alone: Alone, name: str) -> dict[str, tuple[str, ...]]:
    return dict((await alarm_page.alarm_for(alone.who(name), (await alone.alarm())["id"], alone.now)).asked)


async def overdue_at_home(alone: Alone) -> UUID:
    """Asha checked in at five past ten; her home has a number, stairs and somebody who was violent."""
    await Property.update(
        {Property.uprn: "10012345678", Property.access_notes: "Third floor.\n\nBy the stairs."}
    ).where(Property.id == alone.home.id)
    await warned(alone, "10")
    id = await alone.begin(minutes=30)
    await LoneSession.update({LoneSession.property: alone.home.id}).where(LoneSession.id == id)
    await alone.turn(5 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    await alone.turn(31 * 60)
    return id


async def test_what_they_ask_at_999_after_that_is_there_too(alone: Alone) -> None:
    await overdue_at_home(alone)
    said = await asked(alone, "dina")
    assert said["How they were last heard of"] == ("Checked in at 10:05.",)
    assert said["Its number (UPRN)"] == ("10012345678",)
    assert said["How to get in"] == ("Third floor.", "By the stairs.")
    (warning,) = said["Warnings about the home"]
    assert "Why" not in warning and warning


async def test_of_a_home_that_is_kept_from_them_nothing_is_answered_until_they_call(alone: Alone) -> None:
    await overdue_at_home(alone)
    await warned(alone, "20-70")
    south = alone.world.teams["south"].id
    await Property.update({Property.team: south}).where(Property.id == alone.home.id)
    assert [*await asked(alone, "dina")] == ["How they were last heard of"]
    await alone.do("dina", calling_999, (await alone.alarm())["id"])
    said = await asked(alone, "dina")
    assert said["How to get in"] == ("Third floor.", "By the stairs.")
    assert len(said["Warnings about the home"]) == 1, "that it is confidential is no warning to read out"


async def test_how_somebody_was_heard_of_is_what_they_did_before_they_were_made_to(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(10 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id, DURESS)
    await alone.turn(5 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    assert await asked(alone, "dina") == {"How they were last heard of": ("Went in at 10:00.",)}


async def test_what_comes_late_is_not_the_last_that_was_heard_of_her(alone: Alone) -> None:
    id = await alone.begin(minutes=60)
    await alone.turn(20 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    await commands.check_in(alone.sent("asha", captured=alone.now - timedelta(minutes=10)), alone.who("asha"), id)
    await alone.turn(61 * 60)
    assert (await asked(alone, "dina"))["How they were last heard of"] == ("Checked in at 10:20.",)


async def test_what_she_was_made_to_say_is_none_though_the_clock_was_put_back_since(alone: Alone) -> None:
    id = await alone.begin(minutes=60)
    await alone.turn(10 * 60)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id, DURESS)
    async with writing():
        await events.clock_put_back(id, timedelta(hours=-1), alone.now - timedelta(hours=1))
    alone.now -= timedelta(minutes=55)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id)
    assert await asked(alone, "dina") == {"How they were last heard of": ("Went in at 09:00.",)}
