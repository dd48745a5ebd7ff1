"""What a document says goes with the record it was about; what it is known by stays."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from documents import commands, due
from documents.due import builder
from documents.rules import State, key_of
from documents.tables import Document
from inspections.erasing import erase_older
from media.store import store
from properties.tables import Property
from tests.conftest import World
from tests.documents.making import asked, inspected, made, turn
from tests.documents.test_verify import check
from tests.inspections.doing import home

__all__ = ["home"]


async def erased() -> None:
    later = datetime.now(UTC) + timedelta(minutes=1)
    assert await erase_older(later, later) == 1


async def only() -> dict[str, object]:
    row = await Document.select().first()
    assert row is not None
    return row


async def test_an_erased_inspections_document_says_nothing_more_but_is_still_known(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    pdf = await made(asha, await inspected(asha, home, photos=0))
    document = (await only())["id"]
    assert isinstance(document, UUID)
    await erased()
    row = await only()
    assert (row["state"], row["title"], row["record"]) == (State.erased, "", "")
    for path in ("", "/progress", "/file"):
        assert (await asha.get(f"/documents/{document}{path}")).status_code == 404
    assert "Unchanged, and known here." in (await check(world.browser(), pdf)).text

    assert await store().get(key_of(document)) == pdf, "somebody may be at it still"
    assert await due.run_due(datetime.now(UTC) + commands.REST + timedelta(minutes=2)) == 1
    assert await store().get(key_of(document)) is None
    assert await due.run_due(datetime.now(UTC) + commands.REST + timedelta(minutes=2)) == 0


async def test_erased_while_it_is_made_it_never_becomes_ready_and_its_file_goes(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    await builder.turn(datetime.now(UTC))
    await erased()
    await builder.finished()
    assert (await only())["state"] == State.erased
    await due.run_due(datetime.now(UTC) + commands.REST + timedelta(minutes=2))
    assert await store().get(key_of(document)) is None


async def test_asked_for_just_before_the_record_was_erased_it_keeps_no_address(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    await erased()
    await Document.update(
        {Document.state: State.waiting.value, Document.title: "Report, 22 Saltmarsh Road"}
    ).where(Document.id == document)
    await turn()
    row = await only()
    assert (row["state"], row["title"]) == (State.failed, "Inspection report")
