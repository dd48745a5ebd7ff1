"""The texts of an alarm, by GOV.UK Notify's documented interface: handed over, refused, slow, and failed later."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from lone_working.alarms.links import link_of
from lone_working.alarms.tables import AlarmLink
from messages import commands, due, sending, template_rules
from messages.rules import State
from messages.tables import Message
from server.settings import settings
from tests.lone_working.conftest import PHONES, Alone
from tests.servers.notify import KEY, TEMPLATES, Notify


@pytest.fixture
def notify(alone: Alone) -> Iterator[Notify]:
    provider = Notify()
    chosen = replace(settings.sending, key=KEY, url=provider.start(), templates=TEMPLATES)
    sending.use(replace(chosen, token="a token of twenty letters", number="07700 900 111"))
    yield provider
    provider.stop()


async def overdue(alone: Alone) -> str:
    """Ben's text about Asha waits; its id, which is also its reference."""
    await alone.begin()
    await alone.turn(36 * 60)
    await Message.update({Message.next_try_at: None}).where(Message.template == "alarm-reminder-sms")
    (row,) = await Message.select(Message.id).where(Message.template == "alarm-overdue-sms")
    return str(row["id"])


async def state_of(id: str) -> tuple[str, str]:
    (row,) = await Message.select().where(Message.id == id)
    return row["state"], row["said"]


async def test_bens_text_arrives_with_a_link_of_his_own_and_the_reply_that_works(
    alone: Alone, notify: Notify
) -> None:
    id = await overdue(alone)
    await due.run_urgent(alone.now)
    (text,) = notify.notifications
    assert (text["reference"], text["to"]) == (id, "+44" + PHONES["ben"][1:])
    said = text["personalisation"]
    body = template_rules.rendered(template_rules.TEMPLATES["alarm-overdue-sms"].body, said)
    assert body.startswith(f"Visit {said['number']} overdue: A. Test. Nobody has it yet. Open https://")
    assert "/a/" in said["link"] and body.endswith(f" or reply OK {said['number']}")
    assert await state_of(id) == (State.SENT, "")


@pytest.mark.parametrize(
    ("answer", "state", "again"),
    [
        (400, State.FAILED, 0),
        (403, State.WAITING, 1),
        (429, State.WAITING, 1),
        (500, State.WAITING, 1),
        ("cut", State.WAITING, 1),
        ("taken", State.WAITING, 0),
    ],
)
async def test_what_notify_answers_is_what_becomes_of_it(
    alone: Alone, notify: Notify, answer: int | str, state: State, again: int
) -> None:
    id = await overdue(alone)
    notify.answers = [answer]
    await due.run_urgent(alone.now)
    assert (await state_of(id))[0] == state
    before = len(notify.notifications)
    await due.run_urgent(alone.now + timedelta(seconds=61))
    assert len(notify.notifications) - before == again, "never twice under one reference"
    assert len({one["reference"] for one in notify.notifications}) <= 1
    assert (await state_of(id))[0] == (State.FAILED if answer == 400 else State.SENT)


async def test_taken_and_then_failed_the_ladder_climbs_all_the_same(alone: Alone, notify: Notify) -> None:
    id = await overdue(alone)
    await due.run_urgent(alone.now)
    said = notify.callback(id, "permanent-failure")
    assert await commands.became(said["reference"], said["id"], said["status"], alone.now)
    assert await state_of(id) == (State.FAILED, "There is no such number or address.")
    await alone.turn(5 * 60)
    assert "dina" in await alone.told(), "time runs on acknowledgements, not on receipts"


async def test_the_quarter_of_an_hour_of_a_link_begins_when_its_text_was_handed_over(
    alone: Alone, notify: Notify
) -> None:
    id = await overdue(alone)
    notify.answers = [429] * 2
    await due.run_urgent(alone.now)
    (row,) = await AlarmLink.select().where(AlarmLink.id == id)
    later = alone.now + timedelta(minutes=20)
    assert (await link_of(dict(row), later)).opens(later), "it waits still: nobody has it yet"
    await due.run_urgent(alone.now + timedelta(minutes=5))
    await due.run_urgent(later)
    assert (await state_of(id))[0] == State.SENT
    link = await link_of(dict(row), later)
    assert link.opens(later + timedelta(minutes=14)) and not link.opens(later + timedelta(minutes=15))
