"""A provider that fails keeps nobody waiting: another way to them, then the next step; and no storm afterwards."""

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest

from lone_working.alarms import due, reaching_rules, responding
from lone_working.rules import AlarmState
from lone_working.sessions import commands
from lone_working.tables import Alarm, AlarmTold, LoneSession
from messages import commands as message_commands
from messages import due as messages_due
from messages import sending
from messages.rules import Reach, State
from messages.tables import Message
from pwa.ids import uuid7
from server.settings import settings
from tests.lone_working import checks
from tests.lone_working.conftest import NOW, SAFE, Alone
from tests.lone_working.test_replies import mobile, text
from tests.servers.notify import KEY, TEMPLATES, Notify

STAND_DOWN = {TEMPLATES["alarm-stand-down-sms"], TEMPLATES["alarm-stand-down-email"]}


@pytest.fixture
def notify(alone: Alone) -> Iterator[Notify]:
    provider = Notify()
    sending.use(replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES))
    yield provider
    sending.use(settings.sending)
    provider.stop()


async def turn(alone: Alone, seconds: int, every: int = 5) -> None:
    """Time passes as both loops of the engine see it."""
    for _ in range(0, seconds, every):
        alone.now += timedelta(seconds=every)
        await alone.scan()
        await messages_due.run_help(alone.now)
        await messages_due.run_urgent(alone.now)


async def told(step: str = "step") -> list[tuple[str, str]]:
    rows = await AlarmTold.select().where(AlarmTold.what == step).order_by(AlarmTold.told_at, AlarmTold.channel)
    return [(row["person_name"].split()[0].lower(), row["channel"]) for row in rows]


async def test_a_text_that_is_not_taken_is_followed_by_an_email(alone: Alone, notify: Notify) -> None:
    await alone.begin(minutes=30)
    await alone.turn(34 * 60)
    notify.refused = {"sms"}
    await turn(alone, 85)
    assert await told() == [("ben", "sms")]
    await turn(alone, 35)
    assert await told() == [("ben", "sms"), ("ben", "email")]
    rows = await Message.select().where(Message.recipient == "ben@harrowmere.example")
    assert [(row["template"], row["state"]) for row in rows] == [("alarm-overdue-email", "sent")]
    assert (await alone.alarm())["next_step"] == 3, "somebody was reached: the managers have their own time"


async def test_a_refused_call_for_help_finds_another_way_while_the_clock_is_not_believed(
    alone: Alone, notify: Notify
) -> None:
    notify.refused = {"sms"}
    await alone.begin("ben", minutes=30, buddy=None)
    await alone.do("asha", commands.panic, await alone.begin(minutes=30))
    await due.help_only(alone.now)
    await messages_due.run_help(alone.now)
    assert ("ben", "email") not in await told()
    alone.now += timedelta(seconds=31)
    await due.help_only(alone.now)
    assert ("ben", "email") in await told()
    alone.now += timedelta(hours=1)
    await due.help_only(alone.now)
    assert await Alarm.count() == 1, "nobody is overdue by it"


async def test_nobody_reached_in_a_minute_is_the_next_step_at_once(alone: Alone, notify: Notify) -> None:
    """I13: by the end of the ladder everybody was tried within four minutes, not within twenty."""
    await alone.begin(minutes=30)
    await alone.turn(34 * 60)
    notify.refused = {"sms", "email"}
    await turn(alone, 60 + 55)
    assert (await alone.alarm())["next_step"] == 3
    await turn(alone, 10)
    assert {name for name, _ in await told()} == {"ben", "dina", "nia"}
    await turn(alone, 150)
    assert (0, 5) in await alone.steps()
    before = await alone.steps()
    await turn(alone, 120)
    assert await alone.steps() == before, "what is only a repeat is not hurried"
    assert (await alone.alarm())["next_fire_at"] is not None


async def test_what_waits_in_our_own_queue_hurries_nothing(alone: Alone) -> None:
    """A storm that takes us a minute to hand over must not feed itself."""
    await alone.begin(minutes=30)
    await alone.turn(37 * 60 + 30)
    assert await told() == [("ben", "sms")]
    assert (await alone.alarm())["next_step"] == 3


async def test_who_acknowledged_it_was_reached(alone: Alone, notify: Notify) -> None:
    await alone.begin(minutes=30)
    await alone.turn(34 * 60)
    notify.refused = {"sms", "email"}
    await turn(alone, 65)
    await alone.do("dina", responding.acknowledge, (await alone.alarm())["id"])
    await turn(alone, 120)
    assert (await alone.alarm())["state"] == AlarmState.ACKNOWLEDGED
    assert await told() == [("ben", "sms")]


async def test_over_before_it_was_handed_over_it_is_not_sent_and_its_stand_down_is(
    alone: Alone, notify: Notify
) -> None:
    id = await alone.begin(minutes=30)
    await alone.turn(35 * 60)
    assert await told() == [("ben", "sms")]
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await messages_due.run_urgent(alone.now)
    assert [one["template"]["id"] for one in notify.notifications] == [TEMPLATES["alarm-stand-down-sms"]]


def stood_down(notify: Notify) -> list[str]:
    return sorted(one["to"] for one in notify.notifications if one["template"]["id"] in STAND_DOWN)


async def test_a_stand_down_that_is_refused_goes_by_another_way_and_nobody_has_two(
    alone: Alone, notify: Notify
) -> None:
    id = await alone.begin(minutes=30)
    await turn(alone, 40 * 60 + 5, every=5)
    assert {name for name, _ in await told()} == {"ben", "dina", "nia"}
    notify.wrong = {"+447700900102"}
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await turn(alone, 120)
    assert sorted(await told("stand_down")) == [("ben", "email"), ("ben", "sms"), ("dina", "sms"), ("nia", "sms")]
    assert stood_down(notify) == ["+447700900103", "+447700900104", "ben@harrowmere.example"]
    assert "entered their PIN" in notify.notifications[-1]["personalisation"]["how"]
    assert (await alone.alarm())["check_at"] is None, "and that is all"
    await checks.whole(await checks.look())


async def down(channel: str = "sms") -> UUID:
    which = (AlarmTold.what == "stand_down") & (AlarmTold.channel == channel)
    (row,) = await AlarmTold.select(AlarmTold.id).where(which)
    return row["id"]  # type: ignore[no-any-return]


async def over(alone: Alone) -> None:
    """Ben was told that Asha is overdue, then that it is over; the provider took both."""
    id = await alone.begin(minutes=30)
    await turn(alone, 35 * 60 + 5)
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await turn(alone, 120)
    assert await told("stand_down") == [("ben", "sms")]
    assert (await alone.alarm())["check_at"] is None


async def test_a_stand_down_that_was_taken_and_did_not_arrive_goes_by_another_way_once(
    alone: Alone, notify: Notify
) -> None:
    await over(alone)
    for _ in range(2):  # told again
        await message_commands.became(await down(), "its id", "permanent-failure", alone.now)
        await turn(alone, 60)
        assert await told("stand_down") == [("ben", "sms"), ("ben", "email")]
    await checks.whole(await checks.look())
    for _ in range(2):
        await message_commands.became(await down("email"), "its id", "temporary-failure", alone.now)
        await turn(alone, 60)
    assert stood_down(notify) == ["+447700900102", "ben@harrowmere.example"]
    assert (await alone.alarm())["check_at"] is None, "and that is all"


@pytest.mark.parametrize("why", ["delivered before", "an hour later", "answered by text", "of the alarm itself"])
async def test_nobody_is_told_twice_who_knows_or_whom_it_would_find_long_after(
    alone: Alone, notify: Notify, why: str
) -> None:
    await over(alone)
    message = await down()
    if why == "delivered before":
        await message_commands.became(message, "its id", "delivered", alone.now)
    if why == "an hour later":
        alone.now += timedelta(hours=1)
    if why == "answered by text":
        number = (await LoneSession.select())[0]["number"]
        await text(alone, mobile("ben"), f"OK {number}")
        await message_commands.became(await answer(), "its id", "delivered", alone.now)
    if why == "of the alarm itself":
        (row,) = await AlarmTold.select(AlarmTold.id).where(AlarmTold.what == "step")
        message = row["id"]
    await message_commands.became(message, "its id", "permanent-failure", alone.now)
    await turn(alone, 120)
    assert await told("stand_down") == [("ben", "sms")]
    assert (await alone.alarm())["check_at"] is None


async def answer() -> UUID:
    rows = await Message.select(Message.id).where(Message.template == "reply-sms")
    return next(row["id"] for row in rows)


async def test_whoever_asked_and_whose_answer_did_not_arrive_either_is_told_by_another_way(
    alone: Alone, notify: Notify
) -> None:
    await over(alone)
    await text(alone, mobile("ben"), f"OK {(await LoneSession.select())[0]['number']}")
    for message in (await down(), await answer()):
        await message_commands.became(message, "its id", "permanent-failure", alone.now)
    await turn(alone, 60)
    assert await told("stand_down") == [("ben", "sms"), ("ben", "email")]


async def test_a_stand_down_that_only_waits_goes_by_no_other_way(alone: Alone, notify: Notify) -> None:
    id = await alone.begin(minutes=30)
    await turn(alone, 35 * 60 + 5, every=5)
    notify.refused = {"sms"}
    await commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)
    await turn(alone, 120)
    notify.refused = set()
    await turn(alone, 60)
    assert await told("stand_down") == [("ben", "sms")]
    assert stood_down(notify) == ["+447700900102"]


async def test_over_between_the_claim_and_the_call_it_is_not_sent(
    alone: Alone, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All are claimed; before the first call the alarm is resolved."""
    id = await alone.begin(minutes=30)
    await alone.turn(35 * 60)
    real = messages_due._STILL_OURS.one
    ending: list[asyncio.Task[None]] = []

    async def first_it_ends(*args: object) -> object:
        if not ending:  # after the claim: it has come this far
            ending.append(asyncio.create_task(commands.end(alone.sent("asha"), alone.who("asha"), id, SAFE)))
        await ending[0]
        return await real(*args)

    monkeypatch.setattr(messages_due._STILL_OURS, "one", first_it_ends)
    await messages_due.run_urgent(alone.now)
    assert TEMPLATES["alarm-overdue-sms"] not in [one["template"]["id"] for one in notify.notifications]
    await messages_due.run_urgent(alone.now)
    assert [one["template"]["id"] for one in notify.notifications] == [TEMPLATES["alarm-stand-down-sms"]]


async def test_a_provider_that_is_away_for_an_hour_loses_nothing_and_makes_no_storm(
    alone: Alone, notify: Notify
) -> None:
    for name in ("asha", "ben"):
        await alone.begin(name, minutes=30, buddy=None)
    notify.refused = {"sms", "email"}
    await turn(alone, 90 * 60, every=15)
    assert len(notify.asked) < 1_500, "one at a time tries whether it is there again"
    assert notify.notifications == []
    notify.refused = set()
    came_back = alone.now
    await turn(alone, 60)
    waiting = await Message.count().where(Message.state == State.WAITING.value)
    assert waiting == 0, "nothing is lost"
    got = Counter(
        (one["to"], one["template"]["id"], one["personalisation"]["number"]) for one in notify.notifications
    )
    assert set(got.values()) == {1}, "one message for each, not the twelve that were missed"
    everybody = {one["to"] for one in notify.notifications}
    assert everybody >= {"+447700900103", "+447700900104", "dina@harrowmere.example", "nia@harrowmere.example"}
    by_person = Counter((one["to"], one["personalisation"]["number"]) for one in notify.notifications)
    assert max(by_person.values()) == 1, by_person
    rows = await Alarm.select()
    assert {row["state"] for row in rows} == {"open"} and all(row["next_fire_at"] > came_back for row in rows)


async def test_killed_while_it_looked_after_them_it_looks_again(
    alone: Alone, notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is asked is a state: nothing was in memory."""
    await alone.begin(minutes=30)
    await alone.turn(34 * 60)
    notify.refused = {"sms"}
    await turn(alone, 65)
    before = (await alone.alarm())["check_at"]
    assert before is not None
    alone.now = max(alone.now, before)
    assert await due.scan(alone.now, uuid7())
    assert ("ben", "email") in await told()


def test_a_person_is_told_by_another_way_only_when_every_way_so_far_was_in_vain() -> None:
    ben, dina = uuid7(), uuid7()
    late = NOW + timedelta(seconds=61)
    taken, vain, waiting = [Reach.TAKEN], [Reach.IN_VAIN], [Reach.WAITING]
    check = reaching_rules.check
    assert check(late, NOW, True, {ben: taken}) == reaching_rules.Checked((), False, None)
    assert check(late, NOW, True, {ben: vain}).step_now
    assert not check(NOW + timedelta(seconds=59), NOW, True, {ben: vain}).step_now
    assert not check(late, NOW, False, {ben: vain}).step_now, "only a repeat"
    assert check(late, NOW, True, {ben: vain, dina: taken}).another == (ben,)
    assert check(late, NOW, True, {ben: [*vain, *waiting], dina: waiting}).another == ()
