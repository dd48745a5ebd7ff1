"""Links in messages about an alarm: each opens that alarm for whom its message went to, once, for a quarter of an
hour, with no sign-in. To look at one uses nothing up, for telephones and mail programs look first; a button does.
"""

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from lone_working.alarms import link_rules
from lone_working.alarms.link_rules import Link
from lone_working.alarms.tables import AlarmLink
from messages import queries as sending
from people import queries as people
from people.rules import SignedIn
from pwa.adding import AddingMany
from pwa.answers import NotFound
from pwa.outbox import writing

KEPT = timedelta(days=1)
_ADD = AddingMany(AlarmLink, AlarmLink.id)


async def mint(wanted: Iterable[tuple[UUID, UUID, UUID]], at: datetime) -> dict[UUID, str]:
    """For each message, alarm and person a secret, by message. Inside the transaction that puts the messages out.

    A message that is known already keeps the one it has: what is given back for it is in no message.
    """
    tokens: dict[UUID, str] = {}
    rows = []
    for message, alarm, person in wanted:
        tokens[message] = secrets.token_urlsafe(link_rules.TOKEN_BYTES)
        sha256 = link_rules.hash_of(tokens[message])
        rows.append({"id": message, "token_sha256": sha256, "alarm": alarm, "person": person, "made_at": at})
    await _ADD(rows)
    return tokens


async def link_by(token: str, at: datetime) -> Link:
    """Also one that is used or too old. NotFound for what never was, and for whoever works here no more."""
    row = await AlarmLink.select().where(AlarmLink.token_sha256 == link_rules.hash_of(token)).first()
    if row is None or not await _works_here(row["person"]):
        raise NotFound
    return await link_of(row, at)


async def link_of(row: dict[str, Any], at: datetime) -> Link:
    standing = (await sending.standings([row["id"]])).get(row["id"])
    since = (standing.sent_at or at) if standing else row["made_at"]
    return Link(
        row["id"], row["alarm"], row["person"], since, row["used_at"], row["used_with"], row["page_sha256"]
    )


async def _works_here(person: UUID) -> bool:
    return any(one.id == person for one in await people.contacts([person]))


async def holder(link: Link, at: datetime) -> SignedIn:
    """Whoever it was sent to, as if signed in, for that one alarm."""
    me = await people.person_as(link.person, at)
    if me is None:
        raise NotFound
    return me


async def erase_older(at: datetime) -> int:
    """They open nothing any more."""
    old = AlarmLink.made_at < at - KEPT
    if not await AlarmLink.exists().where(old):
        return 0
    async with writing():
        return len(await AlarmLink.delete().where(old).returning(AlarmLink.id))
