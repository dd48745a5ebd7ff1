"""What the officer who is out does. Where a PIN may come (by_pin.py) the command is awaited as it is.
Everything else runs inside `once`."""

from dataclasses import replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, rules
from lone_working.alarms import alarms
from lone_working.rules import AlarmKind, Happening, SessionState
from lone_working.sessions import by_pin, queries
from lone_working.sessions.beginning import for_panic
from lone_working.tables import LoneSession, SessionEvent
from people.rules import SignedIn
from pwa.answers import Mismatch, Refused
from pwa.outbox import Sent, once
from pwa.pages import time
from pwa.waking import wake

Row = dict[str, Any]


async def check_in(
    sent: Sent, me: SignedIn, session_id: UUID, pin: str | None = None, battery: int | None = None
) -> None:
    """Well at that moment, however late it comes. Awaited as it is; a PIN is by choice. `battery` in per cent."""
    await by_pin.owned(sent, me, session_id, pin)
    if pin:
        await by_pin.done(sent, me, session_id, pin, _checked_in_by_pin)
    else:
        await once(sent, checked_in, me, session_id, battery)


async def checked_in(sent: Sent, me: SignedIn, session_id: UUID, battery: int | None = None) -> None:
    """The same inside `once`, without a PIN: a text does it too."""
    session = await events.locked(session_id)
    sent.note = "checked in"
    if not queries.ended(session):
        at = events.acted_at(sent, session["started_at"])
        await events.add(sent, me, session_id, Happening.CHECKED_IN, at)
        await _heard(sent, me, session, at)
        await _battery(session, battery, at)


async def _battery(session: Row, level: int | None, at: datetime) -> None:
    """What a phone said last, for whoever comes to help: a check-in that comes late says nothing newer."""
    if level is not None and (session["battery_at"] is None or session["battery_at"] <= at):
        now: dict[Any, Any] = {LoneSession.battery: level, LoneSession.battery_at: at}
        await LoneSession.update(now).where(LoneSession.id == session["id"])


async def _checked_in_by_pin(sent: Sent, me: SignedIn, session_id: UUID, duress: bool) -> None:
    session = await events.locked(session_id)
    sent.note = "checked in"
    at = events.acted_at(sent, session["started_at"])
    await _said_by_pin(sent, me, session, Happening.CHECKED_IN, at, duress)


async def extend(sent: Sent, me: SignedIn, session_id: UUID, minutes: int, pin: str | None = None) -> None:
    """15 or 30 minutes more, two hours in all; once overdue only with a PIN. Awaited as it is."""
    await by_pin.owned(sent, me, session_id, pin)

    async def with_pin(sent: Sent, me: SignedIn, session_id: UUID, duress: bool) -> None:
        await _extended(sent, me, session_id, minutes, True, duress)

    if pin:
        await by_pin.done(sent, me, session_id, pin, with_pin)
    else:
        await once(sent, _extended_without, me, session_id, minutes)


async def _extended_without(sent: Sent, me: SignedIn, session_id: UUID, minutes: int) -> None:
    await _extended(sent, me, session_id, minutes, False, False)


async def _extended(
    sent: Sent, me: SignedIn, session_id: UUID, minutes: int, with_pin: bool, duress: bool
) -> None:
    session = await events.locked(session_id)
    at = events.acted_at(sent, session["started_at"])
    sent.note = f"{minutes} minutes more"
    if not queries.ended(session):
        so_far = sum(act.minutes for act in await events.acts_of(session_id))
        # One that comes late may have overtaken the check-in that makes it count (rules.due_after): it is kept.
        overdue = at > session["due_at"] and sent.received_at - at <= rules.LATE
        if wrong := rules.wrong_with_extension(minutes, so_far, overdue, with_pin):
            raise Refused(wrong)
    if with_pin:
        await _said_by_pin(sent, me, session, Happening.EXTENDED, at, duress, minutes)
    elif not queries.ended(session):
        await events.add(sent, me, session_id, Happening.EXTENDED, at, minutes=minutes)
        await _heard(sent, me, session, at)


async def _said_by_pin(
    sent: Sent, me: SignedIn, session: Row, what: Happening, at: datetime, duress: bool, minutes: int = 0
) -> None:
    """The deadline moves alike for either PIN, so that either answer looks the same."""
    if duress:
        await by_pin.made_to(sent, me, session, Happening.DURESS, at, minutes)
    elif not queries.ended(session):
        await events.add(sent, me, session["id"], what, at, minutes=minutes, pin=True)
    if not queries.ended(session):
        await _heard(sent, me, session, at)


async def _heard(sent: Sent, me: SignedIn, session: Row, at: datetime) -> None:
    """If the deadline that this makes is still to come, an overdue alarm is over."""
    due = await events.due_of(session)
    heard = max(session["heard_at"], at)
    now: dict[Any, Any] = {LoneSession.due_at: due, LoneSession.heard_at: heard}
    await LoneSession.update(now).where(LoneSession.id == session["id"])
    alarm = await alarms.open_alarm(session["id"]) if due > sent.received_at else None
    if alarm and alarm["kind"] == AlarmKind.OVERDUE:
        how = f"Heard of them at {time(at)}, which came at {time(sent.received_at)}."
        await alarms.resolve(session, alarm, (me.id, me.name), how, how, sent.received_at)


async def end(sent: Sent, me: SignedIn, session_id: UUID, pin: str) -> None:
    """Out and safe. Awaited as it is; the same for either PIN. PinNotRecognised for every other."""
    await by_pin.owned(sent, me, session_id, pin)
    await by_pin.done(sent, me, session_id, pin, _end)


async def _end(sent: Sent, me: SignedIn, session_id: UUID, duress: bool) -> None:
    session = await events.locked(session_id)
    at, sent.note = events.acted_at(sent, session["started_at"]), "out and safe"
    if duress:
        await by_pin.made_to(sent, me, session, Happening.DURESS, at)
    if queries.ended(session):
        return
    if await events.called_since(sent, session_id, at):
        # They asked for help after they had said that they were out: that stands.
        if not duress:
            await events.add(sent, me, session_id, Happening.PIN, at, pin=True)
        return
    gone: dict[Any, Any] = {LoneSession.pin_given_at: at, LoneSession.heard_at: max(session["heard_at"], at)}
    alarm = await alarms.open_alarm(session_id)
    if not duress and alarm and alarm["kind"] != AlarmKind.OVERDUE:
        # A call for help is over only when somebody has spoken to them too.
        await events.add(sent, me, session_id, Happening.PIN, at, pin=True)
    elif not duress:
        await events.add(sent, me, session_id, Happening.CLOSED, at, pin=True)
        gone |= {LoneSession.state: SessionState.CLOSED_SAFE.value, LoneSession.closed_at: sent.received_at}
        gone |= {LoneSession.closed_by: me.id, LoneSession.closed_by_name: me.name}
        if alarm:
            how = f"They entered their PIN at {time(at)}."
            await alarms.resolve(session, alarm, (me.id, me.name), how, how, sent.received_at)
    await LoneSession.update(gone).where(LoneSession.id == session_id)


async def call_for_help(sent: Sent, me: SignedIn, session_id: UUID, doubt: str = "") -> None:
    """Awaited as it is. Under an id that something else had it is heard too, with a receipt for that id.
    `doubt`: what those who are told should know of the phone it came from."""
    try:
        await once(sent, panic, me, session_id, doubt)
    except Mismatch:
        again = replace(sent, id=uuid5(sent.id, f"help {sent.body_sha256}"))
        proof = await once(again, panic, me, session_id, doubt)
        sent.receipt = replace(proof, id=sent.id)
    finally:
        wake(rules.ENGINE)


async def begun_with(sent: Sent, session_id: UUID) -> UUID:
    """The session that a call for help begins where none is known: by the name its phone gave it, under which the
    start may follow; unless that is somebody else's, or of something else."""
    taken = await LoneSession.exists().where(LoneSession.id == session_id)
    taken = taken or await SessionEvent.exists().where(SessionEvent.id == session_id)
    return uuid5(sent.id, "session") if taken else session_id


async def panic(sent: Sent, me: SignedIn, session_id: UUID, doubt: str = "") -> None:
    """Help, now. Never refused and never lost, however old it is, whether or not the session is over or known."""
    if await queries.mine(me, session_id) is None:
        session_id = (await for_panic(replace(sent, id=await begun_with(sent, session_id)), me)).id
    session = await events.locked(session_id)
    at = events.acted_at(sent, session["started_at"])
    said = " ".join(filter(None, (rules.age_words(at, sent.received_at), doubt)))
    await events.add(sent, me, session_id, Happening.PANIC, at, said=said)
    await alarms.ask_for_help(session, AlarmKind.PANIC, sent.received_at)
    sent.note = "asked for help"
