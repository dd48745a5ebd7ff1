"""The generated matrix: every route as every actor, with things of everybody, from every site."""

import json

import httpx
import pytest
from litestar import Litestar

from pwa.policy import EVERYONE, ROLES
from server.words import CROSS_SITE, FORBIDDEN, NOT_FOUND, SIGN_IN
from tests.conftest import World
from tests.saying import sentence
from tests.server.policies import TABLE, Way, as_json, ways
from tests.world_objects import ACTORS, Thing, things

FORM = {"Content-Type": "application/x-www-form-urlencoded"}
# What a route may answer to an id that is not there: a form route may first miss its fields.
ABSENT_ANSWERS = (400, 404, 413, 415, 422)
# Help is taken whatever session it names: what is not the caller's is answered like what is not there, by an alarm
# of their own (tests/lone_working/test_pages.py).
HELP = "POST /lone-working/{session_id:uuid}/panic"


def test_the_policies_are_the_ones_that_were_read_and_agreed(app: Litestar) -> None:
    assert as_json(app) == TABLE.read_text("utf-8"), (
        "Routes or their policies have changed. Run\n"
        "python -m tests.server.policies > tests/server/policies.json\nand read the difference."
    )


def test_every_route_declares_who_may_use_it(app: Litestar) -> None:
    table = json.loads(TABLE.read_text("utf-8"))
    for way in ways(app):
        assert way.may, f"{way.name} declares nothing"
        assert way.may <= {EVERYONE, *ROLES}
        assert way.name in table


async def client_of(world: World, actor: str) -> httpx.AsyncClient:
    return world.browser() if actor == "nobody" else await world.sign_in(actor)


async def ask(client: httpx.AsyncClient, way: Way, address: str = "", **headers: str) -> httpx.Response:
    content = {} if way.safe else FORM
    return await client.request(way.method, address or way.address(), headers={**content, **headers})


def role_of(world: World, actor: str) -> str:
    return "" if actor == "nobody" else str(world.people[actor].role)


async def test_nobody_is_sent_to_sign_in_and_a_script_is_told_so(world: World) -> None:
    client = await client_of(world, "nobody")
    wrong = []
    for way in ways(world.app):
        if EVERYONE in way.may:
            continue
        plain, fragment = await ask(client, way), await ask(client, way, **{"HX-Request": "true"})
        if way.safe:
            right = plain.status_code == 303 and plain.headers["location"].startswith("/sign-in?next=%2F")
        else:
            right = (plain.status_code, sentence(plain)) == (401, SIGN_IN)
        if not (right and fragment.status_code == 401 and SIGN_IN in fragment.text):
            wrong.append(f"{way.name}: {plain.status_code} and {fragment.status_code}")
    assert wrong == []


@pytest.mark.parametrize("actor", ACTORS[1:])
async def test_a_role_that_may_not_is_told_so_and_one_that_may_is_not(world: World, actor: str) -> None:
    client, role, wrong = await client_of(world, actor), role_of(world, actor), []
    for way in ways(world.app):
        if way.name == "POST /sign-out":
            continue  # would end the session the rest of this test needs
        # A body that is not UTF-8, so that nothing is changed by those who may.
        answer = await client.request(
            way.method, way.address(), headers=FORM, content=b"" if way.safe else b"\xff"
        )
        if {EVERYONE, role} & way.may:
            right = answer.status_code not in (401, 403) and answer.status_code < 500
        else:
            # A body that cannot be read is found out only after the policy.
            right = answer.status_code == 403 and sentence(answer) == FORBIDDEN
        if not right:
            wrong.append(f"{way.name}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("actor", ACTORS[1:])
async def test_an_id_that_is_not_there_is_not_found(world: World, actor: str) -> None:
    client, role, wrong = await client_of(world, actor), role_of(world, actor), []
    for way in ways(world.app):
        if not way.parameters or role not in way.may or way.name == HELP:
            continue
        answer = await ask(client, way)
        right = answer.status_code == 404 if way.safe else answer.status_code in ABSENT_ANSWERS
        if not right or (answer.status_code == 404 and sentence(answer) != NOT_FOUND):
            wrong.append(f"{way.name}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("actor", ACTORS[1:])
async def test_an_id_that_cannot_be_read_is_not_found_either(world: World, actor: str) -> None:
    client, role, wrong = await client_of(world, actor), role_of(world, actor), []
    for way in ways(world.app):
        if way.parameters and way.parameters[0][1] == "uuid" and role in way.may:
            answer = await ask(client, way, way.address("not-a-uuid"))
            if answer.status_code != 404 or sentence(answer) != NOT_FOUND:
                wrong.append(f"{way.name}: {answer.status_code}")
    assert wrong == []


@pytest.mark.parametrize("actor", ACTORS[1:])
async def test_what_belongs_to_others_looks_like_what_is_not_there(world: World, actor: str) -> None:
    client, wrong = await client_of(world, actor), []
    for thing in things():
        for owner in thing.owners:
            value = await thing.make(world, owner)
            for way in ways(world.app):
                if way.path.startswith(thing.address) and role_of(world, actor) in way.may and way.name != HELP:
                    wrong += await _judge(client, way, thing, value, actor, owner)
    assert wrong == []


async def _judge(
    client: httpx.AsyncClient, way: Way, thing: Thing, value: str, actor: str, owner: str
) -> list[str]:
    """What is wrong with the answer to `actor` for a thing of `owner`. Seen things are only looked at."""
    seen = thing.sees(actor, owner)
    if seen and (not way.safe or len(way.parameters) > 1):
        return []
    answer = await ask(client, way, way.address(value))
    if seen:
        # Whoever sees a home may still not change it: told so, where the address says "change".
        right = answer.status_code < 400 or (answer.status_code == 403 and way.path != thing.address)
    else:
        absent = await ask(client, way)
        same = (answer.status_code, answer.content) == (absent.status_code, absent.content)
        right = same and answer.status_code in ((404,) if way.safe else ABSENT_ANSWERS)
    return [] if right else [f"{way.name} of {owner} ({thing.make.__name__}): {answer.status_code}"]


@pytest.mark.parametrize(
    "site",
    [
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "https://doorstep.test"},
        {},
    ],
    ids=lambda site: " ".join(f"{name}: {value}" for name, value in site.items()) or "neither header",
)
async def test_no_write_comes_from_another_site(world: World, site: dict[str, str]) -> None:
    wrong = []
    for role in ROLES:
        actor = next(name for name, person in world.people.items() if person.role == role)
        client = await client_of(world, actor)
        del client.headers["Sec-Fetch-Site"]
        for way in ways(world.app):
            if way.safe or way.path in (
                "/csp-report",
                "/messages/notify/callback",
                "/messages/notify/received",
            ):  # the browser itself posts those, and nothing is kept
                continue
            answer = await ask(client, way, **site)
            if answer.status_code != 403 or sentence(answer) != CROSS_SITE:
                wrong.append(f"{way.name} as {actor}: {answer.status_code}")
    assert wrong == []


async def test_an_origin_of_ours_is_enough_for_a_browser_without_fetch_metadata(world: World) -> None:
    client = await client_of(world, "asha")
    del client.headers["Sec-Fetch-Site"]
    answer = await client.post("/you/sessions/end-others", headers={"Origin": "https://doorstep.test"})
    assert answer.status_code == 303


async def test_asking_what_a_route_can_do_is_no_error(world: World) -> None:
    client = await client_of(world, "nobody")
    for way in ways(world.app):
        answer = await client.request("OPTIONS", way.address())
        assert answer.status_code in (204, 404), way.name
