"""Who is in there with somebody: whatever tells of an alarm about one tells whoever stands beside both."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lone_working.rules import SessionState
from lone_working.tables import AlarmTold, LoneSession
from people.rules import SignedIn

Row = dict[str, Any]


async def with_beside(sessions: Sequence[Row]) -> list[Row]:
    """Each with the people who went in with its officer and have not said, by whichever PIN, that they are out."""
    parties = {row["party"] for row in sessions if row["party"]}
    inside: list[Row] = []
    if parties:
        still = (LoneSession.state == SessionState.ACTIVE.value) & LoneSession.pin_given_at.is_null()
        columns = (LoneSession.party, LoneSession.person)
        inside = await LoneSession.select(*columns).where(LoneSession.party.is_in(list(parties)) & still)
    return [{**row, "beside": _beside(row, inside)} for row in sessions]


def kept_messages(me: SignedIn) -> Any:
    """A query of the messages that tell of an alarm about whoever went in with them, until they are known to be
    out: whoever made the one enter their PIN may look at the other's phone."""
    theirs = LoneSession.select(LoneSession.id).where(_with(me))
    return AlarmTold.select(AlarmTold.id).where(AlarmTold.alarm.session.is_in(theirs))


def with_them(me: SignedIn) -> Any:
    """A query of those people, for the same time: what they text may be a call for help."""
    return LoneSession.select(LoneSession.person).where(_with(me))


def _with(me: SignedIn) -> Any:
    in_there = (LoneSession.person == me.id) & (LoneSession.state == SessionState.ACTIVE.value)
    return LoneSession.party.is_in(
        LoneSession.select(LoneSession.party).where(in_there & LoneSession.party.is_not_null())
    )


def _beside(session: Row, inside: Sequence[Row]) -> frozenset[UUID]:
    theirs = [row["person"] for row in inside if row["party"] == session["party"]]
    return frozenset(theirs) - {session["person"]}
