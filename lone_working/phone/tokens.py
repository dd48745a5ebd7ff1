"""The token of one session on one phone: for checking in, calling for help, saying where one is and ending it,
when nobody is signed in there any more. It opens nothing else and shows nothing."""

import secrets
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working.phone_tables import VisitToken
from lone_working.sessions.queries import ended, owned
from lone_working.tables import LoneSession
from people import queries as people
from people import session_queries
from people.rules import SignedIn
from people.tokens import Holder, Standing
from pwa import lost
from pwa.answers import NotFound
from pwa.outbox import Sent

OUTLIVES = timedelta(hours=4)
"""The planned end, and the deadline that was put off."""


async def issue(sent: Sent, me: SignedIn, session_id: UUID, device: UUID | None, made: list[str]) -> None:
    """Of my own session, to the phone I am on: 256 bits, in `made`, once. A session on two phones has two."""
    if ended(await owned(me, session_id)):
        raise NotFound
    if device is None:  # it has not said which phone it is, or is not believed
        return
    token = secrets.token_urlsafe(32)
    row = VisitToken(
        token_sha256=session_queries.hashed(token),
        session=session_id,
        person=me.id,
        device=device,
        made_at=sent.received_at,
    )
    await VisitToken.insert(row)
    sent.note = "a phone may check in and call for help"
    made.append(token)


async def find(token: str, device: UUID, session_id: UUID, at: datetime) -> Holder | None:
    """None: it was never given to this phone for this session."""
    mine = (VisitToken.token_sha256 == session_queries.hashed(token)) & (VisitToken.session == session_id)
    row = await VisitToken.select().where(mine & (VisitToken.device == device)).first()
    if row is None:
        return None
    session = await LoneSession.select().where(LoneSession.id == session_id).first()
    person = await people.person_as(row["person"], at)
    assert session is not None and person is not None
    holder = replace(person, session_id=row["id"], device_id=device)
    if row["lost_at"] or lost.is_one(device) or not await people.works_here(person.id):
        return Holder(holder, Standing.UNTRUSTED)
    over = ended(session) or at >= _dies(session)
    return Holder(holder, Standing.OVER if over else Standing.GOOD)


def _dies(session: dict[str, Any]) -> datetime:
    planned: datetime = max(session["ends_at"], session["due_at"])
    return planned + OUTLIVES


async def forget_phone(sent: Sent, device: UUID) -> None:
    """It was called lost. Should it be found, whoever has it signs in again."""
    now: dict[Any, Any] = {VisitToken.lost_at: sent.received_at}
    await VisitToken.update(now).where((VisitToken.device == device) & VisitToken.lost_at.is_null())
