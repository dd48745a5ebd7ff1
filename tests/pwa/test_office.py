import asyncio
import re
from typing import Any
from uuid import UUID

import pytest

from people.tables import Person
from pwa import contact, held_queries
from pwa.answers import Held
from pwa.ids import uuid7
from pwa.outbox import Sent, once
from pwa.tables import Device, Receipt
from pwa.tables import Held as HeldRow
from tests.conftest import World
from tests.pwa.test_once import NOW, sent
from tests.saying import sentence


async def too_late(this: Sent) -> None:
    raise Held("This inspection was already completed.")


async def hold(world: World, name: str = "asha", body: bytes = b"text=Mould+above+the+window&_command=x") -> UUID:
    who = world.people[name]
    late = sent(body)
    late.person_id, late.person_name, late.team_id = who.id, who.name, who.team
    late.path = f"/inspections/{uuid7()}/notes"
    await once(late, too_late)
    row: dict[str, Any] = await HeldRow.select(HeldRow.id).where(HeldRow.receipt == late.id).first()
    return UUID(str(row["id"]))


async def test_the_manager_sees_what_came_too_late_in_plain_words(world: World) -> None:
    held = await hold(world)
    dina = await world.sign_in("dina")
    assert "Inspections: notes" in (await dina.get("/held")).text
    page = await dina.get(f"/held/{held}")
    for words in (
        "Mould above the window",
        "Asha Test",
        "This inspection was already completed.",
        "Sun 22 Nov, 10:00",
    ):
        assert words in page.text
    assert "_command" not in page.text.split("What it says")[1].split("</section>")[0]


async def test_another_teams_manager_sees_nothing_of_it(world: World) -> None:
    held = await hold(world)
    marek = await world.sign_in("marek")
    assert "Asha" not in (await marek.get("/held")).text
    there = await marek.get(f"/held/{held}")
    absent = await marek.get(f"/held/{uuid7()}")
    assert (there.status_code, absent.status_code) == (404, 404)
    answer = await marek.post(f"/held/{held}", data={"decision": "seen", "reason": "x"})
    assert answer.status_code == 404


async def test_a_decision_closes_it_once_with_who_and_why(world: World) -> None:
    held = await hold(world)
    dina = await world.sign_in("dina")
    answer = await dina.post(f"/held/{held}", data={"decision": "seen", "reason": "Told the repairs team"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/held")
    page = (await dina.get(f"/held/{held}")).text
    assert "Told the repairs team" in page
    assert "Dina Test" in page
    again = await dina.post(f"/held/{held}", data={"decision": "not needed", "reason": "No"})
    assert again.status_code == 422
    (row,) = await HeldRow.select(HeldRow.decision, HeldRow.body)
    assert row["decision"] == "seen"
    assert row["body"] == b"text=Mould+above+the+window&_command=x"
    notes = [row["note"] for row in await Receipt.select(Receipt.note)]
    assert "held item: seen" in notes


async def test_a_decision_without_a_reason_is_sent_back_by_its_field(world: World) -> None:
    held = await hold(world)
    dina = await world.sign_in("dina")
    answer = await dina.post(f"/held/{held}", data={"decision": "seen"}, headers={"HX-Request": "true"})
    assert (answer.status_code, sentence(answer)) == (422, "Say why, in a few words.")
    assert 'data-field="reason"' in answer.text


async def test_what_was_typed_is_shown_as_text_and_never_as_page(world: World) -> None:
    held = await hold(world, body=b"text=%3Cscript%3Ealert(1)%3C%2Fscript%3E")
    page = (await (await world.sign_in("dina")).get(f"/held/{held}")).text
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>alert" not in page


async def test_a_photograph_held_is_said_to_be_kept(world: World) -> None:
    held = await hold(world, body=b"\xff\xd8" * 1024)
    await HeldRow.update({HeldRow.content_type: "image/jpeg"}).where(HeldRow.id == held)
    page = (await (await world.sign_in("dina")).get(f"/held/{held}")).text
    assert "2.0 KB that cannot be shown as words" in page


async def command(world: World, name: str, device: UUID, waiting: str) -> None:
    client = await world.sign_in(name)
    answer = await client.post("/sign-out", headers={"Command-Device": str(device), "Command-Waiting": waiting})
    assert answer.status_code < 400


async def test_the_office_sees_which_phones_hold_unsent_work(world: World) -> None:
    await command(world, "asha", uuid7(), "4 2 2026-11-22T09:00:00+00:00")
    await command(world, "ben", uuid7(), "1 0 2026-11-22T09:00:00+00:00")
    page = (await (await world.sign_in("dina")).get("/devices")).text
    assert "1 phone holds unsent work" in page
    assert "3 entries and 2 photographs unsent" in page  # the one that just came is not waiting any more
    assert page.index("Asha Test") < page.index("Ben Test")


@pytest.mark.parametrize("path", ["/devices", "/held"])
async def test_the_offices_lists_lead_back_to_where_they_were_opened_from(world: World, path: str) -> None:
    page = (await (await world.sign_in("dina")).get(path)).text
    assert re.search(r'class="top__back"><a[^>]*href="/you"', page)


async def test_another_teams_phones_are_not_theirs_to_see_but_an_administrator_sees_all(world: World) -> None:
    await command(world, "asha", uuid7(), "4 2 -")
    assert "Asha" not in (await (await world.sign_in("marek")).get("/devices")).text
    assert "Asha" in (await (await world.sign_in("ade")).get("/devices")).text


async def test_a_phone_is_one_row_however_often_it_speaks(world: World) -> None:
    device = uuid7()
    for waiting in ("3 0 -", "2 0 -", "1 0 -"):
        await command(world, "asha", device, waiting)
        await contact.run_due(NOW)
    (row,) = await Device.select().where(Device.id == device)
    assert (row["waiting_commands"], row["oldest_waiting"]) == (0, None)


async def test_nonsense_about_what_waits_is_taken_as_nothing(world: World) -> None:
    device = uuid7()
    for waiting in ("", "a b c", "-5 -5 -", "1", "99999999999999999999 0 2026-13-01", "1 1 2026-11-22T10:00"):
        await command(world, "asha", device, waiting)
    await contact.run_due(NOW)
    (row,) = await Device.select().where(Device.id == device)
    assert 0 <= row["waiting_commands"] <= contact.MOST


async def test_what_came_from_somebody_without_a_team_is_an_administrators_to_review(world: World) -> None:
    world.asha.team = None
    held = await hold(world)
    ade, dina = await world.sign_in("ade"), await world.sign_in("dina")
    assert (await dina.get(f"/held/{held}")).status_code == 404
    assert "1 to review" in (await ade.get("/you")).text
    assert "Inspections: notes" in (await ade.get("/held")).text
    await ade.post(f"/held/{held}", data={"decision": "seen", "reason": "Put in a team now"})
    assert "Nothing to review" in (await ade.get("/you")).text


async def test_a_teams_own_is_not_an_administrators_to_read(world: World) -> None:
    held = await hold(world)
    ade = await world.sign_in("ade")
    assert (await ade.get(f"/held/{held}")).status_code == 404
    assert "Asha" not in (await ade.get("/held")).text


async def test_a_manager_without_a_team_reviews_nobodys(world: World) -> None:
    world.asha.team = None
    held = await hold(world)
    await Person.update({Person.team: None}).where(Person.id == world.dina.id)
    dina = await world.sign_in("dina")
    assert (await dina.get(f"/held/{held}")).status_code == 404
    assert "Asha" not in (await dina.get("/held")).text


async def test_the_managers_day_says_what_waits_for_the_office_and_an_officers_do_not(world: World) -> None:
    await hold(world)
    await command(world, "asha", uuid7(), "4 2 2026-11-22T09:00:00+00:00")
    await contact.run_due(NOW)
    dina, asha, marek = [await world.sign_in(name) for name in ("dina", "asha", "marek")]
    shown = (await dina.get("/today")).text
    assert "1 to review" in shown
    assert "1 with unsent work" in shown
    for client in (asha, marek):
        assert 'href="/held"' not in (await client.get("/today")).text


async def test_what_a_team_without_a_manager_sent_is_an_administrators_until_it_has_one(world: World) -> None:
    held = await hold(world)
    ade = await world.sign_in("ade")
    left = {Person.disabled_at: NOW}
    await Person.update(left).where(Person.id == world.dina.id)
    assert "1 to review" in (await ade.get("/you")).text
    assert (await ade.get(f"/held/{held}")).status_code == 200
    marek = await world.sign_in("marek")
    assert (await marek.get(f"/held/{held}")).status_code == 404
    await Person.update({Person.disabled_at: None}).where(Person.id == world.dina.id)
    assert (await ade.get(f"/held/{held}")).status_code == 404
    await Person.update(left).where(Person.role == "manager")
    assert (await ade.get(f"/held/{held}")).status_code == 200


async def test_who_looks_while_the_engine_writes_what_was_heard_sees_it(world: World) -> None:
    dina = await world.sign_in("dina")
    await command(world, "asha", uuid7(), "4 2 -")
    writing = asyncio.create_task(contact.run_due(NOW))
    await asyncio.sleep(0)
    assert "3 entries and 2 photographs unsent" in (await dina.get("/devices")).text
    await writing


async def test_which_teams_have_a_manager_is_asked_once_for_a_page(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    ade, asked, ask = await world.sign_in("ade"), [], held_queries._managed[0]

    async def counted() -> list[UUID]:
        asked.append(1)
        return await ask()

    monkeypatch.setattr(held_queries, "_managed", [counted])
    assert (await ade.get("/held")).status_code == 200
    assert len(asked) == 1
    assert (await ade.get(f"/held/{uuid7()}")).status_code == 404
    assert len(asked) == 2
    assert (await ade.get("/you")).status_code == 200
    assert len(asked) == 3
