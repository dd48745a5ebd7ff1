from datetime import UTC, datetime

import pytest

from pwa import tables
from pwa.prepared import Adding
from tests.conftest import World

NOW = datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


async def test_what_a_new_row_is_not_told_is_what_its_table_says_anew_for_each(world: World) -> None:
    add = Adding(tables.Device)
    for name in ("Asha", "Ben"):
        assert await add(person_name=name, last_seen=NOW)
    first, second = await tables.Device.select().order_by(tables.Device.person_name)
    assert (first["person_name"], first["waiting_photos"], first["oldest_waiting"]) == ("Asha", 0, None)
    assert first["id"] != second["id"]


async def test_a_new_row_is_not_told_what_its_table_has_no_place_for(world: World) -> None:
    with pytest.raises(TypeError, match="Device has no waiting_foto"):
        await Adding(tables.Device)(person_name="Asha", last_seen=NOW, waiting_foto=1)
    assert not await tables.Device.exists()


async def test_a_new_row_that_lacks_what_every_row_must_have_is_not_added(world: World) -> None:
    with pytest.raises(Exception, match=r"(?i)null"):
        await Adding(tables.Device)(person_name="Asha")
    assert not await tables.Device.exists()
