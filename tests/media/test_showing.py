"""Photographs out again: only to our own pages, only as clean copies, originals only as downloads."""

from datetime import UTC, datetime
from hashlib import sha256

import pytest
from litestar import Request
from litestar.testing import RequestFactory

from media import due, queries, rules
from media.folder_store import FolderStore
from media.handlers import original_response, ours, picture_response
from media.store import store, use
from pwa.answers import NotFound, Turned
from tests.conftest import World
from tests.media import files
from tests.media.conftest import Away, send

DATA = files.jpeg(files.scene(900, 600))
SHA = sha256(DATA).hexdigest()


def asked(**sent: str) -> Request:  # type: ignore[type-arg]
    return RequestFactory().get("/", headers={"host": "doorstep.test", **sent})


@pytest.mark.parametrize(
    ("sent", "may"),
    [
        ({"sec-fetch-site": "same-origin", "sec-fetch-dest": "image"}, True),
        ({"sec-fetch-site": "same-origin", "sec-fetch-dest": "empty"}, True),
        ({"sec-fetch-site": "same-origin", "sec-fetch-dest": "script"}, False),
        ({"sec-fetch-site": "same-origin", "sec-fetch-dest": "iframe"}, False),
        ({"sec-fetch-site": "cross-site", "sec-fetch-dest": "image"}, False),
        ({"sec-fetch-site": "same-site", "sec-fetch-dest": "image"}, False),
        ({"sec-fetch-site": "none", "sec-fetch-dest": "document"}, False),
        ({"referer": "https://doorstep.test/inspections/1"}, True),
        ({"referer": "https://evil.example/doorstep.test"}, False),
        ({}, False),
    ],
)
def test_only_a_page_of_ours_may_show_a_picture(sent: dict[str, str], may: bool) -> None:
    assert ours(asked(**sent)) is may


OURS = {"sec-fetch-site": "same-origin", "sec-fetch-dest": "image"}


async def test_a_picture_goes_out_with_the_headers_of_a_picture(world: World, used: FolderStore) -> None:
    await send(await world.sign_in("asha"), DATA)
    answer = await picture_response(asked(**OURS), SHA, 400)
    assert answer.media_type == "image/jpeg"
    assert answer.headers == {
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "no-store",
        "Content-Disposition": 'inline; filename="photo.jpg"',
    }
    assert rules.is_clean_copy(answer.content, 400)


async def test_a_picture_asked_for_from_elsewhere_is_refused(world: World, used: FolderStore) -> None:
    await send(await world.sign_in("asha"), DATA)
    for give in (picture_response(asked(), SHA, 400), original_response(asked(), SHA)):
        with pytest.raises(Turned) as refused:
            await give
        assert refused.value.status == 403


async def test_a_picture_nobody_sent_is_not_found(world: World) -> None:
    with pytest.raises(NotFound):
        await picture_response(asked(**OURS), "0" * 64, 400)


async def test_an_original_is_only_ever_a_download_under_our_own_name(world: World, used: FolderStore) -> None:
    hostile = DATA + b"<script>"
    await send(await world.sign_in("asha"), hostile)
    sha = sha256(hostile).hexdigest()
    answer = await original_response(asked(**OURS), sha)
    assert answer.content == hostile
    assert answer.media_type == "application/octet-stream"
    assert answer.headers["Content-Disposition"] == f'attachment; filename="photo-{sha[:8]}.jpg"'
    assert "sandbox" in answer.headers["Content-Security-Policy"]


async def test_an_unreadable_picture_says_why(world: World, used: FolderStore) -> None:
    broken = files.png(40, 30, pixels=b"x\x9c" + b"\x55" * 900)
    await send(await world.sign_in("asha"), broken)
    sha = sha256(broken).hexdigest()
    for _ in range(2):
        with pytest.raises(Turned) as refused:
            await queries.clean_copy(sha, 1600)
        assert (refused.value.status, refused.value.sentence) == (404, rules.CANNOT_OPEN)
        await due.run_due(datetime.now(UTC))


async def test_pictures_wait_politely_while_the_store_is_away(world: World, used: FolderStore) -> None:
    await send(await world.sign_in("asha"), DATA)
    use(Away(used))  # type: ignore[arg-type]
    for ask in (queries.clean_copy(SHA, 400), queries.original(SHA)):
        with pytest.raises(Turned) as refused:
            await ask
        assert refused.value.status == 503
    assert store() is not used


async def test_photos_are_told_by_hash_and_by_who_sent_them(world: World, used: FolderStore) -> None:
    await send(await world.sign_in("asha"), DATA)
    assert set(await queries.photos([SHA, "f" * 64])) == {SHA}
    assert set(await queries.photos([SHA], [world.asha.id, world.ben.id])) == {SHA}
    assert await queries.photos([SHA], [world.ben.id]) == {}
    assert await queries.photos([]) == {}
    many = [f"{number:064x}" for number in range(1200)]
    assert set(await queries.photos([*many, SHA])) == {SHA}
