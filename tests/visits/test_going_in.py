"""Where nobody goes in alone: who is with them, which manager agreed, and what is never lost of it."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx
import pytest

from people.rules import SignedIn
from properties.tables import PersonAlert, Property
from pwa.ids import uuid7
from pwa.sent import Sent
from pwa.tables import Held
from tests.conftest import World
from tests.visits.making import happened, late, planned
from visits.seen import Seen
from visits.sessions import Followers, follow_visits, leave_visits
from visits.start_rules import AT_THE_DOOR, Going, still_at_the_door, wrong_with_going
from visits.tables import VisitEvent

ONE, OTHER = uuid7(), uuid7()
HTMX = {"HX-Request": "true"}


async def warn(world: World, home: Property, code: str = "10") -> None:
    review = (datetime.now(UTC) + timedelta(days=60)).date()
    await PersonAlert.objects().create(
        id=uuid7(), property=home.id, code=code, text="x", owner=world.ben.id, review_on=review,
        added_at=datetime.now(UTC),
    )  # fmt: skip


async def start(client: httpx.AsyncClient, visit: UUID, **data: str) -> httpx.Response:
    return await client.post(f"/visits/{visit}/start", data=data, headers=HTMX)


def came(minutes: float) -> dict[str, str]:
    """Headers of a start that was pressed so long ago, with no signal."""
    now = datetime.now(UTC)
    return {
        "Command-Captured-At": (now - timedelta(minutes=minutes)).isoformat(),
        "Command-Sent-At": now.isoformat(),
    }


@pytest.mark.parametrize(
    ("two", "going", "wrong"),
    [
        (False, Going(), set()),
        (True, Going(), {"company"}),
        (True, Going(company=ONE), set()),
        (True, Going(company=OTHER), {"company"}),
        (True, Going(agreed_by=OTHER, why="Short call"), set()),
        (True, Going(agreed_by=ONE, why="Short call"), {"agreed_by"}),
        (True, Going(agreed_by=OTHER), {"why"}),
        (True, Going(company=ONE, agreed_by=ONE), set()),
        (False, Going(company=OTHER), {"company"}),
    ],
)
def test_two_go_in_or_a_manager_agreed_and_said_why(two: bool, going: Going, wrong: set[str]) -> None:
    assert wrong_with_going(two, going, {ONE}, {OTHER}).keys() == wrong


def test_who_pressed_start_can_be_asked_for_two_minutes_and_has_gone_in_after_that() -> None:
    now = datetime.now(UTC)
    assert still_at_the_door(now - AT_THE_DOOR, now)
    assert not still_at_the_door(now - AT_THE_DOOR - timedelta(seconds=1), now)


@pytest.mark.parametrize("code", ["10", "10-10"])
async def test_a_lone_start_where_two_must_go_is_refused_and_nothing_has_begun(
    world: World, home: Property, code: str
) -> None:
    await warn(world, home, code)
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    answer = await start(asha, visit)
    assert answer.status_code == 422
    assert "Nobody goes in here alone." in answer.text
    assert await happened(visit) == []
    page = (await asha.get(f"/visits/{visit}")).text
    assert "Who is with you?" in page and "Which manager agreed?" in page
    assert f'<option value="{world.ben.id}">Ben Test' in page.partition("Which manager agreed?")[0]
    managers = page.partition("Which manager agreed?")[2].partition("</select>")[0]
    assert str(world.dina.id) in managers and str(world.ben.id) not in managers


async def test_with_a_colleague_it_begins_and_the_page_and_its_history_say_with_whom(
    world: World, home: Property
) -> None:
    await warn(world, home)
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    assert (await start(asha, visit, company=str(world.ben.id))).status_code == 200
    page = (await asha.get(f"/visits/{visit}")).text
    assert re.search(r"With <b>(<bdi>)?Ben Test", page)
    assert page.count("Ben Test") >= 2
    (event,) = await VisitEvent.select()
    assert (event["company"], event["company_name"], event["alone"]) == (world.ben.id, "Ben Test", False)


async def test_a_manager_who_agreed_is_named_with_the_reason(world: World, home: Property) -> None:
    await warn(world, home)
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    dina = str(world.dina.id)
    assert (await start(asha, visit, agreed_by=dina)).status_code == 422
    answer = await start(asha, visit, agreed_by=dina, why="The household has moved out")
    assert answer.status_code == 200
    assert "The household has moved out" in answer.text
    (event,) = await VisitEvent.select()
    assert (event["agreed_name"], event["note"]) == ("Dina Test", "The household has moved out")


@pytest.mark.parametrize("who", ["asha", "carol", "dina"])
async def test_nobody_is_their_own_company_nor_is_somebody_of_another_team(
    world: World, home: Property, who: str
) -> None:
    await warn(world, home)
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    answer = await start(asha, visit, company=str(world.people[who].id))
    assert answer.status_code == (200 if who == "dina" else 422)
    not_a_manager = await start(asha, visit, agreed_by=str(world.ben.id), why="x")
    assert not_a_manager.status_code == (200 if who == "dina" else 422)


async def test_who_went_in_alone_with_no_signal_is_not_turned_back_and_it_is_plain_that_they_did(
    world: World, home: Property
) -> None:
    await warn(world, home)
    visit = await planned(world, home, hours=0.01)
    asha = await world.sign_in("asha", **came(30))
    answer = await start(asha, visit)
    assert answer.status_code == 200
    assert "outcome=done" in answer.headers["receipt"]
    dina = await world.sign_in("dina")
    page = (await dina.get(f"/visits/{visit}")).text
    assert "Asha Test went in alone." in page
    assert "nobody was named as having agreed" in page
    (event,) = await VisitEvent.select()
    assert event["alone"]
    assert "Went in alone" in (await dina.get("/today")).text


async def test_whom_a_late_start_named_is_kept_although_they_have_left_the_team_since(
    world: World, home: Property
) -> None:
    await warn(world, home)
    visit = await planned(world, home, hours=0.01)
    asha = await world.sign_in("asha", **came(30))
    assert (await start(asha, visit, company=str(world.people["carol"].id))).status_code == 200
    page = (await (await world.sign_in("dina")).get(f"/visits/{visit}")).text
    assert "Asha Test went in alone." in page and "Nobody was named as being there" not in page
    assert "Carol Test" in page and "as being there, who is not in their list for that." in page
    (event,) = await VisitEvent.select()
    assert event["alone"] and "Carol Test" in event["note"]


async def test_who_was_with_them_is_said_later_and_both_rows_stay(world: World, home: Property) -> None:
    await warn(world, home)
    visit = await planned(world, home)
    await start(await world.sign_in("asha", **came(30)), visit)
    asha = await world.sign_in("asha")
    assert "Somebody is with me after all" in (await asha.get(f"/visits/{visit}")).text
    assert (await start(asha, visit, company=str(world.ben.id))).status_code == 200
    page = (await asha.get(f"/visits/{visit}")).text
    assert "went in alone" not in page and "nobody was named as having agreed" in page
    assert [row["alone"] for row in await VisitEvent.select().order_by(VisitEvent.received_at)] == [True, False]
    await start(asha, visit, company=str(world.dina.id))
    assert await happened(visit) == ["started", "started"]


async def test_a_start_that_comes_after_the_end_is_kept_for_the_office_and_nothing_has_begun(
    world: World, home: Property
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    await start(asha, visit)
    await asha.post(f"/visits/{visit}/finish", data={"outcome": "done"})
    await late(asha, visit, "start", company=str(world.ben.id))
    assert await happened(visit) == ["started", "finished"]
    (row,) = await Held.select(Held.id)
    page = (await (await world.sign_in("dina")).get(f"/held/{row['id']}")).text
    assert "Who was there too" in page and "Ben Test" in page


async def test_on_today_a_home_for_two_is_opened_first_and_an_old_card_is_asked_too(
    world: World, home: Property
) -> None:
    await warn(world, home)
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=0.01)
    page = (await asha.get("/today")).text
    assert f"/visits/{visit}/start/today" not in page
    today = datetime.now(UTC).date().isoformat()
    old = await asha.post(f"/visits/{visit}/start/today", data={"day": today}, headers=HTMX)
    assert old.status_code == 422
    assert await happened(visit) == []


async def test_an_ordinary_home_asks_nobody(world: World, home: Property) -> None:
    await warn(world, home, "DOG")
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    assert (await start(asha, visit)).status_code == 200
    assert "Who is with you?" not in (await asha.get(f"/visits/{visit}")).text


# --- the seam for a lone-working session


class Sessions:
    """What lone working will be told, written down."""

    def __init__(self) -> None:
        self.told: list[tuple[str, str, UUID]] = []
        self.refuses = False

    async def begin(self, sent: Sent, person: SignedIn, visit: Seen) -> None:
        self.told.append(("begin", person.name, visit.id))
        if self.refuses:
            raise RuntimeError("the ladder has nobody on it")

    async def end(self, sent: Sent, person: SignedIn, visit: Seen) -> None:
        self.told.append(("end", person.name, visit.id))


@pytest.fixture
def sessions() -> Iterator[Sessions]:
    made = Sessions()
    follow_visits(test=Followers(begin=made.begin, end=made.end))
    yield made
    leave_visits("test")


async def test_a_session_begins_and_ends_with_the_visit_once_each(
    world: World, home: Property, sessions: Sessions
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    command = {"Command-Id": str(uuid7())}
    for _ in range(3):
        await asha.post(f"/visits/{visit}/start", headers={**HTMX, **command})
    await start(asha, visit)
    assert sessions.told == [("begin", "Asha Test", visit)]
    await asha.post(f"/visits/{visit}/finish", data={"outcome": "done"})
    await late(asha, visit, "finish", outcome="done", note="again")
    assert sessions.told[1:] == [("end", "Asha Test", visit)]


async def test_where_a_session_cannot_begin_the_visit_has_not_begun(
    world: World, home: Property, sessions: Sessions
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    sessions.refuses = True
    assert (await start(asha, visit)).status_code == 500
    assert await happened(visit) == []


async def test_handed_over_it_ends_for_one_and_begins_for_the_other(
    world: World, home: Property, sessions: Sessions
) -> None:
    asha, ben, visit = await world.sign_in("asha"), await world.sign_in("ben"), await planned(world, home)
    await start(asha, visit)
    data = {"officer": str(world.ben.id), "note": "Both bedrooms"}
    assert (await asha.post(f"/visits/{visit}/hand-over", data=data, headers=HTMX)).status_code == 200
    page = (await ben.get(f"/visits/{visit}")).text
    assert "Handed over by" in page and "Both bedrooms" in page
    assert "Start visit" in page
    await start(ben, visit)
    assert [(what, who) for what, who, _ in sessions.told] == [
        ("begin", "Asha Test"),
        ("end", "Asha Test"),
        ("begin", "Ben Test"),
    ]
    assert await happened(visit) == ["started", "handed-over", "started"]
    assert "This visit is Ben Test’s now." in await late(asha, visit, "finish", outcome="done")
