import json
import re
from datetime import UTC, datetime

import pytest

from properties.due import run_due
from properties.tables import ImportChunk, ImportRun, Property, PropertyChange
from pwa.tables import Receipt
from tests.conftest import World
from tests.properties.files import HEADINGS, TWO, apply_all, row, run_of, table, upload
from tests.properties.homes import home
from tests.tasks.making import flag


async def test_a_file_is_previewed_then_applied_and_can_be_found(world: World) -> None:
    client = await world.sign_in("ade")
    answer = await upload(client, table(*TWO))
    assert answer.status_code == 303
    preview = await client.get(run_of(answer))
    assert "Import 2 properties" in preview.text
    assert await Property.count() == 0
    await apply_all(client, table(*TWO))
    listed = await client.get("/properties?q=hw42qd")
    assert "Flat 3, 14 Linden Court" in listed.text
    stored = await Property.objects().get(Property.uprn == "100012340002")
    assert stored is not None
    assert (stored.postcode, stored.kind, stored.bedrooms, stored.use) == ("HW4 2QD", "flat", 2, "temporary")
    assert (stored.latitude, stored.longitude, stored.position_source) == (51.39, 0.51, "import")


async def test_importing_the_same_file_again_changes_nothing(world: World) -> None:
    client = await world.sign_in("ade")
    await apply_all(client, table(*TWO))
    before = await Property.select().order_by(Property.id)
    answer = await upload(client, table(*TWO))
    preview = await client.get(run_of(answer))
    assert "Nothing to do" in preview.text
    await client.post(f"{run_of(answer)}/apply")
    assert await Property.select().order_by(Property.id) == before
    assert await PropertyChange.count() == 0


async def test_the_preview_says_what_is_new_what_changes_from_and_to_and_what_is_wrong(world: World) -> None:
    await home("22 Saltmarsh Road", uprn="100012340001", bedrooms=2, latitude=51.39, longitude=0.51)
    client = await world.sign_in("ade")
    file = table(row(bedrooms="3"), TWO[1], row("abc", "7 Osier Walk"), headings=HEADINGS)
    answer = await upload(client, file)
    assert answer.status_code == 422
    for words in ("1 row is left out", "Row 4", "A UPRN is 1 to 12 digits.", "abc", '<td data-label="Now">2</td>'):
        assert words in answer.text
    assert "<b>3</b>" in answer.text
    assert "Import 2 properties" in answer.text
    assert (await client.post(f"{run_of(answer)}/apply")).status_code == 303


async def test_applying_keeps_the_old_value_with_who_changed_it(world: World) -> None:
    it = await home("22 Saltmarsh Road", uprn="100012340001", bedrooms=2, latitude=51.39, longitude=0.51)
    client = await world.sign_in("ade")
    await apply_all(client, table(row(bedrooms="3")))
    (change,) = await PropertyChange.select()
    assert (change["property"], change["field"], change["before"], change["after"]) == (
        it.id,
        "bedrooms",
        "2",
        "3",
    )
    assert change["by_name"] == "Ade Test"
    receipts = {one["id"]: one["path"] for one in await Receipt.select()}
    assert receipts[change["receipt"]].endswith("/apply")
    history = await client.get(f"/properties/{it.id}/history")
    assert "Ade Test" in history.text


async def test_an_empty_cell_leaves_what_we_hold(world: World) -> None:
    it = await home("22 Saltmarsh Road", uprn="100012340001", owner="Linden Lettings", bedrooms=2)
    client = await world.sign_in("ade")
    await apply_all(client, b"uprn,address,postcode,owner,bedrooms\n100012340001,22 Saltmarsh Road,HW2 7LT,,\n")
    (stored,) = await Property.select().where(Property.id == it.id)
    assert (stored["owner"], stored["bedrooms"]) == ("Linden Lettings", 2)


async def test_a_position_put_in_by_hand_is_not_moved_by_a_file(world: World) -> None:
    await home(uprn="100012340001", latitude=51.4, longitude=0.5, position_source="hand")
    client = await world.sign_in("ade")
    await apply_all(client, table(row()))
    (stored,) = await Property.select()
    assert (stored["latitude"], stored["position_source"]) == (51.4, "hand")


async def test_a_home_without_a_uprn_is_matched_by_its_address_and_given_one(world: World) -> None:
    await home("22 Saltmarsh Rd")
    client = await world.sign_in("ade")
    await apply_all(client, table(row(address="22 Saltmarsh Road")))
    (stored,) = await Property.select()
    assert stored["uprn"] == "100012340001"


async def test_rows_without_a_uprn_are_matched_by_address_so_a_second_import_doubles_nothing(world: World) -> None:
    client = await world.sign_in("ade")
    file = b"address,postcode\n22 Saltmarsh Road,HW2 7LT\n"
    await apply_all(client, file)
    answer = await upload(client, file)
    assert "Nothing to do" in (await client.get(run_of(answer))).text
    assert await Property.count() == 1


@pytest.mark.parametrize(
    ("rows", "sentence"),
    [
        ((row(), row(address="Another Road")), "The same home is in row 2."),
        ((row(), row(uprn="")), "The same home is in row 2."),
        ((row(uprn=""), row()), "The same home is in row 2."),
        ((row(), row(uprn="7")), "Row 2 has the same address and another UPRN. Check both."),
        ((row(postcode="HW"),), "That is not a postcode. Enter one like HW4 2QD. It says “HW”."),
        ((row(bedrooms="-1"),), "Enter a number from 0 to 30."),
        ((row(bedrooms="٣"),), "Enter a number from 0 to 30."),
        ((row(type="castle"),), "Use one of: house, flat,"),
        ((row(use="holiday"),), "Use one of: temporary,"),
        ((row(latitude="91"),), "Enter a latitude from -90 to 90"),
        ((row(latitude="nan"),), "Enter a latitude from -90 to 90"),
        ((row(latitude=""),), "Enter both the latitude and the longitude"),
        ((row(address=""),), "This is missing."),
        ((row(address="a" * 201),), "Keep this under 200 characters."),
        ((row() + ",more",), "This row has 11 cells and the headings are 10."),
        (("100012340001,22 Saltmarsh Road",), "This row has 2 cells and the headings are 10."),
    ],
)
async def test_a_wrong_row_is_named_by_its_number_with_what_is_wrong(
    world: World, rows: tuple[str, ...], sentence: str
) -> None:
    client = await world.sign_in("ade")
    answer = await upload(client, table(*rows))
    assert answer.status_code == 422
    assert sentence in answer.text
    assert f"Row {len(rows) + 1}" in answer.text
    (run,) = await ImportRun.select()
    assert (run["wrong"], run["new"]) == (1, len(rows) - 1)


async def test_a_row_of_another_uprn_at_an_address_we_hold_is_a_mistake(world: World) -> None:
    await home("22 Saltmarsh Road", uprn="5")
    client = await world.sign_in("ade")
    answer = await upload(client, table(row()))
    assert "We hold this address with another UPRN, 5. Check both." in answer.text


async def test_a_position_outside_the_country_is_stored_and_flagged(world: World) -> None:
    client = await world.sign_in("ade")
    await apply_all(client, table(row(latitude="48.85", longitude="2.35")))
    (stored,) = await Property.select()
    assert stored["position_problem"] == "This position is outside the United Kingdom. Check it."
    assert "22 Saltmarsh Road" in (await client.get("/properties?show=no-position")).text


@pytest.mark.parametrize(("name", "status"), [("asha", 403), ("callum", 403), ("dina", 200), ("ade", 200)])
async def test_only_the_office_imports(world: World, name: str, status: int) -> None:
    client = await world.sign_in(name)
    assert (await client.get("/properties/import")).status_code == status
    if status == 403:
        assert (await upload(client, table(*TWO))).status_code == 403
        assert await ImportRun.count() == 0


async def test_a_manager_gives_homes_to_their_own_team_and_leaves_other_teams_alone(world: World) -> None:
    await home("1 Quarry Street", uprn="1", team=world.marek.team)
    client = await world.sign_in("dina")
    headings = "uprn,address,postcode,team"
    rows = ("1,1 Quarry Street West,HW1 1AA,", "2,2 Quarry Street,HW1 1AA,", "3,3 Quarry Street,HW1 1AA,ta south")
    answer = await upload(client, table(*rows, "4,4 Quarry Street,HW1 1AA,nowhere", headings=headings))
    assert "This home belongs to another team." in answer.text
    assert "Only an administrator gives a home to another team." in answer.text
    assert "There is no team of this name. It says “nowhere”." in answer.text
    await client.post(f"{run_of(answer)}/apply")
    await apply_all(client, table(rows[1], headings=headings))
    stored = await Property.objects().get(Property.uprn == "2")
    assert stored is not None and stored.team == world.dina.team


async def test_somebody_elses_import_is_not_found(world: World) -> None:
    mine = run_of(await upload(await world.sign_in("dina"), table(*TWO)))
    for name in ("marek", "ade"):
        other = await world.sign_in(name)
        assert (await other.get(mine)).status_code == 404
        assert (await other.post(f"{mine}/apply")).status_code == 404


SECRET = ("Canaryhide", "canary notes", "906090909091")
HELD = "address,uprn,postcode,bedrooms,access notes"
GUESSES = {
    "by its UPRN": "1 Nowhere Row,906090909091,HW2 7LT,9,none",
    "by its address": "77 Canary Lane,,HW9 9XX,9,none",
    "as it is": "77 Canary Lane,906090909091,HW9 9XX,2,canary notes",
    "with another UPRN": "77 Canary Lane,5,HW9 9XX,2,canary notes",
}


@pytest.mark.parametrize("name", ["ade", "dina"])
@pytest.mark.parametrize("guess", GUESSES.values(), ids=GUESSES)
async def test_a_file_tells_nothing_of_a_confidential_home_to_who_may_not_know_of_it(
    world: World, name: str, guess: str
) -> None:
    """Beside it the preview says what it says beside none, and what is applied leaves it as it is."""
    client, file = await world.sign_in(name), table(guess, headings=HELD)
    absent = (await client.get(run_of(await upload(client, file)))).text
    it = await home(
        "77 Canary Lane", uprn="906090909091", postcode="HW9 9XX", team=world.marek.team, town="Canaryhide",
        access_notes="canary notes", bedrooms=2,
    )  # fmt: skip
    await flag(world, it)
    run = run_of(await upload(client, file))
    preview = (await client.get(run)).text
    assert plainly(preview) == plainly(absent)
    assert not [word for word in SECRET if word in preview and word not in guess]
    before = await Property.select()
    await client.post(f"{run}/apply")
    while await run_due(datetime.now(UTC)):
        pass
    done = (await client.get(run)).text
    assert "1 could not be applied" in done and "for the home’s own team to do" in done
    assert not [word for word in SECRET if word in done]
    assert await Property.select() == before
    # Its own team's manager, who may know of it, is shown it.
    assert "Canaryhide" in (await (await world.sign_in("marek")).get(f"/properties/{it.id}")).text


def plainly(page: str) -> str:
    return re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "id", page)


async def test_pressing_import_twice_applies_once(world: World) -> None:
    client = await world.sign_in("ade")
    address = await apply_all(client, table(*TWO))
    assert (await client.post(f"{address}/apply")).status_code == 303
    (run,) = await ImportRun.select()
    assert (run["state"], run["applied"]) == ("done", 2)
    assert await ImportChunk.count() == 0


async def test_progress_is_shown_chunk_by_chunk_and_a_stop_in_the_middle_loses_nothing(world: World) -> None:
    from datetime import UTC, datetime

    from properties.applying import apply_next

    client = await world.sign_in("ade")
    rows = [row(str(500_000 + n), f"{n} Long Street", "HW1 1AA") for n in range(1, 251)]
    address = run_of(await upload(client, table(*rows)))
    await client.post(f"{address}/apply")
    assert await apply_next(datetime.now(UTC)) == 100
    fragment = await client.get(address, headers={"HX-Request": "true", "HX-Target": "div#run"})
    assert "100 of 250 rows done" in fragment.text
    assert "<html" not in fragment.text
    while await apply_next(datetime.now(UTC)):
        pass
    assert await Property.count() == 250
    done = await client.get(address)
    assert "250 new, 0 changed." in done.text
    assert 'hx-trigger="load' not in done.text


async def test_a_row_that_no_longer_fits_when_its_turn_comes_is_left_out_and_counted(world: World) -> None:
    client = await world.sign_in("ade")
    address = run_of(await upload(client, table(row())))
    await home("22 Saltmarsh Road", uprn="77")
    await client.post(f"{address}/apply")
    from datetime import UTC, datetime

    from properties.due import run_due

    await run_due(datetime.now(UTC))
    (run,) = await ImportRun.select()
    assert (run["state"], run["skipped"]) == ("done", 1)
    assert "could not be applied" in (await client.get(address)).text


async def test_columns_we_do_not_know_are_named_and_left(world: World) -> None:
    client = await world.sign_in("ade")
    answer = await upload(client, b"address,postcode,Roof colour\n22 Saltmarsh Road,HW2 7LT,red\n")
    page = await client.get(run_of(answer))
    assert "Columns not used: Roof colour." in page.text


async def test_a_preview_nobody_applied_is_forgotten_after_a_week(world: World) -> None:
    from datetime import UTC, datetime, timedelta

    from properties.due import run_due

    await upload(await world.sign_in("ade"), table(*TWO))
    await run_due(datetime.now(UTC) + timedelta(days=6))
    assert await ImportRun.count() == 1
    await run_due(datetime.now(UTC) + timedelta(days=8))
    assert await ImportRun.count() == 0
    assert await ImportChunk.count() == 0


async def test_what_a_preview_keeps_is_only_what_the_file_said(world: World) -> None:
    await upload(await world.sign_in("ade"), table(row()))
    (chunk,) = await ImportChunk.select()
    ((number, values),) = json.loads(chunk["rows"])
    assert number == 2
    assert values["uprn"] == "100012340001"
