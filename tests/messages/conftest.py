"""A message on its way out, the provider it goes to, and what the engine makes of it."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from messages import commands, due, sending
from messages.rules import Channel
from messages.tables import Message
from pwa.ids import uuid7
from pwa.outbox import once
from server.settings import settings
from tests.conftest import World
from tests.pwa.test_once import sent as sent_by
from tests.servers.notify import KEY, TEMPLATES, Notify

TOKEN = "a token of twenty letters"
NOW = datetime.now(UTC)
LINK = "https://doorstep.test/inventory/canary-secret"


@pytest.fixture
def notify() -> Iterator[Notify]:
    """GOV.UK Notify, on loopback."""
    provider = Notify()
    address = provider.start()
    sending.use(replace(settings.sending, key=KEY, url=address, templates=TEMPLATES, token=TOKEN))
    yield provider
    sending.use(settings.sending)
    provider.stop()


@pytest.fixture
async def message(world: World) -> AsyncIterator[UUID]:
    """One that waits to be handed over."""
    yield await put_out(world)


async def put_out(world: World, channel: Channel = Channel.SMS, to: str = "+447700900123") -> UUID:
    id = uuid7()
    wanted = commands.Wanted(id, channel, f"inventory-{channel.value}", to, {"link": LINK}, "/inspections/x")
    by = replace(sent_by(person=world.asha.id), team_id=world.teams["north"].id, received_at=NOW)
    await once(by, commands.put_out, wanted)
    return id


async def turn(later: timedelta = timedelta()) -> int:
    """What the engine does once, so much later."""
    return await due.run_due(NOW + later)


async def row(id: UUID) -> dict[str, Any]:
    found = await Message.select().where(Message.id == id).first()
    assert found is not None
    return found
