"""Words written from the right, in every column, on every page: they turn nothing round beside them."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import httpx
import pytest
from litestar import Litestar

from people.commands import start_session
from properties.tables import ImportRun
from pwa.tables import Held
from server.demo import load
from tests.conftest import browser, empty_tables
from tests.phone.every_page import STANDS, gets
from tests.server.one_of_each import LIST, ids_by_part, one_of_each, person
from tests.server.right_to_left import NOT_TYPED, Eye, typed, words_kept, write_everywhere

# Kept, and on no page; or, as an appeal, in the draft of a letter alone.
SHOWN_NOWHERE = {
    "recharge.appeal",
    "inspection_photo.position_doubt",
    "receipt.note",
    "template.label",
    "visit_photo.doubt",
    "lone_session.closed_by_name",
    "lone_session.closing",
    "duty_hours.made_by_name",
    "duty_shift.made_by_name",
    "duty_shift.removed_by_name",
}
ASKED = ["/visits?whose=team", "/properties?q=שלום0", "/people?q=שלום0", "/properties?near=שלום0", "/people?off=1"]


@dataclass
class Looked:
    """Which columns were seen, and what stood beside other words on which page."""

    seen: set[str] = field(default_factory=set)
    loose: set[str] = field(default_factory=set)


@pytest.fixture(scope="module")
async def looked(app: Litestar) -> AsyncIterator[Looked]:
    """Every page of the demo council, as everybody, with Hebrew in every column."""
    await load(datetime.now(UTC))
    await one_of_each()
    clients = [await signed_in(app, name) for name in ("asha", "dina", "ade")]
    for _ in range(2):
        await clients[1].post("/properties/import", files={"file": ("homes.csv", LIST.encode(), "text/csv")})
    first = await ImportRun.select(ImportRun.id).first()
    await ImportRun.update({ImportRun.state: "done", ImportRun.done_at: datetime.now(UTC)}).where(
        ImportRun.id == (first or {})["id"]
    )
    wrote, found = await write_everywhere(), Looked()
    for held in await Held.select(Held.id).where(Held.decided_at.is_null()):
        await clients[1].post(f"/held/{held['id']}", data={"decision": "note", "reason": "שלום0"})
    places = [*addresses(await ids_by_part()), *((address, address) for address in ASKED)]
    for client in clients:
        for route, address in places:
            look(found, wrote, route, await client.get(address))
            if client is clients[1]:
                look(found, wrote, route, await client.get(address, headers={"HX-Request": "true"}))
        await client.aclose()
    yield found
    await empty_tables()


@pytest.fixture(autouse=True)
def clean_database() -> None:
    """Instead of the one that empties the tables after each test."""


async def signed_in(app: Litestar, name: str) -> httpx.AsyncClient:
    return browser(app, await start_session(await person(name), datetime.now(UTC), "a test"))


def addresses(ids: dict[str, list[Any]]) -> Iterator[tuple[str, str]]:
    """Every GET there is, with each of the ids that its first part may have."""
    for route, way in gets().items():
        for id in ids[way.parameters[0][0]] if way.parameters and way.parameters[0][1] == "uuid" else [""]:
            address = route
            for name, kind in way.parameters:
                address = address.replace(
                    f"{{{name}:{kind}}}", str(id) if kind == "uuid" else STANDS.get(name, "0")
                )
            yield route, address


def look(found: Looked, wrote: dict[int, str], route: str, answer: httpx.Response) -> None:
    assert answer.status_code < 500, f"{route}: {answer.url}"
    if answer.headers.get("content-type", "").startswith("text/html"):
        eye = Eye(answer.text)
        found.seen |= {wrote[number] for number in eye.seen if number}
        found.loose |= {f"{route} {words}" for words in eye.loose}


async def test_nothing_written_from_the_right_stands_beside_other_words_without_being_set_apart(
    looked: Looked,
) -> None:
    assert looked.loose == set()


async def test_every_column_somebody_may_type_into_was_looked_at(looked: Looked) -> None:
    assert set(typed()) - looked.seen == SHOWN_NOWHERE


def test_only_columns_there_are_count_as_not_typed() -> None:
    kept = words_kept()
    assert {*kept, *(name.partition(".")[2] for name in kept)} >= NOT_TYPED


@pytest.mark.parametrize(
    "page", ["<p>By שלום1, 10:20</p>", "<p>By <bdi>שלום1, שלום2</bdi></p>", '<b title="By שלום1"></b>', "a\u202eb"]
)
def test_what_stands_beside_other_words_is_seen(page: str) -> None:
    assert len(Eye(page).loose) == 1


def test_what_is_set_apart_or_in_a_field_is_let_be() -> None:
    apart = '<p>By <bdi>שלום1</bdi>, 10:20</p><b title="By \u2068שלום1\u2069">\u2068שלום2\u2069 and</b>'
    assert Eye(apart + '<input value="שלום3\u202e"><textarea>שלום4 so</textarea>').loose == []
