"""What the tests of retention do: an inspection, made long ago, with everything in it."""

import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx

from inspections.tables import Completion, Inspection
from media.tables import Photo
from properties.tables import Property
from pwa.ids import uuid7
from server.retention import forget
from server.settings import read
from tests.conftest import World
from tests.inspections.doing import post, start
from tests.media.conftest import send
from tests.media.files import jpeg, scene

NOTE = "canary-4b1d mould behind the wardrobe"
RULES = read({"DOORSTEP_RETAIN_INSPECTIONS_YEARS": "7", "DOORSTEP_RETAIN_DOOR_PHOTOS_YEARS": "3"})
NOW = datetime.now(UTC)
LONG_AGO = NOW - timedelta(days=8 * 366)
LATER = NOW + timedelta(days=8)  # when photographs that were let go of are due


def picture(width: int = 40) -> tuple[bytes, str]:
    data = jpeg(scene(width, 30))
    return data, hashlib.sha256(data).hexdigest()


@dataclass
class Made:
    id: UUID
    sha: str
    client: httpx.AsyncClient

    @property
    def address(self) -> str:
        return f"/inspections/{self.id}"


async def inspected(
    world: World, home: Property, width: int = 40, note: str = NOTE, complete: bool = True
) -> Made:
    """Asha's, with a reading, a finding, a renamed room, a captioned photograph and, completed, an addendum."""
    asha, (data, sha) = await world.sign_in("asha"), picture(width)
    id = await start(asha, home)
    done = [
        await post(asha, id, "readings", item="kitchen_hob", condition="P", cleanliness="clean", note=note),
        await post(asha, id, "rooms/change", room="kitchen", label=note),
        await post(asha, id, "findings", id=str(uuid7()), item="kitchen_hob", what="repair", severity="minor",
                   liability="council", note=note),
        await attached(asha, id, sha, caption=note),
    ]  # fmt: skip
    if complete:
        done.append(await post(asha, id, "complete", reason=note, photos=sha))
        done.append(await post(asha, id, "addenda", text=note))
    assert [one.status_code for one in done] == [200] * len(done), [one.text for one in done]
    assert (await send(asha, data)).status_code in (200, 201)
    return Made(id, sha, asha)


async def attached(client: httpx.AsyncClient, id: UUID, sha: str, **more: Any) -> httpx.Response:
    return await post(client, id, "photos", id=str(uuid7()), sha256=sha, item="kitchen_hob", **more)


async def aged(made: Made, begun: datetime = LONG_AGO, completed: datetime = LONG_AGO) -> Made:
    """As if it had been received then."""
    await Inspection.update({Inspection.received_at: begun}).where(Inspection.id == made.id)
    await Completion.update({Completion.received_at: completed}).where(Completion.inspection == made.id)
    return made


async def due(at: datetime = NOW) -> None:
    """The due work until nothing is left of it."""
    while await forget(at, RULES):
        pass


async def photos() -> set[str]:
    return {row["sha256"] for row in await Photo.select(Photo.sha256)}
