"""Nothing recorded about a home is erased while it is on hold; and who may say so."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest

from properties import rules
from properties.hold_queries import PAGE
from properties.tables import LegalHold, Property
from pwa import audit
from pwa.due import run_due as seal
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.properties.homes import NOW, home
from tests.saying import sentence

WHY = "Disrepair claim 2026-114"
HTMX = {"HX-Request": "true"}


async def held(client: httpx.AsyncClient, it: Property, why: str = WHY) -> httpx.Response:
    return await client.post(f"/properties/{it.id}/legal-holds", data={"reason": why}, headers=HTMX)


async def let_go(client: httpx.AsyncClient, it: Property, hold: UUID, why: str = "Settled") -> httpx.Response:
    address = f"/properties/{it.id}/legal-holds/{hold}/release"
    return await client.post(address, data={"reason": why}, headers=HTMX)


async def holds() -> list[dict[str, Any]]:
    return await LegalHold.select().order_by(LegalHold.set_at)


@pytest.mark.parametrize("who", ["dina", "ade"])
async def test_a_manager_of_the_team_or_an_administrator_sets_a_hold_that_every_officer_reads_on_the_home(
    world: World, who: str
) -> None:
    it = await home(team=world.asha.team)
    answer = await held(await world.sign_in(who), it)
    assert (answer.status_code, WHY in answer.text) == (200, True)
    for reader in ("asha", "carol", "dina", "ade"):
        page = (await (await world.sign_in(reader)).get(f"/properties/{it.id}")).text
        assert f"<bdi>{WHY}</bdi>. Nothing recorded about this home is erased." in page
        assert f"{who.title()} Test, " in page


async def test_it_is_released_with_a_reason_and_both_are_kept_with_who_and_when(world: World) -> None:
    it, dina, ade = await home(team=world.asha.team), await world.sign_in("dina"), await world.sign_in("ade")
    await held(dina, it)
    (row,) = await holds()
    answer = await let_go(ade, it, row["id"])
    assert (answer.status_code, "This home is not on hold." in answer.text) == (200, True)
    (row,) = await holds()
    assert (row["reason"], row["set_by"], row["set_by_name"]) == (WHY, world.dina.id, "Dina Test")
    assert (row["release_reason"], row["released_by"], row["released_by_name"]) == (
        "Settled",
        world.ade.id,
        "Ade Test",
    )
    assert row["set_at"] < row["released_at"]
    for words in (WHY, "Set by Dina Test", "Released by Ade Test", "Settled"):
        assert words in (await dina.get(f"/properties/{it.id}/legal-holds")).text
    assert "Legal hold:" not in (await dina.get(f"/properties/{it.id}")).text
    done = [(one["note"], one["person"]) for one in await Receipt.select().order_by(Receipt.received_at)]
    assert done == [("set a legal hold", world.dina.id), ("released a legal hold", world.ade.id)]
    await seal(NOW)
    assert (await audit.checked()).faults == []


async def test_a_hold_that_is_sent_twice_is_set_once(world: World) -> None:
    it, dina, id = await home(team=world.asha.team), await world.sign_in("dina"), str(uuid7())
    for _ in range(2):
        data = {"reason": WHY, "_command": id}
        answer = await dina.post(f"/properties/{it.id}/legal-holds", data=data)
        assert answer.headers["location"] == f"/properties/{it.id}/legal-holds"
    assert len(await holds()) == 1


async def test_two_holds_on_a_home_end_each_by_itself(world: World) -> None:
    it, dina = await home(team=world.asha.team), await world.sign_in("dina")
    await held(dina, it)
    await held(dina, it, "Ombudsman complaint 88")
    first, _ = await holds()
    page = (await let_go(dina, it, first["id"])).text
    assert "Ombudsman complaint 88" in page.split("Released")[0]
    assert "This home is not on hold" not in page


async def test_a_hold_is_released_once(world: World) -> None:
    it, dina = await home(team=world.asha.team), await world.sign_in("dina")
    await held(dina, it)
    (row,) = await holds()
    await let_go(dina, it, row["id"])
    again = await let_go(dina, it, row["id"], "Another reason")
    assert again.status_code == 422
    assert "Somebody has released this hold already." in again.text
    assert (await holds())[0]["release_reason"] == "Settled"


async def test_without_a_reason_neither_is_done_and_the_form_that_lacks_it_says_so(world: World) -> None:
    it, dina = await home(team=world.asha.team), await world.sign_in("dina")
    nothing = await held(dina, it, " ")
    assert nothing.status_code == 422
    assert '<a href="#reason">Say why, in a few words.</a>' in nothing.text
    assert await holds() == []
    await held(dina, it)
    (row,) = await holds()
    still = await let_go(dina, it, row["id"], "")
    assert still.status_code == 422
    assert f'<a href="#reason-{row["id"]}">Say why, in a few words.</a>' in still.text
    assert (await holds())[0]["released_at"] is None


# Who may not


@pytest.mark.parametrize("who", ["asha", "marek", "callum"])
async def test_an_officer_another_teams_manager_and_a_contractor_set_and_release_nothing(
    world: World, who: str
) -> None:
    it = await home(team=world.asha.team)
    await held(await world.sign_in("dina"), it)
    (row,) = await holds()
    client = await world.sign_in(who)
    for answer in (await held(client, it), await let_go(client, it, row["id"])):
        assert (answer.status_code, sentence(answer)) == (403, "You cannot do this. Ask your team leader.")
    assert (await client.get(f"/properties/{it.id}/legal-holds")).status_code == 403
    assert await holds() == [row]


@pytest.mark.parametrize(("who", "offered"), [("asha", False), ("marek", False), ("dina", True), ("ade", True)])
async def test_only_who_may_hold_is_offered_it(world: World, who: str, offered: bool) -> None:
    it = await home(team=world.asha.team)
    page = (await (await world.sign_in(who)).get(f"/properties/{it.id}")).text
    assert (f"/properties/{it.id}/legal-holds" in page) is offered


async def test_a_home_without_a_team_is_any_managers_to_hold(world: World) -> None:
    it = await home()
    assert (await held(await world.sign_in("marek"), it)).status_code == 200


async def test_a_hold_of_another_home_is_not_there(world: World) -> None:
    mine, theirs = await home(team=world.asha.team), await home("9 South Parade", team=world.carol.team)
    await held(await world.sign_in("marek"), theirs)
    (row,) = await holds()
    assert (await let_go(await world.sign_in("dina"), mine, row["id"])).status_code == 404
    assert await holds() == [row]


# The list


async def test_the_list_says_what_is_on_hold_and_for_how_long_and_only_what_is_ones_own_to_release(
    world: World,
) -> None:
    mine, theirs = await home(team=world.asha.team), await home("9 South Parade", team=world.carol.team)
    nobodys, over = await home("3 Nobody Lane"), await home("5 Over Street", team=world.asha.team)
    ade = await world.sign_in("ade")
    for it in (mine, theirs, nobodys, over):
        await held(ade, it)
    *_, last = await holds()
    await let_go(ade, over, last["id"])
    long_ago = datetime.now(UTC) - timedelta(days=500, hours=1)
    await LegalHold.update({LegalHold.set_at: long_ago}).where(LegalHold.property == mine.id)
    seen = {}
    for who in ("dina", "marek", "ade"):
        page = (await (await world.sign_in(who)).get("/properties/legal-holds")).text
        seen[who] = {it.address for it in (mine, theirs, nobodys, over) if it.address in page}
        assert ("500 days" in page) is (who != "marek")
        assert "less than a day" in page
    assert seen == {
        "dina": {mine.address, nobodys.address},
        "marek": {theirs.address, nobodys.address},
        "ade": {mine.address, theirs.address, nobodys.address},
    }


async def test_a_long_list_has_pages(world: World) -> None:
    it, ade = await home(), await world.sign_in("ade")
    rows = [LegalHold(property=it.id, reason=f"Case {number:03}", set_at=NOW) for number in range(PAGE + 1)]
    await LegalHold.insert(*rows)
    first, second = [(await ade.get(f"/properties/legal-holds?page={page}")).text for page in (1, 2)]
    assert (first.count("Case "), second.count("Case ")) == (PAGE, 1)
    assert "Page 1 of 2" in first


async def test_nothing_on_hold_is_said_so(world: World) -> None:
    page = (await (await world.sign_in("dina")).get("/properties/legal-holds")).text
    assert "Nothing is on hold" in page


@pytest.mark.parametrize(
    ("hours", "words"), [(23, "less than a day"), (24, "1 day"), (71, "2 days"), (24 * 1200, "1,200 days")]
)
def test_how_long_is_said_in_whole_days(hours: int, words: str) -> None:
    assert rules.lasted(NOW - timedelta(hours=hours), NOW) == words
