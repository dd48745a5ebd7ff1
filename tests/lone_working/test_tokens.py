"""Asha's phone while she is out and signed out: what its token opens, what it never does, and when it dies."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from lone_working.phone import tokens
from lone_working.phone_tables import VisitToken
from lone_working.tables import Alarm, LoneSession, SessionEvent
from people.commands import end_all_sessions
from people.tables import Person
from pwa import lost
from pwa.ids import uuid7
from pwa.tables import Device, Receipt
from tests.conftest import World
from tests.lone_working.going import DURESS, HTMX, SAFE, begun, post, with_pins

pytestmark = pytest.mark.usefixtures("messages_go_out")
ACTS = {"check-in": {}, "panic": {}, "end": {"pin": SAFE}, "point": {"why": "check-in"}}


class Phone:
    """One phone that Asha was signed in on when she went in, and is not any more."""

    def __init__(self, world: World, session: UUID, token: str, device: UUID) -> None:
        self.session = session
        self.client = world.browser(**{"Visit-Token": token})
        self.client.cookies.set("device", str(device))

    async def press(self, act: str, **headers: str) -> httpx.Response:
        data = ACTS[act]
        return await self.client.post(f"/lone-working/{self.session}/{act}", data=data, headers=HTMX | headers)


async def out(world: World, who: str = "asha") -> Phone:
    session, device = await begun(world, who), uuid7()
    client = await world.sign_in(who)
    client.cookies.set("device", str(device))
    given = (await client.post(f"/lone-working/{session}/token")).json()
    await end_all_sessions(world.people[who].id, datetime.now(UTC))
    return Phone(world, session, given["token"], device)


async def happened(session: UUID) -> list[str]:
    rows = await SessionEvent.select().where(SessionEvent.session == session).order_by(SessionEvent.seq)
    return [row["what"] for row in rows]


async def test_a_phone_that_is_signed_out_checks_in_calls_for_help_and_ends(world: World) -> None:
    await with_pins(world)
    phone = await out(world)
    assert (await world.browser().post(f"/lone-working/{phone.session}/check-in")).status_code == 401
    for act in ("check-in", "panic", "end"):
        answer = await phone.press(act)
        assert (answer.status_code, answer.text) == (201, "") if act != "end" else answer.status_code < 300, act
    assert await happened(phone.session) == ["started", "checked_in", "panic", "pin"]


async def test_what_it_answers_shows_when_to_check_in_and_nothing_else(world: World) -> None:
    phone = await out(world)
    answer = await phone.press("check-in")
    session = (await LoneSession.select().where(LoneSession.id == phone.session))[0]
    assert answer.headers["safety"].startswith(f"due={session['due_at'].isoformat()}; heard=")
    said = answer.text + repr(answer.headers)
    assert not any(name in said for name in ("Asha", "mill", "Dina"))


async def test_it_opens_nothing_else(world: World) -> None:
    phone, other = await out(world), await begun(world, "asha")
    for path in ("/today", f"/lone-working/{phone.session}/end", "/lone-working", "/you"):
        assert (await phone.client.get(path)).status_code == 303
    for act in ("extend", "token"):
        assert (await post(phone.client, phone.session, act, minutes="15")).status_code == 401
    for act, data in ACTS.items():
        assert (await post(phone.client, other, act, **data)).status_code == 401, "another session, also of hers"
    assert "panic" not in await happened(other)


async def test_on_another_phone_it_is_nothing(world: World) -> None:
    phone = await out(world)
    phone.client.cookies.set("device", str(uuid7()))
    for act in ACTS:
        assert (await phone.press(act)).status_code == 401
    phone.client.cookies.clear()
    assert (await phone.press("panic")).status_code == 401
    assert not await Alarm.exists()


@pytest.mark.parametrize("pin", [SAFE, DURESS])
async def test_it_dies_with_the_session_and_help_is_heard_all_the_same(world: World, pin: str) -> None:
    """The same whichever PIN it was."""
    await with_pins(world)
    phone = await out(world)
    client = await world.sign_in("asha")
    assert (await post(client, phone.session, "end", pin=pin)).status_code < 300
    for act in ("check-in", "end"):
        answer = await phone.press(act)
        assert (answer.status_code, answer.headers["safety"]) == (401, "over")
    called = await phone.press("panic")
    assert (called.status_code, called.headers["safety"]) == (201, "over")
    assert "receipt" in called.headers
    said = await SessionEvent.select(SessionEvent.said).where(SessionEvent.what == "panic")
    assert "signed out" in said[0]["said"]


async def test_it_dies_four_hours_after_the_planned_end(world: World) -> None:
    phone = await out(world)
    row = (await LoneSession.select().where(LoneSession.id == phone.session))[0]
    token = phone.client.headers["visit-token"]
    device = UUID(phone.client.cookies["device"])
    for after, standing in ((timedelta(hours=3, minutes=59), "good"), (timedelta(hours=4), "over")):
        holder = await tokens.find(token, device, phone.session, row["ends_at"] + after)
        assert holder is not None and holder.standing == standing


async def test_a_lost_phone_is_turned_away_and_its_alarm_recorded_as_not_verified(world: World) -> None:
    phone = await out(world)
    device = UUID(phone.client.cookies["device"])
    seen = datetime.now(UTC)
    await Device.insert(Device(id=device, person=world.asha.id, person_name="Asha Test", last_seen=seen))
    ade = await world.sign_in("ade")
    assert (await ade.post(f"/devices/{device}/lost", data={"reason": "left on a bus"})).status_code == 303
    for _ in range(2):
        assert (await phone.press("check-in")).status_code == 401
        assert (await phone.press("panic")).status_code == 401
        (alarm,) = await Alarm.select()
        assert alarm["kind"] == "panic"
        # Found again it is a phone like any other, and the token stays dead.
        assert (await ade.post(f"/devices/{device}/found", data={"reason": "on the bus"})).status_code == 303
    said = await SessionEvent.select(SessionEvent.said).where(SessionEvent.what == "panic")
    assert all("Not verified" in row["said"] for row in said) and len(said) == 2
    await lost.run_due(datetime.now(UTC))


async def test_a_leavers_token_is_dead_and_their_call_recorded(world: World) -> None:
    phone = await out(world)
    await Person.update({Person.disabled_at: datetime.now(UTC)}).where(Person.id == world.asha.id)
    assert (await phone.press("check-in")).status_code == 401
    assert (await phone.press("panic")).status_code == 401
    assert await Alarm.exists()


async def test_only_its_hash_is_kept(world: World) -> None:
    phone = await out(world)
    token = phone.client.headers["visit-token"]
    kept = repr([*await VisitToken.select(exclude_secrets=False), *await Receipt.select()])
    assert len(token) >= 43 and token not in kept


async def test_nobody_gets_a_token_of_somebody_elses_session_or_one_that_is_over(world: World) -> None:
    await with_pins(world)
    session = await begun(world)
    ben, asha = await world.sign_in("ben"), await world.sign_in("asha")
    for client in (ben, asha):
        client.cookies.set("device", str(uuid7()))
    assert (await ben.post(f"/lone-working/{session}/token")).status_code == 404
    await post(asha, session, "end", pin=SAFE)
    assert (await asha.post(f"/lone-working/{session}/token")).status_code == 404


async def test_a_browser_that_has_not_said_which_phone_it_is_gets_the_key_alone(world: World) -> None:
    session = await begun(world)
    given = (await (await world.sign_in("asha")).post(f"/lone-working/{session}/token")).json()
    assert given["token"] == "" and given["key"]["public"]
    assert not await VisitToken.exists()


@pytest.mark.parametrize("by", ["token", "sign-in"])
async def test_whoever_was_made_an_administrator_while_out_still_calls_and_ends(world: World, by: str) -> None:
    await with_pins(world)
    phone = await out(world)
    await Person.update({Person.role: "administrator", Person.team: None}).where(Person.id == world.asha.id)
    client = phone.client if by == "token" else await world.sign_in("asha")
    if by == "sign-in":
        assert "data-safety=" in (await client.get("/people")).text
        assert (await client.get(f"/lone-working/{phone.session}/end")).status_code == 200
    assert (await post(client, phone.session, "panic")).status_code == 201
    assert (await post(client, phone.session, "end", pin=SAFE)).status_code < 300
    assert (await happened(phone.session))[-2:] == ["panic", "pin"]


async def test_with_somebody_else_signed_in_on_the_phone_it_still_speaks_for_its_own_officer(world: World) -> None:
    phone = await out(world)
    ben = await world.sign_in("ben")
    ben.headers["visit-token"] = phone.client.headers["visit-token"]
    ben.cookies.set("device", phone.client.cookies["device"])
    headers = HTMX | {"Command-Author": str(world.asha.id)}
    answer = await ben.post(f"/lone-working/{phone.session}/panic", headers=headers)
    assert (answer.status_code, answer.text) == (201, "")
    (row,) = await SessionEvent.select().where(SessionEvent.what == "panic")
    assert row["person"] == world.asha.id


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b'{"broken', {"Content-Type": "application/json"}),
        (b"\xff\x00=%zz", {"Content-Type": "text/plain", "Command-Sequence": "x", "Command-Body": "0" * 64}),
        (b"x" * 300_000, {"Content-Type": "application/octet-stream"}),
        (b"latitude=999&longitude=NaN&why=because&a=1&a=2", {"Command-Version": "77", "Command-Sent-At": "soon"}),
        (b"", {"Command-Restored": "never", "Command-Monotonic": "9" * 15, "Command-Monotonic-Sent": "-1"}),
    ],
)
async def test_help_by_token_is_recorded_whatever_else_is_wrong_with_it(
    world: World, body: bytes, headers: dict[str, str]
) -> None:
    phone = await out(world)
    id = str(uuid7())
    answer = await phone.client.post(
        f"/lone-working/{phone.session}/panic", content=body, headers={**HTMX, "Command-Id": id, **headers}
    )
    assert answer.status_code == 201
    assert f"id={id};" in answer.headers["receipt"], "what can be read of the envelope counts"
    assert await Alarm.count().where(Alarm.kind == "panic") == 1
