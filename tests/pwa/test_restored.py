"""What a database that was put back to an earlier copy tells phones, and what it takes from them then."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from people.tables import Session
from pwa.commands import BEFORE_ALL, note_restoration
from pwa.ids import uuid7
from pwa.outbox import once
from pwa.restored import MARGIN, TELL, run_due, told
from pwa.sent import from_terminal
from pwa.tables import Receipt, Restoration
from server.restored import put_back
from tests.conftest import World
from tests.pwa.test_once import NOW, sent


async def put_back_now(made_at: datetime | None = None) -> str:
    """As `doorstep restored` does. Gives the mark that phones are told."""
    await once(from_terminal("doorstep restored", ""), note_restoration, made_at)
    await run_due(NOW)
    return told().split(" ")[0]


@pytest.fixture(autouse=True)
async def never_put_back(world: World) -> None:
    await run_due(NOW)
    assert told() == ""


async def take_in(*received: datetime) -> None:
    async def nothing(_: Any) -> None: ...

    for moment in received:
        one = sent()
        one.received_at = moment
        await once(one, nothing)


async def held_until() -> datetime:
    row = await Restoration.select().order_by(Restoration.number, ascending=False).first()
    assert row
    moment: datetime = row["holds_until"]
    return moment


async def test_a_database_that_was_never_put_back_says_nothing(world: World) -> None:
    answer = await (await world.sign_in("asha")).get("/you")
    assert "doorstep-restored" not in answer.headers
    assert "data-restored" not in answer.text


async def test_everybody_who_is_signed_in_is_told_with_every_answer_and_on_every_page(world: World) -> None:
    await take_in(NOW)
    mark = await put_back_now()
    asha = await world.sign_in("asha")
    words = f"{mark} {(NOW - MARGIN).isoformat()}"
    page = await asha.get("/you")
    assert page.headers["doorstep-restored"] == words
    assert f'data-restored="{words}"' in page.text
    refused = await asha.post("/visits", data={"nonsense": "1"})
    assert (refused.status_code, refused.headers["doorstep-restored"]) == (400, words)


async def test_whoever_is_not_signed_in_is_told_nothing(world: World) -> None:
    await put_back_now()
    answer = await world.browser().get("/sign-in")
    assert "doorstep-restored" not in answer.headers
    assert "data-restored" not in answer.text


async def test_it_holds_what_came_until_its_last_receipt(world: World) -> None:
    await take_in(NOW, NOW - timedelta(hours=1))
    await put_back_now()
    assert await held_until() == NOW


@pytest.mark.parametrize("hours", [-3, 3])
async def test_the_time_of_the_copy_counts_only_when_it_is_earlier(world: World, hours: int) -> None:
    await take_in(NOW)
    await put_back_now(NOW + timedelta(hours=hours))
    assert await held_until() == min(NOW, NOW + timedelta(hours=hours))


async def test_an_empty_copy_lets_phones_send_everything_they_have(world: World) -> None:
    await put_back_now(NOW)
    assert await held_until() == BEFORE_ALL


async def test_put_back_twice_phones_are_told_of_the_last_whatever_the_clock_says(world: World) -> None:
    first = await put_back_now()
    await Restoration.update({Restoration.restored_at: NOW + timedelta(days=365)}).where(
        Restoration.mark == UUID(first)
    )
    assert await put_back_now() != first
    assert await Restoration.count() == 2


async def test_phones_are_told_of_the_restorations_before_it_too_and_the_oldest_told_stands_for_all(
    world: World,
) -> None:
    hours = [5, 1, 4, 3, 2, 6]
    held = [NOW + timedelta(hours=number) for number in hours]
    for moment in held:
        await Restoration.insert(Restoration(restored_at=NOW, holds_until=moment))
    await run_due(NOW)
    times = [datetime.fromisoformat(word) + MARGIN for word in told().split(" ")[1::2]]
    assert len(hours) > TELL
    assert times == [*held[:-TELL:-1], min(held)]


async def test_it_is_in_the_chain_of_receipts(world: World) -> None:
    await take_in(NOW)
    await put_back_now()
    notes = [row["note"] for row in await Receipt.select(Receipt.note)]
    assert f"put back to an earlier copy, which holds what came until {NOW:%Y-%m-%d %H:%M} UTC" in notes


async def test_no_session_of_the_copy_is_alive(world: World) -> None:
    asha = await world.sign_in("asha")
    assert (await asha.get("/you")).status_code == 200
    await once(from_terminal("doorstep restored", ""), put_back, None)
    assert (await asha.get("/you")).status_code == 303
    assert not await Session.exists().where(Session.ended_at.is_null())


def command(mark: str | None) -> dict[str, str]:
    told = {} if mark is None else {"Command-Restored": mark}
    return {"Command-Id": str(uuid7()), "HX-Request": "true", **told}


async def signs_out(world: World, headers: dict[str, str]) -> Any:
    """Any command will do."""
    return await (await world.sign_in("asha")).post("/sign-out", headers=headers)


@pytest.mark.parametrize("mark", ["-", "01a00000-0000-7000-8000-000000000001"])
async def test_a_phone_that_has_not_heard_must_first_send_what_is_older(world: World, mark: str) -> None:
    await put_back_now()
    before = await Receipt.count()
    answer = await signs_out(world, command(mark))
    assert (answer.status_code, "receipt" in answer.headers) == (425, False)
    assert "What you sent since then goes first. Nothing is lost." in answer.text
    assert answer.headers["doorstep-restored"] == told()
    assert await Receipt.count() == before


async def test_a_phone_that_has_heard_and_one_that_cannot_are_taken_in(world: World) -> None:
    for mark in (await put_back_now(), None):
        answer = await signs_out(world, command(mark))
        assert "receipt" in answer.headers


async def test_a_phone_that_knows_of_a_restoration_this_database_does_not_is_taken_in(world: World) -> None:
    """The office went back to what it had before it was put back."""
    assert "receipt" in (await signs_out(world, command(str(uuid7())))).headers


async def test_every_process_looks_for_itself_and_before_it_answers(world: World) -> None:
    turns = world.app.state.news
    (ours,) = (one for one in turns.due if one.work is run_due)
    moment = datetime.now(UTC)
    await Restoration.insert(Restoration(restored_at=moment, holds_until=moment))
    await turns.turn(ours, moment)
    assert told().endswith((moment - MARGIN).isoformat())
