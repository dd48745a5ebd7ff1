"""More that is done again and again: what goes with a session, who is on duty, links and texts. See acts.py."""

import json
from dataclasses import replace
from datetime import date, time, timedelta
from typing import Any

from lone_working.alarms import links, silencing
from lone_working.answers import commands as link_commands
from lone_working.answers import texts as replies
from lone_working.ladders import commands as ladder_commands
from lone_working.ladders import drill_commands
from lone_working.ladders.floor_rules import offsets_of
from lone_working.ladders.rules import NORMAL, Which
from lone_working.phone import points, tokens
from lone_working.point_rules import Position, Why
from lone_working.rota import commands as rota_commands
from lone_working.rota.rules import Duty, Each, Wish
from lone_working.rota.tables import DutyShift
from lone_working.sessions import commands, home
from messages import received, sending
from messages.tables import Message
from pwa.ids import uuid7
from pwa.outbox import once
from server.settings import settings
from tests.lone_working.acts import WHAT, Act, to_do, told, what
from tests.lone_working.checks import LINK
from tests.lone_working.conftest import PHONES, SAFE, Alone
from tests.servers.notify import Notify

WEEK = Wish(date(2026, 12, 7), time(9), date(2026, 12, 11), time(17), Each.DAILY, 2)
# A text is kept, then acted on, then answered: three commits. What is left is done when it comes again.
IN_PARTS = ("help_is_asked_for_by_text", "she_is_safe_by_text", "dina_takes_it_on_by_text")


@what
async def she_says_where_she_is(alone: Alone) -> Act:
    here = Position(53.4, -2.2, 20)
    return to_do(alone, "asha", points.note, await alone.begin(), Why.CHECK_IN, here)


@what
async def her_phone_has_a_token(alone: Alone) -> Act:
    return to_do(alone, "asha", tokens.issue, await alone.begin(), uuid7(), [])


@what
async def she_goes_home(alone: Alone) -> Act:
    await commands.end(alone.sent("asha"), alone.who("asha"), await alone.begin(), SAFE)
    return to_do(alone, "asha", home.begin, 30)


@what
async def dina_silences_the_wall(alone: Alone) -> Act:
    await told(alone)
    return to_do(alone, "dina", silencing.silence, (await alone.alarm())["id"])


@what
async def dina_tests_the_ladder(alone: Alone) -> Act:
    return to_do(alone, "dina", drill_commands.begin, alone.world.teams["north"].id)


@what
async def nia_is_put_on_duty(alone: Alone) -> Act:
    north, nia = alone.world.teams["north"].id, alone.world.people["nia"].id
    return to_do(alone, "dina", rota_commands.put_on, north, nia, Duty.MANAGER, WEEK)


@what
async def nia_is_taken_off(alone: Alone) -> Act:
    await (await nia_is_put_on_duty(alone))()
    ids = [row["id"] for row in await DutyShift.select(DutyShift.id)]
    return to_do(alone, "dina", rota_commands.take_off, alone.world.teams["north"].id, ids)


@what
async def the_ladder_is_changed(alone: Alone) -> Act:
    minutes = offsets_of(NORMAL, Which.NORMAL) | {"last": 25}
    north = alone.world.teams["north"].id
    return to_do(alone, "ade", ladder_commands.set_ladder, north, Which.NORMAL, minutes)


async def _link(alone: Alone, name: str) -> Any:
    """Of the last message with one that went to them."""
    mine = Message.recipient == f"+44{PHONES[name][1:]}"
    rows = await Message.select().where(mine).order_by(Message.made_at, ascending=False)
    found = next(found for row in rows if (found := LINK.search(row["personalisation"])))
    return await links.link_by(found[1], alone.now)


def _signed_out(alone: Alone, command: Any, *args: Any) -> Act:
    """Who it is, the link says."""
    sent = alone.sent("dina")
    return lambda: once(replace(sent), command, *args)


@what
async def dina_uses_a_link(alone: Alone) -> Act:
    await told(alone)
    return _signed_out(alone, link_commands.use, await _link(alone, "dina"), uuid7(), [])


@what
async def dina_takes_it_on_by_a_link(alone: Alone) -> Act:
    await told(alone)
    page: list[str] = []
    await _signed_out(alone, link_commands.use, await _link(alone, "dina"), uuid7(), page)()
    return _signed_out(alone, link_commands.take_on, await _link(alone, "dina"), page[0])


def _text(alone: Alone, name: str, words: str) -> Act:
    """The same text, however often Notify tells of it."""
    replies.follow()
    sending.use(replace(settings.sending, demo=True, token="a token of twenty letters", number="07700 900 111"))
    said = Notify.received(f"44{PHONES[name][1:]}", words, alone.now.isoformat(), uuid7())
    return lambda: received.take(json.dumps(said).encode(), alone.now)


@what
async def she_is_safe_by_text(alone: Alone) -> Act:
    number = (await alone.session(await alone.begin()))["number"]
    alone.now += timedelta(minutes=10)
    return _text(alone, "asha", f"SAFE {number}")


@what
async def help_is_asked_for_by_text(alone: Alone) -> Act:
    await alone.begin()
    return _text(alone, "asha", "HELP")


@what
async def dina_takes_it_on_by_text(alone: Alone) -> Act:
    number = (await alone.session(await told(alone)))["number"]
    return _text(alone, "dina", f"OK {number}")


__all__ = ["IN_PARTS", "WHAT"]
