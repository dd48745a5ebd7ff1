"""What changed between two inspections, by requests."""

from properties.tables import Property
from tests.conftest import World
from tests.inspections.comparing import HOB, ended, move_in, move_out
from tests.inspections.doing import home, post, start

__all__ = ["home"]


async def test_what_is_worse_is_shown_and_what_is_the_same_is_counted(world: World, home: Property) -> None:
    made = await ended(world, home)
    page = (await made.asha.get(made.page)).text
    for words in ("Kitchen: Cooker and hob", "Damaged", "Living room: Walls", "Dirtier", "Keys", "Missing"):
        assert words in page, words
    assert "3 things are worse. 10 are as good as before." in page
    assert "Kitchen: Worktop" not in page
    assert f'href="/inspections/{made.before}">move-in inspection</a>' in page


async def test_with_nothing_to_compare_with_it_says_so_and_offers_no_charge(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    page = (await asha.get(f"/inspections/{await move_out(asha, home)}/comparison")).text
    assert "There is nothing to compare with." in page
    assert "Propose" not in page


async def test_an_inspection_under_way_has_no_comparison_yet(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    await move_in(asha, home)
    id = await start(asha, home, "move-out")
    page = (await asha.get(f"/inspections/{id}/comparison")).text
    assert "This inspection is not completed." in page


async def test_a_void_inspection_has_no_comparison_and_says_so(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home, "void")
    assert "This kind of inspection is not compared." in (await asha.get(f"/inspections/{id}/comparison")).text
    await post(asha, id, "complete", reason="Enough for a test")
    assert "is not compared." in (await asha.get(f"/inspections/{id}/comparison")).text


async def test_an_occupied_inspection_is_compared_and_its_page_leads_there(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    await move_in(asha, home)
    id = await move_out(asha, home, "occupied")
    assert f'href="/inspections/{id}/comparison"' in (await asha.get(f"/inspections/{id}")).text
    assert "Damaged" in (await asha.get(f"/inspections/{id}/comparison")).text


async def test_the_move_in_counts_also_when_somebody_looked_in_between(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    first = await move_in(asha, home)
    await move_out(asha, home, "occupied")
    id = await move_out(asha, home)
    page = (await asha.get(f"/inspections/{id}/comparison")).text
    assert f'href="/inspections/{first}"' in page
    assert "Kitchen: Cooker and hob" in page


async def test_what_was_damaged_when_they_moved_in_has_not_changed(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    for kind in ("move-in", "move-out"):
        id = await start(asha, home, kind)
        await post(asha, id, "readings", item=HOB, condition="V")
        await post(asha, id, "complete", reason="Enough for a test")
    assert "Nothing is worse than it was." in (await asha.get(f"/inspections/{id}/comparison")).text


async def test_another_teams_move_in_is_nothing_to_compare_with(world: World, home: Property) -> None:
    await move_in(await world.sign_in("carol"), home)
    asha = await world.sign_in("asha")
    page = (await asha.get(f"/inspections/{await move_out(asha, home)}/comparison")).text
    assert "There is nothing to compare with." in page


async def test_only_what_changed_has_a_page_of_its_own(world: World, home: Property) -> None:
    made = await ended(world, home)
    assert "Fair cost" in (await made.asha.get(f"{made.page}/{HOB}")).text
    assert (await made.asha.get(f"{made.page}/kitchen_worktop")).status_code == 404
