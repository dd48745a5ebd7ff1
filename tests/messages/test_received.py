"""Where GOV.UK Notify tells of texts that came in, and where the office reads them."""

import json
from dataclasses import replace

import httpx
import pytest

from messages import sending
from messages.tables import Message, ReceivedText
from people.tables import Person
from server.logs import JsonLine
from server.settings import settings
from tests.conftest import World
from tests.messages.conftest import TOKEN
from tests.server.asking import all_that_is_logged
from tests.servers.notify import Notify

RECEIVED = "/messages/notify/received"
RIGHT = {"Authorization": f"Bearer {TOKEN}"}
OURS = "07700 900 111"


@pytest.fixture
def hearing(notify: Notify) -> Notify:
    """Texts are taken in, as the settings say."""
    sending.use(replace(sending.settings(), number=OURS))
    return notify


async def tell(world: World, body: object, **headers: str) -> httpx.Response:
    """As Notify does: no browser, no cookie, no word of where it comes from."""
    client = world.browser()
    del client.headers["Sec-Fetch-Site"]
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    return await client.post(RECEIVED, content=content, headers={"Content-Type": "application/json", **headers})


async def test_a_text_is_kept_and_answered_and_told_again_it_is_neither(world: World, hearing: Notify) -> None:
    await Person.update({Person.phone: "07700 900 101"}).where(Person.id == world.asha.id)
    body = hearing.received("447700900101", "hello")
    for _ in range(3):
        assert (await tell(world, body, **RIGHT)).status_code == 200
    (row,) = await ReceivedText.select()
    assert (row["words"], row["person_name"], row["outcome"]) == ("hello", "Asha Test", "not read")
    assert await Message.count() == 1


@pytest.mark.parametrize(
    "header",
    [{}, {"Authorization": "Bearer "}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}],
    ids=["none", "empty", "wrong", "bare"],
)
async def test_without_our_token_nothing_is_believed(
    world: World, hearing: Notify, header: dict[str, str]
) -> None:
    assert (await tell(world, hearing.received("447700900101", "HELP"), **header)).status_code == 401
    assert await ReceivedText.count() == 0


async def test_where_no_number_is_set_there_is_no_such_address(world: World, notify: Notify) -> None:
    assert (await tell(world, notify.received("447700900101", "HELP"), **RIGHT)).status_code == 404


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"\xff\xfe",
        b'{"id": 1}',
        b'{"message": "HELP"}',
        b'{"id": "not an id", "message": "HELP"}',
    ],
)
async def test_what_is_no_text_of_theirs_is_refused_and_told_in_one_sentence(
    world: World, hearing: Notify, body: bytes
) -> None:
    answer = await tell(world, body, **RIGHT)
    assert answer.status_code == 400
    assert await ReceivedText.count() == 0


@pytest.mark.parametrize("at", ["", "yesterday", "2026-11-30T10:00:00", "2999-01-01T00:00:00Z"])
async def test_a_time_that_is_none_is_now(world: World, hearing: Notify, at: str) -> None:
    assert (await tell(world, hearing.received("447700900101", "x", at), **RIGHT)).status_code == 200
    (row,) = await ReceivedText.select()
    assert row["sent_at"] == row["received_at"]


async def test_strange_letters_are_kept(world: World, hearing: Notify) -> None:
    words = "שלום \u202e 🙂 " + "x" * 5000
    assert (await tell(world, hearing.received("447700900101", words + "\x00"), **RIGHT)).status_code == 200
    (row,) = await ReceivedText.select()
    assert row["words"] == words[:4000]


async def test_a_manager_reads_what_their_team_and_strangers_texted_and_nobody_reads_their_own(
    world: World, hearing: Notify
) -> None:
    for name, phone in (("asha", "07700900101"), ("carol", "07700900102"), ("dina", "07700900103")):
        await Person.update({Person.phone: phone}).where(Person.id == world.people[name].id)
    for n, words in enumerate(("from-asha", "from-carol", "from-dina", "from-nobody")):
        await tell(world, hearing.received(f"44770090010{n + 1}", words), **RIGHT)
    dina = (await (await world.sign_in("dina")).get("/messages/received")).text
    assert "from-asha" in dina and "from-nobody" in dina
    assert "from-carol" not in dina and "from-dina" not in dina
    marek = (await (await world.sign_in("marek")).get("/messages/received")).text
    assert "from-carol" in marek and "from-asha" not in marek


async def test_an_administrator_reads_how_it_went_and_not_what_was_said(world: World, hearing: Notify) -> None:
    await tell(world, hearing.received("447700900999", "from-nobody"), **RIGHT)
    page = (await (await world.sign_in("ade")).get("/messages/received")).text
    assert "Not known" in page
    assert "from-nobody" not in page and "900999" not in page
    assert (await (await world.sign_in("asha")).get("/messages/received")).status_code == 403


async def test_no_log_names_who_texted_or_what(world: World, hearing: Notify) -> None:
    with all_that_is_logged(JsonLine()) as logged:
        await tell(world, hearing.received("447700900999", "canary"), **RIGHT)
        await tell(world, b'{"id": "canary", "source_number": "447700900999"}', **RIGHT)
    for secret in ("900999", "canary", TOKEN):
        assert secret not in logged.getvalue()


def test_the_number_needs_the_token() -> None:
    assert not replace(settings.sending, number=OURS).hears
    assert replace(settings.sending, number=OURS, token=TOKEN).hears
