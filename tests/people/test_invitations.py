import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from people.tables import Invitation, Person, Session
from pwa.tables import Receipt
from tests.conftest import World


@pytest.fixture
async def ade(world: World) -> AsyncIterator[httpx.AsyncClient]:
    yield await world.sign_in("ade")


@pytest.fixture
async def dina(world: World) -> AsyncIterator[httpx.AsyncClient]:
    yield await world.sign_in("dina")


async def invited(world: World, ade: httpx.AsyncClient, who: UUID) -> str:
    """The secret of a new invitation for this person."""
    answer = await ade.post(f"/people/{who}/invitation")
    assert answer.status_code == 200
    return answer.text.split("/invitation?token=")[1].split('"')[0]


GOOD = "seven herons in june rain"
ENDED = "This invitation has ended."


async def accept(world: World, token: str, password: str = GOOD) -> httpx.Response:
    return await world.browser().post("/invitation", data={"token": token, "password": password})


async def test_an_invitation_sets_the_password_and_signs_in_once(world: World, ade: httpx.AsyncClient) -> None:
    token = await invited(world, ade, world.ben.id)
    assert "Ben Test" in (await world.browser().get(f"/invitation?token={token}")).text
    answer = await accept(world, token)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert "__Host-sid" in answer.cookies
    data = {"email": "ben@harrowmere.example", "password": GOOD}
    assert (await world.browser().post("/sign-in", data=data)).status_code == 303
    again, shown = await accept(world, token), await world.browser().get(f"/invitation?token={token}")
    for late in (again, shown):
        assert late.status_code == 400
        assert ENDED in late.text


@pytest.mark.parametrize(
    ("after", "status"), [(timedelta(hours=48) - timedelta(seconds=5), 303), (timedelta(hours=48), 400)]
)
async def test_an_invitation_works_for_forty_eight_hours(
    world: World, ade: httpx.AsyncClient, after: timedelta, status: int
) -> None:
    token = await invited(world, ade, world.ben.id)
    await Invitation.update({Invitation.made_at: datetime.now(UTC) - after}, force=True)
    answer = await accept(world, token)
    assert answer.status_code == status
    assert (ENDED in answer.text) == (status == 400)


@pytest.mark.parametrize("token", ["", "nonsense", "é" * 200, "' OR 1=1--"])
async def test_an_invitation_that_never_was_looks_like_one_that_ended(world: World, token: str) -> None:
    for answer in (await world.browser().get("/invitation", params={"token": token}), await accept(world, token)):
        assert answer.status_code == 400
        assert ENDED in answer.text


async def test_a_newer_invitation_and_a_switched_off_account_end_the_older_one(
    world: World, ade: httpx.AsyncClient
) -> None:
    first = await invited(world, ade, world.ben.id)
    second = await invited(world, ade, world.ben.id)
    assert (await accept(world, first)).status_code == 400
    await ade.post(f"/people/{world.ben.id}/switch-off")
    await ade.post(f"/people/{world.ben.id}/switch-on")
    assert (await accept(world, second)).status_code == 400


async def test_two_who_open_the_same_invitation_at_once_are_one(world: World, ade: httpx.AsyncClient) -> None:
    token = await invited(world, ade, world.ben.id)
    answers = await asyncio.gather(*(accept(world, token, f"{GOOD} {n}") for n in range(8)))
    assert sorted(answer.status_code for answer in answers) == [303] + [400] * 7


async def test_a_new_password_by_invitation_ends_the_sessions_somebody_has(
    world: World, ade: httpx.AsyncClient
) -> None:
    ben = await world.sign_in("ben")
    token = await invited(world, ade, world.ben.id)
    assert (await ben.get("/you")).status_code == 200
    await accept(world, token)
    assert (await ben.get("/you")).status_code == 303


@pytest.mark.parametrize(
    ("password", "says"),
    [
        ("vhqplmzwtxk", "Use at least 12 characters. This has 11."),
        ("Password1234", "easy to guess"),
        ("Ben-Harrowmere-1", "easy to guess"),
        ("a b" * 43, "Use at most 128 characters. This has 129."),
    ],
)
async def test_a_weak_password_is_refused_by_its_field_and_the_invitation_stays_open(
    world: World, ade: httpx.AsyncClient, password: str, says: str
) -> None:
    token = await invited(world, ade, world.ben.id)
    answer = await accept(world, token, password)
    assert answer.status_code == 422
    assert says in answer.text
    assert 'id="password-error"' in answer.text
    assert password not in answer.text
    assert (await accept(world, token)).status_code == 303


async def test_128_characters_with_spaces_and_emoji_are_a_password(world: World, ade: httpx.AsyncClient) -> None:
    long = ("kettle 🚲 fjord umbrella  " * 6)[:127] + "."
    assert len(long) == 128
    token = await invited(world, ade, world.ben.id)
    assert (await accept(world, token, long)).status_code == 303
    data = {"email": "ben@harrowmere.example", "password": long}
    assert (await world.browser().post("/sign-in", data=data)).status_code == 303


async def test_the_secret_of_an_invitation_is_stored_nowhere(world: World, ade: httpx.AsyncClient) -> None:
    token = await invited(world, ade, world.ben.id)
    await accept(world, token)
    for table in (Invitation, Receipt, Session, Person):
        assert token not in str(await table.select())


async def test_a_manager_makes_no_invitation_for_an_officer(world: World, dina: httpx.AsyncClient) -> None:
    answer = await dina.post(f"/people/{world.asha.id}/invitation")
    assert answer.status_code == 422
    assert await Invitation.count() == 0
