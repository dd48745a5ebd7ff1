"""What comes with a PIN, which may be the one that asks for help: it is heard whatever becomes of the act it came
with, and nothing that their phone shows tells the two apart. `owned` and `done` are awaited as
they are, and call `once` themselves: the hashes are computed outside of any transaction."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from lone_working import events, rules
from lone_working.alarms import alarms, telling
from lone_working.rules import AlarmKind, Happening
from lone_working.sessions import pins, queries
from lone_working.sessions.beginning import for_panic
from lone_working.sessions.pins import Judged, PinNotRecognised
from lone_working.tables import LoneSession, PinFailure
from people.rules import SignedIn
from pwa.answers import Mismatch, NotFound, Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, once, undone
from pwa.waking import wake

Row = dict[str, Any]
Act = Callable[[Sent, SignedIn, UUID, bool], Awaitable[None]]
"""With a PIN: the last says whether it was the one that asks for help."""


async def owned(sent: Sent, me: SignedIn, session_id: UUID, pin: str | None) -> None:
    """Their own session (queries.owned). The PIN that asks for help is heard though none of theirs goes by this
    name, as where a start was only kept for the office. NotFound whichever it was."""
    try:
        await queries.owned(me, session_id)
    except NotFound:
        if pin:
            duress = await _is_duress(me, pin)
            id = uuid5(sent.id, "duress" if duress else "none")
            mine = replace(sent, id=id, note="a PIN came for no session of theirs", receipt=None)
            with suppress(Mismatch):  # it comes sealed anew when its answer was lost
                if (await once(mine, _duress_of_none if duress else _as_long, me, session_id)).replayed:
                    await once(replace(mine, id=uuid7()), _as_long, me, session_id)
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


async def done(sent: Sent, me: SignedIn, session_id: UUID, pin: str, act: Act) -> None:
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
    if slips == rules.SLIPS_TOLD and not queries.ended(session):
        await telling.tell_of_slips(session, sent.received_at)
    sent.note = "a PIN was not recognised"


async def _duress_heard(sent: Sent, me: SignedIn, session_id: UUID) -> None:
    """Nothing but the other PIN, and nothing that their phone shows changes by it."""
    session = await events.locked(session_id)
    at = events.acted_at(sent, session["started_at"])
    await made_to(sent, me, session, Happening.DURESS_ALONE, at)


async def made_to(sent: Sent, me: SignedIn, session: Row, what: Happening, at: datetime, minutes: int = 0) -> None:
    """Somebody makes them say so: the other PIN is a call for help."""
    await events.add(sent, me, session["id"], what, at, minutes=minutes, pin=True)
    await alarms.ask_for_help(session, AlarmKind.DURESS, sent.received_at)
