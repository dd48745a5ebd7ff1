"""The card left at a door tells whoever finds it who called and how to ring, and nothing else."""

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as some
from pyhanko.pdf_utils.reader import PdfFileReader

from documents.children import Failed
from properties.tables import Property
from tests.conftest import World
from tests.documents.test_report import text_of, told
from tests.tasks.making import flag
from tests.visits.making import no_access, planned
from visits import card, card_handlers, council
from visits.card import Card
from visits.council import Council
from visits.rules import NoAccessReason, Purpose, Window

# What a neighbour must not read: what for, why not, whose home, what kind of home.
NEVER = [
    "inspect", "occupan", "welfare", "temporary", "accommodation", "licence", "tenan", "arrears", "rent", "breach",
    "void", "sign-up", "viewing", "household", "no access", "homeless", "housing", "UPRN",
    *(one.words.lower() for one in NoAccessReason), *(one.words.lower() for one in Purpose),
]  # fmt: skip


@pytest.fixture(autouse=True)
def as_it_comes() -> Iterator[None]:
    before = council.council()
    council.use(Council("Harrowmere Borough Council", 3, "01632 960 114"))
    yield
    council.use(before)


def says_nothing_of(text: str, *more: str) -> None:
    found = [word for word in [*NEVER, *more] if re.search(rf"\b{re.escape(word)}", text, re.I)]
    assert found == []


moments = some.datetimes(datetime(2020, 1, 1), datetime(2100, 1, 1)).map(lambda one: one.replace(tzinfo=UTC))


@given(at=some.none() | moments, again=some.none() | moments, window=some.sampled_from(Window))
def test_no_time_and_no_window_makes_it_say_more(
    at: datetime | None, again: datetime | None, window: Window
) -> None:
    shown = Card("Harrowmere Borough Council", "Asha Test", at, "01632 960 114", again, window)
    words = " ".join([card.TITLE, card.HELP, *(part for row in card.rows(shown) for part in row)])
    says_nothing_of(words)
    assert (card.BY_HAND in words) == (at is None)


async def test_the_card_of_a_visit_says_who_when_which_number_and_when_again(
    world: World, home: Property, tmp_path: Path
) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=-1, note="canary-c4 arrears visit")
    again = await planned(world, home, hours=50, time_window="morning")
    early = text_of((await asha.get(f"/visits/{visit}/card.pdf")).content, tmp_path)
    assert ("Asha Test" in early, "2026" in early.split("We plan")[0]) == (
        True,
        False,
    )  # the time is written by hand
    await no_access(asha, visit, note="canary-c4 heard a dog")
    answer = await asha.get(f"/visits/{visit}/card.pdf")
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/pdf")
    assert answer.headers["content-disposition"] == 'attachment; filename="card.pdf"'
    text = text_of(answer.content, tmp_path)
    for words in (
        "We called and missed you",
        "Asha Test",
        "Harrowmere Borough Council",
        "01632 960 114",
        "morning",
    ):
        assert words in text, words
    facts = told("pdfinfo", answer.content, tmp_path)
    says_nothing_of(text + facts, "Saltmarsh", "HW2", "canary", str(visit), str(again), str(home.id))
    assert "Pages: 1" in facts


async def test_a_sheet_of_blank_ones_has_the_number_and_lines_to_write_on(world: World, tmp_path: Path) -> None:
    answer = await (await world.sign_in("dina")).get("/visits/cards.pdf")
    text = text_of(answer.content, tmp_path)
    assert text.count("01632 960 114") == text.count("We called and missed you") == 4
    assert text.count("Who called") == text.count("We plan to come again") == 4
    assert "__" not in text  # a line to write on, which nobody is read aloud
    says_nothing_of(text + told("pdfinfo", answer.content, tmp_path))


async def test_both_are_tagged_and_archival_as_every_pdf_is(world: World) -> None:
    pdf = (await (await world.sign_in("asha")).get("/visits/cards.pdf")).content
    root: Any = PdfFileReader(BytesIO(pdf)).root
    assert (root["/MarkInfo"]["/Marked"], root["/Lang"]) == (True, "en-GB")
    for wanted in ("pdfaid:part>2<", "pdfaid:conformance>A<", "pdfuaid:part>1<"):
        assert wanted in root["/Metadata"].data.decode()


async def test_the_officer_reads_the_same_words_to_copy_by_hand(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home)
    page = (await asha.get(f"/visits/{visit}")).text
    for words in ("copy these words by hand", "We called and missed you", "01632 960 114", card.BY_HAND):
        assert words in page, words


async def test_no_card_is_for_a_confidential_home(world: World, home: Property) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=-1)
    await no_access(asha, visit)
    await flag(world, home)
    page = (await asha.get(f"/visits/{visit}")).text
    assert ("Leave no card at this home" in page, "Print the card" in page, "We called" in page) == (
        True,
        False,
        False,
    )
    assert (await asha.get(f"/visits/{visit}/card.pdf")).status_code == 404


@pytest.mark.parametrize("who", ["carol", "marek"])
async def test_another_teams_card_is_not_found(world: World, home: Property, who: str) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=-1)
    await no_access(asha, visit)
    assert (await (await world.sign_in(who)).get(f"/visits/{visit}/card.pdf")).status_code == 404


async def test_a_card_that_cannot_be_made_says_to_write_it_by_hand(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(*_: object) -> bytes:
        raise Failed

    monkeypatch.setattr(card_handlers, "pressed", broken)
    answer = await (await world.sign_in("asha")).get("/visits/cards.pdf")
    assert (answer.status_code, "Copy its words by hand" in answer.text) == (503, True)


async def test_many_at_once_wait_for_their_turn(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    at_once: list[int] = []
    running = 0

    async def slow(*_: object) -> bytes:
        nonlocal running
        running += 1
        at_once.append(running)
        await asyncio.sleep(0)
        running -= 1
        return b"%PDF-"

    monkeypatch.setattr(card_handlers, "pressed", slow)
    asha = await world.sign_in("asha")
    answers = await asyncio.gather(*(asha.get("/visits/cards.pdf") for _ in range(6)))
    assert {answer.status_code for answer in answers} == {200}
    assert max(at_once) <= 2


def test_a_next_time_is_said_as_people_say_it() -> None:
    again = datetime(2026, 12, 1, 9, 0, tzinfo=UTC)
    assert Card("", again=again).next_time == "Tue 1 Dec 2026, 09:00"
    assert Card("", again=again, window=Window.MORNING).next_time == "Tue 1 Dec 2026, in the morning"
    assert (
        Card("", again=again + timedelta(days=1), window=Window.ANY).next_time == "Wed 2 Dec 2026, during the day"
    )


@pytest.mark.parametrize("how", ["done", "cancelled"])
async def test_no_card_is_for_a_visit_that_got_in_or_never_was(world: World, home: Property, how: str) -> None:
    asha, visit = await world.sign_in("asha"), await planned(world, home, hours=-1)
    action, data = ("finish", {"outcome": "done"}) if how == "done" else ("cancel", {"note": "Moved"})
    await asha.post(f"/visits/{visit}/{action}", data=data)
    assert (await asha.get(f"/visits/{visit}/card.pdf")).status_code == 404
