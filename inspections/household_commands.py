"""What a household does with the link it was sent. Each runs inside `once`, with a receipt like any other."""

from inspections import inventory_rules
from inspections.inventory_queries import Link, link_still_open
from inspections.inventory_tables import (
    InventoryComment,
    InventoryLink,
    InventoryOpened,
    InventoryPhoto,
    InventoryReply,
)
from media import commands as media
from media.rules import Picture
from pwa.answers import Refused
from pwa.outbox import Sent, lock_row


async def note_opened(sent: Sent, link: Link) -> None:
    """The first time that somebody, or their mailbox for them, opened it."""
    await _mine(sent, link)
    if not await InventoryOpened.exists().where(InventoryOpened.link == link.id):
        await InventoryOpened.insert(InventoryOpened(link=link.id, opened_at=sent.received_at))
    sent.note = "inventory opened"


async def comment(sent: Sent, link: Link, item: str, text: str) -> None:
    """One more thing they say. Nothing is ever written over. NotFound once the link is closed."""
    await _mine(sent, link)
    if not text:
        raise Refused({"text": "Write what you want to tell us."})
    if await InventoryComment.count().where(InventoryComment.link == link.id) >= inventory_rules.MOST_COMMENTS:
        raise Refused({"text": inventory_rules.TOO_MANY_COMMENTS})
    row = InventoryComment(link=link.id, item=item, text=text, received_at=sent.received_at)
    await InventoryComment.insert(row)
    sent.note = "household: comment on the inventory"


async def add_photo(sent: Sent, link: Link, item: str, picture: Picture) -> None:
    """A photograph whose bytes the store already holds. In media its sender is the link. NotFound once closed."""
    await _mine(sent, link)
    mine = InventoryPhoto.link == link.id
    if await InventoryPhoto.count().where(mine) >= inventory_rules.MOST_PHOTOS:
        raise Refused({"file": inventory_rules.TOO_MANY_PHOTOS})
    await media.receive_photo(sent, picture)
    same = (InventoryPhoto.item == item) & (InventoryPhoto.sha256 == sent.body_sha256)
    if not await InventoryPhoto.exists().where(mine & same):
        row = InventoryPhoto(link=link.id, item=item, sha256=sent.body_sha256, received_at=sent.received_at)
        await InventoryPhoto.insert(row)
    sent.note = "household: photo for the inventory"


async def nothing_to_add(sent: Sent, link: Link) -> None:
    """Their own word for it, by pressing a button. Silence never does this."""
    await _mine(sent, link)
    if not await InventoryReply.exists().where(InventoryReply.link == link.id):
        await InventoryReply.insert(InventoryReply(link=link.id, received_at=sent.received_at))
    sent.note = "household: looked, nothing to add"


async def _mine(sent: Sent, link: Link) -> None:
    """One answer at a time, and none after the link was taken back."""
    await lock_row(InventoryLink, link.id)
    await link_still_open(link, sent.received_at)
