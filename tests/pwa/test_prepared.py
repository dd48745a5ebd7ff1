from datetime import UTC, datetime
from typing import Any

import pytest

from pwa import tables
from pwa.prepared import Adding
from tests.conftest import World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


async def called(*names: str) -> list[dict[str, Any]]:
    """Phones of earlier tests may be written down meanwhile: the engine is a second behind."""
    name = tables.Device.person_name
    return await tables.Device.select().where(name.is_in(names)).order_by(name)


async def test_what_a_new_row_is_not_told_is_what_its_table_says_anew_for_each(world: World) -> None:
    add = Adding(tables.Device)
    for name in ("Asha", "Ben"):
        assert await add(person_name=name, last_seen=NOW)
    first, second = await called("Asha", "Ben")
    assert (first["person_name"], first["waiting_photos"], first["oldest_waiting"]) == ("Asha", 0, None)
    assert first["id"] != second["id"]


async def test_a_new_row_is_not_told_what_its_table_has_no_place_for(world: World) -> None:
    with pytest.raises(TypeError, match="Device has no waiting_foto"):
        await Adding(tables.Device)(person_name="Asha", last_seen=NOW, waiting_foto=1)
    assert await called("Asha") == []


async def test_a_new_row_that_lacks_what_every_row_must_have_is_not_added(world: World) -> None:
    with pytest.raises(Exception, match=r"(?i)null"):
        await Adding(tables.Device)(person_name="Asha")
    assert await called("Asha") == []
