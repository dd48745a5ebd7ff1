"""Words that only some may read, looked for in every byte of every answer to everybody else.

Every GET route of the app is asked, whole and as a fragment, by everybody, with the ids of everybody's things.
"""

import io
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from people.rules import Role
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from server.logs import JsonLine
from tests.conftest import World
from tests.server.asking import all_that_is_logged, every_address
from tests.world_objects import ACTORS

ALERT = "canary-9c1e threatened an officer"
ACCESS = "canary-5d02 key safe 4711"
PASSWORD = "canary-1f6b kettle fjord"
TOKEN = "canary-77aa-token"
READ_ALERT = {"asha", "ben", "dina"}  # the home's own team: properties.rules.reads_warning_text
ASKED_ALSO = (
    "/properties?q=canary",
    "/people?q=canary",
    "/visits?whose=team",
    "/visits?whose=mine",
    "/today?whose=team",
    "/today?whose=mine",
)


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    with all_that_is_logged(JsonLine()) as stream:
        yield stream


@pytest.fixture
async def addresses(world: World) -> list[str]:
    """Every GET address there is with somebody's thing in it; each home has a warning and access notes."""
    found = await every_address(world)
    for home in await Property.objects():
        north = {Property.access_notes: ACCESS, Property.team: world.teams["north"].id}
        await Property.update(north).where(Property.id == home.id)
        await PersonAlert.insert(
            PersonAlert(
                id=uuid7(),
                property=home.id,
                code="10",
                text=ALERT,
                owner=world.ben.id,
                review_on=(datetime.now(UTC) + timedelta(days=60)).date(),
                added_at=datetime.now(UTC),
            )
        )
        found += [f"/properties/{home.id}{page}" for page in ("", "/warnings", "/history", "/visits")]
    return sorted({*found, *ASKED_ALSO})


def told(answer: httpx.Response) -> str:
    """All of it: the body, and every header's name and value."""
    return answer.text + "\n".join(f"{name}: {value}" for name, value in answer.headers.multi_items())


async def client_of(world: World, actor: str) -> httpx.AsyncClient:
    return world.browser(TOKEN) if actor == "nobody" else await world.sign_in(actor)


@pytest.mark.parametrize("actor", ACTORS)
async def test_what_only_some_may_read_is_in_no_byte_for_anybody_else(
    world: World, addresses: list[str], logged: io.StringIO, actor: str
) -> None:
    client = await client_of(world, actor)
    sees_homes = actor in ACTORS[1:] and world.people[actor].role != Role.CONTRACTOR
    secret = {PASSWORD, TOKEN, *({ALERT} - ({ALERT} if actor in READ_ALERT else set()))}
    secret |= set() if sees_homes else {ACCESS}
    wrong = []
    await client.post("/sign-in", data={"email": "asha@harrowmere.example", "password": PASSWORD})
    for address in addresses:
        for headers in ({}, {"HX-Request": "true"}):
            answer = await client.get(address, headers=headers)
            # Nothing works here between two tests, so that what is to be done may be called stuck.
            assert answer.status_code < 500 or address.startswith("/health"), address
            said = told(answer)
            wrong += [f"{address} {headers}: {canary}" for canary in secret if canary.split()[0] in said]
    assert wrong == []
    lines = logged.getvalue()
    assert lines.count("\n") > len(addresses)
    assert "canary-" not in lines.replace("q=canary", "")


async def test_the_canaries_are_there_to_be_seen_by_those_who_may(world: World, addresses: list[str]) -> None:
    asha = await world.sign_in("asha")
    pages = {address: await asha.get(address) for address in addresses}
    telling = [page for page in pages.values() if ALERT in page.text]
    assert telling
    assert any(ACCESS in page.text for page in pages.values())
    assert not any("doorstep-keep" in page.headers for page in telling)
