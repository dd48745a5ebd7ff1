"""What the tests of the review do: an ordinary inspection, and the requests of a manager about it."""

from uuid import UUID

import httpx

from inspections.review_tables import ReviewEvent, ReviewNote
from properties.tables import Property
from tests.inspections.doing import HTMX, post, start

HOB, BASIN = "kitchen_hob", "bathroom_basin"


async def clean(client: httpx.AsyncClient, home: Property, kind: str = "occupancy-check") -> UUID:
    """One of which nothing stands out: every room as it should be, every number read, nothing missing."""
    id = await start(client, home, kind)
    page = (await client.get(f"/inspections/{id}")).text
    for item in ("safety_smoke", "safety_co"):
        if f'id="item-{item}"' in page:
            await post(client, id, "readings", item=item, answer="yes", value="1")
    for item in ("meters_electric", "meters_gas", "meters_water"):
        if f'id="item-{item}"' in page:
            await post(client, id, "readings", item=item, answer="not here")
    if 'id="item-meters_keys"' in page:
        await post(client, id, "readings", item="meters_keys", value="2")
    rooms = {part.split('"')[0] for part in page.split('id="room-')[1:]}
    for room in rooms - {room for room in rooms if room.startswith("room-")}:  # what the phone would draw
        await post(client, id, "rooms/satisfactory", room=room)
    answer = await post(client, id, "complete")
    assert answer.status_code == 200, answer.text
    return id


async def unclean(client: httpx.AsyncClient, home: Property) -> UUID:
    """One that was completed with something missing."""
    id = await start(client, home)
    await post(client, id, "readings", item=HOB, condition="G")
    await post(client, id, "complete", reason="The rest was locked")
    return id


async def last(inspection: UUID) -> str:
    """The id of what was done last with it, as its page says."""
    rows = await ReviewEvent.select(ReviewEvent.id, ReviewEvent.after).where(ReviewEvent.inspection == inspection)
    followed = {row["after"] for row in rows}
    return next((str(row["id"]) for row in rows if row["id"] not in followed), str(inspection))


async def approve(client: httpx.AsyncClient, id: UUID, seen: str = "") -> httpx.Response:
    return await post(client, id, "review/approve", seen=seen or await last(id))


async def send_back(client: httpx.AsyncClient, id: UUID, seen: str = "", **notes: str) -> httpx.Response:
    """Notes by place: `item_kitchen_hob` is the box of that item."""
    boxes = {f"note-{place.replace('_', '-', 1)}": text for place, text in notes.items()}
    return await post(client, id, "review/back", seen=seen or await last(id), **boxes)


async def notes(id: UUID) -> list[ReviewNote]:
    return await ReviewNote.objects().where(ReviewNote.inspection == id).order_by(ReviewNote.number)


async def answer(client: httpx.AsyncClient, id: UUID, note: UUID, text: str = "Looked again") -> httpx.Response:
    return await post(client, id, "review/answers", note=str(note), text=text)


async def together(client: httpx.AsyncClient, *ids: UUID) -> httpx.Response:
    return await client.post("/review/approve", data={"ids": [str(id) for id in ids]}, headers=HTMX)
