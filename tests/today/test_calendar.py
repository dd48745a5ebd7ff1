"""An officer's visits in their own calendar app: little, secret and revocable."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from uuid import uuid4

import httpx
import pytest
from icalendar import Calendar

from people.tables import CalendarAddress
from properties.tables import PersonAlert
from pwa.outbox import once
from pwa.sent import from_terminal
from server.restored import put_back
from tests.conftest import World
from tests.today.making import TODAY, home, visit

ADDRESS = re.compile(r"https://doorstep\.test/calendar/[\w-]{43}\.ics")


async def made(client: httpx.AsyncClient) -> str:
    page = await client.post("/you/calendar")
    (address,) = ADDRESS.findall(page.text)
    return urlsplit(address).path


def events(answer: httpx.Response) -> dict[str, dict[str, object]]:
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    found = Calendar.from_ical(answer.text).walk("VEVENT")
    return {str(one["summary"]): {name.lower(): one.decoded(name) for name in one} for one in found}


async def test_a_calendar_app_reads_when_how_long_what_for_and_where_without_signing_in(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row", postcode="HW5 6LZ"), "10:00", note="Door code 4711")
    await visit(world, await home(world, "2 Eel Row"), "09:00", time_window="any", purpose="viewing")
    await visit(world, await home(world, "3 Eel Row"), "12:00", time_window="afternoon", purpose="sign-up")
    await visit(world, await home(world, "4 Eel Row"), officer="ben", purpose="other")
    path = await made(await world.sign_in("asha"))
    answer = await world.browser().get(path)
    found = events(answer)
    assert set(found) == {"Welfare check", "Viewing", "Sign-up"}
    check = found["Welfare check"]
    assert check["dtstart"] == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)
    assert check["dtend"] == datetime(2026, 11, 24, 10, 30, tzinfo=UTC)
    assert (check["location"], check["uid"]) == ("1 Eel Row, Harrowmere, HW5 6LZ", f"{one}@doorstep")
    assert (found["Viewing"]["dtstart"], found["Viewing"]["dtend"]) == (date(2026, 11, 24), date(2026, 11, 25))
    assert found["Sign-up"]["dtend"] == datetime(2026, 11, 24, 16, 30, tzinfo=UTC)
    assert found["Sign-up"]["description"] == "Afternoon, 30 min"
    for word in ("4711", "Asha", "Test"):
        assert word not in answer.text
    assert answer.headers["cache-control"] == "private, no-store"


@pytest.mark.parametrize("code", ["20-70", "1", "0", "a code the list has lost"])
async def test_a_home_that_is_confidential_is_only_called_a_visit(world: World, code: str) -> None:
    there = await home(world, "1 Eel Row", postcode="HW5 6LZ")
    await PersonAlert.objects().create(
        property=there.id, code=code[:10], text="Must not be found", owner=world.dina.id, review_on=TODAY.date(),
        added_at=TODAY,
    )  # fmt: skip
    await visit(world, there, purpose="sign-up")
    answer = await world.browser().get(await made(await world.sign_in("asha")))
    (event,) = events(answer).values()
    assert (event["summary"], "location" in event) == ("Visit", False)
    for word in ("Eel", "HW5", "Sign-up", "found", "Safeguarding"):
        assert word not in answer.text


async def test_other_warnings_change_nothing_and_are_not_in_it(world: World) -> None:
    there = await home(world, "1 Eel Row")
    await PersonAlert.objects().create(
        property=there.id, code="DOG", text="Bites", owner=world.dina.id, review_on=TODAY.date(), added_at=TODAY
    )
    await visit(world, there)
    answer = await world.browser().get(await made(await world.sign_in("asha")))
    assert "1 Eel Row" in answer.text
    assert "Dog" not in answer.text
    assert "Bites" not in answer.text


async def test_a_cancelled_visit_stays_in_it_as_cancelled(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{one}/cancel", data={"note": "Keys not back"})
    answer = await world.browser().get(await made(asha))
    (event,) = events(answer).values()
    assert event["status"] == "CANCELLED"
    assert "Keys" not in answer.text


async def test_the_address_is_shown_once_and_kept_only_as_a_hash(world: World) -> None:
    asha, command = await world.sign_in("asha"), {"Command-Id": str(uuid4())}
    first = await asha.post("/you/calendar", headers=command)
    again = await asha.post("/you/calendar", headers=command)
    (address,) = ADDRESS.findall(first.text)
    token = address.rsplit("/", 1)[1].removesuffix(".ics")
    assert token not in again.text
    assert "we keep no copy of it" in again.text
    assert token not in (await asha.get("/you")).text
    (row,) = await CalendarAddress.select()
    assert token not in str(row)
    assert "doorstep-keep" not in first.headers


async def ended_by_its_owner(world: World) -> None:
    await (await world.sign_in("asha")).post("/you/calendar/end")


async def replaced(world: World) -> None:
    await made(await world.sign_in("asha"))


async def switched_off_and_on_again(world: World) -> None:
    dina = await world.sign_in("dina")
    for what in ("switch-off", "switch-on"):
        assert (await dina.post(f"/people/{world.asha.id}/{what}")).status_code == 303


async def moved_to_another_team(world: World) -> None:
    ade, south = await world.sign_in("ade"), str(world.teams["south"].id)
    data = {"name": "Asha Test", "email": "asha@harrowmere.example", "role": "officer", "team": south}
    assert (await ade.post(f"/people/{world.asha.id}/change", data=data)).status_code == 303


@pytest.mark.parametrize("end", [ended_by_its_owner, replaced, switched_off_and_on_again, moved_to_another_team])
async def test_an_address_that_has_ended_looks_like_one_that_never_was(world: World, end: object) -> None:
    path = await made(await world.sign_in("asha"))
    assert (await world.browser().get(path)).status_code == 200
    await end(world)  # type: ignore[operator]
    gone = await world.browser().get(path)
    for never in (f"/calendar/{'A' * 43}.ics", path.removesuffix(".ics"), "/calendar/x", "/calendar/.ics"):
        other = await world.browser().get(never)
        assert (other.status_code, other.content) == (404, gone.content)
    assert gone.status_code == 404


async def test_an_app_that_asks_all_the_time_is_told_to_wait_and_nobody_else_is(world: World) -> None:
    wild, calm = await made(await world.sign_in("asha")), await made(await world.sign_in("ben"))
    client = world.browser()
    for _ in range(60):
        assert (await client.get(wild)).status_code == 200
    refused = await client.get(wild)
    assert (refused.status_code, int(refused.headers["retry-after"]) > 200) == (429, True)
    assert (await client.get(calm)).status_code == 200


async def test_it_reaches_a_week_back_and_eight_weeks_ahead(world: World) -> None:
    there = await home(world, "1 Eel Row")
    for days in (-8, -7, 55, 56):
        await visit(world, there, days=days)
    answer = await world.browser().get(await made(await world.sign_in("asha")))
    days_in_it = [one.decoded("dtstart").date() for one in Calendar.from_ical(answer.text).walk("VEVENT")]
    assert days_in_it == [TODAY.date() - timedelta(days=7), TODAY.date() + timedelta(days=55)]


async def test_only_those_who_go_out_have_one(world: World) -> None:
    for name in ("ade", "callum"):
        client = await world.sign_in(name)
        assert (await client.post("/you/calendar")).status_code == 403
        assert "calendar" not in (await client.get("/you")).text


async def test_one_that_was_ended_after_the_backup_is_not_alive_again_after_the_restore(world: World) -> None:
    path = await made(await world.sign_in("asha"))
    await once(from_terminal("doorstep restored", ""), put_back, None)
    assert (await world.browser().get(path)).status_code == 404
