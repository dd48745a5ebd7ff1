"""The inspection report, from the button to the sealed file, looked at with other people's programs."""

import hashlib
import re
import subprocess
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.pdf_utils.reader import PdfFileReader

from bench.documents import content
from documents.rules import moment
from documents.tables import Document
from inspections.report import gather
from inspections.tables import Inspection, InspectionPhoto
from properties.tables import Property
from pwa.ids import uuid7
from server.demo.council import signed_in
from tests.conftest import World
from tests.documents.making import asked, inspected, made, post, turn
from tests.inspections.doing import home, start
from tests.media.files import photograph

__all__ = ["home"]


def told(program: str, pdf: bytes, folder: Path, *words: str) -> str:
    """What one of poppler's programs says of it."""
    (folder / "it.pdf").write_bytes(pdf)
    done = subprocess.run([program, "it.pdf", *words], cwd=folder, capture_output=True, text=True, check=True)
    return " ".join(done.stdout.split())


def text_of(pdf: bytes, folder: Path) -> str:
    """What a reader reads."""
    return told("pdftotext", pdf, folder, "-")


async def test_the_report_says_what_was_read_found_photographed_and_missing(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    id = await inspected(asha, home)
    await post(asha, f"/inspections/{id}/addenda", text="The loft was looked at on Thursday.")
    said = text_of(await made(asha, id), tmp_path)
    for words in (
        "22 Saltmarsh Road", "HW2 7LT", "Void inspection report", "Asha Test", "48210",
        "Falls on the level", "Significant", "Black patch", "Council", "£120.50", "Corner 0", "Corner 1",
        "No key to the <loft>", "not read yet", "The loft was looked at on Thursday.",
        "self-made, for trying Doorstep", "http",
    ):  # fmt: skip
        assert words in said, words
    for photo in await InspectionPhoto.select(InspectionPhoto.sha256):
        assert photo["sha256"] in said


async def test_poppler_finds_the_seal_valid_and_over_the_whole_file(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    said = told("pdfsig", await made(asha, await inspected(asha, home, photos=1)), tmp_path)
    assert "Signature is Valid" in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert "self-made, for trying Doorstep" in said


async def test_the_report_is_tagged_archival_and_has_words_for_every_picture(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    pdf = await made(asha, await inspected(asha, home, photos=3))
    reader = PdfFileReader(BytesIO(pdf))
    root: Any = reader.root
    says = root["/Metadata"].data.decode()
    for wanted in ('pdfaid:part="2"', 'pdfaid:conformance="A"', 'pdfuaid:part="1"'):
        assert wanted in says
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en-GB"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert str(root["/OutputIntents"][0]["/S"]) == "/GTS_PDFA1"
    assert "/Version" not in root, "PDF/A-2 is PDF 1.7"
    figures, kinds = [], set()
    ahead: list[Any] = [root["/StructTreeRoot"]]
    while ahead:
        node = ahead.pop()
        if isinstance(node, IndirectObject):
            node = node.get_object()
        if isinstance(node, list):
            ahead += list(node)
        elif isinstance(node, dict):
            kinds.add(str(node.get("/S", "")))
            if node.get("/S") == "/Figure":
                figures.append(str(node.get("/Alt", "")))
            ahead.append(node.get("/K"))
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/Link", "/L"} <= kinds
    assert sum(alt.startswith("Photograph ") for alt in figures) == 3
    assert all(figures)


async def test_photographs_go_in_once_as_small_jpegs(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    one = await made(asha, await inspected(asha, home, photos=1))
    four = await made(asha, await inspected(asha, home, photos=4))
    assert four.count(b"/DCTDecode") == one.count(b"/DCTDecode") + 3
    widths = [int(width) for width in re.findall(rb"/Width (\d+)", four)]
    assert max(widths) == 800


async def test_a_photo_that_is_not_here_is_said_to_be_missing_and_each_edition_is_made_once(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    id = await inspected(asha, home, photos=1)
    await InspectionPhoto.update({InspectionPhoto.sha256: "b" * 64}).where(InspectionPhoto.inspection == id)
    first = await asked(asha, id)
    await turn()
    pdf = (await asha.get(f"/documents/{first}/file")).content
    assert "Not received when this was made" in text_of(pdf, tmp_path)
    assert await asked(asha, id) == first
    await post(asha, f"/inspections/{id}/addenda", text="One photo is still on a phone.")
    assert await asked(asha, id) != first


async def test_any_sign_an_officer_types_can_be_printed(world: World, home: Property, tmp_path: Path) -> None:
    asha = await world.sign_in("asha")
    note = 'Łódź café Ελλάδα Привет 🙂 مرحبا بالعالم #image("/etc/passwd") *bold* $x$ \\ <tag> نامه'
    said = text_of(await made(asha, await inspected(asha, home, photos=0, note=note)), tmp_path)
    assert "Łódź café Ελλάδα Привет [slightly smiling face]" in said
    assert "[Arabic writing, shown in Doorstep]" in said
    assert '#image("/etc/passwd") *bold* $x$ \\ <tag>' in said


async def test_only_a_completed_inspection_has_a_report(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    id = await start(asha, home)
    answer = await asha.post(f"/inspections/{id}/documents", data={"kind": "inspection-report"})
    assert (answer.status_code, "Complete the inspection first" in answer.text) == (422, True)
    done = await inspected(asha, home, photos=0)
    assert (await asha.post(f"/inspections/{done}/documents", data={"kind": "novel"})).status_code == 422
    assert not await Document.exists()


async def test_the_page_shows_progress_until_the_document_is_there(world: World, home: Property) -> None:
    asha = await world.sign_in("asha")
    id = await inspected(asha, home, photos=0)
    document = await asked(asha, id)
    waiting = (await asha.get(f"/documents/{document}")).text
    assert 'hx-trigger="every 1s"' in waiting
    assert "Waiting for its turn" in waiting
    assert (await asha.get(f"/documents/{document}/file")).status_code == 404
    await turn()
    ready = (await asha.get(f"/documents/{document}/progress", headers={"HX-Request": "true"})).text
    assert "every 1s" not in ready
    assert f'href="/documents/{document}/file"' in ready
    assert "self-made one, for trying Doorstep" in ready
    assert f"/documents/{document}" in (await asha.get(f"/inspections/{id}")).text


async def test_it_is_a_download_with_a_name_made_by_us(world: World, home: Property) -> None:
    await Property.update({Property.address: 'Flat "3"\r\n, 14 Łinden\\Court'}).where(Property.id == home.id)
    asha = await world.sign_in("asha")
    id = await inspected(asha, home, photos=0)
    document = await asked(asha, id)
    await turn()
    headers = (await asha.get(f"/documents/{document}/file")).headers
    named = headers["Content-Disposition"]
    assert re.fullmatch(
        r'attachment; filename="Inspection-report-Flat-3-14-inden-Court-\d+-[A-Z][a-z]+-\d+\.pdf"', named
    ), named
    assert headers["Content-Type"] == "application/pdf"
    assert headers["Cache-Control"] == "no-store"


async def test_another_team_cannot_ask_for_it_nor_have_it(world: World, home: Property) -> None:
    asha, ben, carol = await world.sign_in("asha"), await world.sign_in("ben"), await world.sign_in("carol")
    id = await inspected(asha, home, photos=0)
    document = await asked(asha, id)
    await turn()
    assert (await ben.get(f"/documents/{document}/file")).status_code == 200
    assert await asked(ben, id) == document
    assert (await carol.get(f"/documents/{document}/file")).status_code == 404
    assert (
        await carol.post(f"/inspections/{id}/documents", data={"kind": "inspection-report"})
    ).status_code == 404


async def test_who_has_lost_the_right_to_the_record_is_made_no_document(world: World, home: Property) -> None:
    asha, ben = await world.sign_in("asha"), await world.sign_in("ben")
    id = await inspected(asha, home, photos=0)
    document = await asked(ben, id)
    await Inspection.update({Inspection.team: world.teams["south"].id}).where(Inspection.id == id)
    await turn()
    said = (await ben.get(f"/documents/{document}")).text
    assert "This could not be made. Nothing of the record is lost." in said
    assert await turn(timedelta(hours=1)) == 0


@pytest.mark.parametrize("kind", ["inspection-report", "inspection-evidence"])
async def test_no_document_holds_what_only_some_may_read_of_a_home(
    world: World, home: Property, tmp_path: Path, kind: str
) -> None:
    await Property.update({Property.access_notes: "canary key safe 4711"}).where(Property.id == home.id)
    asha = await world.sign_in("asha")
    said = text_of(await made(asha, await inspected(asha, home, photos=0), kind), tmp_path)
    assert "22 Saltmarsh Road" in said
    assert "canary" not in said


async def test_a_photograph_added_after_the_end_stands_with_its_addendum(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    id = await inspected(asha, home, photos=1)
    before = await made(asha, id)
    data = photograph(900, 700)
    sha = hashlib.sha256(data).hexdigest()
    await asha.put(f"/media/photos/{sha}", content=data, headers={"Content-Type": "image/jpeg"})
    await post(
        asha, f"/inspections/{id}/addenda/photo", id=str(uuid7()), sha256=sha, item="kitchen_walls",
        replaces=str((await InspectionPhoto.select(InspectionPhoto.id).first())["id"]), caption="The loft hatch",
    )  # fmt: skip
    after = await made(asha, id)
    assert after != before, "another edition"
    said = text_of(after, tmp_path)
    assert said.index("Added after it was completed") < said.index("2 The loft hatch") < said.index(sha)


async def test_a_time_from_a_wrong_clock_is_put_right_and_says_so(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    said = (datetime.now(UTC) - timedelta(days=40)).isoformat()
    asha.headers.update({"Command-Captured-At": said, "Command-Sent-At": said})
    text = text_of(await made(asha, await inspected(asha, home, photos=1)), tmp_path)
    phone = moment(datetime.fromisoformat(said))
    assert f"about {moment(datetime.now(UTC))[:15]}" in text
    assert f"(the phone said {phone}: its clock was wrong), received" in text


async def test_the_report_that_the_bench_times_has_all_that_one_has(world: World, home: Property) -> None:
    id = await start(await world.sign_in("asha"), home)
    made = await gather(signed_in(world.asha), UUID(str(id)))
    assert content([]).data.keys() == made.data.keys()
