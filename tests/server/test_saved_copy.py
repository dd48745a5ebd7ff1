"""The office takes in a phone's saved copy through the same door, and the phone syncs afterwards (row 22)."""

import hashlib
import io
import json
import random
import re
import zipfile
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from litestar import Litestar
from litestar.routes import HTTPRoute

from inspections.tables import Inspection, InspectionPhoto, Reading
from media import imaging
from media.tables import Photo
from people.guards import NOT_BROUGHT
from properties.tables import Property
from pwa.ids import uuid7
from pwa.policy import QUEUED
from pwa.tables import Receipt
from server.taking_in import NOT_FIELD_WORK
from server.words import UNKNOWN_COMMAND
from tests.conftest import World
from tests.inspections.doing import home
from tests.saying import sentence
from tests.servers.phone import FORM, Op, Phone, photo, reading, start

__all__ = ["home"]


def listed(phone: Phone, op: Op) -> dict[str, Any]:
    """As pwa/src/export.ts lists a command."""
    kept = ("cookie", "hx-request", "sec-fetch-site", "command-sent-at", "command-waiting")
    headers = {name: value for name, value in phone.headers(op).items() if name.lower() not in kept}
    what = {"blob": f"photos/{op.sha256}.jpg"} if op.method == "PUT" else {"body": op.body.decode()}
    return {
        "id": op.id,
        "method": op.method,
        "url": op.url,
        "headers": headers,
        "what": "Hob",
        "where": "22",
        **what,
    }


def zipped(ops: list[dict[str, Any]], photos: dict[str, bytes] | None = None, format: int = 1) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr(
            "doorstep-outbox.json", json.dumps({"format": format, "device": "x", "person": {}, "ops": ops})
        )
        for name, data in (photos or {}).items():
            made.writestr(name, data)
    return file.getvalue()


def copy_of(phone: Phone, ops: list[Op]) -> bytes:
    photos = {f"photos/{op.sha256}.jpg": op.body for op in ops if op.method == "PUT"}
    return zipped([listed(phone, op) for op in ops], photos)


def a_morning(world: World, home: Property) -> tuple[Phone, list[Op]]:
    phone = Phone("https://doorstep.test", str(world.asha.id), "")
    begun = start(str(home.id))
    return phone, [begun, reading(begun.mark), reading(begun.mark), photo(random.Random(1))]


async def bring(client: httpx.AsyncClient, copy: bytes, **more: Any) -> httpx.Response:
    return await client.post("/outbox/import", files={"file": ("doorstep-x.zip", copy, "application/zip")}, **more)


async def test_what_is_taken_in_is_its_authors_and_says_who_brought_it(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    answer = await bring(await world.sign_in("dina"), copy_of(phone, ops))
    assert answer.status_code == 200, answer.text
    assert "4 received" in answer.text
    for op in ops:
        row: Any = await Receipt.select().where(Receipt.id == op.id).first()
        assert (row["person"], row["brought_by"]) == (world.asha.id, world.dina.id)
        assert row["body_sha256"] == op.sha256
        assert row["captured_at"].isoformat() == op.captured_at
    (inspection,) = await Inspection.select(Inspection.started_by)
    assert inspection["started_by"] == world.asha.id
    assert (await Reading.count(), await Photo.count()) == (2, 1)
    notes = [row["note"] for row in await Receipt.select().where(Receipt.person == world.dina.id)]
    assert notes == ["took in a saved copy: 4 received"]


async def test_taken_in_twice_and_then_sent_by_the_phone_nothing_is_doubled(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    await bring(dina, copy_of(phone, ops))
    again = await bring(dina, copy_of(phone, ops))
    assert "0 received, 4 already here" in again.text
    for op in ops:
        headers = {name: value for name, value in phone.headers(op).items() if name != "Cookie"}
        answer = await asha.request(op.method, op.url, content=op.body, headers=headers)
        assert answer.status_code in (200, 201)
        assert f"id={op.id}; sha256={op.sha256}" in answer.headers["receipt"]
        assert "replayed=1" in answer.headers["receipt"]
    assert (await Inspection.count(), await Reading.count(), await Photo.count()) == (1, 2, 1)


async def test_what_the_phone_sent_before_is_already_here(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    asha = await world.sign_in("asha")
    headers = {name: value for name, value in phone.headers(ops[0]).items() if name != "Cookie"}
    await asha.post(ops[0].url, content=ops[0].body, headers=headers)
    answer = await bring(await world.sign_in("dina"), copy_of(phone, ops))
    assert "3 received, 1 already here" in answer.text


async def test_a_refused_one_says_why_and_the_others_go(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    wrong = Op("POST", ops[1].url, b"item=kitchen_hob&condition=purple", ops[1].kind)
    answer = await bring(await world.sign_in("dina"), copy_of(phone, [*ops, wrong]))
    assert "4 received, 1 not taken" in answer.text
    assert "Choose one of the answers." in answer.text


async def test_a_copy_may_also_come_as_it_is(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    dina = await world.sign_in("dina")
    answer = await dina.post(
        "/outbox/import", content=copy_of(phone, ops), headers={"Content-Type": "application/zip"}
    )
    assert "4 received" in answer.text


async def test_another_teams_manager_takes_in_nothing(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    answer = await bring(await world.sign_in("marek"), copy_of(phone, ops))
    assert "0 received, 4 not taken" in answer.text
    assert "The person who recorded this is not in your team." in answer.text
    assert await Inspection.count() == 0


async def test_an_administrator_takes_in_for_anybody_but_administrators(world: World, home: Property) -> None:
    phone, ops = a_morning(world, home)
    ade = await world.sign_in("ade")
    assert "4 received" in (await bring(ade, copy_of(phone, ops))).text
    phone.person = str(world.ade.id)
    assert "1 not taken" in (await bring(ade, copy_of(phone, [reading(str(uuid7()))]))).text


@pytest.mark.parametrize("name", ["asha", "callum"])
async def test_only_the_office_takes_in_copies(world: World, name: str) -> None:
    answer = await bring(await world.sign_in(name), zipped([]))
    assert (answer.status_code, sentence(answer)) == (403, "You cannot do this. Ask your team leader.")


async def test_a_header_from_outside_cannot_say_who_brought_it(world: World) -> None:
    asha = await world.sign_in("asha")
    await asha.post("/sign-out", headers={"Brought-By": str(world.dina.id), "User": str(world.dina.id)})
    (row,) = await Receipt.select()
    assert row["brought_by"] is None


SOME = "01a00000-0000-7000-8000-000000000001"
"""An id that is the same in every worker of a run: tests are named by it."""


@pytest.mark.parametrize(
    ("method", "url"),
    [
        ("POST", "/sign-out"),
        ("POST", "/sign-in"),
        ("POST", "/you/password"),
        ("POST", "/people"),
        ("POST", "/properties/import"),
        ("POST", f"/properties/import/{SOME}/apply"),
        ("POST", f"/inspections/{SOME}/photos/{'a' * 64}/original"),
        ("POST", f"/held/{SOME}"),
        ("POST", "/held/x"),
        ("POST", "/outbox/import"),
        ("DELETE", "/inspections/x"),
        ("GET", "/inspections"),
        ("POST", "https://evil.example/inspections"),
        ("POST", "//evil.example/inspections"),
        ("POST", "/inspections/../people"),
        ("POST", "/inspections?x=1"),
    ],
)
async def test_a_copy_opens_no_other_door(world: World, method: str, url: str) -> None:
    phone = Phone("", str(world.asha.id), "")
    op = Op(method, url, b"", "application/x-www-form-urlencoded")
    answer = await bring(await world.sign_in("dina"), zipped([{**listed(phone, op), "body": ""}]))
    assert "1 not taken" in answer.text
    assert any(words in answer.text for words in (NOT_FIELD_WORK, NOT_BROUGHT, UNKNOWN_COMMAND)), answer.text
    assert await Receipt.count() == 1  # that of having brought it


PROPERTY = f"/properties/{SOME}"
RECORDS_OF_HOMES = [
    "/properties/new",
    *(f"{PROPERTY}/{what}" for what in ("edit", "retire", "restore", "certificates")),
]


@pytest.mark.parametrize("url", RECORDS_OF_HOMES)
async def test_an_administrator_brings_no_change_of_records_in_somebodys_name(world: World, url: str) -> None:
    phone = Phone("", str(world.dina.id), "")
    op = Op("POST", url, b"", "application/x-www-form-urlencoded")
    copy = zipped([{**listed(phone, op), "body": ""}])
    assert NOT_BROUGHT in (await bring(await world.sign_in("ade"), copy)).text
    # Their own manager may: it is answered as it would be on the phone.
    assert NOT_BROUGHT not in (await bring(await world.sign_in("dina"), copy)).text


# What the templates write in place of a part of an address.
FILLED = {
    "{{ address }}": ["/properties/new", "/properties/*/edit"],
    "{{ way }}": ["retire", "restore"],
    "{{ home.href }}": ["/properties/*"],
    "{{ to }}": ["/tasks", "/visits/*/tasks", "/inspections/*/tasks"],
}
FORMS = re.compile(r'<form\b[^>]*?\baction="([^"]*)"[^>]*?\bdata-outbox\b', re.DOTALL)
CALLS = re.compile(r'(?:open_form\(\w+|act\(one), "([^"]*)"(?: if \w+ else "([^"]*)")?')


def written() -> set[str]:
    """Where every form of the outbox is sent, with * for an id."""
    found: list[str] = []
    for file in Path(__file__).parents[2].glob("*/templates/*.html"):
        source = re.sub(r"\{#.*?#\}", "", file.read_text("utf-8"), flags=re.DOTALL)
        found += [address for address in FORMS.findall(source) if "{{ action }}" not in address]
        found += [
            f"/{file.parent.parent.name.replace('_', '-')}/*/{action}"
            for pair in CALLS.findall(source)
            for action in pair
            if action
        ]
    for part, values in FILLED.items():
        found = [address.replace(part, value) for address in found for value in values]
    return {re.sub(r"\{\{.*?\}\}", "*", address) for address in found}


def test_the_routes_a_copy_may_bring_are_those_that_a_phone_queues(app: Litestar) -> None:
    queued = {
        re.sub(r"\{.*?\}", "*", route.path)
        for route in app.routes
        if isinstance(route, HTTPRoute)
        for handler in route.route_handlers
        if QUEUED in handler.opt
    }
    # The bytes of a photograph go by themselves: they have no form.
    # Nor has the end of a session: its PIN is sealed by the script (pwa/src/safety-pin.ts).
    assert queued - {"/media/photos/*", "/lone-working/*/end"} == written()
    assert "/media/photos/*" in queued


@pytest.mark.parametrize(
    "change",
    [
        {"Command-Author": "me"},
        {"Command-Id": str(uuid7())},
        {"Command-Device": "a\r\nCookie: x"},
        {"Command-Device": "ü"},
        {"Command-Captured-At": "yesterday"},
    ],
)
async def test_a_command_that_says_nothing_readable_is_told_so(world: World, change: dict[str, str]) -> None:
    phone = Phone("", str(world.asha.id), "")
    op = listed(phone, reading(str(uuid7())))
    op["headers"] |= change
    answer = await bring(await world.sign_in("dina"), zipped([op]))
    assert "1 not taken" in answer.text
    assert "Some of that could not be read." in answer.text


async def test_a_photograph_missing_from_the_copy_or_changed_is_told_so(world: World, home: Property) -> None:
    phone, one = Phone("", str(world.asha.id), ""), photo(random.Random(2))
    dina = await world.sign_in("dina")
    assert "missing from the copy" in (await bring(dina, zipped([listed(phone, one)]))).text
    other = {f"photos/{one.sha256}.jpg": one.body[:-20] + b"x" * 20}
    answer = await bring(dina, zipped([listed(phone, one)], other))
    assert "1 not taken" in answer.text or "1 not now" in answer.text
    assert await Photo.count() == 0


def bomb() -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("doorstep-outbox.json", b" " * (33 * 1024 * 1024))
    return file.getvalue()


def many() -> bytes:
    return zipped([], {f"photos/{n}.jpg": b"" for n in range(5001)})


@pytest.mark.parametrize(
    ("file", "words"),
    [
        (b"not a zip", "That file is not a copy saved by Doorstep."),
        (zipped([])[:-30], "That file is not a copy saved by Doorstep."),
        (zipped([], format=2), "That copy was saved by a newer Doorstep"),
        (zipped([{"id": 7}]), "That file is not a copy saved by Doorstep."),
        (bomb(), "That copy holds more than can be taken in at once."),
        (many(), "That copy holds more than can be taken in at once."),
        (b"", "Choose the file first."),
    ],
)
async def test_what_is_no_copy_is_refused_in_plain_words(world: World, file: bytes, words: str) -> None:
    answer = await bring(await world.sign_in("dina"), file, headers={"HX-Request": "true"})
    assert answer.status_code == 422
    assert sentence(answer).startswith(words)


async def test_a_form_that_is_no_form_is_unreadable(world: World) -> None:
    dina = await world.sign_in("dina")
    for kind in ("multipart/form-data", "multipart/form-data; boundary=x"):
        answer = await dina.post("/outbox/import", content=b"--y\r\n\r\nz", headers={"Content-Type": kind})
        assert answer.status_code in (400, 422)


async def test_originals_not_ready_yet_are_told_of(world: World) -> None:
    answer = await bring(await world.sign_in("dina"), zipped([], {"originals/a.jpg": b"x"}))
    assert "1 photograph was not ready on the phone" in answer.text


def original(inspection: Op, seed: int = 3) -> tuple[str, Op, Op]:
    """A photograph not made small yet, as pwa/src/export.ts lists it: its id, its bytes and its words."""
    id = str(uuid7())
    put = photo(random.Random(seed))
    return id, put, attaching(inspection, id, put.sha256)


def attaching(inspection: Op, id: str, sha256: str, command: str = "") -> Op:
    body = urlencode({"id": id, "item": "kitchen_hob", "sha256": sha256}).encode()
    return Op("POST", f"/inspections/{inspection.mark}/photos", body, FORM, id=command or str(uuid7()))


def copy_with_original(phone: Phone, begun: Op, put: Op, words: Op, data: bytes | None = None) -> bytes:
    name = f"originals/{words.id}.jpg"
    ops = [
        listed(phone, begun),
        {**listed(phone, put), "blob": name},
        {**listed(phone, words), "after": put.id},
    ]
    return zipped(ops, {name: put.body if data is None else data})


async def say(client: httpx.AsyncClient, phone: Phone, op: Op) -> httpx.Response:
    headers = {name: value for name, value in phone.headers(op).items() if name != "Cookie"}
    return await client.request(op.method, op.url, content=op.body, headers=headers)


@pytest.mark.parametrize("first", ["the copy", "the phone"])
async def test_an_original_and_what_the_phone_makes_of_it_later_are_one_photograph(
    world: World, home: Property, first: str
) -> None:
    phone, begun = Phone("", str(world.asha.id), ""), start(str(home.id))
    id, put, words = original(begun)
    small = photo(random.Random(4))
    attach = attaching(begun, id, small.sha256, command=id)
    dina, asha = await world.sign_in("dina"), await world.sign_in("asha")
    copy = copy_with_original(phone, begun, put, words)
    if first == "the copy":
        assert "3 received" in (await bring(dina, copy)).text
    for op in (begun, small, attach):
        answer = await say(asha, phone, op)
        assert f"id={op.id}; sha256={op.sha256}" in answer.headers["receipt"], "so that the phone's queue empties"
        assert "outcome=done" in answer.headers["receipt"]
    if first == "the phone":
        assert "2 received, 1 already here" in (await bring(dina, copy)).text
    assert "0 received, 3 already here" in (await bring(dina, copy)).text
    page = (await asha.get(f"/inspections/{begun.mark}")).text
    assert page.count(f'class="shot" id="shot-{id}"') == 1
    shown, other = (put, small) if first == "the copy" else (small, put)
    assert f'data-sha256="{shown.sha256}"' in page
    assert f'data-sha256="{other.sha256}"' not in page
    done = Op(
        "POST", f"/inspections/{begun.mark}/complete", f"reason=no+time&photos={small.sha256}".encode(), FORM
    )
    await say(asha, phone, done)
    assert "1 of 1 photos received" in (await asha.get(f"/inspections/{begun.mark}")).text
    assert await Photo.count() == 2, "both are kept"
    await Photo.update({Photo.state: "unreadable"}, force=True).where(Photo.sha256 == shown.sha256)
    assert f'data-sha256="{other.sha256}"' in (await asha.get(f"/inspections/{begun.mark}")).text
    assert "A photo you sent cannot be opened" not in (await asha.get("/inspections")).text
    await Photo.update({Photo.state: "unreadable"}, force=True)
    assert "A photo you sent cannot be opened" in (await asha.get("/inspections")).text


async def test_an_original_that_is_turned_away_is_not_attached_and_says_why(
    world: World, home: Property, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(imaging, "HEIC", False)
    phone, begun = Phone("", str(world.asha.id), ""), start(str(home.id))
    dina = await world.sign_in("dina")
    heic = b"\0\0\0\x18ftypheic" + b"\0" * 400
    for data, words in (
        (heic, "Send a JPEG, PNG or WebP photo."),
        (b"\xff" * 20_971_521, "That file is over 20 MB."),
    ):
        put = Op("PUT", f"/media/photos/{hashlib.sha256(data).hexdigest()}", data, "image/heic")
        answer = await bring(
            dina, copy_with_original(phone, begun, put, attaching(begun, str(uuid7()), put.sha256))
        )
        assert "2 not taken" in answer.text
        assert answer.text.count(words) == 2, answer.text
    assert (await Photo.count(), await InspectionPhoto.count()) == (0, 0)


async def test_somebody_elses_photograph_is_not_joined_with_ones_own(world: World, home: Property) -> None:
    phone, begun = Phone("", str(world.asha.id), ""), start(str(home.id))
    id, put, words = original(begun)
    await bring(await world.sign_in("dina"), copy_with_original(phone, begun, put, words))
    bens = Phone("", str(world.ben.id), "")
    await say(await world.sign_in("ben"), bens, attaching(begun, id, photo(random.Random(5)).sha256))
    assert await InspectionPhoto.count() == 1
