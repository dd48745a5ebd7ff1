"""The demo council: loaded into an empty database on first run, so that there is something to see and to try."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

from inspections.commands import seed_reference
from media.rules import original_key
from media.store import store
from people.tables import Person
from pwa.ids import uuid7
from pwa.outbox import writing
from server.demo.council import TEAMS, Account, accounts, found_council
from server.demo.diary import Diary
from server.demo.homes import homes, take_on
from server.demo.past import Lived, Living, lived
from server.demo.phone import Phone
from server.demo.scenes import take
from server.demo.stories import STORIES

__all__ = ["Account", "load"]


async def load(now: datetime | None = None) -> list[Account]:
    """Everything in one transaction, so that a start cut short leaves nothing. Only if nobody is there."""
    if await Person.exists():
        return []
    now = now or datetime.now(UTC)
    await seed_reference()
    teams = {key: uuid7() for key in TEAMS}
    known = homes(teams)
    stories = lived(STORIES, known, now)
    # Drawing needs no database, so it goes on beside it.
    drawing = asyncio.create_task(asyncio.to_thread(_draw, stories))
    async with writing():
        council = await found_council(teams)
        await take_on(council, known, now)
        await drawing
        phones = {key: Phone(person) for key, person in council.people.items() if person.team_id}
        diary = Diary(phones, now)
        for life in stories:
            await _keep(life)
            await Living(life, phones[life.story.officer], diary).live()
        await diary.nobody_in(known)
        await diary.fill(known)
    return accounts()


def _draw(stories: list[Lived]) -> None:
    wanted = [taken for life in stories for taken in life.taken]
    for taken, data in zip(wanted, take([one.wanted for one in wanted]), strict=True):
        taken.data = data


async def _keep(life: Lived) -> None:
    """Into the store before the rows that speak of it."""
    for taken in life.taken:
        await store().put(original_key(sha256(taken.data).hexdigest()), taken.data)
