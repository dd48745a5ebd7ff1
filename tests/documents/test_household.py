"""What a household said of its inventory stands in the reports and the comparison, and so does silence."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from properties.tables import Property
from tests.conftest import World
from tests.documents.making import asked, made, turn
from tests.documents.test_report import text_of
from tests.inspections.comparing import HOB, move_out
from tests.inspections.doing import home
from tests.inspections.inventories import going_out, handed_over, in_their_hands
from tests.inspections.test_inventory import a_photo, say, show

__all__ = ["home"]


@pytest.fixture(autouse=True)
def demo() -> Iterator[None]:
    with going_out():
        yield


async def test_their_words_and_photos_are_in_the_report_and_each_answer_makes_another_edition(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, inspection, path, who = await in_their_hands(world, home)
    before = await asked(asha, inspection)
    await say(who, path, "The hob was chipped already שלום")
    await say(who, path, "Cold at night", "whole")
    await show(who, path, a_photo())
    assert await asked(asha, inspection) != before
    await turn()
    said = text_of(await made(asha, inspection), tmp_path)
    for words in (
        "What the household said",
        "2 comments, 1 photo, 7 days left",
        "chipped already",
        "Cold at night",
    ):
        assert words in said, words
    assert "The household" in said and "not a yes" not in said


async def test_silence_is_in_the_report_and_in_the_comparison_as_no_reply(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, inspection, _, _ = await in_their_hands(world, home)
    await handed_over(inspection, timedelta(days=9))
    moved = await move_out(asha, home)
    for id, kind in ((inspection, "inspection-report"), (moved, "comparison-report")):
        said = text_of(await made(asha, id, kind), tmp_path)
        assert "No reply. That is not a yes." in said


async def test_what_they_said_of_a_thing_stands_beside_it_in_the_comparison(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, _, path, who = await in_their_hands(world, home)
    await say(who, path, "Chipped when we came", HOB)
    said = text_of(await made(asha, await move_out(asha, home), "comparison-report"), tmp_path)
    assert "Household at move-in" in said and "Chipped when we came" in said
