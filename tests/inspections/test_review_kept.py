"""The review beside everything else: packs, flagged homes, erasing, legal holds, reports, and how much it asks."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from inspections import report
from inspections.queries import inspection_for
from inspections.review_tables import ReviewAnswer, ReviewEvent, ReviewNote
from inspections.tables import Inspection
from people.tables import Session
from properties.tables import PersonAlert, Property
from pwa.tables import Device
from server.piccolo_conf import DB
from tests.conftest import World
from tests.inspections.doing import home
from tests.inspections.reviewing import answer, approve, clean, last, notes, send_back, together, unclean
from tests.inspections.test_review import happened
from tests.properties.test_legal_holds import held
from tests.properties.test_search import signed_in
from tests.questions import heard
from tests.server.keeping import aged, due, inspected

__all__ = ["home"]
ASKED = "canary-77 where was the bed?"
PACKING = {"Doorstep-Pack": "1"}
TABLES = (ReviewEvent, ReviewNote, ReviewAnswer)


async def sent_back(world: World, home: Property) -> UUID:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, item_kitchen_hob=ASKED)
    return id


async def packed(world: World) -> str:
    asha = await world.sign_in("asha")
    return (await asha.get("/today/pack")).text + (await asha.get("/today?whose=mine", headers=PACKING)).text


async def test_what_was_sent_back_is_packed_with_the_day(world: World, home: Property) -> None:
    id = await sent_back(world, home)
    found = await packed(world)
    assert f'"/inspections/{id}"' in found and ASKED in found
    assert f'rel="keep" href="/inspections/{id}"' in (await (await world.sign_in("asha")).get("/today")).text


async def test_of_a_flagged_home_nothing_is_packed_and_the_office_still_sees_it(
    world: World, home: Property
) -> None:
    id, now = await sent_back(world, home), datetime.now(UTC)
    await PersonAlert.objects().create(
        property=home.id, code="20-70", text="x", owner=world.dina.id, review_on=now.date(), added_at=now
    )
    found = await packed(world)
    assert str(id) not in found and ASKED not in found
    page = (await (await world.sign_in("asha")).get("/today")).text
    assert ASKED in page and f'rel="keep" href="/inspections/{id}"' not in page


async def test_one_that_went_to_another_team_is_on_nobodys_day_and_its_answer_is_held(
    world: World, home: Property
) -> None:
    id = await sent_back(world, home)
    (note,) = await notes(id)
    south = {Inspection.team: world.teams["south"].id, Inspection.started_by: world.carol.id}
    await Inspection.update(south).where(Inspection.id == id)
    asha = await world.sign_in("asha")
    assert ASKED not in (await asha.get("/today")).text
    said = await answer(asha, id, note.id)
    assert "outcome=held" in said.headers["receipt"]


async def test_all_of_it_is_erased_with_its_inspection(world: World, home: Property) -> None:
    made, dina = await inspected(world, home), await world.sign_in("dina")
    await send_back(dina, made.id, item_kitchen_hob=ASKED)
    (note,) = await notes(made.id)
    await answer(made.client, made.id, note.id)
    assert [await table.count() for table in TABLES] == [2, 1, 1]
    await aged(made)
    await due()
    assert [await table.count() for table in TABLES] == [0, 0, 0]


async def test_a_legal_hold_keeps_all_of_it(world: World, home: Property) -> None:
    made, dina = await inspected(world, home), await world.sign_in("dina")
    await send_back(dina, made.id, item_kitchen_hob=ASKED)
    await aged(made)
    await held(dina, home)
    await due()
    assert [await table.count() for table in TABLES] == [1, 1, 0]
    assert "legal hold" in (await dina.get(f"/inspections/{made.id}/review")).text.lower()


async def test_the_report_says_who_approved_it_and_where_an_answer_belongs_and_not_what_was_asked(
    world: World, home: Property
) -> None:
    id = await sent_back(world, home)
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    (note,) = await notes(id)
    await answer(asha, id, note.id, "Half a metre")
    officer = signed_in(world, "asha")
    inspection = await inspection_for(officer, id)
    first = (await report.wanted(officer, inspection, "inspection-report")).edition
    await approve(dina, id)
    data = (await report.gather(officer, id)).data
    assert data["approved"].startswith("Dina Test, ")
    assert [one["text"] for one in data["addenda"]] == ["Kitchen: Cooker and hob: Half a metre"]
    assert ASKED not in str(data)
    assert (await report.wanted(officer, inspection, "inspection-report")).edition != first


async def test_of_two_decisions_at_the_same_moment_one_stands(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    for _ in range(3):
        id = await unclean(asha, home)
        seen = await last(id)
        answers = await asyncio.gather(
            approve(dina, id, seen), send_back(dina, id, seen, whole="Why?"), approve(dina, id, seen)
        )
        assert sorted(one.status_code for one in answers) == [200, 422, 422]
        assert len(await happened(id)) == 1


async def test_the_last_two_answers_at_the_same_moment_bring_it_back_once(world: World, home: Property) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    await send_back(dina, id, item_kitchen_hob="One", whole="Two")
    await asyncio.gather(*(answer(asha, id, note.id) for note in await notes(id)))
    assert await happened(id) == ["sent back", "answered"]


async def test_what_was_completed_before_there_was_a_review_does_not_wait_and_can_be_sent_back(
    world: World, home: Property
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    id = await unclean(asha, home)
    # As the migration says it of every inspection it finds.
    await DB.run_ddl(before())
    assert await happened(id) == ["before"]
    assert str(id) not in (await dina.get("/review")).text
    assert "completed before there was a review" in (await dina.get(f"/inspections/{id}/review")).text
    assert "It was completed before there was a review." in (await together(dina, id)).text
    assert (await send_back(dina, id, whole="And now?")).status_code == 200


def before() -> str:
    from importlib import import_module

    return str(import_module("inspections.piccolo_migrations.inspections_2026_11_30t02_20_00_000000").BEFORE)


async def test_the_queue_asks_as_much_for_many_inspections_as_for_two(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha, dina = await world.sign_in("asha"), await world.sign_in("dina")
    questions = heard(monkeypatch)

    async def asked() -> int:
        questions.clear()
        assert (await dina.get("/review")).status_code == 200
        return len(questions)

    for _ in range(2):
        await unclean(asha, home)
        await clean(asha, home, "occupied")
    await asked()
    few = await asked()
    for _ in range(4):
        await unclean(asha, home)
        await clean(asha, home, "occupied")
    # As on a machine so busy that more than a minute goes by: the session is renewed, and what the server looks up
    # beside all requests is looked up, between the two.
    await Session.update({Session.last_used_at: datetime.now(UTC) - timedelta(minutes=2)}, force=True)
    assert await beside(asked) == few < 45, few


async def beside(asked: Callable[[], Awaitable[int]]) -> int:
    """While the program looks up by itself what it looks up every few seconds, in a task of its own."""

    async def by_itself() -> None:
        for _ in range(20):
            await Device.select(Device.id).where(Device.lost_at.is_not_null())

    meanwhile = asyncio.get_running_loop().create_task(by_itself(), context=Context())
    found = await asked()
    await meanwhile
    return found
