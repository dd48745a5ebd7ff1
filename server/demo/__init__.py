"""The demo council: loaded into an empty database on first run, so that there is something to see and to try."""

import asyncio
from datetime import UTC, datetime
from hashlib import sha256

from inspections.commands import seed_reference
from media.rules import original_key
from media.store import store
from messages import queries as messages
from people.tables import Person
from pwa.ids import uuid7
from pwa.outbox import writing
from server.demo.alone import nobody_looks_out, out_alone
from server.demo.council import TEAMS, Account, accounts, found_council
from server.demo.diary import Attempt, Diary, attempts
from server.demo.homes import homes, take_on
from server.demo.household import Theirs, ask_households, theirs
from server.demo.past import Living, Taken, lived
from server.demo.phone import Phone
from server.demo.review import Office
from server.demo.rota import keep_rotas
from server.demo.scenes import take
from server.demo.stories import STORIES
from server.demo.to_do import went
from visits.rules import NoAccessReason

__all__ = ["Account", "load"]


async def load(now: datetime | None = None) -> list[Account]:
    """Everything in one transaction, so that a start cut short leaves nothing; then what is held for review.
    Only if nobody is there."""
    if await Person.exists():
        return []
    now = now or datetime.now(UTC)
    await seed_reference()
    teams = {key: uuid7() for key in TEAMS}
    known = homes(teams)
    stories, failed = lived(STORIES, known, now), attempts(known, now)
    answer = theirs(now)
    shots: list[Taken | Attempt | Theirs] = [answer, *(taken for life in stories for taken in life.taken)]
    shots += [attempt for attempt in failed if attempt.reason is NoAccessReason.NOBODY_IN]
    # Drawing needs no database, so it goes on beside it.
    drawing = asyncio.create_task(asyncio.to_thread(_draw, shots))
    async with writing():
        council = await found_council(teams)
        await take_on(council, known, now)
        await drawing
        await _keep(shots)
        phones = {key: Phone(person) for key, person in council.people.items() if person.team_id}
        diary = Diary(phones, now)
        with nobody_looks_out():
            for life in stories:
                await Living(life, phones[life.story.officer], diary).live()
            if messages.ready():
                await ask_households(phones["asha"], answer, now)
            for attempt in failed:
                await diary.nobody_in(attempt)
            await went(diary, known)
            await diary.fill(known)
            office = Office(phones, known, now)
            await office.work()
        await keep_rotas(council, phones, now)
        if messages.ready():
            await out_alone(council, phones, now)
    await office.hold()
    return accounts()


def _draw(shots: list[Taken | Attempt | Theirs]) -> None:
    for shot, data in zip(shots, take([one.wanted for one in shots]), strict=True):
        shot.data = data


async def _keep(shots: list[Taken | Attempt | Theirs]) -> None:
    """Into the store before the rows that speak of them."""
    for shot in shots:
        await store().put(original_key(sha256(shot.data).hexdigest()), shot.data)
