"""PUT /media/photos/{sha256}: acknowledged means stored, once, and every refusal keeps the photo on the phone."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from uuid import UUID

import pytest

from media import queries, rules
from media.folder_store import FolderStore
from media.rules import State
from media.store import use
from media.tables import Photo
from pwa.ids import uuid7
from pwa.tables import Conflict, Receipt
from tests.conftest import World
from tests.media import files
from tests.media.conftest import Away, headers, send

DATA = files.jpeg(files.scene(900, 600))
SHA = sha256(DATA).hexdigest()


async def test_a_photo_is_stored_and_receipted(world: World, used: FolderStore) -> None:
    command = uuid7()
    answer = await send(await world.sign_in("asha"), DATA, command)
    assert answer.status_code == 201
    assert answer.headers["receipt"].startswith(f"id={command}; sha256={SHA}; ")
    assert "replayed=0; outcome=done" in answer.headers["receipt"]
    assert await used.get(f"photos/{SHA}") == DATA
    photo = (await queries.photos([SHA]))[SHA]
    assert (photo.person, photo.state, photo.kind) == (world.asha.id, State.received, rules.Kind.jpeg)
    assert (photo.width, photo.height, photo.bytes_size) == (900, 600, len(DATA))


async def test_the_same_command_again_is_answered_with_the_first_receipt(world: World, used: FolderStore) -> None:
    phone, command = await world.sign_in("asha"), uuid7()
    first = await send(phone, DATA, command)
    again = await send(phone, DATA, command)
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.headers["receipt"] == first.headers["receipt"].replace("replayed=0", "replayed=1")
    assert await Photo.count() == 1


async def test_a_second_put_of_the_same_bytes_is_the_same_photo(world: World, used: FolderStore) -> None:
    phone = await world.sign_in("asha")
    await send(phone, DATA)
    again = await send(phone, DATA)
    assert again.status_code == 201
    assert await Photo.count() == 1
    assert await Receipt.count() == 2


async def test_the_same_bytes_from_two_people_are_stored_once_and_recorded_twice(
    world: World, used: FolderStore
) -> None:
    await send(await world.sign_in("asha"), DATA)
    await send(await world.sign_in("ben"), DATA)
    assert await Photo.count() == 2
    assert [stored.key async for stored in used.walk("photos/")] == [f"photos/{SHA}"]


async def test_fifty_at_once_make_one_row_and_one_file(world: World, used: FolderStore) -> None:
    phone, command = await world.sign_in("asha"), uuid7()
    answers = await asyncio.gather(*(send(phone, DATA, command) for _ in range(50)))
    assert sorted({answer.status_code for answer in answers}) == [200, 201]
    assert [answer.status_code for answer in answers].count(201) == 1
    assert len({answer.headers["receipt"].replace("replayed=1", "replayed=0") for answer in answers}) == 1
    assert (await Photo.count(), await Receipt.count()) == (1, 1)


async def test_the_same_command_with_another_photo_is_a_mismatch_and_both_are_kept(
    world: World, used: FolderStore
) -> None:
    phone, command, other = await world.sign_in("asha"), uuid7(), files.jpeg(files.scene(64, 48))
    await send(phone, DATA, command)
    answer = await send(phone, other, command)
    assert answer.status_code == 409
    assert "Both copies are kept." in answer.text
    assert await Conflict.count() == 1


@pytest.mark.parametrize("name", ["0" * 64, SHA[:-1] + ("0" if SHA[-1] != "0" else "1")])
async def test_bytes_that_are_not_what_they_are_named_by_did_not_arrive_whole(
    world: World, used: FolderStore, name: str
) -> None:
    answer = await send(await world.sign_in("asha"), DATA, name=name)
    assert answer.status_code == 422
    assert rules.NOT_WHOLE.sentence in answer.text
    assert await Photo.count() == 0
    assert not await used.exists(f"photos/{name}")


async def test_a_photo_cut_short_on_the_way_is_told_so_whatever_its_headers_say(
    world: World, used: FolderStore
) -> None:
    phone = await world.sign_in("asha")
    answer = await phone.put(f"/media/photos/{SHA}", content=DATA[:900], headers=headers(DATA))
    assert answer.status_code == 422
    assert rules.NOT_WHOLE.sentence in answer.text


@pytest.mark.parametrize("name", [SHA.upper(), SHA[:-1], "é" * 64])
async def test_a_name_that_is_no_hash_is_not_found(world: World, used: FolderStore, name: str) -> None:
    answer = await send(await world.sign_in("asha"), DATA, name=name)
    assert answer.status_code == 404
    assert await Photo.count() == 0


async def test_a_name_that_climbs_out_of_the_folder_is_no_command_of_ours(world: World, used: FolderStore) -> None:
    answer = await send(await world.sign_in("asha"), DATA, name="..%2f..%2fetc%2fpasswd")
    assert answer.status_code == 409
    assert await Photo.count() == 0


async def test_a_body_over_the_limit_is_refused_before_it_is_read(world: World, used: FolderStore) -> None:
    phone, read = await world.sign_in("asha"), 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal read
        while True:
            read += 1
            yield bytes(64 * 1024)

    told = await phone.put(
        f"/media/photos/{SHA}", content=endless(), headers=headers(DATA) | {"Content-Length": str(30 * 1024**2)}
    )
    assert told.status_code == 413
    assert rules.TOO_BIG.sentence in told.text
    assert read == 0
    untold = await phone.put(f"/media/photos/{SHA}", content=endless(), headers=headers(DATA))
    assert untold.status_code == 413
    assert rules.TOO_BIG.sentence in untold.text
    assert read * 64 * 1024 < 2 * rules.MAX_BYTES


async def sent_before(who: UUID, *hours: int) -> None:
    """Photographs of a gigabyte each, so many hours ago."""
    now = datetime.now(UTC)
    for ago in hours:
        await Photo.insert(
            Photo(
                sha256=f"{ago:064x}", person=who, bytes_size=rules.BYTES_A_DAY // 2, mime="image/jpeg",
                width=1, height=1, captured_at=now, received_at=now - timedelta(hours=ago), try_after=now,
            )
        )  # fmt: skip


async def test_two_gigabytes_a_day_and_then_the_phone_keeps_the_rest(world: World, used: FolderStore) -> None:
    await sent_before(world.asha.id, 1, 23)
    answer = await send(await world.sign_in("asha"), DATA)
    assert answer.status_code == 429
    assert rules.TOO_MANY_TODAY.sentence in answer.text
    # The day is the last 24 hours, so no day can be named.
    assert "will be sent later" in answer.text
    assert answer.headers["retry-after"] == "3600"
    assert (await send(await world.sign_in("ben"), DATA)).status_code == 201


async def test_what_was_sent_yesterday_does_not_count(world: World, used: FolderStore) -> None:
    await sent_before(world.asha.id, 1, 25, 30)
    assert (await send(await world.sign_in("asha"), DATA)).status_code == 201


async def test_with_the_store_away_the_photo_stays_on_the_phone(world: World, used: FolderStore) -> None:
    phone, command = await world.sign_in("asha"), uuid7()
    use(Away(used))  # type: ignore[arg-type]
    answer = await send(phone, DATA, command)
    assert answer.status_code == 503
    assert rules.STORE_AWAY.sentence in answer.text
    assert int(answer.headers["retry-after"]) > 0
    assert "receipt" not in answer.headers
    assert (await Photo.count(), await Receipt.count()) == (0, 0)
    use(used)
    assert (await send(phone, DATA, command)).status_code == 201


@pytest.mark.parametrize(("name", "status"), [("asha", 201), ("dina", 201), ("callum", 403), ("ade", 403)])
async def test_those_who_inspect_may_send_photos(world: World, used: FolderStore, name: str, status: int) -> None:
    assert (await send(await world.sign_in(name), DATA)).status_code == status


async def test_without_a_session_the_photo_is_not_even_read(world: World, used: FolderStore) -> None:
    answer = await send(world.browser(), DATA)
    assert answer.status_code == 401
    assert "Nothing is lost." in answer.text
    assert await Photo.count() == 0


async def test_bytes_swept_away_while_their_row_was_written_are_put_back(
    world: World, used: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    await used.put(f"photos/{SHA}", DATA)
    real = used.put

    async def swept_after(key: str, data: bytes) -> bool:
        created = await real(key, data)
        await used.set_aside(key)
        monkeypatch.setattr(used, "put", real)
        return created

    monkeypatch.setattr(used, "put", swept_after)
    assert (await send(await world.sign_in("asha"), DATA)).status_code == 201
    assert await used.get(f"photos/{SHA}") == DATA
