"""A link in a message is used, and the alarm it opened is taken on."""

import secrets
from typing import Any
from uuid import UUID

from lone_working.alarms import link_rules
from lone_working.alarms.link_rules import Link
from lone_working.alarms.links import holder, link_of
from lone_working.alarms.responding import acknowledge
from lone_working.alarms.tables import AlarmLink
from pwa.answers import NotFound
from pwa.outbox import Sent, lock_row


async def use(sent: Sent, link: Link, press: UUID, page: list[str]) -> None:
    """The secret of the page it opens is put in `page`. NotFound if somebody was first."""
    await lock_row(AlarmLink, link.id)
    row = await AlarmLink.select().where(AlarmLink.id == link.id).first()
    if row is None or not (await link_of(row, sent.received_at)).opens(sent.received_at, press):
        raise NotFound
    page.append(secrets.token_urlsafe(link_rules.TOKEN_BYTES))
    used: dict[Any, Any] = {
        AlarmLink.used_at: row["used_at"] or sent.received_at,
        AlarmLink.used_with: press,
        AlarmLink.page_sha256: link_rules.hash_of(page[-1]),
    }
    await AlarmLink.update(used).where(AlarmLink.id == link.id)
    sent.note = "opened an alarm by the link in a message"


async def take_on(sent: Sent, link: Link, page: str) -> None:
    """I’ll take this, from the page that the link opened. NotFound from any other."""
    if not link.shows(page, sent.received_at):
        raise NotFound
    await acknowledge(sent, await holder(link, sent.received_at), link.alarm)
