"""What those do who were called: take an alarm on, say that they ring 999, and say how it ended."""

from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from lone_working import events, rules
from lone_working.alarms import alarms
from lone_working.alarms.queries import leads
from lone_working.beside import with_beside
from lone_working.code_word import commands as word_commands
from lone_working.rota import duty
from lone_working.rules import AlarmKind, AlarmState, Happening, SessionState
from lone_working.tables import Alarm, AlarmTold, LoneSession
from people.rules import SignedIn
from pwa.answers import NotFound, Refused
from pwa.outbox import Sent

Row = dict[str, Any]


async def alarm_row(me: SignedIn, alarm_id: UUID, at: datetime | None = None) -> tuple[Row, Row]:
    """An alarm and its session, for a manager of its team, who is on duty for it, its buddy, and whoever was told.

    Never for the officer it is about: there may be somebody beside them. Who is in there with them has it only
    when they were told, for want of anybody else.
    """
    alarm = await Alarm.select().where(Alarm.id == alarm_id).first()
    session = await LoneSession.select().where(LoneSession.id == alarm["session"]).first() if alarm else None
    if alarm is None or session is None or session["person"] == me.id:
        raise NotFound
    (session,) = await with_beside([session])
    if not leads(me, session, await duty.led_by(me, at or datetime.now(UTC))):
        told = (AlarmTold.alarm == alarm_id) & (AlarmTold.person == me.id)
        if not await AlarmTold.exists().where(told):
            raise NotFound
    return dict(session), dict(alarm)


async def _mine(sent: Sent, me: SignedIn, alarm_id: UUID) -> tuple[Row, Row | None]:
    """The same inside a transaction, both ours until it ends. None when it is over."""
    session, _ = await alarm_row(me, alarm_id, sent.received_at)
    session = await events.locked(session["id"])
    alarm = await alarms.open_alarm(session["id"])
    return session, alarm if alarm and alarm["id"] == alarm_id else None


async def acknowledge(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """I am on it. The first who says so has it, for some minutes; it ends nothing."""
    session, alarm = await _mine(sent, me, alarm_id)
    if alarm is None or alarm["state"] == AlarmState.ACKNOWLEDGED:
        sent.note = "somebody had it already"
        return
    await events.add(sent, me, session["id"], Happening.ACKNOWLEDGED, sent.received_at)
    await alarms.acknowledge(alarm, (me.id, me.name), sent.received_at)
    sent.note = "took an alarm on"


async def calling_999(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """For the others to see who rings. Doorstep never does."""
    session, alarm = await _mine(sent, me, alarm_id)
    if alarm is not None:
        await events.add(sent, me, session["id"], Happening.CALLING, sent.received_at)
    sent.note = "rings 999"


async def not_the_word(sent: Sent, me: SignedIn, alarm_id: UUID) -> None:
    """They were rung and did not say their code word. It is duress from now on, and everybody is told anew."""
    session, alarm = await _mine(sent, me, alarm_id)
    if alarm is not None:
        await events.add(sent, me, session["id"], Happening.NOT_THE_WORD, sent.received_at)
        await alarms.ask_for_help(session, AlarmKind.DURESS, sent.received_at)
    sent.note = "did not hear the code word"


async def outcome(
    sent: Sent,
    me: SignedIn,
    alarm_id: UUID,
    words: str,
    spoken_to: bool,
    close_session: bool = False,
    said_word: bool = False,
) -> None:
    """How it ended. They were spoken to and go on, or it is known that they are out and safe, and how."""
    session, alarm = await _mine(sent, me, alarm_id)
    if alarm is None:
        sent.note = "it was over already"
        return
    kind, at, age = AlarmKind(alarm["kind"]), sent.received_at, alarms.age(alarm, sent.received_at)
    gave_pin = alarms.gave_pin(session, alarm)
    word = said_word or not await word_commands.word_of(session["person"])
    if wrong := rules.wrong_with_outcome(kind, words, spoken_to, close_session, gave_pin, age, word):
        raise Refused({"words": wrong})
    active = session["state"] == SessionState.ACTIVE
    if active and (close_session or session["pin_given_at"] is not None):
        await _close(sent, me, session, words)
    elif active:
        await _carry_on(sent, me, session, words)
    else:
        await events.add(sent, me, session["id"], Happening.CLOSED_BY_RESPONDER, at, said=words)
    who = rules.short_name(me.name)
    how = f"{who} spoke to them." if spoken_to else f"{who} knows that they are safe."
    await alarms.resolve(session, alarm, (me.id, me.name), words, how, at)
    sent.note = "said how an alarm ended"


async def _close(sent: Sent, me: SignedIn, session: Row, words: str) -> None:
    await events.add(sent, me, session["id"], Happening.CLOSED_BY_RESPONDER, sent.received_at, said=words)
    closed: dict[Any, Any] = {
        LoneSession.state: SessionState.CLOSED_BY_RESPONDER.value,
        LoneSession.closed_at: sent.received_at,
        LoneSession.closed_by: me.id,
        LoneSession.closed_by_name: me.name,
        LoneSession.closing: words,
    }
    await LoneSession.update(closed).where(LoneSession.id == session["id"])


async def _carry_on(sent: Sent, me: SignedIn, session: Row, words: str) -> None:
    """They were well just now, so that their time begins anew."""
    at = sent.received_at
    await events.add(sent, me, session["id"], Happening.CARRIED_ON, at, pin=True, said=words)
    now: dict[Any, Any] = {LoneSession.due_at: await events.due_of(session), LoneSession.heard_at: at}
    await LoneSession.update(now).where(LoneSession.id == session["id"])
