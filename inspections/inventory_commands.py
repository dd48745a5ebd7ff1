"""The officer's side: sending the household a link to the inventory of their home, and taking it back."""

import secrets
from typing import Any
from uuid import UUID

from inspections import inventory_rules, queries
from inspections.choices import Kind
from inspections.commands import keep_if_gone, times
from inspections.inventory_rules import Ended
from inspections.inventory_tables import InventoryLink, InventoryLinkEnd
from inspections.queries import Opened
from inspections.tables import Inspection
from messages import commands as messages
from messages import queries as outbox
from messages.rules import Channel, recipient
from people.rules import SignedIn
from properties import queries as properties
from pwa.answers import Refused
from pwa.ids import uuid7
from pwa.outbox import Sent, lock_row

ONLY_MOVE_IN = "Only the inventory of a move-in is sent to the household."
NOT_COMPLETED = "Complete the inspection first. Then its inventory can be sent."
CONFIDENTIAL = "This address is confidential, so nothing about it is sent. Show them the list yourself."


async def send_link(sent: Sent, officer: SignedIn, inspection: Opened, data: Any) -> None:
    """Have a new link sent to the household. One that was sent before opens nothing from now on.

    Refused for what has no inventory to show, and for a confidential home.
    """
    keep_if_gone(inspection)
    to = await _recipient(officer, inspection, data)
    await lock_row(Inspection, inspection.id)
    if await queries.completion_of(inspection) is None:
        raise Refused({"channel": NOT_COMPLETED})
    await _end_links(sent, officer, inspection, Ended.REPLACED)
    token, message = secrets.token_urlsafe(inventory_rules.TOKEN_BYTES), uuid7()
    link = InventoryLink(
        inspection=inspection.id,
        token_sha256=inventory_rules.hash_of(token),
        message=message,
        person=officer.id,
        **times(sent),
    )
    await InventoryLink.insert(link)
    wanted = messages.Wanted(
        id=message,
        channel=data.channel,
        template=f"inventory-{data.channel}",
        recipient=to,
        personalisation={"link": f"{outbox.public_address()}/inventory/{token}"},
        record=f"/inspections/{inspection.id}",
    )
    await messages.put_out(sent, wanted)
    sent.note = "inventory sent to the household"


async def _recipient(officer: SignedIn, inspection: Opened, data: Any) -> str:
    if inspection.kind != Kind.MOVE_IN:
        raise Refused({"channel": ONLY_MOVE_IN})
    if data.channel is None:
        raise Refused({"channel": "Choose a text message or an e-mail."})
    if (await properties.home_for(officer, inspection.property)).confidential:
        raise Refused({"channel": CONFIDENTIAL})
    if not outbox.ready():
        raise Refused({"channel": messages.NOT_READY})
    try:
        return recipient(Channel(data.channel), data.to)
    except ValueError as wrong:
        raise Refused({"to": str(wrong)}) from wrong


async def take_back(sent: Sent, officer: SignedIn, inspection: Opened) -> None:
    """The link opens nothing any more. What the household said by it stays."""
    keep_if_gone(inspection)
    await lock_row(Inspection, inspection.id)
    ended = await _end_links(sent, officer, inspection, Ended.REVOKED)
    sent.note = "inventory link taken back" if ended else "no inventory link to take back"


async def _end_links(sent: Sent, officer: SignedIn, inspection: Opened, why: Ended) -> list[UUID]:
    over = InventoryLinkEnd.select(InventoryLinkEnd.link)
    rows = await InventoryLink.select(InventoryLink.id, InventoryLink.message).where(
        (InventoryLink.inspection == inspection.id) & InventoryLink.id.not_in(over)
    )
    ends = [InventoryLinkEnd(link=row["id"], why=why.value, person=officer.id, **times(sent)) for row in rows]
    if ends:
        await InventoryLinkEnd.insert(*ends)
    await messages.stop([row["message"] for row in rows])
    return [row["id"] for row in rows]
