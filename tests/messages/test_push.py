"""Notifications: sealed for one browser, never instead of a text, and never to who has left a phone."""

import asyncio
import threading
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from litestar import Litestar

from messages import commands, due, push, push_due, rules, subscriptions
from messages.rules import Channel, State
from messages.tables import Message, PushAnswer, PushSubscription
from people.tables import Person, Session
from pwa import lost
from pwa.ids import uuid7
from pwa.outbox import once, writing
from server.logs import JsonLine
from server.settings import settings
from tests.conftest import World
from tests.messages.conftest import NOW, row
from tests.pwa.test_once import sent as sent_by
from tests.server.asking import all_that_is_logged
from tests.servers.notify import Notify
from tests.servers.push import Browser, Push, claims

PAGE = "/you/notifications"


@pytest.fixture
def service(app: Litestar, tmp_path: Path) -> Iterator[Push]:
    """A push service on loopback, which the settings name."""
    running = Push()
    url = running.start()
    push.use(replace(settings.pushing, folder=tmp_path / "push", services=(url,), address="https://doorstep.test"))
    yield running
    push.use(settings.pushing)
    running.stop()


@pytest.fixture
async def phone(world: World, service: Push) -> AsyncIterator[tuple[httpx.AsyncClient, Browser]]:
    """Asha's, with notifications on."""
    yield await switched_on(world, service, "asha")


async def on_a_phone(world: World, who: str, device: UUID | None = None) -> httpx.AsyncClient:
    client = await world.sign_in(who)
    client.cookies.set("device", str(device or uuid4()), domain="doorstep.test")
    return client


async def switched_on(
    world: World, service: Push, who: str, device: UUID | None = None, name: str = ""
) -> tuple[httpx.AsyncClient, Browser]:
    client, browser = await on_a_phone(world, who, device), service.browser(name or f"{who}-{uuid4().hex}")
    answer = await client.post(PAGE, data=browser.form)
    assert answer.status_code == 303, answer.text
    return client, browser


async def put_out(
    world: World, who: str = "asha", template: str = "alarm-overdue-push", at: datetime = NOW
) -> UUID:
    id = uuid7()
    to = rules.phones_of(world.people[who].id)
    given = {"number": "4821", "name": "A. Test", "time": "10:30", "tag": "a" * 32}
    wanted = commands.Wanted(id, Channel.PUSH, template, to, given, "/lone-working/alarms/x")
    by = replace(sent_by(person=world.asha.id), received_at=at)
    await once(by, commands.put_out, wanted)
    return id


async def test_what_is_sent_is_opened_by_that_browser_alone_and_signed_with_our_key(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    _, browser = phone
    id = await put_out(world)
    assert await push_due.run_due(NOW) == 1
    (got,) = service.got
    assert browser.opened(got.body) == {
        "id": str(id), "kind": "alarm-overdue", "title": "Visit 4821 overdue: A. Test",
        "body": "Open it to answer.", "tag": "a" * 32, "url": "/lone-working/alarms/x", "session": "",
    }  # fmt: skip
    assert got.headers["content-encoding"] == "aes128gcm"
    assert (got.headers["ttl"], got.headers["topic"], got.headers["urgency"]) == ("3600", "a" * 32, "high")
    said = claims(got.headers["authorization"])
    assert (said["aud"], said["sub"]) == (service.url, "https://doorstep.test")
    with pytest.raises(Exception):  # noqa: B017
        service.browser("another").opened(got.body)
    kept = await row(id)
    assert (kept["state"], kept["sent_at"], kept["personalisation"]) == (State.SENT, NOW, "")
    assert await push_due.run_due(NOW + timedelta(hours=1)) == 0, "there is nothing to look up"


async def test_it_goes_to_every_phone_of_theirs_and_to_nobody_elses(world: World, service: Push) -> None:
    browsers = {name: (await switched_on(world, service, name))[1] for name in ("asha", "ben")}
    second = (await switched_on(world, service, "asha"))[1]
    await put_out(world)
    await push_due.run_due(NOW)
    assert len(service.to(browsers["asha"])) == len(service.to(second)) == 1
    assert service.to(browsers["ben"]) == []


@pytest.mark.parametrize("status", [404, 410])
async def test_what_is_over_is_forgotten_and_the_others_are_sent(world: World, service: Push, status: int) -> None:
    gone, other = [(await switched_on(world, service, "asha"))[1] for _ in range(2)]
    service.by_path[gone.endpoint.removeprefix(service.url)] = status
    id = await put_out(world)
    await push_due.run_due(NOW)
    assert (await row(id))["state"] == State.SENT and len(service.to(other)) == 1
    assert [one["endpoint"] for one in await PushSubscription.select()] == [other.endpoint]


async def test_with_no_phone_left_it_did_not_arrive_and_says_so(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    service.answers = [410]
    id = await put_out(world)
    await push_due.run_due(NOW)
    kept = await row(id)
    assert (kept["state"], kept["said"], kept["next_try_at"]) == (State.FAILED, push_due.NO_PHONE, None)


@pytest.mark.parametrize("answer", [429, 500, 503, 401, 403, "cut", 302, 307])
async def test_what_may_go_better_later_is_tried_again_under_the_same_topic(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser], answer: int | str
) -> None:
    service.answers = [answer]
    id = await put_out(world)
    await push_due.run_due(NOW)
    kept = await row(id)
    assert (kept["state"], kept["said"], kept["sent_at"]) == (State.WAITING, push.NOT_TAKEN, None)
    assert await push_due.run_due(NOW + timedelta(seconds=4)) == 0, "not at once"
    await push_due.run_due(NOW + timedelta(seconds=6))
    assert (await row(id))["state"] == State.SENT
    (got,) = service.got
    assert (got.headers["topic"], got.headers["ttl"]) == ("a" * 32, "3594")
    assert await PushSubscription.count() == 1


async def test_what_is_wrong_for_good_is_not_tried_again(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    service.answers = [400]
    id = await put_out(world)
    await push_due.run_due(NOW)
    assert ((await row(id))["state"], (await row(id))["said"]) == (State.FAILED, push.REFUSED)
    assert await push_due.run_due(NOW + timedelta(days=1)) == 0


async def test_what_nobody_could_be_told_in_time_is_not_told_late(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    id = await put_out(world, template="alarm-nudge-push")
    await push_due.run_due(NOW + timedelta(minutes=5, seconds=1))
    assert ((await row(id))["state"], (await row(id))["said"]) == (State.FAILED, push_due.TOO_LATE)
    assert service.got == []


async def test_no_text_waits_behind_a_push_service_that_hangs(
    world: World,
    service: Push,
    notify: Notify,
    phone: tuple[httpx.AsyncClient, Browser],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(push, "SECONDS", (1.0, 1.0))
    service.held, arrived, loop = threading.Event(), asyncio.Event(), asyncio.get_running_loop()
    service.during = lambda: loop.call_soon_threadsafe(arrived.set)
    id = await put_out(world)
    going = asyncio.create_task(push_due.run_due(NOW))
    await arrived.wait()
    wanted = commands.Wanted(uuid7(), Channel.SMS, "alarm-outage-sms", "+447700900123", {"link": "x"}, "/a")
    async with writing():
        await commands.put_out(replace(sent_by(), received_at=NOW), wanted)
    assert await due.run_urgent(NOW) == 1, "and it takes no notification with it"
    assert [one["type"] for one in notify.notifications] == ["sms"]
    await going
    assert ((await row(id))["state"], (await row(id))["said"]) == (State.WAITING, push.NOT_TAKEN)
    service.held.set()


async def test_two_engines_hand_it_over_once(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    for _ in range(6):
        await put_out(world)
    await asyncio.gather(*(push_due.run_due(NOW) for _ in range(4)))
    assert len(service.got) == 6


async def test_taken_back_between_the_claim_and_the_call_it_does_not_go_out(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    id = await put_out(world)
    (mine,) = await push_due._claim(NOW)
    await commands.stop_waiting([id])
    await push_due._deal(mine, NOW)
    assert service.got == [] and (await row(id))["state"] == State.STOPPED


async def test_killed_after_it_was_claimed_it_goes_out_when_its_lease_is_over(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    await put_out(world)
    await push_due._claim(NOW)
    assert await push_due.run_due(NOW + rules.LEASE - timedelta(seconds=1)) == 0
    await push_due.run_due(NOW + rules.LEASE + timedelta(seconds=1))
    assert len(service.got) == 1


# --- who has left a phone is shown nothing there


async def shown_after(world: World, service: Push) -> int:
    before = len(service.got)
    await put_out(world)
    await push_due.run_due(NOW)
    return len(service.got) - before


async def test_after_signing_out_nothing_is_shown_and_the_address_is_forgotten(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    client, _ = phone
    assert await shown_after(world, service) == 1
    await client.post("/sign-out")
    assert await shown_after(world, service) == 0
    await subscriptions.run_due(NOW)
    assert await PushSubscription.count() == 0


async def test_when_a_session_only_ran_out_it_is_shown_still(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    """A buddy's evening: they have to sign in to do anything about it, and they are told."""
    await Session.update({Session.last_used_at: datetime.now(UTC) - timedelta(hours=20)}).where(
        Session.person == world.asha.id
    )
    assert await shown_after(world, service) == 1


async def test_once_a_phone_is_lost_nothing_is_shown_on_it(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    (mine,) = await PushSubscription.select()
    ade = await world.sign_in("ade")
    await (await world.sign_in("asha")).get("/today")
    from pwa.tables import Device

    await Device.insert(
        Device(id=mine["device"], person=world.asha.id, person_name="Asha Test", last_seen=datetime.now(UTC))
    )
    assert (await ade.post(f"/devices/{mine['device']}/lost", data={"reason": "stolen"})).status_code == 303
    assert await shown_after(world, service) == 0
    await subscriptions.run_due(NOW)
    assert await PushSubscription.count() == 0
    await Device.delete(force=True)
    await lost.run_due(NOW)


async def test_whoever_signs_in_after_them_is_not_shown_what_was_theirs(world: World, service: Push) -> None:
    device = uuid4()
    await switched_on(world, service, "asha", device)
    await Session.update({Session.last_used_at: datetime.now(UTC) - timedelta(hours=20)}).where(
        Session.person == world.asha.id
    )
    ben = await on_a_phone(world, "ben", device)
    await ben.get(PAGE)
    assert await shown_after(world, service) == 0


async def test_one_browser_shows_notifications_to_one_person(world: World, service: Push) -> None:
    await switched_on(world, service, "asha", name="shared")
    await switched_on(world, service, "ben", name="shared")
    assert [one["person"] for one in await PushSubscription.select()] == [world.ben.id]
    assert await shown_after(world, service) == 0


async def test_whoever_left_the_council_is_shown_nothing(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    await Person.update({Person.disabled_at: NOW}).where(Person.id == world.asha.id)
    assert await shown_after(world, service) == 0


async def test_with_another_key_of_ours_the_old_ones_take_nothing(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser], tmp_path: Path
) -> None:
    push.use(replace(settings.pushing, folder=tmp_path / "another", services=(service.url,)))
    assert await shown_after(world, service) == 0


# --- on and off


async def test_on_and_off_and_on_each_phone_by_itself(world: World, service: Push) -> None:
    first, _ = await switched_on(world, service, "asha")
    second, _ = await switched_on(world, service, "asha")
    page = (await first.get(PAGE)).text
    assert "On for this phone" in page and "Also on" in page
    rows = await PushSubscription.select()
    device = first.cookies.get("device", domain="doorstep.test")
    mine = next(one["id"] for one in rows if str(one["device"]) == device)
    assert (await first.post(f"{PAGE}/{mine}/end")).status_code == 303
    assert "Off on this phone" in (await first.get(PAGE)).text
    assert "On for this phone" in (await second.get(PAGE)).text


async def test_nobody_switches_off_somebody_elses(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    (mine,) = await PushSubscription.select()
    answer = await (await world.sign_in("ben")).post(f"{PAGE}/{mine['id']}/end")
    assert answer.status_code == 404
    assert await PushSubscription.count() == 1


@pytest.mark.parametrize(
    "endpoint",
    [
        "http://fcm.googleapis.com/fcm/send/x", "https://evil.example/x", "https://fcm.googleapis.com.evil.example/x",
        "https://evil.example@fcm.googleapis.com/x", "https://fcm.googleapis.com:8443/x", "http://127.0.0.1:1/x",
        "https://169.254.169.254/latest", "file:///etc/passwd", "", "https://push.apple.com/x", "https://[::1]/x",
        "https://notify.windows.com.evil.example/", "https://fcm.googleapis.com\\@evil.example/", "https://ｆcm.googleapis.com/",
    ],
)  # fmt: skip
async def test_we_post_to_no_address_but_that_of_a_known_push_service(
    world: World, service: Push, endpoint: str
) -> None:
    client = await on_a_phone(world, "asha")
    answer = await client.post(PAGE, data={**service.browser("x").form, "endpoint": endpoint})
    assert answer.status_code == 422
    assert await PushSubscription.count() == 0


@pytest.mark.parametrize(
    "endpoint",
    [
        "https://fcm.googleapis.com/fcm/send/x", "https://updates.push.services.mozilla.com/wpush/v2/x",
        "https://web.push.apple.com/x", "https://wns2-par02p.notify.windows.com/w/?token=x",
    ],
)  # fmt: skip
def test_those_of_the_known_browsers_are_known(endpoint: str) -> None:
    assert push.known(endpoint)


@pytest.mark.parametrize("wrong", [{"p256dh": "x"}, {"auth": "AAAA"}, {"p256dh": ""}, {"auth": "ü"}])
async def test_keys_that_are_none_are_refused(world: World, service: Push, wrong: dict[str, str]) -> None:
    client = await on_a_phone(world, "asha")
    assert (await client.post(PAGE, data={**service.browser("x").form, **wrong})).status_code == 422


async def test_a_point_that_is_not_on_the_curve_takes_nothing_and_is_forgotten(
    world: World, service: Push
) -> None:
    client = await on_a_phone(world, "asha")
    point = "B" + "A" * 86
    assert (await client.post(PAGE, data={**service.browser("x").form, "p256dh": point})).status_code == 303
    assert await shown_after(world, service) == 0
    assert await PushSubscription.count() == 0


async def test_a_phone_that_did_not_say_which_it_is_is_asked_to_reload(world: World, service: Push) -> None:
    answer = await (await world.sign_in("asha")).post(PAGE, data=service.browser("x").form)
    assert answer.status_code == 422 and "Reload the page" in answer.text


async def test_nobody_makes_us_post_to_a_thousand_places(world: World, service: Push) -> None:
    for _ in range(subscriptions.MOST + 2):
        await switched_on(world, service, "asha")
    assert await PushSubscription.count() == subscriptions.MOST


async def test_in_the_demo_nothing_leaves_this_machine(world: World, service: Push, tmp_path: Path) -> None:
    push.use(replace(settings.pushing, folder=tmp_path, demo=True))
    client = await on_a_phone(world, "asha")
    assert "This is the demo." in (await client.get(PAGE)).text
    assert (await client.post(PAGE, data=service.browser("x").form)).status_code == 422
    id = await put_out(world)
    await push_due.run_due(NOW)
    assert (await row(id))["state"] == State.SHOWN


# --- the key


def test_the_key_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    chosen = replace(settings.pushing, folder=tmp_path / "push")
    first, second = push.Pushing(chosen), push.Pushing(chosen)
    assert first.key.public == second.key.public and len(first.key.public) == 87
    file = tmp_path / "push" / "vapid.pem"
    assert file.stat().st_mode & 0o777 == 0o600
    assert push.Pushing(replace(chosen, key=file)).key.public == first.key.public
    first.close()
    second.close()


@pytest.mark.parametrize("content", [None, b"", b"-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----\n"])
def test_a_key_that_is_none_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    file = tmp_path / "key.pem"
    if content is not None:
        file.write_bytes(content)
    with pytest.raises(ValueError, match=r"DOORSTEP_PUSH_KEY .*key\.pem"):
        push.Pushing(replace(settings.pushing, key=file))


# --- a test that was pressed


async def test_a_test_that_was_pressed_on_this_phone_is_written_down(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    client, browser = phone
    (mine,) = await PushSubscription.select()
    await switched_on(world, service, "asha")
    assert await subscriptions.push_answered_at(world.asha.id, mine["device"]) is None
    assert (await client.post(f"{PAGE}/try")).status_code == 303
    await push_due.run_due(datetime.now(UTC) + timedelta(seconds=1))
    assert len(service.got) == 1, "to this phone alone"
    (said,) = service.to(browser)
    assert (said["kind"], said["title"]) == ("try", "This is a test")
    for _ in range(2):
        assert (await client.post(f"{PAGE}/answered", data={"test": said["id"]})).status_code == 200
    at = await subscriptions.push_answered_at(world.asha.id, mine["device"])
    assert at is not None and datetime.now(UTC) - at < timedelta(minutes=1)
    assert await PushAnswer.count() == 1
    assert await subscriptions.push_answered_at(world.ben.id, mine["device"]) is None
    assert await subscriptions.push_answered_at(world.asha.id, uuid4()) is None
    assert "A test last arrived here" in (await client.get(PAGE)).text


async def test_nobody_answers_somebody_elses_test_nor_an_alarm(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    client, _ = phone
    await client.post(f"{PAGE}/try")
    (test,) = await Message.select()
    answer = await (await world.sign_in("ben")).post(f"{PAGE}/answered", data={"test": str(test["id"])})
    unknown = await (await world.sign_in("ben")).post(f"{PAGE}/answered", data={"test": str(uuid4())})
    assert (answer.status_code, unknown.status_code) == (404, 404)
    alarm = await put_out(world)
    assert (await client.post(f"{PAGE}/answered", data={"test": str(alarm)})).status_code == 404
    assert await PushAnswer.count() == 0


async def test_a_phone_that_shows_none_is_told_to_switch_them_on_first(world: World, service: Push) -> None:
    client = await on_a_phone(world, "asha")
    answer = await client.post(f"{PAGE}/try")
    assert answer.status_code == 422 and "Switch them on first" in answer.text


async def test_no_log_says_where_a_phone_is_reached(
    world: World, service: Push, phone: tuple[httpx.AsyncClient, Browser]
) -> None:
    _, browser = phone
    with all_that_is_logged(JsonLine()) as logged:
        for answer in (400, 410, 500, "cut", 201):
            service.answers = [answer]
            await put_out(world)
            await push_due.run_due(NOW)
    secret: Any = browser.endpoint.rpartition("/")[2]
    for one in (secret, browser.form["auth"], "127.0.0.1:"):
        assert one not in logged.getvalue()
