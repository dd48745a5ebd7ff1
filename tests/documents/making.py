"""What the tests of documents do: an inspection with photographs, its report, and the engine's turn."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx

from documents.due import builder
from documents.tables import Document
from properties.tables import Property
from pwa import due as receipts
from pwa.ids import uuid7
from tests.inspections.doing import HTMX
from tests.media.files import photograph


async def post(client: httpx.AsyncClient, path: str, **data: str) -> httpx.Response:
    answer = await client.post(path, data=data, headers=HTMX)
    assert answer.status_code == 200, answer.text
    return answer


async def inspected(client: httpx.AsyncClient, home: Property, photos: int = 2, note: str = "Black patch") -> UUID:
    """A completed inspection with a hazard, a meter reading and photographs."""
    id = uuid7()
    await post(client, "/inspections", id=str(id), property=str(home.id), kind="void")
    path = f"/inspections/{id}"
    await post(client, f"{path}/readings", item="kitchen_walls", condition="P", cleanliness="dirty", note=note)
    await post(client, f"{path}/readings", item="meters_electric", value="48210")
    await post(
        client, f"{path}/findings", id=str(uuid7()), item="kitchen_walls", what="hazard", severity="significant",
        liability="council", note=note, hazard="1", cost="120.50",
    )  # fmt: skip
    for number in range(photos):
        await photographed(client, path, photograph(1000 + number, 750), f"Corner {number}")
    await post(client, f"{path}/complete", reason="No key to the <loft>", photos="")
    return id


async def photographed(
    client: httpx.AsyncClient, path: str, data: bytes, caption: str, item: str = "kitchen_walls"
) -> str:
    sha = hashlib.sha256(data).hexdigest()
    await client.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    await post(client, f"{path}/photos", id=str(uuid7()), sha256=sha, item=item, caption=caption)
    return sha


async def asked(client: httpx.AsyncClient, inspection: UUID, kind: str = "inspection-report") -> UUID:
    """The document that was asked for."""
    answer = await post(client, f"/inspections/{inspection}/documents", kind=kind)
    return UUID(answer.headers["HX-Redirect"].removeprefix("/documents/"))


async def turn(later: timedelta = timedelta(0)) -> int:
    """One turn of the engine for documents, to its end; how many were begun."""
    begun = await builder.turn(datetime.now(UTC) + later)
    await builder.finished()
    return begun


async def made(client: httpx.AsyncClient, inspection: UUID, kind: str = "inspection-report") -> bytes:
    """The sealed PDF as it is downloaded."""
    document = await asked(client, inspection, kind)
    await receipts.run_due(datetime.now(UTC))
    await turn()
    answer = await client.get(f"/documents/{document}/file")
    row = await Document.select().where(Document.id == document).first()
    assert answer.status_code == 200, row
    return answer.content
