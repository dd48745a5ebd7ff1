"""F13 and F14 of the fault list: a store that is away, slow, cut off, or keeps other bytes than it was sent."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime, timedelta
from hashlib import sha256

import pytest
from botocore.config import Config
from botocore.exceptions import ClientError

from media import due, queries, s3_store
from media.choosing import store_from
from media.rules import STORE_AWAY, State
from media.s3_store import S3Store
from media.store import StoreUnavailable, store, use
from media.tables import Photo
from pwa.ids import uuid7
from tests.conftest import World
from tests.media import files
from tests.media.conftest import SECRETS, send
from tests.servers import faulty, seaweed

DATA = files.photograph(800, 600)
SHA = sha256(DATA).hexdigest()
KEY = f"photos/{SHA}"
QUICK = Config(connect_timeout=1, read_timeout=1, retries={"total_max_attempts": 1})


@pytest.fixture
async def proxy(weed: seaweed.Seaweed) -> AsyncIterator[tuple[faulty.Proxy, str]]:
    async with faulty.proxy_to(weed.port) as made:
        yield made


@pytest.fixture
async def through(
    proxy: tuple[faulty.Proxy, str], weed: seaweed.Seaweed, monkeypatch: pytest.MonkeyPatch
) -> AsyncIterator[S3Store]:
    """Our store, with the faulty network between it and the service."""
    monkeypatch.setattr(s3_store, "CONFIG", s3_store.CONFIG.merge(QUICK))
    made = store_from(weed.url(str(uuid7()), proxy[1]), *SECRETS)
    assert isinstance(made, S3Store)
    yield made
    made.client.close()


@pytest.fixture
def fault(proxy: tuple[faulty.Proxy, str]) -> faulty.Fault:
    return proxy[0].fault


@pytest.fixture
async def straight(through: S3Store, weed: seaweed.Seaweed) -> AsyncIterator[S3Store]:
    """The same place in the service, with nothing in between."""
    made = store_from(weed.url(through.prefix), *SECRETS)
    assert isinstance(made, S3Store)
    yield made
    made.client.close()


@pytest.fixture
async def phone_and(world: World, through: S3Store) -> AsyncIterator[World]:
    """The app, storing through the faulty network."""
    before = store()
    use(through)
    yield world
    use(before)


def break_it(fault: faulty.Fault, how: str) -> None:
    if how == "reset half-way":
        fault.reset_after = len(DATA) // 2
    elif how.isdigit():
        fault.status = int(how)
    else:
        setattr(fault, how, True)


def mend_it(fault: faulty.Fault) -> None:
    fault.refuse = fault.silent = False
    fault.status, fault.reset_after = 0, None


def flip(times: int, length: int) -> Callable[[bytes], bytes]:
    """Changes one byte in so many of the bodies that pass."""
    left, lock = [times], threading.Lock()
    middle = DATA[length // 2 : length // 2 + 24]

    def change(data: bytes) -> bytes:
        with lock:
            if left[0] and middle in data:
                left[0] -= 1
                return data.replace(middle, bytes([middle[0] ^ 1]) + middle[1:], 1)
        return data

    return change


@pytest.mark.parametrize("how", ["refuse", "500", "403", "silent", "reset half-way"])
async def test_with_the_store_broken_the_phone_keeps_the_photo_and_text_goes_on(
    phone_and: World, fault: faulty.Fault, straight: S3Store, how: str
) -> None:
    phone, command = await phone_and.sign_in("asha"), uuid7()
    break_it(fault, how)
    answer, page = await asyncio.gather(send(phone, DATA, command), phone.get("/outbox"))
    assert answer.status_code == 503
    assert STORE_AWAY.sentence in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert page.status_code == 200
    assert await Photo.count() == 0
    assert await straight.get(KEY) is None
    mend_it(fault)
    again = await send(phone, DATA, command)
    assert again.status_code == 201
    assert await straight.get(KEY) == DATA


async def test_wrong_bytes_read_back_once_are_sent_again(
    through: S3Store, straight: S3Store, fault: faulty.Fault
) -> None:
    fault.downwards = flip(1, len(DATA))
    assert await through.put(KEY, DATA) is True
    assert await straight.get(KEY) == DATA
    puts = [line for line in fault.seen if line.startswith(b"PUT")]
    assert len(puts) == 2


async def test_a_store_that_always_keeps_other_bytes_is_not_believed(
    phone_and: World, straight: S3Store, fault: faulty.Fault, caplog: pytest.LogCaptureFixture
) -> None:
    fault.downwards = flip(99, len(DATA))
    answer = await send(await phone_and.sign_in("asha"), DATA)
    assert answer.status_code == 503
    assert await Photo.count() == 0
    assert await straight.get(KEY) is None
    assert "kept other bytes than it was sent" in caplog.text


async def test_bytes_changed_on_the_way_in_are_never_acknowledged_as_kept(
    through: S3Store, straight: S3Store, fault: faulty.Fault
) -> None:
    fault.upwards = flip(1, len(DATA))
    try:
        await through.put(KEY, DATA)
    except StoreUnavailable:
        assert await straight.get(KEY) is None
    else:
        assert await straight.get(KEY) == DATA


async def test_a_service_that_knows_neither_checksums_nor_conditions_is_used_plainly(
    through: S3Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = through.client.put_object

    def old(**asked: object) -> object:
        if "IfNoneMatch" in asked or "ChecksumSHA256" in asked:
            raise ClientError({"Error": {"Code": "NotImplemented", "Message": ""}}, "PutObject")
        return real(**asked)  # type: ignore[arg-type]

    monkeypatch.setattr(through.client, "put_object", old)
    assert await through.put(KEY, DATA) is True
    assert await through.put(KEY, DATA) is False
    assert await through.get(KEY) == DATA


async def test_copies_wait_for_the_store_and_the_photo_is_not_blamed(
    phone_and: World, proxy: tuple[faulty.Proxy, str]
) -> None:
    fault = proxy[0].fault
    await send(await phone_and.sign_in("asha"), DATA)
    at = datetime.now(UTC)
    fault.refuse = True
    await proxy[0].cut()
    for turn in range(6):
        await due.run_due(at + turn * timedelta(minutes=2))
    assert (await queries.photos([SHA]))[SHA].state is State.received
    fault.refuse = False
    await due.run_due(at + timedelta(minutes=30))
    assert (await queries.photos([SHA]))[SHA].state is State.ready
