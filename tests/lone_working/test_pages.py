"""What Asha sees while she is out, and what Dina sees of her."""

import re
from datetime import UTC, datetime
from uuid import uuid4

import httpx
import pytest

from lone_working.alarms.due import run_due
from lone_working.tables import Alarm, LoneSession, SafePin, SessionEvent
from properties.tables import Property
from pwa.tables import Receipt
from tests.conftest import World
from tests.lone_working.going import DURESS, HTMX, SAFE, begun, let_pass, post, reachable, with_pins
from tests.visits.making import planned

pytestmark = pytest.mark.usefixtures("messages_go_out")
IDS = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
TIMES = re.compile(r"\d{4}-\d\d-\d\dT[\d:.]+\+00:00|\d\d:\d\d")


async def alarm_of(world: World, who: str = "asha") -> Alarm:
    row = await Alarm.objects().where(Alarm.session.person == world.people[who].id).first()
    assert row is not None
    return row


# --- the bar


async def test_every_page_of_whoever_is_out_has_the_bar_and_nobody_elses(world: World) -> None:
    session = await begun(world)
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    for path in ("/today", "/you", "/visits"):
        assert f'data-safety="{session}"' in (await asha.get(path)).text
        assert "data-safety=" not in (await ben.get(path)).text
    shown = (await asha.get("/today")).text
    assert re.search(r"Check in by <b><time[^>]*>\d\d:\d\d", shown)
    assert re.search(r"last confirmed <b><time[^>]*>\d\d:\d\d", shown)


@pytest.mark.parametrize(("high_risk", "left", "amber"), [(False, 4, True), (True, 4, False), (True, 2, True)])
async def test_the_bar_turns_amber_five_minutes_before_and_three_where_the_risk_is_high(
    world: World, high_risk: bool, left: int, amber: bool
) -> None:
    session = await begun(world)
    await LoneSession.update({LoneSession.high_risk: high_risk}).where(LoneSession.id == session)
    await let_pass(session, 30 - left)
    shown = (await (await world.sign_in("asha")).get("/today")).text
    assert ("safety--soon" in shown) is amber
    assert f'data-soon="{3 if high_risk else 5}"' in shown, "for the script that counts on"


async def test_a_page_of_the_pack_has_no_bar_so_that_it_stays_the_same_to_the_byte(world: World) -> None:
    await begun(world)
    asha = await world.sign_in("asha")
    assert "data-safety=" not in (await asha.get("/today", headers={"Doorstep-Pack": "1"})).text


async def test_without_script_every_button_leads_back_to_the_page_it_was_pressed_on(world: World) -> None:
    session = await begun(world)
    asha = await world.sign_in("asha")
    for act, data in (("check-in", {}), ("extend", {"minutes": "15"}), ("panic", {})):
        answer = await asha.post(
            f"/lone-working/{session}/{act}", data=data, headers={"Referer": "https://doorstep.test/you"}
        )
        assert (answer.status_code, answer.headers["location"]) == (303, "/you")


async def test_starting_a_visit_brings_the_bar_and_finishing_it_asks_for_the_pin(
    world: World, home: Property
) -> None:
    await reachable(world)
    visit = await planned(world, home)
    asha = await world.sign_in("asha")
    begun_now = await asha.post(f"/visits/{visit}/start", headers=HTMX)
    assert 'id="safety-bar"' in begun_now.text and "data-safety=" in begun_now.text
    assert "NOT MONITORED:" not in begun_now.text
    ended = await asha.post(f"/visits/{visit}/finish", data={"outcome": "done"}, headers=HTMX)
    assert "Are you out and safe?" in ended.text
    assert "data-safety=" in (await asha.get("/today")).text, "a visit’s end ends nothing"


async def test_the_next_visit_asks_for_the_end_of_what_was_not_ended(world: World, home: Property) -> None:
    """Forgetting to end is what most false alarms come of. Nothing ends by itself."""
    before = await begun(world, place="The old mill")
    visit = await planned(world, home)
    asha = await world.sign_in("asha")
    started = (await asha.post(f"/visits/{visit}/start", headers=HTMX)).text
    shown = (await asha.get(f"/visits/{visit}")).text
    for page in (started, shown):
        assert "You are still out: The old mill" in page and f'"/lone-working/{before}/end"' in page
        assert page.count("You are still out:") == 1
    assert await LoneSession.count().where(LoneSession.state == "active") == 2
    await with_pins(world)
    assert (await asha.post(f"/lone-working/{before}/end", data={"pin": SAFE})).status_code == 303
    assert "You are still out:" not in (await asha.get(f"/visits/{visit}")).text


async def test_a_visit_that_nobody_watches_says_so_in_red_and_why(world: World, home: Property) -> None:
    visit = await planned(world, home)
    asha = await world.sign_in("asha")
    assert (await asha.post(f"/visits/{visit}/start", headers=HTMX)).status_code == 200
    shown = (await asha.get(f"/visits/{visit}")).text
    assert "NOT MONITORED: tell your buddy." in shown
    assert "mobile number" in shown
    assert not await LoneSession.exists()


# --- bad input (docs/bad-input.md)


async def test_i_am_safe_twice_in_a_second_is_taken_both_times(world: World) -> None:
    session = await begun(world)
    asha = await world.sign_in("asha")
    first, second = await post(asha, session, "check-in"), await post(asha, session, "check-in")
    assert (first.status_code, second.status_code) == (201, 201)
    assert "data-safety=" in second.text


async def test_i_am_safe_after_the_end_is_taken_and_opens_nothing(world: World) -> None:
    session = await begun(world)
    await with_pins(world)
    asha = await world.sign_in("asha")
    assert (await post(asha, session, "end", pin=SAFE)).status_code < 300
    late = await post(asha, session, "check-in")
    assert late.status_code == 201
    assert "data-safety=" not in late.text


async def test_buttons_of_a_session_of_somebody_elses_or_of_none_are_not_found(world: World) -> None:
    session = await begun(world)
    ben = await world.sign_in("ben")
    for id in (session, uuid4()):
        for act, data in (("check-in", {}), ("extend", {"minutes": "15"}), ("end", {"pin": SAFE})):
            assert (await post(ben, id, act, **data)).status_code == 404


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"\x00\xff%00&&==", {"Content-Type": "application/x-www-form-urlencoded"}),
        (b'{"lat": "NaN"}', {"Content-Type": "application/json"}),
        (b"latitude=999", {"Content-Type": "application/x-www-form-urlencoded", "Command-Id": "not an id"}),
        (b"", {"Command-Captured-At": "yesterday", "Command-Sequence": "x"}),
    ],
)
async def test_a_call_for_help_is_taken_whatever_comes_with_it(
    world: World, body: bytes, headers: dict[str, str]
) -> None:
    session = await begun(world)
    asha = await world.sign_in("asha")
    answer = await asha.post(f"/lone-working/{session}/panic", content=body, headers={**HTMX, **headers})
    assert answer.status_code == 201
    assert (await alarm_of(world)).kind == "panic"


async def test_a_call_for_help_looks_like_saying_that_all_is_well(world: World) -> None:
    session = await begun(world)
    asha = await world.sign_in("asha")
    safe, called = await post(asha, session, "check-in"), await post(asha, session, "panic")
    assert (safe.status_code, masked(safe)) == (called.status_code, masked(called))


# What she may look at after it, with somebody beside her.
LATER = (
    "/today",
    "/lone-working",
    "/lone-working/bar",
    "/lone-working/ready",
    "/lone-working/buddy",
    "/you/helpers",
)


def masked(answer: httpx.Response) -> str:
    return TIMES.sub("time", IDS.sub("id", answer.text))


async def test_a_pin_that_is_neither_is_said_plainly_and_ends_nothing(world: World) -> None:
    session = await begun(world)
    await with_pins(world)
    asha = await world.sign_in("asha")
    answer = await post(asha, session, "end", pin="1111")
    assert answer.status_code == 422
    assert "not recognised" in answer.text
    assert "data-safety=" in (await asha.get("/today")).text


async def test_the_safe_and_the_duress_pin_are_answered_and_followed_by_the_same_bytes(world: World) -> None:
    await with_pins(world)
    asha = await world.sign_in("asha")
    seen = []
    for pin in (SAFE, DURESS):
        session = await begun(world)
        answer = await post(asha, session, "end", pin=pin)
        pages = [await asha.get(path) for path in (*LATER, f"/lone-working/{session}/end")]
        known = {k: v for k, v in answer.headers.items() if k not in ("receipt", "date", "request-id")}
        seen.append([(answer.status_code, known, answer.text), *((one.status_code, masked(one)) for one in pages)])
    for safe, duress in zip(*seen, strict=True):
        assert safe == duress
    assert (await alarm_of(world)).kind == "duress"


async def test_a_pin_is_in_no_receipt_and_no_event(world: World) -> None:
    await with_pins(world)
    session = await begun(world)
    asha = await world.sign_in("asha")
    await post(asha, session, "end", pin=SAFE)
    kept = [*await Receipt.select(), *await SessionEvent.select()]
    assert not any(
        SAFE in str(value) for row in kept for name, value in row.items() if name in ("note", "said", "path")
    )


async def test_more_time_once_overdue_asks_for_the_pin(world: World) -> None:
    await with_pins(world)
    session = await begun(world)
    await let_pass(session, 40)
    asha = await world.sign_in("asha")
    refused = await post(asha, session, "extend", minutes="15")
    assert refused.status_code == 422
    assert "Enter your PIN to take longer" in refused.text
    shown = (await asha.get("/today")).text
    assert "Overdue since" in shown and f"/lone-working/{session}/more?minutes=15" in shown
    assert (await post(asha, session, "extend", minutes="15", pin=SAFE)).status_code < 300


# --- PINs


def pins(**other: str) -> dict[str, str]:
    return {"safe": SAFE, "safe_again": SAFE, "duress": DURESS, "duress_again": DURESS, "password": "x", **other}


async def test_pins_are_asked_for_twice_and_with_the_password(world: World) -> None:
    asha = await world.sign_in("asha")
    twice = await asha.post("/you/pin", data=pins(safe_again="1234"))
    assert twice.status_code == 422 and "not the same" in twice.text
    wrong = await asha.post("/you/pin", data=pins())
    assert wrong.status_code == 422 and "not your current password" in wrong.text
    assert not await SafePin.exists()
    assert SAFE not in wrong.text


# --- the wall and an alarm


async def test_the_wall_shows_a_manager_their_team_and_a_buddy_their_own_people(world: World) -> None:
    await begun(world, "asha", "The old mill", buddy="ben")
    await begun(world, "carol", "The south quay")
    for name, sees in {"dina": True, "ben": True, "marek": False, "carol": False}.items():
        shown = (await (await world.sign_in(name)).get("/lone-working")).text
        assert ("The old mill" in shown) is sees, name
    assert (await (await world.sign_in("ade")).get("/lone-working")).status_code == 403


async def test_the_wall_says_when_nobody_has_looked(world: World) -> None:
    dina = await world.sign_in("dina")
    assert "Nobody is watching" in (await dina.get("/lone-working/now")).text
    await run_due(datetime.now(UTC))
    assert "Engine seen" in (await dina.get("/lone-working/now")).text


async def test_an_overdue_alarm_is_taken_on_called_about_and_closed(world: World) -> None:
    session = await begun(world, buddy="ben")
    await let_pass(session, 40)
    await run_due(datetime.now(UTC))
    alarm = await alarm_of(world)
    dina = await world.sign_in("dina")
    at = f"/lone-working/alarms/{alarm.id}"
    assert at in (await dina.get("/lone-working")).text
    shown = (await dina.get(at)).text
    assert "Nobody has this yet" in shown and "If you call 999, read this out" in shown
    assert "You have this" in (await dina.post(f"{at}/acknowledge", headers=HTMX)).text
    assert "can see that you are calling 999" not in (await dina.get(at)).text
    assert "can see that you are calling 999" in (await dina.post(f"{at}/calling", headers=HTMX)).text
    assert (await dina.post(f"{at}/outcome", data={"words": "  "}, headers=HTMX)).status_code == 422
    said = await dina.post(f"{at}/outcome", data={"words": "I think so"}, headers=HTMX)
    assert "<b>Not closed.</b> Speak to them first" in said.text
    over = await dina.post(f"{at}/outcome", data={"words": "Battery flat", "spoken_to": "yes"}, headers=HTMX)
    assert "Closed by Dina Test" in over.text and "Battery flat" in over.text


async def test_nobody_takes_on_their_own_alarm_nor_another_teams(world: World) -> None:
    session = await begun(world)
    await post(await world.sign_in("asha"), session, "panic")
    at = f"/lone-working/alarms/{(await alarm_of(world)).id}"
    for name in ("asha", "ben", "carol", "marek"):
        client = await world.sign_in(name)
        assert (await client.get(at)).status_code == 404
        assert (await client.post(f"{at}/acknowledge", headers=HTMX)).status_code == 404


async def test_duress_says_do_not_phone(world: World) -> None:
    await with_pins(world)
    session = await begun(world)
    await post(await world.sign_in("asha"), session, "end", pin=DURESS)
    dina = await world.sign_in("dina")
    assert "Do not phone" in (await dina.get("/lone-working")).text
    assert "DO NOT PHONE" in (await dina.get(f"/lone-working/alarms/{(await alarm_of(world)).id}")).text


async def test_where_only_one_person_can_be_reached_the_screen_says_so(world: World, home: Property) -> None:
    await reachable(world)
    visit, asha = await planned(world, home), await world.sign_in("asha")
    alone = await asha.post(f"/visits/{visit}/start", headers=HTMX)
    assert "Looked out for, but only" in alone.text
    shown = (await asha.get("/today")).text
    assert "data-safety=" in shown and "can be reached" in shown
    assert await LoneSession.count() == 1, "somebody is better than nobody"
    await LoneSession.update({LoneSession.buddy: world.ben.id}).where(LoneSession.person == world.asha.id)
    assert "can be reached" not in (await asha.get(f"/visits/{visit}")).text
