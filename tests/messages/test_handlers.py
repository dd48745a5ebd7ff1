"""The page of what went out, and where the provider tells what became of it."""

import io
import json
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from messages import commands
from messages.rules import State
from messages.tables import Message
from server.logs import JsonLine
from server.retention import forget
from server.settings import read, settings
from tests.conftest import World
from tests.inspections.inventories import going_out
from tests.messages.conftest import LINK, NOW, TOKEN, put_out, row, turn
from tests.server.asking import all_that_is_logged
from tests.servers.notify import Notify

CALLBACK = "/messages/notify/callback"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}


async def tell(world: World, body: object, **headers: str) -> httpx.Response:
    """As Notify does: no browser, no cookie, no word of where it comes from."""
    client = world.browser()
    del client.headers["Sec-Fetch-Site"]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(CALLBACK, content=content, headers={"Content-Type": "application/json", **headers})


async def test_what_notify_tells_is_taken_and_told_again_it_changes_nothing(
    world: World, notify: Notify, message: UUID
) -> None:
    await turn()
    for status, state in (("delivered", State.DELIVERED), ("permanent-failure", State.DELIVERED)):
        answer = await tell(world, notify.callback(message, status), **RIGHT)
        assert answer.status_code == 200
        assert (await row(message))["state"] == state
    assert (await row(message))["delivered_at"] is not None


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ("permanent-failure", "no such number"),
        ("temporary-failure", "three days"),
        ("technical-failure", "Send it again"),
    ],
)
async def test_taken_and_then_failed_the_office_reads_why(
    world: World, notify: Notify, message: UUID, status: str, says: str
) -> None:
    await turn()
    await tell(world, notify.callback(message, status), **RIGHT)
    page = (await (await world.sign_in("dina")).get("/messages")).text
    assert "Did not arrive" in page and says in page


async def test_told_before_we_marked_that_it_was_handed_over_it_is_both(
    world: World, notify: Notify, message: UUID
) -> None:
    assert await commands.became(message, "an-id", "delivered", NOW)
    kept = await row(message)
    assert (kept["state"], kept["sent_at"]) == (State.DELIVERED, NOW)
    assert await turn() == 0


@pytest.mark.parametrize(
    "header",
    [
        {},
        {"Authorization": "Bearer "},
        {"Authorization": "Bearer wrong"},
        {"Authorization": TOKEN},
        {"Authorization": "Bearer ü"},
    ],
)
async def test_without_the_token_nothing_is_believed(
    world: World, notify: Notify, message: UUID, header: dict[str, str]
) -> None:
    await turn()
    raw = {name: value.encode("utf-8") for name, value in header.items()}
    answer = await tell(world, notify.callback(message), **raw)  # type: ignore[arg-type]
    assert answer.status_code == 401
    assert (await row(message))["state"] == State.SENT


async def test_where_no_token_is_set_there_is_no_such_address(world: World) -> None:
    assert (await tell(world, {}, **RIGHT)).status_code == 404


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b'{"id": 1}', b"\xff", b'{"id":"a","status":null}'])
async def test_what_cannot_be_read_is_told_so(world: World, notify: Notify, body: bytes) -> None:
    assert (await tell(world, body, **RIGHT)).status_code == 400


@pytest.mark.parametrize("reference", [None, "", "x", "00000000-0000-0000-0000-000000000000"])
async def test_of_what_we_never_sent_nothing_changes(
    world: World, notify: Notify, message: UUID, reference: str | None
) -> None:
    await turn()
    answer = await tell(world, {"id": "a", "status": "delivered", "reference": reference, "x": 1}, **RIGHT)
    assert answer.status_code == 200
    assert (await row(message))["state"] == State.SENT


async def test_a_status_we_do_not_know_changes_nothing(world: World, notify: Notify, message: UUID) -> None:
    await turn()
    for status in ("sending", "pending", "sent", "a-new-one"):
        assert (await tell(world, notify.callback(message, status), **RIGHT)).status_code == 200
    assert (await row(message))["state"] == State.SENT


async def test_in_the_demo_a_manager_reads_exactly_what_would_have_been_sent(world: World, message: UUID) -> None:
    with going_out():
        await turn()
        page = (await (await world.sign_in("dina")).get("/messages")).text
    assert "This is the demo." in page and "Would have been sent" in page
    assert LINK in page and "Please look at it and tell us" in page
    assert "number ending 123" in page and "900123" not in page


async def test_another_teams_manager_reads_nothing_and_an_administrator_only_how_it_went(
    world: World, message: UUID
) -> None:
    with going_out():
        await turn()
        other = (await (await world.sign_in("marek")).get("/messages")).text
        ade = (await (await world.sign_in("ade")).get("/messages")).text
        asha = await (await world.sign_in("asha")).get("/messages")
    assert "Text message" not in other and LINK not in other
    assert "Would have been sent" in ade
    for secret in (LINK, "canary", "/inspections/", "Asha"):
        assert secret not in ade
    assert asha.status_code == 403


async def test_what_really_goes_out_is_read_by_nobody_here(world: World, notify: Notify, message: UUID) -> None:
    page = (await (await world.sign_in("dina")).get("/messages")).text
    await turn()
    page += (await (await world.sign_in("dina")).get("/messages")).text
    assert "Waiting to be sent" in page and "Sent" in page
    assert "canary" not in page


async def test_numbers_addresses_and_words_are_forgotten_after_the_days_that_are_set(
    world: World, message: UUID
) -> None:
    waiting = await put_out(world)
    with going_out():
        await commands.show(message, NOW)
        await forget(NOW + timedelta(days=31), read({"DOORSTEP_RETAIN_MESSAGES_DAYS": "32"}))
        assert (await row(message))["recipient"]
        await forget(NOW + timedelta(days=31), settings)
    kept = await row(message)
    assert (kept["recipient"], kept["personalisation"]) == ("", "")
    assert kept["sent_at"] == NOW, "when it went out says when the seven days ended"
    assert (await row(waiting))["recipient"], "what still waits still knows where to"
    assert "erased" in (await (await world.sign_in("dina")).get("/messages")).text


async def test_no_log_names_a_number_or_says_what_was_sent(world: World, notify: Notify) -> None:
    with all_that_is_logged(JsonLine()) as logged:
        for answer in (400, 403, 429, 500, "cut", 201):
            notify.answers = [answer]
            id = await put_out(world)
            await turn()
            await Message.update({Message.next_try_at: None}).where(Message.id == id)
        last = notify.notifications[-1]["reference"]
        await tell(world, notify.callback(last), **RIGHT)
        await tell(world, notify.callback(last), Authorization="Bearer wrong")
    lines: io.StringIO = logged
    for secret in ("900123", "canary", TOKEN, "phone_number"):
        assert secret not in lines.getvalue()
