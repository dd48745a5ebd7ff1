"""The walls that Dina and the others have open are told of what happened, and of no more than they may see."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from lone_working.alarms.due import run_due
from lone_working.wall import live
from lone_working.wall.boards import walls
from lone_working.wall.live import Boards, Event
from people import session_queries
from people.tables import Person, Session
from properties.tables import PersonAlert
from pwa.waking import LEAVING, wake
from tests.conftest import World
from tests.lone_working.going import begun, let_pass, post, reachable, sending_works
from tests.properties import homes
from tests.visits.making import planned

LONG = 20  # seconds, on a busy machine


@pytest.fixture(autouse=True)
def sent(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Nothing is seen because it was time to look: each of these says that there is news."""
    monkeypatch.setattr(live, "LOOK_SECONDS", 3600)
    with sending_works():
        yield


@dataclass
class Wall:
    events: AsyncIterator[Event]

    async def next(self, name: str) -> str:
        """The data of the next event of this name."""
        async with asyncio.timeout(LONG):
            async for event in self.events:
                if event.event == name:
                    return str(event.data)
        raise AssertionError(f"it ended without {name}")

    async def until(self, words: str, shown: bool = True) -> str:
        async with asyncio.timeout(LONG):
            while (words in (board := await self.next("board"))) is not shown:
                pass
        return board

    async def ended(self) -> bool:
        async with asyncio.timeout(LONG):
            async for _ in self.events:
                pass
        return True


@asynccontextmanager
async def opened(world: World, who: str, boards: Boards) -> AsyncIterator[Wall]:
    client = await world.sign_in(who)
    token = str(client.cookies["__Host-sid"])
    me = await session_queries.signed_in(token, datetime.now(UTC))
    assert me
    async with aclosing(boards.stream(me)) as events:  # type: ignore[type-var]
        yield Wall(events)


async def test_a_wall_that_is_open_is_told_who_goes_out_who_asks_for_help_and_who_has_it(world: World) -> None:
    boards = Boards()
    async with opened(world, "dina", boards) as wall:
        assert "0 people are out" in await wall.next("board")
        session = await begun(world, place="The old mill")
        assert "1 person is out" in await wall.until("The old mill")
        await post(await world.sign_in("asha"), session, "panic")
        board = await wall.until("Asked for help")
        assert "Nobody has this yet" in board and "data-sounds" in board
        alarm = board.split('data-alarm="')[1].split('"')[0]
        await (await world.sign_in("dina")).post(f"/lone-working/alarms/{alarm}/acknowledge")
        assert "data-sounds" not in await wall.until("You have this")


async def test_it_is_told_of_what_another_process_commits_too(world: World) -> None:
    """As one does: with nothing of it said in this process."""
    boards = Boards()
    session = await begun(world, place="The old mill")
    async with opened(world, "dina", boards) as wall:
        await wall.until("The old mill")
        await let_pass(session, 40)
        await run_due(datetime.now(UTC))
        await wall.until("Overdue")


async def test_an_unchanged_board_is_not_sent_again_but_the_engines_age_is(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(live, "LOOK_SECONDS", 0.01)
    monkeypatch.setattr(live, "BETWEEN_SECONDS", 0)
    boards, seen = Boards(), []
    async with opened(world, "dina", boards) as wall:
        async for event in wall.events:
            seen.append(event.event)
            if seen.count("engine") == 4:
                break
    assert seen.count("board") == 1


async def test_each_wall_shows_what_its_own_reader_may_see(world: World) -> None:
    boards = Boards()
    await begun(world, "asha", "The old mill", buddy="ben")
    await begun(world, "carol", "The south quay")
    async with (
        opened(world, "dina", boards) as dina,
        opened(world, "marek", boards) as marek,
        opened(world, "ben", boards) as ben,
        opened(world, "asha", boards) as asha,
    ):
        for wall, sees in ((dina, "The old mill"), (marek, "The south quay"), (ben, "The old mill"), (asha, "")):
            board = await wall.next("board")
            assert [place for place in ("The old mill", "The south quay") if place in board] == (
                [sees] if sees else []
            )


async def test_a_home_that_becomes_confidential_goes_from_the_wall_of_whoever_is_not_cleared(world: World) -> None:
    south = world.teams["south"].id
    await reachable(world)
    home = await homes.home("22 Saltmarsh Road", team=south)
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{await planned(world, home)}/start", headers={"HX-Request": "true"})
    boards = Boards()
    async with opened(world, "dina", boards) as wall:
        await wall.until("22 Saltmarsh Road")
        await PersonAlert.insert(
            PersonAlert(
                property=home.id, code="1", owner=world.marek.id, added_at=datetime.now(UTC),
                review_on=datetime.now(UTC).date(),
            )
        )  # fmt: skip
        wake_up(boards)
        assert "A confidential home" in await wall.until("22 Saltmarsh Road", shown=False)


def wake_up(boards: Boards) -> None:
    boards._changed.set()


async def test_a_wall_ends_with_the_session_of_whoever_opened_it(world: World) -> None:
    boards = Boards()
    async with opened(world, "dina", boards) as wall:
        await wall.next("board")
        await Session.update({Session.ended_at: datetime.now(UTC)}).where(Session.person == world.dina.id)
        wake_up(boards)
        await wall.next("over")
        assert await wall.ended()


async def test_a_wall_that_nobody_touches_ends_when_its_session_is_idle_for_too_long(world: World) -> None:
    boards = Boards()
    async with opened(world, "dina", boards) as wall:
        await wall.next("board")
        old = datetime.now(UTC) - timedelta(hours=2)
        await Session.update({Session.last_used_at: old}).where(Session.person == world.dina.id)
        wake_up(boards)
        await wall.next("over")


async def test_a_manager_who_moves_to_another_team_sees_that_teams_people_at_once(world: World) -> None:
    boards = Boards()
    await begun(world, "asha", "The old mill")
    await begun(world, "carol", "The south quay")
    async with opened(world, "dina", boards) as wall:
        await wall.until("The old mill")
        await Person.update({Person.team: world.teams["south"].id}).where(Person.id == world.dina.id)
        wake_up(boards)
        assert "The old mill" not in await wall.until("The south quay")
        await Person.update({Person.role: "administrator"}).where(Person.id == world.dina.id)
        wake_up(boards)
        await wall.next("over")


async def test_the_fourth_wall_of_one_browser_sends_the_first_to_ask_by_itself(world: World) -> None:
    boards = Boards()
    token = str((await world.sign_in("dina")).cookies["__Host-sid"])
    me = await session_queries.signed_in(token, datetime.now(UTC))
    assert me
    many = [boards.stream(me) for _ in range(4)]
    first = Wall(many[0])
    await first.next("board")
    for one in many[1:]:
        await Wall(one).next("board")
    await first.next("elsewhere")
    assert await first.ended()
    for one in many[1:]:
        await one.aclose()  # type: ignore[attr-defined]


async def test_a_process_that_is_about_to_end_lets_go_of_every_wall(world: World) -> None:
    boards = Boards()
    async with opened(world, "dina", boards) as wall:
        await wall.next("board")
        wake(LEAVING)
        await wall.next("elsewhere")
        assert await wall.ended()


async def test_one_that_goes_wrong_is_looked_for_again(world: World) -> None:
    failed = asyncio.Event()

    async def fails_once(*args: Any) -> Any:
        if not failed.is_set():
            failed.set()
            raise OSError("the database is away")
        return await walls(*args)

    boards = Boards(fails_once)
    async with opened(world, "dina", boards) as wall:
        board = asyncio.create_task(wall.next("board"))
        async with asyncio.timeout(LONG):
            await failed.wait()
        wake_up(boards)
        assert "0 people are out" in await board


async def test_without_asking_for_a_stream_it_is_told_once_and_officers_and_managers_alone(world: World) -> None:
    await begun(world, place="The old mill")
    answer = await (await world.sign_in("dina")).get("/lone-working/events")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "event: board" in answer.text and "The old mill" in answer.text
    assert (await (await world.sign_in("ade")).get("/lone-working/events")).status_code == 403
    assert (await (await world.sign_in("callum")).get("/lone-working/events")).status_code == 403
