"""Knowing the hash of a photograph is not having it: generated for every route that gives one out."""

import hashlib
from io import BytesIO

import httpx
import pytest
from litestar import Litestar
from PIL import Image

from pwa.policy import EVERYONE
from tests.conftest import World
from tests.server.policies import Way, ways
from tests.world_objects import ACTORS, PHOTOS, Thing, things


def pictures(app: Litestar) -> list[Way]:
    """Those for people who are signed in; a household's own are proved in tests/inspections/test_inventory.py."""
    return [way for way in ways(app) if way.safe and "{sha256:str}" in way.path and EVERYONE not in way.may]


def place(way: Way, value: str, sha: str) -> str:
    return way.address(value).replace("0" * 64, sha)


def thing_of(way: Way) -> Thing:
    return next(thing for thing in things() if way.path.startswith(thing.address + "/"))


async def send(client: httpx.AsyncClient, data: bytes) -> None:
    headers = {"Content-Type": "image/jpeg"}
    sent = await client.put(f"/media/photos/{hashlib.sha256(data).hexdigest()}", content=data, headers=headers)
    assert sent.status_code == 201


async def asked(world: World, address: str) -> dict[str, int]:
    """What each actor is answered who may sign in, by name."""
    return {name: (await (await world.sign_in(name)).get(address)).status_code for name in ACTORS[1:]}


def a_picture(colour: str) -> tuple[bytes, str]:
    out = BytesIO()
    Image.new("RGB", (64, 48), colour).save(out, "JPEG")
    return out.getvalue(), hashlib.sha256(out.getvalue()).hexdigest()


async def test_every_route_of_a_picture_is_in_this_matrix(world: World) -> None:
    things()
    assert {way.path for way in pictures(world.app)} == set(PHOTOS)


@pytest.mark.parametrize("sender", ["ben", "carol"])
async def test_a_strangers_photo_attached_to_ones_own_record_is_shown_to_nobody(world: World, sender: str) -> None:
    data, sha = a_picture("#2b6f78")
    await send(await world.sign_in(sender), data)
    for way in pictures(world.app):
        thing = thing_of(way)
        value = await thing.make(world, "asha")
        await PHOTOS[way.path](world, "asha", value, sha)
        address = place(way, value, sha)
        assert set((await asked(world, address)).values()) <= {403, 404}, way.name


async def test_a_photo_its_attacher_sent_is_shown_to_whoever_sees_the_record_and_nobody_else(world: World) -> None:
    data, sha = a_picture("#784c2b")
    await send(await world.sign_in("asha"), data)
    for way in pictures(world.app):
        thing = thing_of(way)
        value = await thing.make(world, "asha")
        await PHOTOS[way.path](world, "asha", value, sha)
        address = place(way, value, sha)
        shown = {name for name, status in (await asked(world, address)).items() if status == 200}
        entitled = {name for name in ACTORS[1:] if thing.sees(name, "asha")}
        assert shown == {name for name in entitled if world.people[name].role in way.may}, way.name


async def test_a_photo_of_one_record_is_not_shown_through_another(world: World) -> None:
    data, sha = a_picture("#4c782b")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await send(asha, data)
    for way in pictures(world.app):
        thing, reader = thing_of(way), asha if "officer" in way.may else dina
        first, other = await thing.make(world, "asha"), await thing.make(world, "asha")
        await PHOTOS[way.path](world, "asha", first, sha)
        address = place(way, other, sha)
        assert (await reader.get(address)).status_code == 404, way.name
