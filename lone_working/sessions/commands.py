"""What the officer who is out does. Where a PIN may come the command is awaited as it is, and calls `once` itself:
its hashes are computed outside of any transaction. Everything else runs inside `once`."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, rules
from lone_working.alarms import alarms, telling
from lone_working.alarms.responding import acknowledge, calling_999, not_the_word, outcome
from lone_working.alarms.silencing import silence
from lone_working.rules import AlarmKind, Happening, SessionState
from lone_working.sessions import pins
from lone_working.sessions.beginning import begin_own, follow, for_panic
from lone_working.sessions.pins import Judged, PinNotRecognised
from lone_working.tables import LoneSession, PinFailure, SafePin, SessionEvent
from people import passwords
from people.rules import SignedIn
from pwa.answers import Mismatch, NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once, undone
from pwa.pages import time
from pwa.waking import wake

Row = dict[str, Any]
Act = Callable[[Sent, SignedIn, UUID, bool], Awaitable[None]]
"""With a PIN: the last says whether it was the one that asks for help."""


async def owned(me: SignedIn, session_id: UUID) -> Row:
    """My own session, whatever its state. NotFound is also for everybody else's."""
    mine = (LoneSession.id == session_id) & (LoneSession.person == me.id)
    row = await LoneSession.select().where(mine).first()
    if row is None:
        raise NotFound
    return dict(row)


def ended(session: Row) -> bool:
    """As its officer sees it. One that was ended with the other PIN is still active, and nobody shows them."""
    return session["state"] != SessionState.ACTIVE or session["pin_given_at"] is not None


async def _owned(sent: Sent, me: SignedIn, session_id: UUID, pin: str | None) -> None:
    """The same for what may come with a PIN: the one that asks for help is heard though no session of theirs goes
    by this name, as where a start was only kept for the office. NotFound whichever it was."""
    try:
        await owned(me, session_id)
    except NotFound:
        if pin:
            duress = await _is_duress(me, pin)
            mine = replace(sent, id=uuid5(sent.id, "duress" if duress else "none"), note="", receipt=None)
            with suppress(Mismatch):  # it comes sealed anew when its answer was lost
                await once(mine, _duress_of_none if duress else _as_long, me, session_id)
            wake(rules.ENGINE)
        raise


async def _as_long(sent: Sent, me: SignedIn, session_id: UUID) -> None:
    """What the other PIN does is done and undone: whoever stands beside them hears the answer no sooner."""
    async with undone():
        await _duress_of_none(sent, me, session_id)


async def _is_duress(me: SignedIn, pin: str) -> bool:
    try:
        return await pins.judge(me, pin) is Judged.DURESS
    except Refused:  # they have none
        return False


async def _duress_of_none(sent: Sent, me: SignedIn, session_id: UUID) -> None:
    """A session that is over to them as soon as it begins (unwatched.SEEN): none of their pages shows it."""
    id = uuid5(session_id, f"duress {me.id}")
    if not await LoneSession.exists().where(LoneSession.id == id):
        begun = await for_panic(replace(sent, id=id), me)
        over: dict[Any, Any] = {LoneSession.pin_given_at: begun.started_at - timedelta(seconds=1)}
        await LoneSession.update(over).where(LoneSession.id == id)
    await _duress_heard(sent, me, id)


async def check_in(
    sent: Sent, me: SignedIn, session_id: UUID, pin: str | None = None, battery: int | None = None
) -> None:
    """Well at that moment, however late it comes. Awaited as it is; a PIN is by choice. `battery` in per cent."""
    await _owned(sent, me, session_id, pin)
    if pin:
        await _with_pin(sent, me, session_id, pin, _checked_in_by_pin)
    else:
        await once(sent, checked_in, me, session_id, battery)


async def checked_in(sent: Sent, me: SignedIn, session_id: UUID, battery: int | None = None) -> None:
    """The same inside `once`, without a PIN: a text does it too."""
    session = await events.locked(session_id)
    sent.note = "checked in"
    if not ended(session):
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
    await _owned(sent, me, session_id, pin)

    async def with_pin(sent: Sent, me: SignedIn, session_id: UUID, duress: bool) -> None:
        await _extended(sent, me, session_id, minutes, True, duress)

    if pin:
        await _with_pin(sent, me, session_id, pin, with_pin)
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
    if not ended(session):
        so_far = sum(act.minutes for act in await events.acts_of(session_id))
        # One that comes late may have overtaken the check-in that makes it count (rules.due_after): it is kept.
        overdue = at > session["due_at"] and sent.received_at - at <= rules.LATE
        if wrong := rules.wrong_with_extension(minutes, so_far, overdue, with_pin):
            raise Refused(wrong)
    if with_pin:
        await _said_by_pin(sent, me, session, Happening.EXTENDED, at, duress, minutes)
    elif not ended(session):
        await events.add(sent, me, session_id, Happening.EXTENDED, at, minutes=minutes)
        await _heard(sent, me, session, at)


async def _said_by_pin(
    sent: Sent, me: SignedIn, session: Row, what: Happening, at: datetime, duress: bool, minutes: int = 0
) -> None:
    """The deadline moves alike for either PIN, so that either answer looks the same."""
    if duress:
        await _made_to(sent, me, session, Happening.DURESS, at, minutes)
    elif not ended(session):
        await events.add(sent, me, session["id"], what, at, minutes=minutes, pin=True)
    if not ended(session):
        await _heard(sent, me, session, at)


async def _made_to(
    sent: Sent, me: SignedIn, session: Row, what: Happening, at: datetime, minutes: int = 0
) -> None:
    """Somebody makes them say so: the other PIN is a call for help."""
    await events.add(sent, me, session["id"], what, at, minutes=minutes, pin=True)
    await alarms.ask_for_help(session, AlarmKind.DURESS, sent.received_at)


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
    await _owned(sent, me, session_id, pin)
    await _with_pin(sent, me, session_id, pin, _end)


async def _end(sent: Sent, me: SignedIn, session_id: UUID, duress: bool) -> None:
    session = await events.locked(session_id)
    at, sent.note = events.acted_at(sent, session["started_at"]), "out and safe"
    if duress:
        await _made_to(sent, me, session, Happening.DURESS, at)
    if ended(session):
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


async def _with_pin(sent: Sent, me: SignedIn, session_id: UUID, pin: str, act: Act) -> None:
    judged = await pins.judge(me, pin)
    if judged is Judged.WRONG:
        # Under an id of its own: the right PIN may come with this one, and the body without it is the same.
        # What came sealed is another body each time, and comes again when its answer was lost.
        id = uuid5(sent.id, f"slip {sent.body_sha256}") if b"sealed=" in sent.body else uuid7()
        await once(replace(sent, id=id), _not_recognised, session_id)
        raise PinNotRecognised
    duress = judged is Judged.DURESS
    try:
        heard = not (await once(sent, act, me, session_id, duress)).replayed
    except (Refused, Mismatch):
        # What it came with is refused as it would be with the safe one; that it was this one is heard.
        if duress:
            await _duress_alone(sent, me, session_id)
        raise
    else:
        if duress and not heard:
            await _duress_alone(sent, me, session_id)
    finally:
        wake(rules.ENGINE)


async def _duress_alone(sent: Sent, me: SignedIn, session_id: UUID) -> None:
    await once(replace(sent, id=uuid5(sent.id, f"duress {sent.body_sha256}")), _duress_heard, me, session_id)


async def _not_recognised(sent: Sent, session_id: UUID) -> None:
    session = await events.locked(session_id)
    await PinFailure.insert(PinFailure(session=session_id, at=sent.received_at))
    slips = await PinFailure.count().where(PinFailure.session == session_id)
    if slips == rules.SLIPS_TOLD and not ended(session):
        await telling.tell_of_slips(session, sent.received_at)
    sent.note = "a PIN was not recognised"


async def _duress_heard(sent: Sent, me: SignedIn, session_id: UUID) -> None:
    """Nothing but the other PIN, and nothing that their phone shows changes by it."""
    session = await events.locked(session_id)
    at = events.acted_at(sent, session["started_at"])
    await _made_to(sent, me, session, Happening.DURESS_ALONE, at)


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
    mine = (LoneSession.id == session_id) & (LoneSession.person == me.id)
    known = await LoneSession.exists().where(mine)
    if not known:
        session_id = (await for_panic(replace(sent, id=await begun_with(sent, session_id)), me)).id
    session = await events.locked(session_id)
    at = events.acted_at(sent, session["started_at"])
    said = " ".join(filter(None, (rules.age_words(at, sent.received_at), doubt)))
    await events.add(sent, me, session_id, Happening.PANIC, at, said=said)
    await alarms.ask_for_help(session, AlarmKind.PANIC, sent.received_at)
    sent.note = "asked for help"


async def set_pins(sent: Sent, me: SignedIn, safe: str, duress: str) -> None:
    """Awaited as it is. Refused for two that could be mistaken for each other."""
    if wrong := rules.wrong_with_pins(safe, duress):
        raise Refused(wrong)
    hashes = await passwords.hashed(safe), await passwords.hashed(duress)
    await once(sent, _pins_set, me, hashes)


async def _pins_set(sent: Sent, me: SignedIn, hashes: tuple[str, str]) -> None:
    at = events.newer(sent, sent.received_at, await pins.made_at(me))
    row = SafePin(person=me.id, safe_hash=hashes[0], duress_hash=hashes[1], made_at=at)
    await SafePin.insert(row)
    sent.note = "PINs set"


__all__ = ["acknowledge", "begin_own", "calling_999", "follow", "not_the_word", "outcome", "silence"]
