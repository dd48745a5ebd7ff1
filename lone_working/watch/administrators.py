"""What is wrong with the server, to those who can have it mended."""

from datetime import datetime
from uuid import UUID, uuid5

from lone_working import ways
from messages import commands as messages
from messages import queries as sending
from messages.rules import Channel
from people import queries as people
from people.rules import Role
from pwa.outbox import writing


async def tell(what: str, id: UUID, at: datetime) -> None:
    """`what`: one sentence. Every administrator once for each `id`, however many processes say it."""
    given = {"what": what, "link": sending.public_address()}
    out = []
    for one in await people.contacts([]):
        for channel in ways.of(one) if one.role is Role.ADMINISTRATOR else ():
            to = ways.mobile(one) if channel is Channel.SMS else ways.email(one)
            mine = uuid5(id, f"{one.id} {channel}")
            wanted = messages.Wanted(mine, channel, f"alarm-server-{channel.value}", to, given, "")
            out.append((messages.Cause(None, None, "Doorstep", at), wanted))
    async with writing():
        await messages.put_out_all(out)
