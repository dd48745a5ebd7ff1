"""Those who went in together: each has a session, a PIN and a call for help of their own; the alarm of one names
the others. The visit is over for all of them once the last has said that they are safe."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from piccolo.columns.combination import WhereRaw

from lone_working import rules, ways
from lone_working.rules import AlarmKind, SessionState
from lone_working.tables import Alarm, LoneSession
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel
from people import queries as people
from people.rules import SignedIn
from pwa.direction import apart
from pwa.outbox import Sent
from pwa.pages import time

Row = dict[str, Any]
# As the index says it (see due.py).
OPEN = WhereRaw("alarm.state <> 'resolved'")


@dataclass(frozen=True)
class With:
    """Somebody who went in with them, as colleagues see it: out with whichever PIN."""

    name: str
    out_at: datetime | None


async def together(sent: Sent, me: SignedIn, mine: UUID, theirs: UUID) -> None:
    """One visit, two sessions. The other is texted, once: they have a PIN to enter before they are overdue."""
    rows = await LoneSession.select().where(LoneSession.id.is_in([mine, theirs]))
    party = next((row["party"] for row in rows if row["party"]), mine)
    await LoneSession.update({LoneSession.party: party}).where(LoneSession.id.is_in([mine, theirs]))
    (other,) = [row for row in rows if row["id"] == theirs]
    found = [one for one in await people.contacts([other["person"]]) if one.id == other["person"]]
    if found and ways.mobile(found[0]):
        record = rules.session_address(theirs)
        given = {
            "number": str(other["number"]),
            "name": rules.short_name(me.name),
            "link": sending.public_address() + record,
        }
        id, to = uuid5(theirs, "with them"), ways.mobile(found[0])
        await messages.put_out(sent, messages.Wanted(id, Channel.SMS, "lone-with-sms", to, given, record))


async def others(session: Row) -> list[Row]:
    """The sessions of those who went in with this one's officer."""
    if session["party"] is None:
        return []
    same = (LoneSession.party == session["party"]) & (LoneSession.person != session["person"])
    return [dict(row) for row in await LoneSession.select().where(same).order_by(LoneSession.person_name)]


async def seen_with(session: Row) -> tuple[With, ...]:
    return tuple(
        With(row["person_name"], row["pin_given_at"] or row["closed_at"]) for row in await others(session)
    )


async def names_with(sessions: Sequence[Row]) -> dict[UUID, tuple[str, ...]]:
    """By session, who went in with them."""
    parties = {row["party"] for row in sessions if row["party"]}
    if not parties:
        return {}
    rows = await LoneSession.select().where(LoneSession.party.is_in(list(parties)))
    return {
        one["id"]: tuple(
            sorted(r["person_name"] for r in rows if r["party"] == one["party"] and r["person"] != one["person"])
        )
        for one in sessions
        if one["party"]
    }


async def said_of(session: Row) -> list[str]:
    """For whoever is called: who is in there too, and whether they are known to be out."""
    rows = await others(session)
    phones = {one.id: one.phone for one in await people.contacts([row["person"] for row in rows])} if rows else {}
    silent = await not_to_ring() if rows else set()
    return [_said(row, phones.get(row["person"], ""), row["person"] in silent) for row in rows]


async def not_to_ring() -> set[UUID]:
    """Who was made to enter their PIN, in whichever session of theirs, and whoever is in there with them: a
    telephone that rings beside either tells that somebody knows."""
    made_to = OPEN & (Alarm.kind == AlarmKind.DURESS.value)
    person, party = Alarm.session.person.as_alias("person"), Alarm.session.party.as_alias("party")
    rows = await Alarm.select(person, party).where(made_to)
    silent = {row["person"] for row in rows}
    if parties := [row["party"] for row in rows if row["party"]]:
        inside = LoneSession.party.is_in(parties) & (LoneSession.state == SessionState.ACTIVE.value)
        silent |= {row["person"] for row in await LoneSession.select(LoneSession.person).where(inside)}
    return silent


def _said(row: Row, phone: str, silent: bool) -> str:
    name = apart(row["person_name"])
    if row["state"] != SessionState.ACTIVE:
        return f"{name} went in with them and is out, since {time(row['closed_at'])}."
    if row["alarmed"]:
        return f"{name} is with them and has an alarm of their own: do not ring them before you have read it."
    ring = f" Their mobile: {apart(phone)}." if phone else ""
    ring = " Do not ring them." if silent else ring
    return f"{name} is with them and has not said that they are out.{ring}"
