"""What the tests of inventories do: a completed move-in, a link on its way to the household, and who opens it."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx

from inspections.inventory_tables import InventoryLink
from messages import due, sending
from messages.tables import Message
from properties.tables import Property
from server.settings import settings
from tests.conftest import World
from tests.inspections.comparing import move_in
from tests.inspections.doing import post

NUMBER = "07700 900 123"


@contextmanager
def going_out(**more: Any) -> Iterator[None]:
    """As in the demo: nothing leaves, and what would have been sent is shown."""
    sending.use(replace(settings.sending, demo=True, **more))
    yield
    sending.use(settings.sending)


async def sent(client: httpx.AsyncClient, inspection: UUID, to: str = NUMBER, channel: str = "sms") -> str:
    """The officer sends the link and the engine hands it over; the path it opens."""
    answer = await post(client, inspection, "inventory/links", channel=channel, to=to)
    assert answer.status_code == 200, answer.text
    path = await newest_path(inspection)
    await due.run_due(datetime.now(UTC))
    return path


async def newest_path(inspection: UUID) -> str:
    """Read from the message, which alone knows the secret."""
    message = await newest(inspection)
    found = re.search(r'"link": "([^"]+)"', message["personalisation"])
    assert found
    return urlsplit(found[1]).path


async def newest(inspection: UUID) -> dict[str, Any]:
    link = (
        await InventoryLink.select()
        .where(InventoryLink.inspection == inspection)
        .order_by(InventoryLink.received_at, ascending=False)
        .order_by(InventoryLink.id, ascending=False)
        .first()
    )
    assert link is not None
    message = await Message.select().where(Message.id == link["message"]).first()
    assert message is not None
    return message


async def handed_over(inspection: UUID, ago: timedelta) -> None:
    """As if the message had gone out so long ago."""
    message = await newest(inspection)
    await Message.update({Message.sent_at: datetime.now(UTC) - ago}).where(Message.id == message["id"])


async def in_their_hands(world: World, home: Property) -> tuple[httpx.AsyncClient, UUID, str, httpx.AsyncClient]:
    """Asha's browser, her move-in, the path of its link, and the household's own browser."""
    asha = await world.sign_in("asha")
    inspection = await move_in(asha, home)
    return asha, inspection, await sent(asha, inspection), world.browser()
