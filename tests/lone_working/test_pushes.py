"""Notifications about somebody alone: to the officer before and at their time, to others beside a text."""

import asyncio
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest

from lone_working import rules, ways
from lone_working.alarms import nudging
from lone_working.sessions import commands
from lone_working.tables import AlarmTold, LoneSession
from messages import push, push_due
from messages.tables import Message, PushSubscription
from people import queries as people
from people.tables import Session
from pwa.ids import uuid7
from server.settings import settings
from tests.lone_working.conftest import DURESS, SAFE, Alone
from tests.lone_working.test_watching import plan


@pytest.fixture
def pushing(tmp_path: Path) -> Iterator[push.Pushing]:
    push.use(replace(settings.pushing, folder=tmp_path / "push"))
    used = push.pushing()
    assert used is not None
    yield used
    push.use(settings.pushing)


@pytest.fixture
async def shown(alone: Alone, pushing: push.Pushing) -> AsyncIterator[Alone]:
    """Asha, Ben and Dina have notifications on."""
    for name in ("asha", "ben", "dina"):
        await switch_on(alone, pushing, name)
    yield alone


async def switch_on(alone: Alone, pushing: push.Pushing, name: str) -> None:
    person, device, now = alone.world.people[name].id, uuid4(), alone.now
    await Session.insert(
        Session(person=person, token_sha256=uuid4().hex, device=device, started_at=now, last_used_at=now)
    )
    keys = {"p256dh": "p", "auth": "a", "key_sha256": pushing.key.sha256, "endpoint": "e"}
    await PushSubscription.insert(
        PushSubscription(
            id=uuid7(), person=person, device=device, endpoint_sha256=uuid4().hex, made_at=now, **keys
        )
    )


async def pushed() -> list[tuple[str, str]]:
    """Template and first name, by when."""
    rows = await Message.select().where(Message.channel == "push").order_by(Message.made_at, Message.template)
    ids = [UUID(row["recipient"].removeprefix("person ")) for row in rows]
    names = await people.people_named(ids)
    return [(row["template"], names[id].split()[0].lower()) for row, id in zip(rows, ids, strict=True)]


async def nudge(alone: Alone, at: datetime | None = None) -> int:
    return await nudging.run_due(at or alone.now)


async def test_five_minutes_before_their_time_they_are_asked_once_for_each_deadline(shown: Alone) -> None:
    id = await shown.begin(minutes=30)
    start = shown.now
    assert await nudge(shown, start + timedelta(minutes=24, seconds=59)) == 0
    assert await nudge(shown, start + timedelta(minutes=25)) == 1
    assert await nudge(shown, start + timedelta(minutes=26)) == 0
    assert await pushed() == [("alarm-nudge-push", "asha")]
    shown.now = start + timedelta(minutes=26)
    await commands.check_in(shown.sent("asha"), shown.who("asha"), id)
    assert await nudge(shown) == 0
    assert await nudge(shown, shown.now + timedelta(minutes=25)) == 1
    assert len(await pushed()) == 2


async def test_three_minutes_before_at_a_high_risk_visit_and_the_last_third_of_a_short_interval(
    shown: Alone,
) -> None:
    await shown.begin(minutes=30)
    await LoneSession.update({LoneSession.high_risk: True}).where(LoneSession.person == shown.world.asha.id)
    start = shown.now
    assert await nudge(shown, start + timedelta(minutes=26)) == 0
    assert await nudge(shown, start + timedelta(minutes=27)) == 1
    assert rules.nudge_before(False, 5) == timedelta(seconds=100)


async def test_who_has_no_phone_that_shows_them_is_sent_nothing_before_the_time(alone: Alone) -> None:
    await alone.begin()
    assert await nudge(alone, alone.now + timedelta(minutes=26)) == 1
    assert await pushed() == []


async def test_at_their_time_the_officers_phone_says_so_and_the_text_follows(shown: Alone) -> None:
    await shown.begin()
    await shown.turn(30 * 60 + 1)
    assert await pushed() == [("alarm-reminder-push", "asha")]
    assert await shown.told("reminder") == ["asha"] and await shown.told() == []
    await shown.turn(2 * 60)
    rows = await AlarmTold.select().where(AlarmTold.what == "reminder").order_by(AlarmTold.told_at)
    assert [row["channel"] for row in rows] == ["push", "sms"]


async def test_buddy_and_managers_get_a_text_first_and_a_notification_beside_it(shown: Alone) -> None:
    await shown.begin()
    await shown.turn(41 * 60)
    rows = await AlarmTold.select().where(AlarmTold.what == "step")
    ways: dict[str, set[str]] = {}
    for row in rows:
        ways.setdefault(row["person_name"].split()[0], set()).add(row["channel"])
    assert ways == {"Ben": {"sms", "push"}, "Dina": {"sms", "email", "push"}, "Nia": {"sms", "email"}}


async def test_a_notification_alone_makes_nobody_reachable(shown: Alone) -> None:
    """What a phone may or may not show is not what a life hangs on."""
    (ben,) = [one for one in await people.contacts([shown.world.ben.id]) if one.id == shown.world.ben.id]
    assert ways.of(replace(ben, phone="", email="", push=True)) == []


async def test_the_same_step_has_the_same_tag_so_that_a_repeat_replaces_it(shown: Alone) -> None:
    await shown.begin()
    await shown.turn(36 * 60)
    rows = await Message.select().where(Message.template == "alarm-overdue-push")
    told = await AlarmTold.select().where(AlarmTold.channel == "push", AlarmTold.what == "step")
    assert json.loads(rows[0]["personalisation"])["tag"] == told[0]["step"].hex


@pytest.mark.parametrize("pin", [SAFE, DURESS])
async def test_after_either_pin_nothing_more_comes_to_the_officers_phone(shown: Alone, pin: str) -> None:
    id = await shown.begin()
    await commands.end(shown.sent("asha"), shown.who("asha"), id, pin)
    await nudge(shown, shown.now + timedelta(minutes=26))
    await shown.turn(40 * 60)
    await nudge(shown)
    assert [who for _, who in await pushed() if who == "asha"] == []


async def test_a_call_for_help_shows_nothing_on_the_officers_own_phone(shown: Alone) -> None:
    id = await shown.begin()
    await shown.do("asha", commands.panic, id)
    await shown.turn(10 * 60)
    assert "asha" not in [who for _, who in await pushed()]
    assert ("alarm-panic-push", "ben") in await pushed()


@pytest.mark.parametrize("pin", [SAFE, DURESS])
async def test_after_a_check_in_by_either_pin_their_phone_shows_the_same(shown: Alone, pin: str) -> None:
    """An onlooker who sees no notification where there should be one would know."""
    id = await shown.begin()
    shown.now += timedelta(minutes=10)
    await commands.check_in(shown.sent("asha"), shown.who("asha"), id, pin)
    due = (await shown.session(id))["due_at"]
    assert await nudge(shown, due - timedelta(minutes=4)) == 1
    assert await nudge(shown, due - timedelta(minutes=4)) == 0
    await shown.turn((due - shown.now).total_seconds() + 1)
    theirs = [template for template, who in await pushed() if who == "asha"]
    assert theirs == ["alarm-nudge-push", "alarm-reminder-push"]


async def test_two_engines_remind_once(shown: Alone) -> None:
    await shown.begin()
    at = shown.now + timedelta(minutes=26)
    await asyncio.gather(*(nudging.run_due(at) for _ in range(4)))
    assert len(await pushed()) == 1


async def test_whom_to_remind_is_found_by_its_own_index(alone: Alone) -> None:
    soon: Any = nudging.TO_REMIND & LoneSession.high_risk.eq(False) & (LoneSession.due_at > alone.now)
    query = LoneSession.select(LoneSession.id).where(soon & (LoneSession.due_at <= alone.now))
    assert "lone_session_nudge" in await plan(query)


async def test_a_call_for_help_goes_before_the_notifications_of_who_is_overdue(
    shown: Alone, monkeypatch: pytest.MonkeyPatch
) -> None:
    await shown.begin()
    await shown.turn(36 * 60)
    await shown.do("dina", commands.panic, await shown.begin("dina"))
    await shown.turn(1)
    monkeypatch.setattr(push_due, "AT_ONCE", 1)
    (first,) = await push_due._claim(shown.now + timedelta(minutes=1))
    assert first["template"] == "alarm-panic-push"
