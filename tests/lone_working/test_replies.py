"""What Asha, Ben and Dina do by text, without data: never more than whoever holds their phone could do."""

import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest

from lone_working.alarms import reply_rules
from lone_working.rules import AlarmKind, AlarmState, SessionState
from lone_working.sessions import buddies, commands
from lone_working.tables import Alarm, LoneSession, SessionEvent
from lone_working.wall import boards
from messages import received, sending
from messages.tables import Message, ReceivedText
from people.tables import Person
from pwa.tables import Conflict, Receipt
from server.settings import settings
from tests.lone_working.conftest import DURESS, PHONES, SAFE, Alone
from tests.servers.notify import Notify

TOKEN = "a token of twenty letters"
OURS = "07700 900 111"


@pytest.fixture
async def texting(alone: Alone) -> AsyncIterator[Alone]:
    sending.use(replace(settings.sending, demo=True, token=TOKEN, number=OURS))
    yield alone


async def text(
    alone: Alone, number: str, words: str, id: object = None, at: datetime | None = None
) -> dict[str, Any]:
    """It comes in; the row that it made. `at`: when it reached Notify, if that is earlier."""
    alone.now += timedelta(milliseconds=1)  # so that answers stand in the order in which they were given
    said = Notify.received(number, words, (at or alone.now).isoformat(), id)
    await received.take(json.dumps(said).encode(), alone.now)
    row = await ReceivedText.select().where(ReceivedText.id == said["id"]).first()
    assert row is not None
    return dict(row)


def mobile(name: str) -> str:
    """As GOV.UK Notify gives it."""
    return "44" + PHONES[name].removeprefix("0")


async def answers() -> list[tuple[str, str]]:
    """To whom, and what was said; a template of its own for people we do not know."""
    rows = await Message.select().where(Message.template.like("reply-%")).order_by(Message.made_at, Message.id)
    return [(row["recipient"], json.loads(row["personalisation"]).get("said", row["template"])) for row in rows]


async def number_of(alone: Alone, session: Any) -> int:
    return int((await alone.session(session))["number"])


async def test_safe_by_text_is_a_check_in(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    texting.now += timedelta(minutes=10)
    row = await text(texting, mobile("asha"), f"safe{number}\nSent from my phone")
    session = await texting.session(id)
    assert session["due_at"] == texting.now + timedelta(minutes=30)
    assert session["heard_at"] == texting.now
    assert (row["outcome"], row["person"]) == ("checked in", texting.world.asha.id)
    assert await answers() == [("+44" + PHONES["asha"][1:], "Heard at 10:10. Check in by 10:40.")]
    (receipt,) = await Receipt.select().where(Receipt.id == row["id"])
    assert (receipt["path"], receipt["person"]) == ("/messages/notify/received", texting.world.asha.id)


async def test_it_counts_from_when_the_text_reached_notify_and_not_from_when_we_were_told(texting: Alone) -> None:
    id = await texting.begin()
    sent_at = texting.now + timedelta(minutes=5)
    texting.now += timedelta(minutes=20)
    await text(texting, mobile("asha"), f"SAFE {await number_of(texting, id)}", at=sent_at)
    assert (await texting.session(id))["due_at"] == sent_at + timedelta(minutes=30)


async def test_after_the_time_a_text_stops_nothing_and_says_what_does(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.turn(31 * 60)
    row = await text(texting, mobile("asha"), f"SAFE {number}")
    assert row["outcome"] == "after the time"
    assert (await texting.alarm())["state"] == AlarmState.OPEN
    ((_, said),) = await answers()
    assert "only your PIN stops it" in said and f"/lone-working/{id}/end" in said


async def test_a_text_that_left_in_time_stands_the_alarm_down_if_its_time_has_not_run_out(texting: Alone) -> None:
    id = await texting.begin()
    in_time = texting.now + timedelta(minutes=29)
    await texting.turn(32 * 60)
    await text(texting, mobile("asha"), f"SAFE {await number_of(texting, id)}", at=in_time)
    assert (await texting.alarm())["state"] == AlarmState.RESOLVED
    assert (await texting.session(id))["state"] == SessionState.ACTIVE, "and ends nothing"


async def test_told_twice_it_happens_once_and_is_answered_once(texting: Alone) -> None:
    id, notify_id = await texting.begin(), uuid4()
    number = await number_of(texting, id)
    await text(texting, mobile("asha"), f"SAFE {number}", notify_id)
    due = (await texting.session(id))["due_at"]
    sent_at = texting.now
    texting.now += timedelta(minutes=7)
    await text(texting, mobile("asha"), f"SAFE {number}", notify_id, at=sent_at)
    assert (await texting.session(id))["due_at"] == due
    assert await SessionEvent.count().where(SessionEvent.what == "checked_in") == 1
    assert len(await answers()) == 1 and await ReceivedText.count() == 1


async def test_in_another_order_they_come_to_the_same(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    first, second = texting.now + timedelta(minutes=5), texting.now + timedelta(minutes=15)
    texting.now += timedelta(minutes=16)
    await text(texting, mobile("asha"), f"SAFE {number}", at=second)
    await text(texting, mobile("asha"), f"SAFE {number}", at=first)
    assert (await texting.session(id))["due_at"] == second + timedelta(minutes=30)


async def test_the_same_id_with_another_number_changes_nothing_and_is_kept(texting: Alone) -> None:
    id, notify_id = await texting.begin(), uuid4()
    number = await number_of(texting, id)
    await text(texting, mobile("asha"), "hello", notify_id)
    await text(texting, mobile("ben"), f"SAFE {number}", notify_id)
    assert await SessionEvent.count().where(SessionEvent.what == "checked_in") == 0
    assert await Conflict.count() == 1


@pytest.mark.parametrize("who", ["ben", "dina", "carol"])
async def test_nobody_checks_in_for_somebody_else(texting: Alone, who: str) -> None:
    await Person.update({Person.phone: "07700900106"}).where(Person.id == texting.world.people["carol"].id)
    id = await texting.begin()
    before = await texting.session(id)
    texting.now += timedelta(minutes=5)
    phone = "447700900106" if who == "carol" else mobile(who)
    row = await text(texting, phone, f"SAFE {before['number']}")
    assert row["outcome"] == "no such visit"
    assert await texting.session(id) == before
    ((_, said),) = await answers()
    assert said == reply_rules.NO_SUCH


async def test_ok_by_text_takes_the_alarm_on(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.turn(36 * 60)
    row = await text(texting, mobile("ben"), f"ok {number}")
    alarm = await texting.alarm()
    assert (alarm["state"], alarm["owner"]) == (AlarmState.ACKNOWLEDGED, texting.world.ben.id)
    assert row["outcome"] == "took it on"
    ((to, said),) = await answers()
    assert to == "+44" + PHONES["ben"][1:]
    assert f"You have visit {number}, A. Test, until" in said and f"/lone-working/alarms/{alarm['id']}" in said


async def test_the_second_who_says_ok_reads_who_has_it(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.turn(41 * 60)
    await text(texting, mobile("ben"), f"OK {number}")
    row = await text(texting, mobile("dina"), f"OK {number}")
    assert row["outcome"] == "had already"
    assert (await texting.alarm())["owner"] == texting.world.ben.id
    assert (await answers())[-1][1].startswith(f"Visit {number}: B. Test has it until")


async def test_ok_to_an_alarm_that_is_over_says_so(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.turn(36 * 60)
    await commands.end(texting.sent("asha"), texting.who("asha"), id, SAFE)
    row = await text(texting, mobile("ben"), f"OK {number}")
    assert row["outcome"] == "over"
    assert (await answers())[-1][1] == f"Visit {number}: that alarm is over."


async def test_the_officer_takes_on_no_alarm_about_themselves_and_learns_of_none(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.do("asha", commands.panic, id)
    with_alarm = await text(texting, mobile("asha"), f"OK {number}")
    assert (await texting.alarm())["state"] == AlarmState.OPEN
    without = await text(texting, mobile("asha"), "OK 1000")
    assert with_alarm["outcome"] == without["outcome"] == "no such visit"
    assert len({said for _, said in await answers()}) == 1


async def test_somebody_of_another_team_takes_on_nothing(texting: Alone) -> None:
    id = await texting.begin()
    await texting.do("asha", commands.panic, id)
    row = await text(texting, mobile("marek"), f"OK {await number_of(texting, id)}")
    assert row["outcome"] == "no such visit"
    assert (await texting.alarm())["owner"] is None


@pytest.mark.parametrize("words", ["HELP", "help {}", "I need help"])
async def test_help_by_text_is_a_call_for_help_and_is_answered_like_a_check_in(texting: Alone, words: str) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    row = await text(texting, mobile("asha"), words.format(number))
    alarm = await texting.alarm()
    assert (alarm["kind"], alarm["session"], row["outcome"]) == (AlarmKind.PANIC, id, "asked for help")
    await text(texting, mobile("asha"), f"SAFE {number}")
    help, safe = await answers()
    assert help == safe, "whoever reads over her shoulder cannot tell"


async def test_help_with_no_session_begins_one_with_the_call(texting: Alone) -> None:
    await text(texting, mobile("asha"), "HELP")
    (session,) = await LoneSession.select()
    assert session["person"] == texting.world.asha.id
    assert (await texting.alarm())["kind"] == AlarmKind.PANIC


async def test_help_told_twice_is_one_alarm_and_one_event(texting: Alone) -> None:
    id = uuid4()
    for _ in range(3):
        await text(texting, mobile("asha"), "HELP", id)
    assert await Alarm.count() == 1
    assert await SessionEvent.count().where(SessionEvent.what == "panic") == 1


async def test_after_either_pin_a_text_is_answered_alike(texting: Alone) -> None:
    said = []
    for pin in (SAFE, DURESS):
        id = await texting.begin()
        number = await number_of(texting, id)
        await commands.end(texting.sent("asha"), texting.who("asha"), id, pin)
        for words in (f"SAFE {number}", f"OK {number}", "OK 1000"):
            await text(texting, mobile("asha"), words)
        said.append([words.replace(str(number), "NNNN") for _, words in (await answers())[-3:]])
    assert said[0] == said[1]
    assert "has ended" in said[0][0]


async def test_a_stranger_learns_nothing_is_answered_once_a_day_and_is_kept(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    for words in (f"SAFE {number}", f"OK {number}", "HELP", "hello"):
        row = await text(texting, "447700900999", words)
        assert (row["outcome"], row["person"]) == ("not known", None)
    assert await answers() == [("+447700900999", "reply-stranger-sms")]
    assert await Alarm.count() == 0 and await ReceivedText.count() == 4
    texting.now += timedelta(days=1, minutes=1)
    await text(texting, "447700900999", "hello again")
    assert len(await answers()) == 2


@pytest.mark.parametrize("sender", ["60006", "VODAFONE", "", "not a number", "44\x00"])
async def test_what_has_no_mobile_behind_it_is_kept_and_not_answered(texting: Alone, sender: str) -> None:
    row = await text(texting, sender, "SAFE 4821")
    assert row["outcome"] == "not known"
    assert await answers() == []


async def test_a_number_that_two_people_share_proves_who_neither_is_but_calls_for_help(texting: Alone) -> None:
    await Person.update({Person.phone: PHONES["asha"]}).where(Person.id == texting.world.ben.id)
    id = await texting.begin(buddy=None)
    number = await number_of(texting, id)
    row = await text(texting, mobile("asha"), f"SAFE {number}")
    assert row["outcome"] == "shared number"
    await text(texting, mobile("asha"), "HELP")
    assert (await texting.alarm())["session"] == id, "she is the one of them who is out"


async def test_whoever_has_left_is_a_stranger(texting: Alone) -> None:
    await Person.update({Person.disabled_at: texting.now}).where(Person.id == texting.world.ben.id)
    assert (await text(texting, mobile("ben"), "HELP"))["outcome"] == "not known"


async def test_what_cannot_be_read_is_answered_kindly(texting: Alone) -> None:
    row = await text(texting, mobile("asha"), "on my way x")
    assert row["outcome"] == "not read"
    ((_, said),) = await answers()
    assert said == reply_rules.UNREADABLE


async def test_two_machines_do_not_talk_to_each_other_for_ever(texting: Alone) -> None:
    for _ in range(30):
        await text(texting, mobile("asha"), "I am driving and will answer later")
    assert len(await answers()) == received.OURS
    assert await ReceivedText.count() == 30


async def test_a_pin_in_a_text_is_not_kept(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    row = await text(texting, mobile("asha"), f"SAFE {number} {SAFE}")
    assert row["words"] == f"SAFE {number} ····"


async def test_numbers_and_words_are_forgotten_after_a_time_and_what_became_of_it_is_not(texting: Alone) -> None:
    row = await text(texting, mobile("asha"), "HELP")
    assert await received.erase_older(texting.now) == 0
    assert await received.erase_older(texting.now + timedelta(seconds=1)) == 1
    (kept,) = await ReceivedText.select()
    assert (kept["sender"], kept["words"], kept["outcome"]) == ("", "", row["outcome"])


async def test_texts_about_an_alarm_say_which_reply_works_only_where_one_does(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await texting.turn(36 * 60)
    sms = await Message.select().where(Message.template == "alarm-overdue-sms")
    assert json.loads(sms[0]["personalisation"])["reply"] == f" or reply OK {number}"
    sending.use(replace(settings.sending, demo=True))
    await texting.turn(10 * 60)
    rows = await Message.select().where(Message.template == "alarm-police-sms")
    assert {json.loads(row["personalisation"])["reply"] for row in rows} == {""}


async def test_help_by_text_from_no_session_is_told_to_the_buddy_they_chose(texting: Alone) -> None:
    await texting.do("asha", buddies.choose, texting.world.ben.id)
    await text(texting, mobile("asha"), "HELP")
    await texting.turn(1)
    assert "ben" in await texting.told()


async def test_help_after_the_end_is_an_alarm_on_the_managers_first_page(texting: Alone) -> None:
    id = await texting.begin()
    number = await number_of(texting, id)
    await commands.end(texting.sent("asha"), texting.who("asha"), id, SAFE)
    assert (await boards.out_now(texting.who("dina"), texting.now)).words == ""
    await text(texting, mobile("asha"), f"HELP {number}")
    assert (await boards.out_now(texting.who("dina"), texting.now)).words == "1 alarm, 0 out"
