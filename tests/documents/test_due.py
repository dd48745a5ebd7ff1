"""Making documents in the background: killed half way, tried again, never made twice."""

import asyncio
import hashlib
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from documents import building, children, due
from documents.due import builder
from documents.rules import State, key_of
from documents.tables import Document
from media.store import store, use
from properties.tables import Property
from tests.conftest import World
from tests.documents.making import asked, inspected, turn
from tests.inspections.doing import home
from tests.media.conftest import Away

__all__ = ["home"]


@pytest.fixture
def stopped_after(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """The engine is gone right after this function of building, as a kill would have it."""

    def stop(name: str) -> None:
        real = getattr(building, name)

        async def cut(*args: Any) -> Any:
            done = await real(*args)
            raise asyncio.CancelledError(done)

        monkeypatch.setattr(building, name, cut)

    return stop


async def state_of(document: object) -> dict[str, Any]:
    row = await Document.select().where(Document.id == document).first()
    assert row is not None
    return row


async def killed() -> None:
    """A turn whose task ends without a word, as when the process is killed."""
    await builder.turn(datetime.now(UTC))
    with pytest.raises(asyncio.CancelledError):
        await builder.finished()


async def test_killed_while_it_is_set_it_is_due_again_when_its_lease_is_over(
    world: World, home: Property, stopped_after: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=1))
    stopped_after("pressed")
    await killed()
    assert (await state_of(document))["state"] == State.waiting
    monkeypatch.undo()
    assert await builder.turn(datetime.now(UTC)) == 0, "somebody may still be at it"
    assert await turn(due.LEASE + timedelta(seconds=1)) == 1
    assert (await state_of(document))["state"] == State.ready


async def test_killed_after_it_was_stored_the_same_file_is_the_document(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    with monkeypatch.context() as patched:
        patched.setattr(building, "_built", _gone)
        await killed()
    stored = await store().get(key_of(document))
    assert stored is not None
    await turn(due.LEASE + timedelta(seconds=1))
    row = await state_of(document)
    assert (row["state"], row["sha256"]) == (State.ready, hashlib.sha256(stored).hexdigest())
    assert (await asha.get(f"/documents/{document}/file")).content == stored


def _gone(*_: object) -> None:
    raise asyncio.CancelledError


async def test_a_file_that_was_damaged_before_anybody_had_it_is_made_anew(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    await store().put(key_of(document), b"%PDF-1.7 half a file")
    await turn()
    row = await state_of(document)
    assert row["state"] == State.ready
    assert row["size"] > 10_000


async def test_a_child_that_is_killed_is_tried_again_and_given_up_in_the_end(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    real = children.Child.answer

    async def struck(self: children.Child, given: bytes, seconds: float) -> bytes:
        os.kill(self._process.pid, signal.SIGKILL)
        return await real(self, given, seconds)

    monkeypatch.setattr(children.Child, "answer", struck)
    for number, state in ((1, State.waiting), (2, State.waiting), (3, State.failed)):
        assert await turn(due.LEASE * number) == 1
        assert (await state_of(document))["state"] == state
    assert "Ask for it again" in (await asha.get(f"/documents/{document}")).text
    monkeypatch.undo()
    again = await asked(asha, (await state_of(document))["subject"])
    assert again != document
    await turn()
    assert (await state_of(again))["state"] == State.ready


async def test_while_the_store_is_away_it_waits_for_ever(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=1))
    real = store()
    use(Away(real))  # type: ignore[arg-type]
    for number in range(1, 6):
        assert await turn(due.LEASE * number) == 1
    use(real)
    assert (await state_of(document))["state"] == State.waiting
    await turn(due.LEASE * 6)
    assert (await state_of(document))["state"] == State.ready


async def test_one_document_is_made_at_a_time_and_the_engine_goes_on_meanwhile(
    world: World, home: Property
) -> None:
    asha = await world.sign_in("asha")
    id = await inspected(asha, home, photos=0)
    await asked(asha, id)
    await asked(asha, id, "inspection-evidence")
    now = datetime.now(UTC)
    assert await due.run_due(now) == 1
    assert await due.run_due(now) == 0, "the first is still being made"
    await builder.finished()
    assert await turn() == 1
    assert await turn() == 0
    assert {row["state"] for row in await Document.select(Document.state)} == {State.ready}


async def test_the_server_leaves_off_at_once_and_leaves_no_child(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    await builder.turn(datetime.now(UTC))
    await builder.close()
    assert (await state_of(document))["state"] == State.waiting
    assert not [pid for pid in _children() if "documents." in _command(pid)]
    await turn(due.LEASE + timedelta(seconds=1))
    assert (await state_of(document))["state"] == State.ready


def _children() -> list[str]:
    return Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()


def _command(pid: str) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()


async def test_of_two_engines_at_one_document_the_first_file_is_the_document(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    asha = await world.sign_in("asha")
    document = await asked(asha, await inspected(asha, home, photos=0))
    real = building.sealed

    async def late(row: dict[str, Any], at: datetime, say: building.Say) -> bytes:
        await store().put(key_of(document), await real(row, at, say))
        return await real(row, at, say)

    monkeypatch.setattr(building, "sealed", late)
    await turn()
    stored = await store().get(key_of(document))
    assert stored is not None
    assert (await state_of(document))["sha256"] == hashlib.sha256(stored).hexdigest()
