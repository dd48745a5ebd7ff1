"""Both stores, and photographs sent as a phone sends them."""

import tempfile
from collections.abc import AsyncIterator, Callable, Iterator
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest

from media import imaging
from media.choosing import store_from
from media.folder_store import FolderStore
from media.s3_store import S3Store
from media.store import Store, StoreUnavailable, store, use
from pwa.ids import uuid7
from tests.servers import seaweed

Send = Callable[..., object]
SECRETS = (seaweed.KEY, seaweed.SECRET)


@pytest.fixture(scope="session")
def weed() -> Iterator[seaweed.Seaweed]:
    """One SeaweedFS for the whole run."""
    with tempfile.TemporaryDirectory(prefix="doorstep-weed-") as folder, seaweed.running(Path(folder)) as service:
        yield service


@pytest.fixture(params=["folder", "s3"])
def kept(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    if request.param == "folder":
        yield FolderStore(tmp_path / "photos")
        return
    service: seaweed.Seaweed = request.getfixturevalue("weed")
    made = store_from(service.url(str(uuid7())), *SECRETS)
    assert isinstance(made, S3Store)
    yield made
    made.client.close()


@pytest.fixture
def used(tmp_path: Path) -> Iterator[FolderStore]:
    """A folder of its own for a test that looks into the store of the app."""
    before = store()
    mine = FolderStore(tmp_path / "photos")
    use(mine)
    yield mine
    use(before)


@pytest.fixture
async def decoder(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[imaging.Decoder]:
    """A decoder whose children end with the test."""
    # A child is niced, so a large photograph takes longer on a busy machine; the kernel still limits its work.
    monkeypatch.setattr(imaging, "WALL_SECONDS", 60.0)
    made = imaging.Decoder()
    yield made
    await made.close()


class Away:
    """A store that cannot be reached."""

    def __init__(self, real: Store) -> None:
        self.real = real

    async def put(self, key: str, data: bytes) -> bool:
        raise StoreUnavailable("away")

    async def get(self, key: str) -> bytes | None:
        raise StoreUnavailable("away")

    async def exists(self, key: str) -> bool:
        raise StoreUnavailable("away")


def headers(data: bytes, command: UUID | None = None) -> dict[str, str]:
    """The headers a phone sends with a photograph."""
    now = datetime.now(UTC).isoformat()
    return {
        "Command-Id": str(command or uuid7()),
        "Command-Captured-At": now,
        "Command-Sent-At": now,
        "Command-Device": str(uuid7()),
        "Command-Sequence": "1",
        "Command-Body": sha256(data).hexdigest(),
        "Command-Version": "1",
        "Content-Type": "image/jpeg",
    }


async def send(
    phone: httpx.AsyncClient, data: bytes, command: UUID | None = None, name: str | None = None
) -> httpx.Response:
    """PUT one photograph."""
    address = f"/media/photos/{name or sha256(data).hexdigest()}"
    return await phone.put(address, content=data, headers=headers(data, command))
