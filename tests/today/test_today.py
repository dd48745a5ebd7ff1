"""The officer's home page, and the manager's."""

import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import httpx
import pytest
import time_machine

from people.tables import Session
from properties.tables import PersonAlert
from pwa.ids import uuid7
from pwa.queries import undecided_records
from pwa.tables import Held, Receipt
from tests.conftest import World
from tests.questions import heard
from tests.today.making import OFFICE, TODAY, before, home, office, visit
from tests.visits.making import happened
from today.tables import DayOrder

FRAGMENT = {"HX-Request": "true"}


async def test_after_signing_in_an_officer_is_at_today_and_an_administrator_at_people(world: World) -> None:
    for name, place in (("asha", "/today"), ("dina", "/today"), ("ade", "/people")):
        answer = await (await world.sign_in(name)).get("/")
        assert (answer.status_code, answer.headers["location"]) == (303, place)


async def test_going_out_alone_is_begun_from_today(world: World) -> None:
    asha = await world.sign_in("asha")
    assert 'href="/lone-working/new"' in (await asha.get("/today")).text
    assert "<h1>Going out alone</h1>" in (await asha.get("/lone-working/new")).text


async def test_times_are_kept_and_a_visit_at_any_time_comes_where_it_is_on_the_way(world: World) -> None:
    await office(world)
    near, far = await home(world, "1 Eel Row", 0.02), await home(world, "9 Eel Row", 0.08)
    on_the_way = await home(world, "5 Eel Row", 0.05)
    await visit(world, far, "11:00")
    await visit(world, near, "09:30")
    await visit(world, on_the_way, "09:00", time_window="any")
    page = (await (await world.sign_in("asha")).get("/today")).text
    assert before(page, "Tuesday 24 November", "1 Eel Row", "5 Eel Row", "9 Eel Row")
    assert "3 visits" in page
    assert "Any time" in page


async def test_from_where_the_phone_is_the_order_is_another(world: World) -> None:
    await office(world)
    for number, east in ((1, 0.02), (2, 0.04), (3, 0.06)):
        await visit(world, await home(world, f"{number} Eel Row", east), "09:00", time_window="any")
    asha = await world.sign_in("asha")
    assert before((await asha.get("/today")).text, "1 Eel Row", "2 Eel Row", "3 Eel Row")
    answer = await asha.get(f"/today?latitude={OFFICE[0]}&longitude={OFFICE[1] + 0.07}")
    there = answer.text
    assert "doorstep-keep" not in answer.headers
    assert before(there, "In order from where you are", "3 Eel Row", "2 Eel Row", "1 Eel Row")
    for nonsense in ("latitude=&longitude=", "latitude=91&longitude=0", "latitude=nan&longitude=1"):
        page = (await asha.get(f"/today?{nonsense}")).text
        assert "This phone did not say where it is" in page
        assert before(page, "1 Eel Row", "2 Eel Row", "3 Eel Row")


async def test_once_a_visit_is_done_the_day_goes_on_from_there_and_it_sinks_to_the_end(world: World) -> None:
    await office(world)
    far, ids = await home(world, "9 Eel Row", 0.09), []
    ids.append(await visit(world, far, "09:00"))
    await visit(world, await home(world, "1 Eel Row", 0.01), "09:00", time_window="any")
    await visit(world, await home(world, "8 Eel Row", 0.08), "09:00", time_window="any")
    asha = await world.sign_in("asha")
    await asha.post(f"/visits/{ids[0]}/start")
    page = (await asha.get("/today")).text
    assert before(page, "9 Eel Row", "There since", "8 Eel Row", "1 Eel Row")
    await asha.post(f"/visits/{ids[0]}/finish", data={"outcome": "done"})
    page = (await asha.get("/today")).text
    assert before(page, "8 Eel Row", "1 Eel Row", "9 Eel Row")
    assert "3 visits<span data-day-done>, 1 done" in page


async def test_the_next_visit_has_the_one_button_and_warnings_are_coded_tags(world: World) -> None:
    first, second = await home(world, "1 Eel Row"), await home(world, "2 Eel Row")
    await PersonAlert.objects().create(
        property=first.id, code="DOG", text="Bit Ben", owner=world.dina.id, review_on=TODAY.date(), added_at=TODAY
    )
    one, _ = await visit(world, first, "09:00"), await visit(world, second, "10:00", purpose="void-inspection")
    page = (await (await world.sign_in("asha")).get("/today")).text
    assert page.count("Start visit</button>") == 1
    assert f"/visits/{one}/start/today" in page
    assert before(page, "1 Eel Row", "Dog", "Start visit")
    assert "Bit Ben" not in page
    assert before(page, "2 Eel Row", "inspection form", "See the last inspection")
    assert f'href="geo:{OFFICE[0]},{OFFICE[1]}?q=' in page


async def test_started_from_today_it_is_started_once_and_the_answer_is_the_day(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, command = await world.sign_in("asha"), {"Command-Id": str(uuid7()), **FRAGMENT}
    for replayed in ("0", "1"):
        answer = await asha.post(f"/visits/{one}/start/today", data={"day": "2026-11-24"}, headers=command)
        assert f"replayed={replayed}" in answer.headers["receipt"]
        assert answer.text.lstrip().startswith('<div id="day"')
        assert "Back to the visit at" in answer.text
    assert await happened(one) == ["started"]


async def test_a_start_that_comes_too_late_is_kept_and_the_day_says_so(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    await dina.post(f"/visits/{one}/officer", data={"officer": str(world.ben.id)})
    answer = await asha.post(f"/visits/{one}/start/today", data={"day": "2026-11-24"}, headers=FRAGMENT)
    assert "outcome=held" in answer.headers["receipt"]
    assert "This visit is Ben Test’s now." in answer.text
    plain = await asha.post(f"/visits/{one}/start/today", data={"day": "2026-11-24"})
    assert plain.headers["location"] == "/today?whose=mine&kept"
    assert "your team leader will look at it" in (await asha.get(plain.headers["location"])).text
    assert await Held.count() == 2


async def test_a_start_from_today_that_came_too_late_is_looked_at_as_one_of_that_visit(world: World) -> None:
    one = await visit(world, await home(world, "1 Eel Row"))
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    (action,) = re.findall(r'hx-post="([^"]*start[^"]*)"', (await asha.get("/today")).text)
    await dina.post(f"/visits/{one}/officer", data={"officer": str(world.ben.id)})
    await asha.post(action, data={"day": "2026-11-24"}, headers=FRAGMENT)
    assert await undecided_records("/visits/") == [one]
    held = await Held.objects().first()
    assert held is not None
    page = (await dina.get(f"/held/{held.id}")).text
    assert before(page, "Start of a visit", "1 Eel Row")
    assert f"/visits/{one}" in page
    await dina.post(f"/held/{held.id}", data={"decision": "note", "reason": "She was there"})
    assert await happened(one) == ["given", "noted"]


async def three(world: World) -> list[str]:
    ids = []
    for number, clock in ((1, "09:00"), (2, "10:00"), (3, "11:00")):
        ids.append(str(await visit(world, await home(world, f"{number} Eel Row"), clock)))
    return ids


async def reorder(client: httpx.AsyncClient, order: list[str], **more: str) -> httpx.Response:
    data = {"day": "2026-11-24", "order": " ".join(order), **more}
    return await client.post("/today/order", data=data, headers=FRAGMENT)


async def test_an_order_by_hand_wins_until_the_day_changes(world: World, morning: time_machine.Traveller) -> None:
    one, two, three_ = await three(world)
    asha = await world.sign_in("asha")
    answer = await reorder(asha, [three_, one, two])
    assert before(answer.text, "In your own order", "3 Eel Row", "1 Eel Row", "2 Eel Row")
    assert before((await asha.get("/today")).text, "3 Eel Row", "1 Eel Row", "2 Eel Row")
    await visit(world, await home(world, "4 Eel Row"), "09:00", days=1)
    assert "In your own order" not in (await asha.get("/today/tomorrow")).text
    assert await DayOrder.count() == 1


async def test_without_script_the_button_itself_says_which_way(world: World) -> None:
    one, two, three_ = await three(world)
    asha = await world.sign_in("asha")
    answer = await reorder(asha, [one, two, three_], move=f"{three_} -1")
    assert before(answer.text, "1 Eel Row", "3 Eel Row", "2 Eel Row")
    data = {"day": "2026-11-24", "order": f"{one} {three_} {two}", "move": f"{one} 1"}
    assert (await asha.post("/today/order", data=data)).headers["location"] == "/today?whose=mine"
    assert before((await asha.get("/today")).text, "3 Eel Row", "1 Eel Row", "2 Eel Row")


async def test_each_change_of_the_order_is_a_row_and_a_replay_is_none(world: World) -> None:
    order = await three(world)
    asha, command = await world.sign_in("asha"), {"Command-Id": str(uuid7())}
    for _ in range(2):
        await asha.post("/today/order", data={"day": "2026-11-24", "order": " ".join(order)}, headers=command)
    await reorder(asha, order[::-1])
    assert (await DayOrder.count(), await Receipt.count()) == (2, 2)


async def test_nobody_puts_another_persons_visits_in_order(world: World) -> None:
    order = await three(world)
    ben = await world.sign_in("ben")
    await reorder(ben, order)
    assert await DayOrder.count() == 0
    assert (await reorder(ben, [*order, "nonsense"])).status_code == 404
    assert (await reorder(ben, [str(uuid4()) for _ in range(201)])).status_code == 422


async def test_tomorrow_is_a_link_away_and_has_nothing_to_start(world: World) -> None:
    await visit(world, await home(world, "1 Eel Row"), days=1)
    asha = await world.sign_in("asha")
    today = (await asha.get("/today")).text
    assert "No visits today" in today
    assert 'href="/today/tomorrow" data-swipe="left"' in today
    assert '<link rel="keep" href="/today/tomorrow">' in today
    tomorrow = await asha.get("/today/tomorrow")
    assert before(tomorrow.text, "Wednesday 25 November", "1 Eel Row")
    assert "Start visit" not in tomorrow.text
    assert tomorrow.headers["doorstep-keep"] == "24h"


async def test_what_is_left_from_earlier_days_is_said_first(world: World) -> None:
    await visit(world, await home(world, "1 Eel Row"), days=-1)
    await visit(world, await home(world, "2 Eel Row"))
    asha = await world.sign_in("asha")
    assert before((await asha.get("/today")).text, "Not finished", "1 Eel Row", "2 Eel Row")
    assert "Not finished" not in (await asha.get("/today/tomorrow")).text


async def test_an_appointment_nobody_began_is_called_late_and_the_day_says_when_it_is_done(
    world: World, morning: time_machine.Traveller
) -> None:
    await visit(world, await home(world, "1 Eel Row"), "09:00")
    asha = await world.sign_in("asha")
    page = (await asha.get("/today")).text
    assert "1 late" not in page
    assert "done by about 09:30" in page
    morning.shift(2 * 3600)
    page = (await asha.get("/today")).text
    assert "1 late" in page
    assert "Should have begun at 09:00" in page
    assert "done by about 10:30" in page
    dina = await world.sign_in("dina")
    assert before((await dina.get("/today")).text, "1 late", "Asha Test", "1 Eel Row", "Late")


async def test_a_manager_sees_the_teams_day_by_officer_and_may_give_it_to_others(world: World) -> None:
    await visit(world, await home(world, "1 Eel Row"), officer="ben")
    await visit(world, await home(world, "2 Eel Row"))
    await visit(world, await home(world, "3 Eel Row"), officer="carol")
    dina = await world.sign_in("dina")
    page = (await dina.get("/today")).text
    assert before(page, "2 visits", "Asha Test", "2 Eel Row", "Ben Test", "1 Eel Row")
    assert "3 Eel Row" not in page
    assert f"/visits/several?officer={world.asha.id}" in page
    assert "No visits today" in (await dina.get("/today?whose=mine")).text
    assert "Ben Test" in (await (await world.sign_in("asha")).get("/today?whose=team")).text


async def test_the_second_try_at_a_home_says_so(world: World) -> None:
    there = await home(world, "1 Eel Row")
    before_ = await visit(world, there, days=-1)
    await visit(world, there)
    asha = await world.sign_in("asha")
    answer = {"outcome": "no-access", "reason": "nobody-in", "door": "none", "note": "No light"}
    await asha.post(f"/visits/{before_}/finish", data=answer)
    assert "try 2" in (await asha.get("/today")).text


@pytest.mark.parametrize("path", ["/today", "/today?whose=team", "/visits"])
async def test_a_day_of_many_visits_asks_the_database_no_more_often_than_a_day_of_two(
    world: World, monkeypatch: pytest.MonkeyPatch, path: str
) -> None:
    await office(world)

    async def plan(number: int) -> None:
        where = await home(world, f"{number} Eel Row", number / 100)
        for days, window in ((0, "any"), (-1, "at")):
            await visit(world, where, "09:00", days=days, time_window=window)

    asha, asked = await world.sign_in("asha"), heard(monkeypatch)
    numbers = []
    for some in ((1, 2), range(3, 13)):
        for number in some:
            await plan(number)
        asked.clear()
        page = (await asha.get(path)).text
        numbers.append(len(asked))
        assert all(f"{number} Eel Row" in page for number in some)
        await Session.update({Session.last_used_at: datetime.now(UTC) - timedelta(minutes=2)}, force=True)
    assert 5 < numbers[0] == numbers[1], asked
