"""Going out alone in tests: one line begins a session."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from lone_working.alarms import due
from lone_working.tables import LoneSession, SafePin
from messages import sending
from people import passwords
from people.tables import Person
from server.settings import settings
from tests.conftest import World

SAFE, DURESS = "2580", "7413"
HTMX = {"HX-Request": "true"}


@contextmanager
def sending_works() -> Iterator[None]:
    """Messages are shown instead of sent, as in the demo: without any, nobody could be told."""
    sending.use(replace(settings.sending, demo=True))
    yield
    sending.use(settings.sending)


async def reachable(world: World) -> None:
    """Everybody has a mobile number."""
    await Person.update({Person.phone: "07700 900123"}).where(Person.phone == "")


async def begun(
    world: World, who: str = "asha", place: str = "The old mill, first floor", buddy: str = ""
) -> UUID:
    await reachable(world)
    client = await world.sign_in(who)
    more = {"buddy": str(world.people[buddy].id)} if buddy else {}
    answer = await client.post("/lone-working", data={"place": place, "minutes": "30", **more})
    assert answer.status_code == 303, answer.text
    row = await (
        LoneSession.select(LoneSession.id)
        .where(LoneSession.person == world.people[who].id)
        .order_by(LoneSession.received_at, ascending=False)
        .first()
    )
    assert row is not None
    found: UUID = row["id"]
    return found


async def with_pins(world: World, who: str = "asha") -> None:
    await SafePin.insert(
        SafePin(
            person=world.people[who].id,
            safe_hash=await passwords.hashed(SAFE),
            duress_hash=await passwords.hashed(DURESS),
            made_at=datetime.now(UTC),
        )
    )


async def let_pass(session: UUID, minutes: int) -> None:
    """As if everything of it were so much longer ago."""
    row = await LoneSession.select().where(LoneSession.id == session).first()
    assert row is not None
    ago = timedelta(minutes=minutes)
    await LoneSession.update(
        {
            LoneSession.due_at: row["due_at"] - ago,
            LoneSession.started_at: row["started_at"] - ago,
            LoneSession.heard_at: row["heard_at"] - ago,
        }
    ).where(LoneSession.id == session)


async def post(client: httpx.AsyncClient, session: UUID, act: str, **data: str) -> httpx.Response:
    return await client.post(f"/lone-working/{session}/{act}", data=data, headers=HTMX)


async def watched(since: int, until: int) -> None:
    """The engine looks every half a minute, from so many minutes after now on."""
    now = datetime.now(UTC)
    for half in range(2 * since, 2 * until + 1):
        await due.scan(now + timedelta(seconds=30 * half), due.HERE)
