"""A PIN on its way through Asha's queue: nobody can read it or use it again, and either is answered alike."""

import re
from base64 import b64decode, b64encode
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx
import pytest
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding

from lone_working.erasing import erase_older
from lone_working.phone import sealing
from lone_working.phone.sealing import label_of
from lone_working.phone_tables import SealingKey
from lone_working.tables import Alarm, LoneSession, PinFailure, SessionEvent
from people import passwords
from people.commands import end_all_sessions
from people.queries import person_as
from pwa.ids import uuid7
from pwa.tables import Conflict, Receipt
from server import taking_in
from server.saved_copy import Op, SavedCopy
from tests.conftest import World
from tests.lone_working.going import DURESS, HTMX, SAFE, begun, let_pass, with_pins

pytestmark = pytest.mark.usefixtures("messages_go_out")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00|\d\d:\d\d")
SHA = re.compile(r"sha256=[0-9a-f]{64}")


def seal(key: dict[str, str], act: str, session: UUID, command: UUID, pin: str) -> str:
    """As a phone does (pwa/src/seal.ts)."""
    public: Any = serialization.load_der_public_key(b64decode(key["public"]))
    how = padding.OAEP(padding.MGF1(hashes.SHA256()), hashes.SHA256(), label_of(act, session, command))
    return f"{key['id']}.{b64encode(public.encrypt(pin.encode(), how)).decode()}"


async def press(client: httpx.AsyncClient, session: UUID, act: str, pin: str, **more: Any) -> httpx.Response:
    id = more.pop("id", None) or uuid7()
    key = more.pop("key", None) or await sealing.public_key(datetime.now(UTC))
    sealed = more.pop("sealed", None) or seal(key, act, session, id, pin)
    headers = {**HTMX, "Command-Id": str(id), **more.pop("headers", {})}
    data = {"sealed": sealed, **more}
    return await client.post(f"/lone-working/{session}/{act}", data=data, headers=headers)


def masked(answer: httpx.Response) -> tuple[int, dict[str, str], str]:
    """All of an answer that an officer's phone gets."""
    headers = {k: _mask(v) for k, v in answer.headers.items() if k not in ("date", "request-id")}
    return answer.status_code, headers, _mask(answer.text)


def _mask(text: str) -> str:
    return re.sub(r"(Visit|visit) \d{4}", "visit N", SHA.sub("sha", TIMES.sub("time", IDS.sub("id", text))))


async def state(session: UUID) -> str:
    return str((await LoneSession.select(LoneSession.state).where(LoneSession.id == session))[0]["state"])


async def test_a_sealed_pin_ends_a_session_and_is_readable_nowhere(world: World) -> None:
    await with_pins(world)
    session, asha = await begun(world), await world.sign_in("asha")
    answer = await press(asha, session, "end", SAFE)
    assert (answer.status_code, answer.headers["safety"]) == (201, "over")
    assert await state(session) == "closed_safe"
    assert SAFE not in repr([*await Receipt.select(), *await SessionEvent.select(), *await Conflict.select()])


async def test_a_sealed_pin_that_is_wrong_is_told_when_it_arrives_and_counts_once(world: World) -> None:
    await with_pins(world)
    session, asha = await begun(world), await world.sign_in("asha")
    id, key = uuid7(), await sealing.public_key(datetime.now(UTC))
    sealed = seal(key, "end", session, id, "1111")
    for _ in range(4):  # its answer was lost, and it is sent again
        answer = await press(asha, session, "end", "", id=id, sealed=sealed)
        assert answer.status_code == 422 and "not recognised" in answer.text and "receipt" not in answer.headers
    assert await PinFailure.count() == 1
    assert await state(session) == "active"


@pytest.mark.parametrize("wrong", ["act", "session", "command", "bytes", "no key", "nonsense"])
async def test_a_seal_opens_for_one_act_of_one_session_by_one_command(world: World, wrong: str) -> None:
    await with_pins(world)
    session, asha = await begun(world), await world.sign_in("asha")
    id, key = uuid7(), await sealing.public_key(datetime.now(UTC))
    of = {"act": "check-in" if wrong == "act" else "end", "session": uuid7() if wrong == "session" else session}
    sealed = seal(key, of["act"], of["session"], uuid7() if wrong == "command" else id, SAFE)
    sealed = {
        "bytes": sealed[:-8] + "AAAAAAA=", "no key": f"{uuid7()}.{sealed.split('.')[1]}", "nonsense": "x.y"
    }.get(wrong, sealed)  # fmt: skip
    answer = await press(asha, session, "end", "", id=id, sealed=sealed)
    assert answer.status_code == 422 and "could not be opened here" in answer.text
    assert await state(session) == "active" and not await PinFailure.exists()


async def test_a_new_key_every_ninety_days_and_the_old_ones_open_for_a_year(world: World) -> None:
    await with_pins(world)
    session, asha = await begun(world), await world.sign_in("asha")
    now = datetime.now(UTC)
    old = await sealing.public_key(now - timedelta(days=364))
    newer = await sealing.public_key(now)
    assert newer != old == await sealing.public_key(now - timedelta(days=364)) or newer["id"] != old["id"]
    assert await sealing.public_key(now) == newer
    while await erase_older(now):
        pass
    assert (await press(asha, session, "check-in", SAFE, key=old)).status_code == 201
    while await erase_older(now + timedelta(days=2)):
        pass
    assert [str(row["id"]) for row in await SealingKey.select()] == [newer["id"]]
    late = await press(asha, session, "check-in", SAFE, key=old)
    assert late.status_code == 422 and "we still look out for you" in late.text


async def test_a_position_that_is_nonsense_harms_no_act(world: World) -> None:
    await with_pins(world)
    session, asha = await begun(world), await world.sign_in("asha")
    where = {"latitude": "north", "longitude": "1e309", "accuracy": "-"}
    assert (await press(asha, session, "check-in", SAFE, **where)).status_code == 201
    assert (await press(asha, session, "end", SAFE, **where)).status_code == 201


# --- duress: what an officer, and whoever stands beside them, can see (I6)

PAGES = (
    "/today",
    "/you",
    "/outbox",
    "/lone-working",
    "/lone-working/now",
    "/lone-working/limits",
    "/lone-working/looks",
)


async def seen(world: World, act: str, pin: str, minutes_late: int, plain: bool) -> list[Any]:
    """One whole session of Asha's: every answer's headers and body, and every page after it."""
    # Not packed: the ids that are masked here would make it a few bytes more or less.
    session = await begun(world)
    await end_all_sessions(world.asha.id, datetime.now(UTC))
    asha = await world.sign_in("asha", **{"Accept-Encoding": "identity"})
    await let_pass(session, 30 + minutes_late)
    more = {"minutes": "15"} if act == "extend" else {}
    if plain:
        answer = await asha.post(f"/lone-working/{session}/{act}", data={"pin": pin, **more}, headers=HTMX)
    else:
        answer = await press(asha, session, act, pin, **more)
    pages = [*PAGES, f"/lone-working/{session}/end", f"/lone-working/{session}/more"]
    after = [await asha.post(f"/lone-working/{session}/check-in", headers=HTMX)]
    after += [await press(asha, session, "end", "1111")]
    got = [answer, *[await asha.get(path) for path in pages], *after, await press(asha, session, "end", pin)]
    return [masked(one) for one in [*got, *[await asha.get(path) for path in pages]]]


@pytest.mark.parametrize("plain", [True, False], ids=["typed", "sealed"])
@pytest.mark.parametrize(
    ("act", "late"), [("end", -20), ("end", 5), ("extend", 5), ("check-in", -20), ("check-in", 5)]
)
async def test_the_two_pins_look_the_same_to_the_byte(world: World, act: str, late: int, plain: bool) -> None:
    await with_pins(world)
    safe = await seen(world, act, SAFE, late, plain)
    assert not await Alarm.exists()
    duress = await seen(world, act, DURESS, late, plain)
    assert await Alarm.count().where(Alarm.kind == "duress") == 1
    for one, other in zip(safe, duress, strict=True):
        assert one[2].splitlines() == other[2].splitlines()
        assert one == other


async def test_a_saved_copy_brings_in_either_with_the_same_words(world: World) -> None:
    await with_pins(world)
    results = []
    for pin in (SAFE, DURESS):
        session, id = await begun(world), uuid7()
        key = await sealing.public_key(datetime.now(UTC))
        body = str(httpx.QueryParams({"sealed": seal(key, "end", session, id, pin)}))
        told = {"Command-Id": str(id), "Command-Author": str(world.asha.id)}
        told["Content-Type"] = "application/x-www-form-urlencoded"
        op = Op(str(id), "POST", f"/lone-working/{session}/end", told, body, what="End")
        dina = await person_as(world.dina.id, datetime.now(UTC))
        assert dina is not None
        copy = SavedCopy(Path(), [op], 0)
        (taken,) = await taking_in.take_in(world.app, "doorstep.test", copy, dina)
        results.append(taken)
    assert results[0] == results[1] and results[0].state == "received"


@pytest.mark.parametrize("act", ["end", "check-in", "extend"])
async def test_both_hashes_are_computed_whichever_pin_came(
    world: World, act: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await with_pins(world)
    counts: dict[str, int] = {}
    real = passwords._verified

    def counted(hash: str, pin: str) -> bool:
        counts[pin] = counts.get(pin, 0) + 1
        return real(hash, pin)

    for pin in (SAFE, DURESS, "1111", ""):
        session, asha = await begun(world), await world.sign_in("asha")
        await let_pass(session, 35)
        monkeypatch.setattr(passwords, "_verified", counted)
        await press(asha, session, act, pin, **({"minutes": "15"} if act == "extend" else {}))
        monkeypatch.setattr(passwords, "_verified", real)
    assert {pin: counts[pin] for pin in (SAFE, DURESS, "1111")} == {SAFE: 2, DURESS: 2, "1111": 2}
