"""Certificates, the list as a file, and the import on the command line."""

import csv
import io
from datetime import timedelta
from pathlib import Path

import pytest

from properties import queries
from properties.command_line import import_file
from properties.tables import Certificate, ImportRun, Property
from pwa.ids import uuid7
from pwa.tables import Receipt
from tests.conftest import World
from tests.properties.files import apply_all, row, run_of, table, upload
from tests.properties.homes import home

TODAY = queries.today()


async def test_a_certificate_is_added_and_stands_as_its_last_day_says(world: World) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("asha")
    issued = TODAY - timedelta(days=350)
    data = {"kind": "LGSR", "issued_on": issued.isoformat(), "reference": "GS-2218"}
    answer = await client.post(f"/properties/{it.id}/certificates", data=data)
    assert answer.headers["location"] == f"/properties/{it.id}#certificates"
    page = (await client.get(f"/properties/{it.id}")).text
    assert "GS-2218" in page
    assert "days left" in page
    (stored,) = await Certificate.select()
    assert 13 <= (stored["expires_on"] - TODAY).days <= 15


@pytest.mark.parametrize(
    ("days", "words"),
    [(400, "In date"), (28, "28 days left"), (1, "1 day left"), (0, "Last day today"), (-1, "Lapsed")],
)
async def test_each_state_is_said_in_words(world: World, days: int, words: str) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("asha")
    data = {
        "kind": "EICR",
        "issued_on": (TODAY - timedelta(days=800)).isoformat(),
        "expires_on": (TODAY + timedelta(days=days)).isoformat(),
    }
    fragment = await client.post(f"/properties/{it.id}/certificates", data=data, headers={"HX-Request": "true"})
    assert fragment.text.lstrip().startswith('<section class="sect" id="certificates"')
    assert words in fragment.text
    assert fragment.text.count("Nothing recorded") == 2


async def test_a_newer_certificate_takes_the_place_of_the_older(world: World) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("dina")
    for years in (3, 0):
        issued = TODAY - timedelta(days=365 * years)
        data = {"kind": "LGSR", "issued_on": issued.isoformat(), "reference": f"ref {years}"}
        await client.post(f"/properties/{it.id}/certificates", data=data)
    page = (await client.get(f"/properties/{it.id}/certificates")).text
    assert "ref 0" in page and "ref 3" not in page
    assert await Certificate.count() == 2


async def test_a_test_without_an_end_is_only_a_date(world: World) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("asha")
    data = {"id": str(uuid7()), "kind": "SMOKE", "issued_on": TODAY.isoformat()}
    for _ in range(2):
        await client.post(f"/properties/{it.id}/certificates", data=data)
    assert await Certificate.count() == 1
    page = (await client.get(f"/properties/{it.id}")).text
    assert "Smoke alarm test" in page and "Done " in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": "NONE"}, "Choose the certificate."),
        ({"issued_on": (TODAY + timedelta(days=2)).isoformat()}, "It cannot be issued after today."),
        ({"issued_on": "0001-01-01"}, "Enter a date between 1900 and 2200."),
        ({"expires_on": "2001-01-01"}, "Its last day is before the day it was issued."),
        ({"reference": "a" * 201}, "Keep this under 200 characters."),
    ],
)
async def test_a_certificate_with_a_mistake_is_not_stored(
    world: World, wrong: dict[str, str], sentence: str
) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in("asha")
    data = {"kind": "LGSR", "issued_on": "2026-01-05", **wrong}
    for headers in ({}, {"HX-Request": "true"}):
        answer = await client.post(f"/properties/{it.id}/certificates", data=data, headers=headers)
        assert answer.status_code == 422
        assert sentence in answer.text
    assert await Certificate.count() == 0


@pytest.mark.parametrize(("name", "status"), [("carol", 403), ("marek", 403), ("callum", 403), ("ade", 303)])
async def test_who_may_add_a_certificate(world: World, name: str, status: int) -> None:
    it = await home(team=world.asha.team)
    client = await world.sign_in(name)
    data = {"kind": "LGSR", "issued_on": "2026-01-05"}
    assert (await client.post(f"/properties/{it.id}/certificates", data=data)).status_code == status


async def test_the_list_as_a_file_is_for_managers_and_reads_back_without_a_change(world: World) -> None:
    ade = await world.sign_in("ade")
    nasty = ('=SUM("A1")', "+44 Road", "-5 Lane", "@home", "\u2019Tanner")
    rows = [row(str(100 + n), f"{text} {n}", longitude="-0.12") for n, text in enumerate(nasty)]
    await apply_all(ade, table(*rows))
    for name in ("asha", "ade", "callum"):
        assert (await (await world.sign_in(name)).get("/properties/export.csv")).status_code == 403
    answer = await (await world.sign_in("dina")).get("/properties/export.csv")
    assert answer.headers["content-disposition"] == f'attachment; filename="properties-{TODAY:%Y-%m-%d}.csv"'
    assert answer.content.startswith(b"\xef\xbb\xbf")
    notes = [one["note"] for one in await Receipt.select().where(Receipt.path == "/properties/export.csv")]
    assert notes == ["saved the list of properties as a file"]
    cells = [line[1] for line in csv.reader(io.StringIO(answer.content.decode("utf-8-sig")))][1:]
    assert all(not cell.startswith(("=", "+", "-", "@")) for cell in cells)
    assert "-0.12" in answer.text
    again = await upload(ade, answer.content)
    assert "Nothing to do" in (await ade.get(run_of(again))).text


async def test_the_command_line_says_what_it_would_do_and_does_it_when_told(world: World, tmp_path: Path) -> None:
    await home("22 Saltmarsh Road", uprn="100012340001", bedrooms=2, latitude=51.39, longitude=0.51)
    file = tmp_path / "homes.csv"
    file.write_bytes(table(row(bedrooms="3"), row("2", "7 Osier Walk")))
    said: list[str] = []
    assert await import_file(file, say=said.append) == 0
    assert said[0] == "1 new, 1 changed, 0 unchanged, 0 rows with mistakes"
    assert "  row 2, 22 Saltmarsh Road: Bedrooms: 2 -> 3" in said
    assert said[-1] == "Nothing was changed. Add --apply to do it."
    assert await Property.count() == 1
    said.clear()
    assert await import_file(file, apply=True, say=said.append) == 0
    assert said[-2:] == ["2 of 2 rows done", "Done."]
    assert await Property.count() == 2
    said.clear()
    assert await import_file(file, apply=True, say=said.append) == 0
    assert said == ["0 new, 0 changed, 2 unchanged, 0 rows with mistakes", "Done."]


async def test_the_command_line_names_mistakes_and_goes_on_with_the_rest(world: World, tmp_path: Path) -> None:
    file = tmp_path / "homes.csv"
    file.write_bytes(b"uprn,address,postcode,colour\nx,1 A Road,HW1 1AA,red\n2,2 A Road,HW1 1AA,blue\n3\n")
    said: list[str] = []
    assert await import_file(file, apply=True, say=said.append) == 1
    assert "Not used: colour" in said
    assert "  row 2, UPRN: A UPRN is 1 to 12 digits. It says “x”." in said
    assert "  row 4: This row has 1 cell and the headings are 4." in said
    assert await Property.count() == 1


async def test_the_command_line_says_why_a_file_cannot_be_read(world: World, tmp_path: Path) -> None:
    said: list[str] = []
    assert await import_file(tmp_path / "none.csv", say=said.append) == 2
    assert "could not be opened: No such file or directory." in said[0]
    big, odd = tmp_path / "big.csv", tmp_path / "odd.csv"
    big.write_bytes(b"a" * (20 * 1024 * 1024 + 1))
    odd.write_bytes(b"a,b\n1,2\n")
    assert await import_file(big, say=said.append) == 2
    assert said[-1] == "That file is over 20 MB."
    assert await import_file(odd, say=said.append) == 2
    assert said[-1].startswith("The first row must name the columns.")
    assert await ImportRun.count() == 0
