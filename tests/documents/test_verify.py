"""Checking a PDF: the public page and the command line, with files whole, changed, strange and hostile."""

import asyncio
import re
import zlib
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.writer import copy_into_new_writer

from documents import children, confine, handlers, look_child, rules, sealing
from documents.looking import look
from documents.tables import Document
from people.rules import Limit
from people.tables import Tally
from properties.tables import Property
from pwa.rules import FIRST, link
from tests.conftest import World
from tests.documents.making import inspected, made
from tests.inspections.doing import home
from tests.saying import sentence
from tests.server.test_command_line import doorstep

__all__ = ["home"]
PDF = generic.pdf_name


def bare(extra: str = "", objects: str = "") -> bytes:
    """A PDF of one empty page, by hand. `extra` goes into its catalog."""
    parts = [
        f"1 0 obj <</Type/Catalog/Pages 2 0 R{extra}>> endobj",
        "2 0 obj <</Type/Pages/Kids[3 0 R]/Count 1>> endobj",
        "3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 9 9]>> endobj",
        *([objects] if objects else []),
    ]
    out, places = b"%PDF-1.7\n", []
    for part in parts:
        places.append(len(out))
        out += part.encode("latin-1") + b"\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    tail = f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}trailer <</Size {len(parts) + 1}/Root 1 0 R>>\n"
    return out + tail.encode() + f"startxref\n{len(out)}\n%%EOF\n".encode()


async def check(client: httpx.AsyncClient, data: bytes) -> httpx.Response:
    return await client.post("/verify", files={"file": ("it.pdf", data, "application/pdf")})


async def test_a_stranger_is_told_that_our_document_is_unchanged_and_known(world: World, home: Property) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    pdf = await made(asha, await inspected(asha, home, photos=0))
    said = (await check(nobody, pdf)).text
    for words in ("Unchanged, and known here.", "self-made, for trying Doorstep", "It proves nothing outside"):
        assert words in said
    assert "Saltmarsh" not in said, "what is in it is not shown"
    assert "Asha" not in said


async def test_the_checking_page_asks_for_the_file_before_it_is_sent(world: World) -> None:
    page = (await world.browser().get("/verify")).text
    assert re.search(r'<input[^>]* type="file"[^>]* required', page)


async def test_one_changed_byte_is_found_wherever_it_is(world: World, home: Property) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    pdf = await made(asha, await inspected(asha, home, photos=1))
    for place in range(1000, len(pdf) - 1000, len(pdf) // 7):
        changed = bytearray(pdf)
        changed[place] ^= 1
        answer = await check(nobody, bytes(changed))
        assert "Unchanged" not in answer.text
        assert "changed after it was sealed" in answer.text or sentence(answer) in (rules.DAMAGED, rules.ACTIVE)


async def test_a_seal_padded_or_a_page_added_later_is_not_the_file_we_know(world: World, home: Property) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    pdf = await made(asha, await inspected(asha, home, photos=0))
    writer = IncrementalPdfFileWriter(BytesIO(pdf))
    writer.root[PDF("/Note")] = generic.pdf_string("added")
    writer.update_root()
    out = BytesIO()
    writer.write(out)
    assert "changed after it was sealed" in (await check(nobody, out.getvalue())).text
    padding = pdf.rindex(b"00000000>")
    padded = pdf[:padding] + b"00000001" + pdf[padding + 8 :]
    assert "changed after it was sealed" in (await check(nobody, padded)).text


async def test_a_seal_with_our_name_on_it_that_is_not_ours_is_told_from_ours(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    real = sealing.used()
    sealing.use(sealing.Settings(real.council, real.address, tmp_path))
    theirs = await made(asha, await inspected(asha, home, photos=0))
    sealing.use(real)
    assert sealing.seal().fingerprint not in theirs.hex()
    await Document.delete(force=True)
    said = (await check(nobody, theirs)).text
    assert "We do not know this seal." in said
    assert "self-made one" not in said


async def test_a_document_sealed_with_an_earlier_certificate_is_still_ours(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    pdf = await made(asha, await inspected(asha, home, photos=0))
    real = sealing.used()
    sealing.use(sealing.Settings(real.council, real.address, tmp_path))
    said = (await check(nobody, pdf)).text
    sealing.use(real)
    assert "Unchanged, and known here." in said


async def test_a_pdf_without_a_seal_is_said_to_have_none(world: World) -> None:
    assert "This PDF has no seal." in (await check(world.browser(), bare())).text


ACTIVE = {
    "script when it opens": bare("/OpenAction <</S/JavaScript/JS(app.alert(1))>>"),
    "a page it goes to when it opens": bare("/OpenAction[3 0 R/Fit]"),
    "script by name": bare("/Names <</JavaScript 4 0 R>>", "4 0 obj <</Names[(a) <</S/JavaScript>>]>> endobj"),
    "a program to start": bare("/X 4 0 R", "4 0 obj <</S/Launch/F(cmd.exe)>> endobj"),
    "a file in it": bare("/Names <</EmbeddedFiles 4 0 R>>", "4 0 obj <</Names[]>> endobj"),
    "a form that sends": bare("/X[[[<</S /SubmitForm>>]]]"),
    "something at closing": bare("/AA <</WC 4 0 R>>", "4 0 obj <<>> endobj"),
    "a name in disguise": bare("/X <</S/J#61vaScript>>"),
}


@pytest.mark.parametrize("what", ACTIVE)
async def test_a_pdf_that_acts_or_carries_a_file_is_refused(world: World, what: str) -> None:
    answer = await check(world.browser(), ACTIVE[what])
    assert (answer.status_code, sentence(answer)) == (422, "This PDF contains active content.")


def locked() -> bytes:
    writer = copy_into_new_writer(PdfFileReader(BytesIO(bare())))
    writer.encrypt(owner_pass="plum", user_pass="otter")
    out = BytesIO()
    writer.write(out)
    return out.getvalue()


def bomb() -> bytes:
    """A cross-reference stream that inflates to a gigabyte."""
    packed = zlib.compress(b"\0" * (1 << 30), 9)
    head = f"1 0 obj <</Type/XRef/Size 9/W[1 2 1]/Root 1 0 R/Filter/FlateDecode/Length {len(packed)}>> stream\n"
    return b"%PDF-1.7\n" + head.encode() + packed + b"\nendstream endobj\nstartxref\n9\n%%EOF\n"


WRONG = {
    "no PDF at all": (b"PK\x03\x04 a zip", rules.NOT_A_PDF),
    "cut short": (bare()[:150], rules.DAMAGED),
    "only a head": (b"%PDF-1.7\n", rules.DAMAGED),
    "without its first object": (bare().replace(b"/Root 1 0 R", b"/Root 9 0 R"), rules.DAMAGED),
    "locked with a password": (locked(), rules.LOCKED),
    "a bomb": (bomb(), None),
}  # fmt: skip


@pytest.mark.parametrize("what", WRONG)
async def test_what_cannot_be_checked_is_said_to_be_so(world: World, what: str) -> None:
    data, wanted = WRONG[what]
    answer = await check(world.browser(), data)
    assert answer.status_code == 422
    assert sentence(answer) in ([wanted] if wanted else [rules.DAMAGED, rules.TOO_HEAVY])


async def test_a_file_over_20_mb_is_refused_before_it_is_read(world: World) -> None:
    nobody, read = world.browser(), []

    async def body() -> Any:
        read.append(1)
        yield b"x"

    headers = {"Content-Length": str(21 * 1024 * 1024), "Content-Type": "multipart/form-data; boundary=x"}
    answer = await nobody.post("/verify", content=body(), headers=headers)
    assert (answer.status_code, sentence(answer)) == (413, "That file is over 20 MB.")
    assert not await Tally.exists()
    over = await check(nobody, b"%PDF-" + b"x" * (20 * 1024 * 1024))
    assert (over.status_code, sentence(over)) == (413, "That file is over 20 MB.")


async def test_checking_too_often_has_to_wait_and_signing_in_does_not(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(handlers.rules, "CHECKS_OF_ADDRESS", Limit("documents checked from an address", 2))
    nobody = world.browser()
    for status in (422, 422, 429):
        answer = await check(nobody, b"no")
        assert answer.status_code == status
    assert sentence(answer) == rules.TOO_MANY_CHECKS
    assert int(answer.headers["Retry-After"]) > 0
    signing = await nobody.post("/sign-in", data={"email": "asha@harrowmere.example", "password": "wrong"})
    assert signing.status_code == 422


async def test_a_bundle_carries_its_receipts_and_each_fits_its_seal(world: World, home: Property) -> None:
    asha, nobody = await world.sign_in("asha"), world.browser()
    pdf = await made(asha, await inspected(asha, home, photos=1), "inspection-evidence")
    looked = await look(pdf)
    assert looked.receipts is not None
    # Begun, two readings, a finding, a photograph and its attaching, completed, and this bundle asked for.
    assert (looked.receipts.count, looked.receipts.fitting) == (8, 8)
    assert "8 of 8 fit their seals" in (await check(nobody, pdf)).text
    assert b"/EmbeddedFile" not in pdf


def test_a_receipt_that_was_changed_does_not_fit() -> None:
    facts = ["id", "person", "body"]
    receipt = {"number": 1, "facts": facts, "previous": FIRST, "hash": link(FIRST, tuple(facts))}
    assert rules.fitting(receipt)
    assert not rules.fitting(receipt | {"facts": ["id", "person", "other"]})
    assert not rules.fitting(receipt | {"previous": "1" * 64})


def test_the_last_seal_speaks_for_the_file_and_its_fingerprint_for_the_council() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    whole = rules.SealSeen("Council", "ab", True, True, at)
    assert rules.judge([], True, {"ab"}).truth == rules.Truth.unsealed
    assert rules.judge([whole], True, {"ab"}).ours
    assert not rules.judge([whole], True, {"cd"}).ours
    for broken in (rules.SealSeen("", "ab", False, True, at), rules.SealSeen("", "ab", True, False, at)):
        assert rules.judge([broken], True, {"ab"}).truth == rules.Truth.changed
    assert (
        rules.judge([rules.SealSeen("", "x", False, True, at), whole], True, {"ab"}).truth == rules.Truth.changed
    )


async def test_the_command_line_says_the_same_with_no_server_and_no_database(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha = await world.sign_in("asha")
    file = tmp_path / "bundle.pdf"
    pdf = await made(asha, await inspected(asha, home, photos=0), "inspection-evidence")
    file.write_bytes(pdf)
    done = doorstep(tmp_path / "none", "verify", str(file))
    assert done.returncode == 0, done.stderr
    assert "Unchanged since it was sealed." in done.stdout
    assert "Receipts in it: 6 of 6 fit their seals." in done.stdout
    assert f"Certificate, SHA-256: {sealing.seal().fingerprint}" in done.stdout
    assert "There is no database here" in done.stdout
    changed = bytearray(pdf)
    changed[len(pdf) // 2] ^= 1
    file.write_bytes(changed)
    again = doorstep(tmp_path / "none", "verify", str(file))
    assert again.returncode == 1
    assert again.stdout.startswith(("CHANGED", rules.DAMAGED))
    assert doorstep(tmp_path / "none", "verify", str(tmp_path / "no.pdf")).returncode == 1


async def test_a_strangers_pdf_is_opened_where_there_is_no_key_and_little_memory(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("DOORSTEP_SEAL_PASSPHRASE", "open sesame")
    async with children.child("documents.look_child") as looker:
        process = Path(f"/proc/{looker._process.pid}")
        assert b"DOORSTEP" not in (process / "environ").read_bytes()
        await asyncio.wait_for(asyncio.to_thread(limited, process / "limits"), 60)
        assert "seal" not in (process / "cmdline").read_text()


def limited(limits: Path) -> None:
    """Wait until it has put its limits on itself."""
    while str(look_child.MEMORY_MB * confine.MB) not in limits.read_text():
        pass
