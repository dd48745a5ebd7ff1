"""Files as councils really have them, and files that are no list at all."""

import pytest

from properties.tables import ImportRun, Property
from tests.conftest import World
from tests.properties.files import HEADINGS, TWO, apply_all, row, table, upload


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
async def test_files_as_windows_writes_them_are_read(world: World, encoding: str) -> None:
    client = await world.sign_in("ade")
    text = f"{HEADINGS}\r\n{row(address='Flat 12, Tanner’s Yard é')}\r\n\r\n"
    await apply_all(client, text.encode(encoding))
    (stored,) = await Property.select()
    assert stored["address"] == "Flat 12, Tanner’s Yard é"


@pytest.mark.parametrize("mark", [";", "\t"])
async def test_semicolons_and_tabs_are_read_too(world: World, mark: str) -> None:
    client = await world.sign_in("ade")
    await apply_all(
        client, mark.join(("address", "postcode")).encode() + f"\n22 Saltmarsh Road{mark}HW2 7LT".encode()
    )
    assert await Property.count() == 1


async def test_a_formula_is_kept_as_text_and_shown_as_typed(world: World) -> None:
    client = await world.sign_in("ade")
    nasty = '=HYPERLINK("http://x","a")<script>alert(1)</script>{{7*7}}'
    await apply_all(client, table(row(address=nasty)))
    (stored,) = await Property.select()
    assert stored["address"] == nasty
    page = await client.get(f"/properties/{stored['id']}")
    assert "<script>alert" not in page.text
    assert "{{7*7}}" in page.text


@pytest.mark.parametrize(
    ("body", "sentence"),
    [
        (b"", "That file is empty."),
        (b"  \n ", "That file is empty."),
        (b"name,place\na,b\n", "The first row must name the columns."),
        (b"address,postcode\n", "That file has headings and no rows under them."),
        (b"address,address 1,postcode\na,b,HW1 1AA\n", "Two columns mean address."),
        (b"PK\x03\x04\x00\x00xlsx", "That is not a CSV file."),
        (b"\xff\xfea", "That is not a CSV file."),
        (b"address,postcode\n\x81\x8d,HW1 1AA\n", "That is not a CSV file."),
        (b'address,postcode\n"' + b"a" * 200_000, "A quotation mark in this file has no partner"),
    ],
)
async def test_a_file_that_is_no_list_is_refused_with_what_to_do(world: World, body: bytes, sentence: str) -> None:
    client = await world.sign_in("dina")
    answer = await upload(client, body)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert await ImportRun.count() == 0


async def test_no_file_at_all_is_said(world: World) -> None:
    client = await world.sign_in("dina")
    answer = await client.post("/properties/import", files={"file": ("", b"")})
    assert answer.status_code == 422
    assert "Choose a CSV file." in answer.text


async def test_other_fields_and_other_bodies_are_refused(world: World) -> None:
    client = await world.sign_in("dina")
    extra = await client.post("/properties/import", files={"file": ("a.csv", b"x"), "other": ("b.csv", b"y")})
    assert extra.status_code == 400
    twice = [("file", ("a.csv", b"x")), ("file", ("b.csv", b"y"))]
    assert (await client.post("/properties/import", files=twice)).status_code == 400
    assert (await client.post("/properties/import", data={"file": "x"})).status_code == 415


async def test_a_csv_body_by_itself_is_taken(world: World) -> None:
    client = await world.sign_in("ade")
    answer = await client.post("/properties/import", content=table(*TWO), headers={"Content-Type": "text/csv"})
    assert answer.status_code == 303


async def test_a_file_over_the_limit_is_413(world: World) -> None:
    client = await world.sign_in("ade")
    answer = await upload(client, b"address,postcode\n" + b"a" * (20 * 1024 * 1024))
    assert answer.status_code == 413
    assert "That file is over 20 MB." in answer.text
    far = await upload(client, b"a" * (21 * 1024 * 1024))
    assert far.status_code == 413


async def test_too_many_rows_are_413(world: World) -> None:
    client = await world.sign_in("ade")
    answer = await upload(client, b"address,postcode\n" + b"1 A,HW1 1AA\n" * 400_000)
    assert answer.status_code == 413
    assert "more than 100,000 rows" in answer.text
