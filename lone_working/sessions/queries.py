"""What the officer sees of their own session, and what those see who look out for them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from lone_working import party, rules
from lone_working.beside import with_beside
from lone_working.ladders import audience
from lone_working.party import With
from lone_working.rota import duty
from lone_working.sessions import ready, ready_rules, unwatched
from lone_working.sessions.beginning import nobody_for
from lone_working.sessions.ready_rules import Missing
from lone_working.sessions.unwatched import NotWatched
from lone_working.tables import LoneSession
from people.rules import SignedIn
from pwa.answers import NotFound
from pwa.prepared import Prepared

Row = dict[str, Any]


@dataclass(frozen=True)
class Still:
    """A session of theirs that runs."""

    id: UUID
    place: str
    visit: UUID | None


@dataclass(frozen=True)
class Current:
    """A session as its officer sees it, ended or not. Nothing here tells the two PINs apart."""

    id: UUID
    number: int
    place: str
    visit: UUID | None
    buddy_id: UUID | None
    buddy_name: str
    buddy_phone: str
    started_at: datetime
    due_at: datetime
    last_confirmed_at: datetime
    ended_at: datetime | None
    high_risk: bool
    at: datetime
    others: tuple[Still, ...] = ()
    """More of theirs that are running."""
    few: str = ""
    """That a call for help reaches one person only, or none."""
    together: tuple[With, ...] = ()
    """Who went in with them."""
    home: bool = False
    """On the way home, from no visit."""
    missing: tuple[str, ...] = ()
    """What was not in place, in words."""
    watched: bool = True

    @property
    def active(self) -> bool:
        return self.ended_at is None

    @property
    def overdue(self) -> bool:
        return self.active and self.due_at < self.at

    def elsewhere(self, visit: UUID) -> list[Still]:
        """Those of theirs that run and are not of this visit: not ended when the next was begun."""
        mine = (Still(self.id, self.place, self.visit), *self.others) if self.active else self.others
        return [one for one in mine if one.visit != visit]

    @property
    def href(self) -> str:
        return f"/visits/{self.visit}" if self.visit else ""


_RUNNING = Prepared(
    lambda person, state: (
        LoneSession.select()
        .where((LoneSession.person == person) & (LoneSession.state == state) & LoneSession.pin_given_at.is_null())
        .order_by(LoneSession.due_at)
    )
)


async def current(me: SignedIn, at: datetime) -> Current | None:
    """The one that is due first of those that I have not ended."""
    rows = await _RUNNING(me.id, rules.SessionState.ACTIVE.value)
    more = tuple(Still(row["id"], row["place"], row["visit"]) for row in rows[1:])
    return await _seen(rows[0], at, more) if rows else None


async def bar_for(me: SignedIn, at: datetime) -> Current | NotWatched | None:
    """What stands at the bottom of every page of theirs: their session, or that there ought to be one."""
    return await current(me, at) or await unwatched.newest(me, at)


async def mine(me: SignedIn, session_id: UUID) -> Row | None:
    """My own session, whatever its state. None is also for everybody else's."""
    same = (LoneSession.id == session_id) & (LoneSession.person == me.id)
    row = await LoneSession.select().where(same).first()
    return dict(row) if row else None


async def owned(me: SignedIn, session_id: UUID) -> Row:
    """The same; NotFound where it is none."""
    row = await mine(me, session_id)
    if row is None:
        raise NotFound
    return row


def ended(session: Row) -> bool:
    """As its officer sees it. One that was ended with the other PIN is still active, and nobody shows them."""
    return session["state"] != rules.SessionState.ACTIVE or session["pin_given_at"] is not None


async def own_session(me: SignedIn, session_id: UUID, at: datetime) -> Current:
    """Mine, also when it is over. NotFound for everybody else's."""
    return await _seen(await owned(me, session_id), at)


async def _seen(row: Row, at: datetime, others: tuple[Still, ...] = ()) -> Current:
    (row,) = await with_beside([row])
    chosen = await ready.shown_buddy(row)
    contacts, on = await duty.reach([chosen] if chosen else [], at)
    buddy = [one for one in contacts if one.id == chosen]
    row = {**row, "buddy": chosen, "buddy_name": buddy[0].name if buddy else ""} if chosen != row["buddy"] else row
    return Current(
        id=row["id"],
        number=row["number"],
        place=row["place"],
        visit=row["visit"],
        buddy_id=row["buddy"],
        buddy_name=row["buddy_name"],
        buddy_phone=buddy[0].phone if buddy else "",
        started_at=row["started_at"],
        due_at=row["due_at"],
        last_confirmed_at=row["heard_at"],
        ended_at=(row["pin_given_at"] or row["closed_at"]) if ended(row) else None,
        high_risk=row["high_risk"],
        at=at,
        others=others,
        few="" if ended(row) else audience.few(row, contacts, on),
        together=await party.seen_with(row),
        home=row["kind"] == rules.SessionKind.HOME,
        missing=tuple(ready_rules.words(row["missing"], besides=Missing.FEW)),
    )


async def unmonitored(me: SignedIn, visit_id: UUID, at: datetime) -> str:
    """Why nobody looks out for me at this visit; empty when somebody does, or did until I ended it."""
    mine = (LoneSession.visit == visit_id) & (LoneSession.person == me.id)
    if await LoneSession.exists().where(mine):
        return ""
    visit = await ready.visit_of(me, visit_id)
    company = visit.started.company_id if visit and visit.started else None
    return (
        await nobody_for(me, at, beside=company)
        or "Nobody looks out for you: this visit was begun before anybody could."
    )
