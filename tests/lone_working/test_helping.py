"""What Asha says for whoever comes to help her, who reads it when, and what she learns of that."""

import hashlib
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest

from lone_working import session_erasing
from lone_working.sessions import helping
from lone_working.sessions.tables import ContactRead, HelpCard, HelpPhoto
from lone_working.tables import Alarm, LoneSession, SafePin, SessionEvent
from people.tables import Person
from tests.conftest import World
from tests.lone_working.conftest import Alone
from tests.lone_working.going import DURESS, HTMX, begun, let_pass, post, watched, with_pins

pytestmark = pytest.mark.usefixtures("messages_go_out")
CARD = {
    "car": "Blue Skoda Fabia, HW22 ABC",
    "looks": "Tall, grey hair, red coat",
    "contact_name": "Priya Shah",
    "contact_is": "Sister",
    "contact_phone": "07700 900777",
}


async def told(world: World) -> None:
    asha = await world.sign_in("asha")
    answer = await asha.post("/you/helpers", data=CARD, headers=HTMX)
    assert answer.status_code == 200 and "Saved." in answer.text


async def overdue(world: World, minutes: int = 0) -> str:
    """Asha is overdue, Ben her buddy; so many minutes ago. Gives where her alarm's person is."""
    session = await begun(world, buddy="ben")
    await let_pass(session, 31)
    await watched(0, minutes)
    (alarm,) = await Alarm.select()
    return f"/lone-working/alarms/{alarm['id']}"


async def test_who_is_called_reads_the_car_and_how_to_know_her_and_nothing_else(world: World) -> None:
    await told(world)
    at = await overdue(world, 6)
    for name in ("ben", "dina"):
        client = await world.sign_in(name)
        assert f"{at}/person" in (await client.get(at)).text
        shown = (await client.get(f"{at}/person")).text
        assert "Blue Skoda" in shown and "red coat" in shown
        assert "Priya" not in shown and "900777" not in shown, name


async def test_what_she_says_after_the_clock_was_put_back_is_not_thrown_away(alone: Alone) -> None:
    for back, car in ((0, "Red Fiat"), (60, "Blue Skoda"), (59, "No car")):
        alone.now -= timedelta(minutes=back)
        await alone.do("asha", helping.save, helping.Card(car=car))
        assert (await helping.card_of(alone.world.asha.id)).car == car
        await alone.do("asha", helping.set_photo, hashlib.sha256(car.encode()).hexdigest())
        assert (await helping.photo_of(alone.world.asha.id))[1] == hashlib.sha256(car.encode()).hexdigest()


async def test_nobody_else_reads_it_and_it_stands_on_no_wall(world: World) -> None:
    await told(world)
    at = await overdue(world)
    for name in ("asha", "carol", "marek"):
        assert (await (await world.sign_in(name)).get(f"{at}/person")).status_code == 404
    dina = await world.sign_in("dina")
    for path in ("/lone-working", "/lone-working/now", "/today", f"/people/{world.asha.id}"):
        assert "Skoda" not in (await dina.get(path)).text, path


async def test_once_the_alarm_is_over_it_is_gone(world: World) -> None:
    await told(world)
    at = await overdue(world)
    dina = await world.sign_in("dina")
    await dina.post(f"{at}/outcome", data={"words": "Battery flat", "spoken_to": "yes"}, headers=HTMX)
    assert (await dina.get(f"{at}/person")).status_code == 404
    assert f"{at}/person" not in (await dina.get(at)).text


async def test_a_manager_reads_whom_to_ring_once_the_managers_are_called_and_asha_is_told(world: World) -> None:
    await told(world)
    at = await overdue(world, 6)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    assert "Read whom to ring" not in (await dina.get(f"{at}/person")).text
    early = await dina.post(f"{at}/contact", headers=HTMX)
    assert early.status_code == 422 and "Priya" not in early.text
    await watched(6, 11)
    ben = await world.sign_in("ben")
    assert "Read whom to ring" not in (await ben.get(f"{at}/person")).text
    assert (await ben.post(f"{at}/contact", headers=HTMX)).status_code == 403
    assert "Read whom to ring" in (await dina.get(f"{at}/person")).text
    for _ in range(2):
        read = await dina.post(f"{at}/contact", headers=HTMX)
        assert read.status_code == 200 and "Priya Shah" in read.text and "tel:07700 900777" in read.text
    assert await ContactRead.count() == 1
    assert await SessionEvent.count().where(SessionEvent.what == "contact_read") == 1
    assert "Dina Test" not in (await asha.get("/you/helpers")).text, "not while the alarm is open"
    await dina.post(f"{at}/outcome", data={"words": "Found", "spoken_to": "yes"}, headers=HTMX)
    assert "Dina Test" in (await asha.get("/you/helpers")).text


async def test_after_duress_asha_reads_nothing_of_it_for_a_day(world: World) -> None:
    await with_pins(world)
    session = await begun(world, buddy="ben")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await post(asha, session, "end", pin=DURESS)
    now = datetime.now(UTC)
    await watched(0, 6)
    (alarm,) = await Alarm.select()
    at = f"/lone-working/alarms/{alarm['id']}"
    assert (await dina.post(f"{at}/contact", headers=HTMX)).status_code == 200
    ago = now - timedelta(minutes=10)
    await Alarm.update({Alarm.origin_at: ago}, force=True)
    over = {"words": "The police are with her", "close_session": "yes"}
    assert (await dina.post(f"{at}/outcome", data=over, headers=HTMX)).status_code == 200
    assert "Dina Test" not in (await asha.get("/you/helpers")).text
    await Alarm.update({Alarm.resolved_at: now - timedelta(hours=25)}, force=True)
    assert "Dina Test" in (await asha.get("/you/helpers")).text


async def test_what_is_said_anew_takes_the_place_of_what_was_said_before_and_nothing_late_undoes_it(
    alone: Alone,
) -> None:
    made = alone.now
    alone.now += timedelta(hours=1)
    await alone.do("asha", helping.save, helping.Card(car="New car"))
    await alone.do("asha", helping.save, helping.Card(car="Old car"), captured=made)
    assert [row["car"] for row in await HelpCard.select()] == ["New car"]
    await alone.do("asha", helping.save, helping.Card())
    assert [row["car"] for row in await HelpCard.select()] == [""]


# --- the photograph


async def attached(client: httpx.AsyncClient, sha: str) -> httpx.Response:
    return await client.post("/you/helpers/photo", data={"id": str(uuid4()), "sha256": sha}, headers=HTMX)


async def test_a_photo_of_somebody_elses_bytes_is_shown_to_nobody(world: World) -> None:
    sha = hashlib.sha256(b"a face").hexdigest()
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    assert (await attached(asha, sha)).status_code == 200
    (photo,) = await HelpPhoto.select()
    assert (await asha.get(f"/lone-working/helpers/{photo['id']}/photos/{sha}")).status_code == 404
    at = await overdue(world)
    assert "<img" not in (await dina.get(f"{at}/person")).text.split('id="looked-for"')[1].split("</section>")[0]
    assert (await dina.get(f"{at}/photos/{sha}")).status_code == 404


async def test_a_photo_that_is_no_hash_is_refused(world: World) -> None:
    asha = await world.sign_in("asha")
    assert (await attached(asha, "../../etc")).status_code == 422


async def test_a_photo_is_replaced_and_taken_away(world: World) -> None:
    asha = await world.sign_in("asha")
    for face in (b"one", b"two"):
        await attached(asha, hashlib.sha256(face).hexdigest())
    assert [row["sha256"] for row in await HelpPhoto.select()] == [hashlib.sha256(b"two").hexdigest()]
    answer = await asha.post("/you/helpers/photo/remove", headers=HTMX)
    assert answer.status_code == 200 and "Take the photo away" not in answer.text
    assert [row["sha256"] for row in await HelpPhoto.select()] == [""]


# --- forgetting


async def test_what_helps_is_forgotten_a_month_after_somebody_left(world: World) -> None:
    await told(world)
    sha = hashlib.sha256(b"a face").hexdigest()
    await attached(await world.sign_in("asha"), sha)
    now = datetime.now(UTC)
    assert await session_erasing.forget(now) == 0
    assert await session_erasing.photos_named({sha, "b" * 64}) == {sha}
    await Person.update({Person.disabled_at: now - timedelta(days=31)}).where(Person.id == world.asha.id)
    await with_pins(world)
    await session_erasing.forget(now)
    assert not await HelpCard.exists() and not await HelpPhoto.exists()
    assert not await SafePin.exists(), "four digits are soon tried out"


async def test_times_are_forgotten_after_a_year_and_codes_after_a_day(world: World) -> None:
    await begun(world, buddy="ben")
    asha = await world.sign_in("asha")
    await asha.post("/lone-working/test", headers=HTMX)
    assert await session_erasing.forget(datetime.now(UTC)) == 0
    assert await session_erasing.forget(datetime.now(UTC) + timedelta(days=2)) == 1
    assert await session_erasing.forget(datetime.now(UTC) + timedelta(days=367)) == 1
    assert await LoneSession.exists()


async def test_whose_ladder_ends_an_hour_later_keeps_nobody_from_whom_to_ring_for_help(world: World) -> None:
    session = await begun(world, buddy="ben")
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await post(asha, session, "panic")
    (alarm,) = await Alarm.select()
    at = f"/lone-working/alarms/{alarm['id']}/contact"
    assert (await dina.post(at, headers=HTMX)).status_code == 422
    ago = datetime.now(UTC) - timedelta(minutes=5)
    await Alarm.update({Alarm.origin_at: ago}, force=True)
    assert (await dina.post(at, headers=HTMX)).status_code == 200
