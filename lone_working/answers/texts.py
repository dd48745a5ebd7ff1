"""What a text to the council's number does: a check-in, an acknowledgement, a call for help.

Its sender is whoever's mobile it came from, and proves no more by it than somebody who holds that phone. A text
closes nothing and ends no alarm; after the time only a PIN counts, as on the phone. What the answers say about a
session comes from what its officer may see of it, so that the two PINs look alike here too.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import rules
from lone_working.alarms import reply_rules, responding
from lone_working.alarms.reply_rules import Heard, Verb, Wish
from lone_working.rules import AlarmState, SessionState
from lone_working.sessions import commands, queries
from lone_working.tables import Alarm, LoneSession
from messages import queries as sending
from messages import received
from messages.received import Meaning, Text
from people import queries as people
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.ids import uuid7
from pwa.outbox import Sent

Row = dict[str, Any]


def follow() -> None:
    """Said once at the start (server/app.py)."""
    received.hear_with(hear, lambda words: reply_rules.without_pins(words, reply_rules.read(words).number))


async def hear(sent: Sent, text: Text) -> Meaning:
    """Inside `once`. Never refused: what cannot be done is answered with what can."""
    wish = reply_rules.read(text.words)
    senders = [one for id in text.owners if (one := await people.person_as(id.id, sent.received_at))]
    if wish.verb is Verb.HELP:
        return await _help(sent, senders, wish)
    if wish.verb is None:
        return Meaning(Heard.UNREADABLE, reply_rules.UNREADABLE)
    if len(senders) > 1:
        return Meaning(Heard.SHARED, reply_rules.SHARED)
    if wish.number is None:
        return Meaning(Heard.NO_SUCH, reply_rules.NO_SUCH)
    return await (_safe if wish.verb is Verb.SAFE else _ok)(sent, senders[0], wish.number)


async def _safe(sent: Sent, me: SignedIn, number: int) -> Meaning:
    """The check-in that a button makes, at the moment the text reached Notify."""
    session = await _session([me], number)
    if session is None:
        return Meaning(Heard.NO_SUCH, reply_rules.NO_SUCH)
    record = rules.session_address(session["id"])
    if queries.ended(session):
        return Meaning(Heard.ENDED, reply_rules.ended(number), record)
    await commands.checked_in(sent, me, session["id"])
    due = (await queries.owned(me, session["id"]))["due_at"]
    if due <= sent.received_at:
        return Meaning(Heard.LATE, reply_rules.late(number, sending.public_address() + record), record)
    return Meaning(Heard.CHECKED_IN, reply_rules.heard(sent.received_at, due), record)


async def _help(sent: Sent, senders: Sequence[SignedIn], wish: Wish) -> Meaning:
    """Never refused. Of several who share a telephone: whose number it is, or who is out; else all of them."""
    session = await _session(senders, wish.number) if wish.number else None
    running = [(one, row) for one in senders if (row := await _running(one))]
    calls: list[tuple[SignedIn, UUID]] = [(one, uuid7()) for one in senders]
    if session:
        calls = [(one, session["id"]) for one in senders if one.id == session["person"]]
    elif running:
        calls = [(one, row["id"]) for one, row in running]
    for me, id in calls:
        await commands.panic(replace(sent, id=uuid5(sent.id, str(me.id))), me, id)
    sent.note = "asked for help by text"
    mine = session or (running[0][1] if running else None)
    due = mine["due_at"] if mine and not queries.ended(mine) and mine["due_at"] > sent.received_at else None
    return Meaning(Heard.HELP, reply_rules.heard(sent.received_at, due), rules.WALL, rules.ENGINE)


async def _ok(sent: Sent, me: SignedIn, number: int) -> Meaning:
    """For whoever may open the alarm. Whom it is about is answered as if it were not there."""
    found = await _alarm(me, number)
    if found is None:
        return Meaning(Heard.NO_SUCH, reply_rules.NO_SUCH)
    session, alarm = found
    record, link = rules.alarm_address(alarm["id"]), sending.public_address() + rules.alarm_address(alarm["id"])
    if alarm["state"] == AlarmState.RESOLVED:
        return Meaning(Heard.OVER, reply_rules.over(number), record)
    await responding.acknowledge(sent, me, alarm["id"])
    alarm = dict((await Alarm.select().where(Alarm.id == alarm["id"]))[0])
    until: datetime | None = alarm["owned_until"]
    if alarm["owner"] == me.id and until:
        name = rules.short_name(session["person_name"])
        return Meaning(Heard.TOOK_IT_ON, reply_rules.yours(number, name, until, link), record)
    owner = rules.short_name(alarm["owner_name"])
    return Meaning(Heard.HAD_ALREADY, reply_rules.had_already(number, owner, until), record)


async def _session(senders: Sequence[SignedIn], number: int) -> Row | None:
    """Their newest of that number: an old one may have had it too."""
    theirs = (LoneSession.number == number) & LoneSession.person.is_in([one.id for one in senders])
    newest = LoneSession.select().where(theirs).order_by(LoneSession.started_at, ascending=False)
    row = await newest.first()
    return dict(row) if row else None


async def _running(me: SignedIn) -> Row | None:
    """The one due first of those they are out on. Not one they see ended, whichever PIN it was."""
    theirs = (LoneSession.person == me.id) & (LoneSession.state == SessionState.ACTIVE.value)
    query = LoneSession.select().where(theirs & LoneSession.pin_given_at.is_null()).order_by(LoneSession.due_at)
    row = await query.first()
    return dict(row) if row else None


async def _alarm(me: SignedIn, number: int) -> tuple[Row, Row] | None:
    """The newest alarm of a visit with that number that they may open; an open one before one that is over."""
    newest = Alarm.select(Alarm.id).where(Alarm.session.number == number)
    rows = await newest.order_by(Alarm.opened_at, ascending=False).limit(10)
    found = []
    for row in rows:
        try:
            found.append(await responding.alarm_row(me, row["id"]))
        except NotFound:
            continue
    found.sort(key=lambda one: one[1]["state"] == AlarmState.RESOLVED)
    return found[0] if found else None
