"""Who is in there with somebody: whatever tells of an alarm about one tells whoever stands beside both."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from lone_working.rules import SessionState
from lone_working.tables import LoneSession

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


def _beside(session: Row, inside: Sequence[Row]) -> frozenset[UUID]:
    theirs = [row["person"] for row in inside if row["party"] == session["party"]]
    return frozenset(theirs) - {session["person"]}
