"""Who was told of an alarm: each person once, with what came of it; and each message by itself, with its time."""

import re
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid4

from lone_working.alarms import page as alarm_page
from lone_working.alarms import responding
from lone_working.alarms.who_told_rules import Answer, OneTold, by_person
from lone_working.rules import Told
from lone_working.sessions import commands
from lone_working.tables import AlarmTold
from messages.rules import Channel, State
from messages.tables import Message
from pwa.pages import time, when
from tests.lone_working.conftest import SAFE, Alone

AT = datetime(2026, 11, 30, 2, tzinfo=UTC)
BEN, DINA = uuid4(), uuid4()


def telling(who: UUID, minutes: int, step: int | None, **more: object) -> OneTold:
    given = {"channel": Channel.SMS, "what": Told.STEP, "state": State.DELIVERED} | more
    name = {BEN: "Ben Test", DINA: "Dina Test"}[who]
    return OneTold(who, name, told_at=AT + timedelta(minutes=minutes), step=step, **given)  # type: ignore[arg-type]


def test_each_person_is_one_entry_with_how_often_from_when_to_when_and_what_came_of_the_newest() -> None:
    tellings = [
        telling(BEN, 5, 3),
        telling(DINA, 10, 4),
        telling(DINA, 10, 4, channel=Channel.EMAIL, state=State.FAILED),
        telling(BEN, 20, 6, state=State.FAILED),
        telling(DINA, 20, 6),
        telling(DINA, 25, 6, state=State.WAITING),
        telling(BEN, 30, None, what=Told.STAND_DOWN),
    ]
    answer = Answer("Took it on", AT + timedelta(minutes=26))
    ben, dina = by_person(tellings, {DINA: answer})
    assert (ben.name, ben.answer, dina.answer) == ("Ben Test", None, answer)
    told, over = ben.ways
    assert (told.times, told.steps, told.outcome, told.failed, told.vain) == (
        "told 2 times", "steps 3 to 6", "Did not arrive", True, 1,
    )  # fmt: skip
    assert (over.times, over.steps) == ("stood down once", "")
    text, mail = dina.ways
    assert (text.times, text.first.told_at, text.last.told_at) == (
        "told 3 times",
        tellings[1].told_at,
        tellings[5].told_at,
    )
    assert (text.outcome, text.failed) == ("Waiting to be sent", False)
    assert (mail.times, mail.steps, mail.outcome) == ("told once", "step 4", "Did not arrive")


async def test_an_alarm_of_four_hours_says_each_person_once_and_every_time_is_still_on_its_page(
    alone: Alone,
) -> None:
    await alone.begin(minutes=30)
    await alone.turn(4 * 3600)
    alarm = (await alone.alarm())["id"]
    await Message.update({Message.state: "failed"}).where(Message.channel == "email")
    await alone.do("nia", responding.acknowledge, alarm)
    told = await AlarmTold.select().order_by(AlarmTold.told_at, AlarmTold.id)
    assert len(told) > 100
    seen = await alarm_page.alarm_for(alone.who("dina"), alarm, alone.now)
    names = [one.name for one in seen.told.people]
    assert names == list(dict.fromkeys(row["person_name"] for row in told)), "each once, as they were first told"
    (dina,) = [one for one in seen.told.people if one.name == "Dina Test"]
    assert {way.outcome for way in dina.ways} == {"Waiting to be sent", "Did not arrive"}
    (nia,) = [one for one in seen.told.people if one.name == "Nia Test"]
    assert nia.answer == Answer("Took it on", alone.now) and dina.answer is None

    whole = (await (await alone.world.sign_in("dina")).get(f"/lone-working/alarms/{alarm}")).text
    above, below = whole[whole.index("told-title") : whole.index("events-title")].split("<details")
    assert above.count("<li>") == len(names)
    assert re.findall(r"<li><b>(.*?)</b>", below) == [when(row["told_at"]) for row in told], (
        "in the order they went"
    )
    first = min(row["told_at"] for row in told if row["person_name"] == "Dina Test")
    assert f"{time(first)} to {time(dina.ways[0].last.told_at)}" in above
    assert f"Took it on</span><span>{time(alone.now)}" in above


async def test_what_somebody_did_about_an_earlier_alarm_is_no_answer_to_this_one(alone: Alone) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(46 * 60)
    earlier = (await alone.alarm())["id"]
    await alone.do("dina", responding.acknowledge, earlier)
    await commands.check_in(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await alone.turn(46 * 60)
    (later,) = [
        row["alarm"] for row in await AlarmTold.select(AlarmTold.alarm).where(AlarmTold.alarm != earlier).limit(1)
    ]
    answers = [
        {
            one.name: one.answer
            for one in (await alarm_page.alarm_for(alone.who("nia"), alarm, alone.now)).told.people
        }
        for alarm in (earlier, later)
    ]
    assert answers[0]["Dina Test"] is not None and answers[1]["Dina Test"] is None
