import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from litestar import Litestar, get

from people.browsers import in_words
from people.commands import start_session
from people.guards import COOKIE, WhoIsAsking, gate
from people.passwords import hasher
from people.rules import LIVES, Role, session_ends
from people.tables import Person, Session
from pwa.policy import polled, signed_in
from server import database
from server.piccolo_conf import DB
from tests.conftest import ON_POSTGRES, World, browser
from tests.people.outside import outside

PASSWORD = "kettle fjord umbrella"
SECOND = timedelta(seconds=1)
WHO = {Role.OFFICER: "asha", Role.MANAGER: "dina", Role.ADMINISTRATOR: "ade", Role.CONTRACTOR: "callum"}
HOUR = timedelta(hours=1)


async def session_of(world: World, name: str, started: timedelta, used: timedelta) -> str:
    """A session that started and was last used so long ago."""
    now = datetime.now(UTC)
    token = await start_session(world.people[name], now, "Chrome on Android")
    await Session.update({Session.started_at: now - started, Session.last_used_at: now - used}).where(
        Session.person == world.people[name].id
    )
    return token


async def is_in(world: World, token: str) -> bool:
    return (await world.browser(token).get("/you")).status_code == 200


def test_the_limits_are_the_ones_of_the_security_design() -> None:
    hours = {role: (life.idle / HOUR, life.whole / HOUR) for role, life in LIVES.items()}
    assert hours == {
        Role.OFFICER: (4, 12),
        Role.CONTRACTOR: (1, 12),
        Role.MANAGER: (1, 12),
        Role.ADMINISTRATOR: (0.5, 8),
    }


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("limit", ["idle", "whole"])
@pytest.mark.parametrize("after", [-SECOND, timedelta(0)], ids=["a second before", "at the limit"])
def test_a_session_ends_at_its_limit_and_not_before(role: Role, limit: str, after: timedelta) -> None:
    started = datetime(2026, 11, 22, 8, 0, tzinfo=UTC)
    life = LIVES[role]
    at = started + (life.idle if limit == "idle" else life.whole) + after
    used = started if limit == "idle" else at - SECOND
    assert (at < session_ends(role, started, used)) == (after < timedelta(0))


@pytest.mark.parametrize("role", list(Role))
async def test_an_idle_session_is_out_and_one_in_use_is_in(world: World, role: Role) -> None:
    idle = LIVES[role].idle
    assert await is_in(world, await session_of(world, WHO[role], idle - 5 * SECOND, idle - 5 * SECOND))
    assert not await is_in(world, await session_of(world, WHO[role], idle, idle))


@pytest.mark.parametrize("role", list(Role))
async def test_a_long_session_is_out_however_busy_it_was(world: World, role: Role) -> None:
    whole = LIVES[role].whole
    assert await is_in(world, await session_of(world, WHO[role], whole - 5 * SECOND, SECOND))
    assert not await is_in(world, await session_of(world, WHO[role], whole, SECOND))


async def test_using_it_keeps_a_session_alive(world: World) -> None:
    token = await session_of(world, "asha", HOUR, HOUR)
    assert await is_in(world, token)
    (row,) = await Session.select()
    assert datetime.now(UTC) - row["last_used_at"] < timedelta(minutes=1)


async def test_what_a_page_asks_for_by_itself_keeps_nobody_signed_in(world: World) -> None:
    @get("/poll", opt=polled(signed_in()))
    async def poll() -> str:
        return "still here"

    app = Litestar([poll], guards=[gate], openapi_config=None)
    app.asgi_handler = WhoIsAsking(app.asgi_handler)
    token = await session_of(world, "asha", HOUR, HOUR)
    client = browser(app, token)
    client.event_hooks = {}
    assert (await client.get("/poll")).status_code == 200
    await client.aclose()
    (row,) = await Session.select()
    assert datetime.now(UTC) - row["last_used_at"] > timedelta(minutes=59)


async def test_statics_and_the_list_of_what_waits_keep_nobody_signed_in(world: World) -> None:
    client = world.browser(await session_of(world, "asha", HOUR, HOUR))
    for path in ("/outbox", "/sw.js", "/sign-in"):
        await client.get(path)
    (row,) = await Session.select()
    assert datetime.now(UTC) - row["last_used_at"] > timedelta(minutes=59)


@pytest.mark.skipif(ON_POSTGRES, reason="the one writer is SQLite's")
async def test_somebody_who_reads_is_not_stopped_by_a_database_that_is_busy_writing(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MAX_WAITING_SECONDS", 0.1)
    token = await session_of(world, "asha", HOUR, HOUR)
    async with DB.transaction():
        answer = await asyncio.create_task(world.browser(token).get("/you"), context=outside())
    assert answer.status_code == 200


@pytest.mark.parametrize("cookie", ["", "x", "a" * 5000, "' OR 1=1--", "é", '"'])
async def test_a_cookie_that_is_no_session_is_nobody(world: World, cookie: str) -> None:
    client = world.browser()
    header = f"{COOKIE}={cookie}".encode()
    answer = await client.get("/you", headers=[(b"cookie", header)])
    assert answer.status_code == 303


@pytest.fixture
async def asha(world: World) -> AsyncIterator[Person]:
    await Person.update({Person.password_hash: hasher.hash(PASSWORD)}).where(Person.id == world.asha.id)
    yield world.asha


async def ids_of(person: Person) -> list[UUID]:
    rows = await Session.select(Session.id).where(Session.person == person.id).order_by(Session.started_at)
    return [row["id"] for row in rows]


async def test_you_lists_where_you_are_signed_in_and_marks_this_one(world: World) -> None:
    client = await world.sign_in("asha")
    await session_of_another(world, "Safari on iPhone")
    page = (await client.get("/you")).text
    assert "a test" in page
    assert "Safari on iPhone" in page
    assert page.count("This one") == 1


async def session_of_another(world: World, words: str) -> str:
    return await start_session(world.asha, datetime.now(UTC), words)


async def test_one_of_my_sessions_can_be_ended_from_another(world: World) -> None:
    client = await world.sign_in("asha")
    lost = await session_of_another(world, "Chrome on Android")
    (_, second) = await ids_of(world.asha)
    assert (await client.post(f"/you/sessions/{second}/end")).status_code == 303
    assert not await is_in(world, lost)
    assert (await client.get("/you")).status_code == 200
    assert (await client.post(f"/you/sessions/{second}/end")).status_code == 404


async def test_all_the_others_can_be_ended_at_once(world: World) -> None:
    client = await world.sign_in("asha")
    others = [await session_of_another(world, "Chrome on Android") for _ in range(3)]
    bens = await world.sign_in("ben")
    assert (await client.post("/you/sessions/end-others")).status_code == 303
    assert [await is_in(world, token) for token in others] == [False] * 3
    assert (await client.get("/you")).status_code == 200
    assert (await bens.get("/you")).status_code == 200


async def test_a_changed_password_ends_every_session_and_gives_this_browser_a_new_one(
    world: World, asha: Person
) -> None:
    client = await world.sign_in("asha")
    before = client.cookies[COOKIE]
    other = await session_of_another(world, "Chrome on Android")
    new = "seven herons in june rain"
    answer = await client.post("/you/password", data={"current": PASSWORD, "password": new})
    assert (answer.status_code, answer.headers["location"]) == (303, "/you")
    after = answer.cookies[COOKIE]
    assert after != before
    assert [await is_in(world, token) for token in (before, other, after)] == [False, False, True]
    for password, status in ((PASSWORD, 422), (new, 303)):
        data = {"email": asha.email, "password": password}
        assert (await world.browser().post("/sign-in", data=data)).status_code == status


async def test_a_wrong_current_password_changes_nothing_and_the_eleventh_waits(world: World, asha: Person) -> None:
    client = await world.sign_in("asha")
    data = {"current": "wrong wrong wrong", "password": "seven herons in june rain"}
    answers = [await client.post("/you/password", data=data) for _ in range(11)]
    assert [answer.status_code for answer in answers] == [422] * 10 + [429]
    assert "retry-after" in answers[-1].headers
    assert "That is not your current password" in answers[-1].text
    assert hasher.verify((await Person.select().where(Person.id == asha.id))[0]["password_hash"], PASSWORD)


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
            "Mobile Safari/537.36",
            "Chrome on Android",
        ),
        (
            "Mozilla/5.0 (iPhone; CPU iPhone OS 18_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) "
            "Version/18.6 Mobile/15E148 Safari/604.1",
            "Safari on iPhone",
        ),
        (
            "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 "
            "Safari/537.36 Edg/140.0.0.0",
            "Edge on Windows",
        ),
        ("Mozilla/5.0 (Macintosh; Intel Mac OS X 10.15; rv:143.0) Gecko/20100101 Firefox/143.0", "Firefox on Mac"),
        ("curl/8.0", "A browser we do not know"),
        ("", "A browser we do not know"),
    ],
)
def test_a_browser_is_named_as_its_owner_knows_it(agent: str, words: str) -> None:
    assert in_words(agent) == words
