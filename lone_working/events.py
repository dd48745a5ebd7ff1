"""The chain of what people did in a session, and the session itself while one writer decides about it."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working import rules
from lone_working.rules import Act, Happening
from lone_working.tables import LoneSession, SessionEvent
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.ids import uuid7
from pwa.outbox import Sent, lock_row
from pwa.queries import told_by
from pwa.rules import FIRST

ACTIVE = LoneSession.state == rules.SessionState.ACTIVE.value
FACTS = ("id", "session", "seq", "what", "happened_at", "received_at", "person", "person_name", "minutes", "pin",
         "said")  # fmt: skip
# What counts as having been well then.
WELL = (Happening.CHECKED_IN, Happening.EXTENDED, Happening.CARRIED_ON, Happening.DURESS)
_NOBODY: dict[str, Any] = {"person": None, "person_name": "", "minutes": 0, "pin": False, "said": ""}


async def locked(session_id: UUID) -> dict[str, Any]:
    """Inside a transaction: the session, ours until it ends."""
    await lock_row(LoneSession, session_id)
    row = await LoneSession.select().where(LoneSession.id == session_id).first()
    if row is None:
        raise NotFound
    return dict(row)


def acted_at(sent: Sent, earliest: datetime) -> datetime:
    """When it was done, by our clock."""
    sent_at = sent.received_at - timedelta(seconds=sent.skew_seconds)
    wall_gap = sent_at - sent.captured_at + sent.set_back
    return rules.server_time_of(sent.received_at, wall_gap, sent.monotonic_gap, earliest)


def newer(sent: Sent, at: datetime, last: datetime | None) -> datetime:
    """When something was chosen that takes the place of what was chosen at `last`. Chosen just now, it is newer
    also where the clock was put back between them; what waited on a phone undoes nothing later."""
    just_now = sent.received_at - at <= rules.LATE
    if last is None or last < sent.received_at or not just_now:
        return at
    return last + timedelta(microseconds=1)


async def add(sent: Sent, person: SignedIn, session_id: UUID, what: Happening, at: datetime, **more: Any) -> None:
    """One more link. Inside the transaction that holds the session."""
    row = {
        **_NOBODY,
        "id": sent.id,
        "session": session_id,
        "what": what.value,
        "happened_at": at,
        "received_at": sent.received_at,
        "person": person.id,
        "person_name": person.name,
    }
    await _link(session_id, row | more)


async def clock_put_back(session_id: UUID, by: timedelta, at: datetime) -> None:
    """Another link, of nobody's: what came before it was so much earlier by the clock as it is now. Inside the
    transaction that holds the session. `by` is negative."""
    row = {**_NOBODY, "id": uuid7(), "session": session_id, "what": Happening.CLOCK.value}
    await _link(session_id, row | {"happened_at": at, "received_at": at - by})


async def _link(session_id: UUID, facts: dict[str, Any]) -> None:
    last = await _last(session_id)
    row = {**facts, "seq": last["seq"] + 1 if last else 1}
    previous = last["sha256"] if last else FIRST
    await SessionEvent.insert(SessionEvent(**row, previous_sha256=previous, sha256=hash_of(previous, row)))


async def _last(session_id: UUID) -> dict[str, Any] | None:
    newest = SessionEvent.select(SessionEvent.seq, SessionEvent.sha256).where(SessionEvent.session == session_id)
    row = await newest.order_by(SessionEvent.seq, ascending=False).first()
    return dict(row) if row else None


def hash_of(previous: str, row: dict[str, Any]) -> str:
    return rules.event_hash(previous, tuple(row[name] for name in FACTS))


async def acts_of(session_id: UUID) -> list[Act]:
    """All that says they were well, in no order."""
    well = SessionEvent.what.is_in([what.value for what in WELL])
    return [Act(at, row["minutes"], row["pin"]) for row, at in await _by_this_clock(session_id, well)]


async def _by_this_clock(session_id: UUID, which: Any) -> list[tuple[dict[str, Any], datetime]]:
    """Each with when it was by the clock as it is now: what came before it was put back was so much earlier."""
    clock = SessionEvent.what == Happening.CLOCK.value
    rows = await (
        SessionEvent.select()
        .where((SessionEvent.session == session_id) & (which | clock))
        .order_by(SessionEvent.seq, ascending=False)
    )
    found, back = [], timedelta()
    for row in rows:
        if row["what"] == Happening.CLOCK:
            back += row["happened_at"] - row["received_at"]
        else:
            found.append((dict(row), row["happened_at"] + back))
    return found


async def called_since(sent: Sent, session_id: UUID, at: datetime) -> bool:
    """Whether they asked for help after this: by the count of the phone that both came from, else by the time."""
    for row, called in await _by_this_clock(session_id, SessionEvent.what == Happening.PANIC.value):
        device, count = await told_by(row["id"])
        same = device is not None and device == sent.device_id
        counted = count is not None and sent.sequence is not None and same
        if ((count or 0) > (sent.sequence or 0)) if counted else (called > at):
            return True
    return False


async def well_at(session: dict[str, Any]) -> datetime:
    """When they were last known to be well, for those who look out for them. What came with the other PIN is no
    sign of it, nor what came after, until somebody has spoken to them."""
    last, made_to = session["started_at"], False
    which = SessionEvent.what.is_in([one.value for one in (*WELL, Happening.DURESS_ALONE)])
    for row, at in reversed(await _by_this_clock(session["id"], which)):
        if row["what"] in (Happening.DURESS, Happening.DURESS_ALONE):
            made_to = True
        elif not made_to or row["what"] == Happening.CARRIED_ON:
            last, made_to = max(last, at), False
    return last  # type: ignore[no-any-return]


async def due_of(session: dict[str, Any]) -> datetime:
    """The deadline as all they did makes it."""
    every = session["interval_minutes"]
    first = session["started_at"] + timedelta(minutes=every)
    return rules.due_after(first, every, await acts_of(session["id"]))


async def whole(session_id: UUID) -> bool:
    """Whether every link fits the one before, and none is missing."""
    previous = FIRST
    rows = await SessionEvent.select().where(SessionEvent.session == session_id).order_by(SessionEvent.seq)
    for seq, row in enumerate(rows, 1):
        if (row["seq"], row["previous_sha256"], row["sha256"]) != (seq, previous, hash_of(previous, row)):
            return False
        previous = row["sha256"]
    return True
