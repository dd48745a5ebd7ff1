"""The link in Ben's text opens the one alarm it is about, for him, once and for a quarter of an hour."""

import json
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import httpx
import pytest

from lone_working import erasing
from lone_working.alarms import link_rules, links
from lone_working.alarms.tables import AlarmLink
from lone_working.rules import AlarmState
from lone_working.sessions import commands
from lone_working.tables import Alarm, LoneSession
from messages.tables import Message
from people.rules import Limit
from people.tables import Person
from pwa.tables import Receipt
from server.logs import JsonLine
from tests.lone_working.conftest import SAFE, Alone
from tests.server.asking import all_that_is_logged

COMMAND = re.compile(r'name="_command" value="([^"]+)"')
PAGE = re.compile(r'name="page" value="([^"]+)"')


@pytest.fixture
async def overdue(alone: Alone) -> AsyncIterator[Alone]:
    """Asha is, by the clock of the server, and Ben was sent a text about it just now."""
    alone.now = datetime.now(UTC) - timedelta(minutes=36)
    await alone.begin()
    await alone.turn(36 * 60)
    yield alone


async def path_for(template: str = "alarm-overdue-sms") -> str:
    rows = await Message.select().where(Message.template == template).order_by(Message.made_at)
    link = json.loads(rows[-1]["personalisation"])["link"]
    return "/" + link.split("/", 3)[3]


async def long_ago(minutes: float) -> None:
    at = datetime.now(UTC) - timedelta(minutes=minutes)
    await Message.update({Message.sent_at: at, Message.made_at: at}).where(Message.template.like("alarm-%"))


def press(answer: httpx.Response) -> dict[str, str]:
    """What the form of this page sends."""
    found = COMMAND.search(answer.text)
    assert found, answer.text
    page = PAGE.search(answer.text)
    return {"_command": found[1], **({"page": page[1]} if page else {})}


async def opened(client: httpx.AsyncClient, path: str) -> httpx.Response:
    return await client.post(path, data=press(await client.get(path)))


async def test_looking_uses_nothing_up_and_the_button_opens_the_alarm_with_no_sign_in(overdue: Alone) -> None:
    client, path = overdue.world.browser(), await path_for()
    assert re.fullmatch(r"/a/[\w-]{22}", path)
    for _ in range(5):  # a telephone's preview, a mail program, a scanner
        answer = await client.get(path)
        assert answer.status_code == 200
        for word in ("Asha", "depot", "overdue", "07700"):
            assert word not in answer.text, "whoever only looks learns nothing"
    answer = await client.post(path, data=press(answer))
    assert answer.status_code == 200
    assert "Asha Test" in answer.text and "The depot" in answer.text and "If you call 999" in answer.text
    assert "set-cookie" not in answer.headers
    answer = await client.post(f"{path}/acknowledge", data=press(answer))
    assert "You have this" in answer.text
    alarm = await overdue.alarm()
    assert (alarm["state"], alarm["owner"]) == (AlarmState.ACKNOWLEDGED, overdue.world.ben.id)


async def test_it_is_used_once_and_a_second_tap_is_the_same_press(overdue: Alone) -> None:
    client, path = overdue.world.browser(), await path_for()
    form = press(await client.get(path))
    other = press(await overdue.world.browser().get(path))
    first = await client.post(path, data=form)
    again = await client.post(path, data=form)
    assert first.status_code == again.status_code == 200
    assert (await overdue.world.browser().post(path, data=other)).status_code == 404
    assert (await client.get(path)).status_code == 404
    taken = await client.post(f"{path}/acknowledge", data=press(again))
    assert "You have this" in taken.text


async def test_used_too_old_or_never_there_look_alike(overdue: Alone) -> None:
    path = await path_for()
    used = await path_for("alarm-overdue-sms")
    await opened(overdue.world.browser(), used)
    pages = [(await overdue.world.browser().get(one)) for one in (used, "/a/" + "x" * 22)]
    await AlarmLink.update({AlarmLink.used_at: None}, force=True)
    await long_ago(15.1)
    pages.append(await overdue.world.browser().get(path))
    texts = {one.text.replace(path, "/a/T").replace("/a/" + "x" * 22, "/a/T") for one in pages}
    texts = {re.sub(r"/a/[\w%-]+|%2Fa%2F[\w%-]+", "T", text) for text in texts}
    assert {one.status_code for one in pages} == {404} and len(texts) == 1
    assert "Sign in" in pages[0].text


async def test_it_is_good_for_a_quarter_of_an_hour_after_it_was_handed_over(overdue: Alone) -> None:
    path = await path_for()
    await long_ago(14.9)
    assert (await overdue.world.browser().get(path)).status_code == 200
    form = press(await overdue.world.browser().get(path))
    await long_ago(15.1)
    assert (await overdue.world.browser().post(path, data=form)).status_code == 404


async def test_the_page_it_opened_takes_it_on_for_a_quarter_of_an_hour_and_no_longer(overdue: Alone) -> None:
    client, path = overdue.world.browser(), await path_for()
    form = press(await opened(client, path))
    await AlarmLink.update({AlarmLink.used_at: datetime.now(UTC) - timedelta(minutes=16)}, force=True)
    assert (await client.post(f"{path}/acknowledge", data=form)).status_code == 404
    assert (await overdue.alarm())["owner"] is None


@pytest.mark.parametrize("page", ["", "x" * 22])
async def test_the_link_alone_takes_nothing_on(overdue: Alone, page: str) -> None:
    client, path = overdue.world.browser(), await path_for()
    assert (await client.post(f"{path}/acknowledge", data={"page": page})).status_code == 404
    await opened(client, path)
    assert (await client.post(f"{path}/acknowledge", data={"page": page})).status_code == 404
    assert (await overdue.alarm())["owner"] is None


async def test_it_opens_nothing_else(overdue: Alone) -> None:
    client, path = overdue.world.browser(), await path_for()
    await opened(client, path)
    alarm = await overdue.alarm()
    for address in (f"/lone-working/alarms/{alarm['id']}", "/lone-working", "/today", "/you"):
        assert (await client.get(address)).status_code in (303, 401)
    answer = await client.post(f"/lone-working/alarms/{alarm['id']}/acknowledge")
    assert answer.status_code in (303, 401)


async def test_whoever_is_signed_in_as_its_reader_is_led_to_the_alarm_and_it_is_not_used(overdue: Alone) -> None:
    path, alarm = await path_for(), await overdue.alarm()
    answer = await (await overdue.world.sign_in("ben")).get(path)
    assert answer.status_code == 303
    assert answer.headers["location"] == f"/lone-working/alarms/{alarm['id']}"
    assert (await overdue.world.browser().get(path)).status_code == 200
    await long_ago(60)
    assert (await (await overdue.world.sign_in("ben")).get(path)).status_code == 303, "also when it is old"
    other = await (await overdue.world.sign_in("carol")).get(path)
    assert other.status_code == 404


async def test_each_message_has_a_link_of_its_own_and_the_officers_has_none(overdue: Alone) -> None:
    await overdue.turn(5 * 60)
    rows = await Message.select().where(Message.template.like("alarm-%"))
    kinds: dict[str, set[str]] = {}
    for row in rows:
        kinds.setdefault(row["template"], set()).add(json.loads(row["personalisation"])["link"])
    assert all("/end" in link for link in kinds["alarm-reminder-sms"])
    given = [link for key, found in kinds.items() if key != "alarm-reminder-sms" for link in found]
    assert all("/a/" in link for link in given)
    assert len(given) == len([row for row in rows if row["template"] != "alarm-reminder-sms"])


async def test_whoever_left_the_council_opens_nothing(overdue: Alone) -> None:
    path = await path_for()
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == overdue.world.ben.id)
    assert (await overdue.world.browser().get(path)).status_code == 404


async def test_an_alarm_that_is_over_says_no_more_than_that(overdue: Alone) -> None:
    path = await path_for()
    (session,) = await LoneSession.select()
    overdue.now = datetime.now(UTC)
    await commands.end(overdue.sent("asha"), overdue.who("asha"), session["id"], SAFE)
    await Message.update({Message.state: "shown", Message.sent_at: datetime.now(UTC)}, force=True)
    answer = await opened(overdue.world.browser(), path)
    assert "It is over" in answer.text and "The depot" not in answer.text and "I’ll take this" not in answer.text


async def test_its_secret_is_in_no_table_no_receipt_and_no_log(overdue: Alone) -> None:
    path = await path_for()
    with all_that_is_logged(JsonLine()) as logged:
        client = overdue.world.browser()
        answer = await opened(client, path)
        await client.post(f"{path}/acknowledge", data=press(answer))
        await client.get(path)
    secret, page = path.rpartition("/")[2], press(answer)["page"]
    kept = str([await Receipt.select(), await AlarmLink.select()])
    for one in (secret, page):
        assert one not in logged.getvalue() and one not in kept
    assert "/a/{token}" in logged.getvalue()
    assert answer.headers["referrer-policy"] == "strict-origin"
    assert answer.headers["cache-control"] == "no-store"
    notes = [row["note"] for row in await Receipt.select() if row["person"] == overdue.world.ben.id]
    assert "opened an alarm by the link in a message" in notes


async def test_made_again_after_a_crash_the_message_and_the_link_still_fit(overdue: Alone) -> None:
    """Two engines put the same message out: the second secret is in no message and opens nothing."""
    path = await path_for()
    (row,) = await AlarmLink.select()
    tokens = await links.mint([(row["id"], row["alarm"], row["person"])], datetime.now(UTC))
    assert (await overdue.world.browser().get(f"/a/{tokens[row['id']]}")).status_code == 404
    assert (await overdue.world.browser().get(path)).status_code == 200
    assert await AlarmLink.count() == 1


async def test_nobody_guesses_by_the_thousand(overdue: Alone, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(link_rules, "LOOKS", Limit("alarm links of this test", 3))
    client = overdue.world.browser()
    statuses = [(await client.get(f"/a/{n:022}")).status_code for n in range(5)]
    assert statuses == [404, 404, 404, 429, 429]


async def test_they_are_forgotten_after_a_day(overdue: Alone) -> None:
    await erasing.erase_older(datetime.now(UTC) + timedelta(hours=23))
    assert await AlarmLink.count() == 1
    await erasing.erase_older(datetime.now(UTC) + timedelta(days=1, minutes=1))
    assert await AlarmLink.count() == 0
    assert await Alarm.count() == 1
