"""The demo council: loaded into an empty database on first run, so that there is something to see and to try."""

from datetime import UTC, datetime
from hashlib import sha256

from media.rules import original_key
from media.store import store
from people.tables import Person
from pwa.outbox import writing
from server.demo.council import Account, accounts, found_council
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
    async with writing():
        council = await found_council()
        known = homes(council.teams)
        stories = lived(STORIES, known, now)
        await _photograph(stories)
        await take_on(council, known, now)
        phones = {key: Phone(person) for key, person in council.people.items() if person.team_id}
        diary = Diary(phones, now)
        for life in stories:
            await Living(life, phones[life.story.officer], diary).live()
        await diary.nobody_in(known)
        await diary.fill(known)
    return accounts()


async def _photograph(stories: list[Lived]) -> None:
    """Draw and keep every photograph before the rows that speak of it."""
    wanted = [taken for life in stories for taken in life.taken]
    for taken, data in zip(wanted, take([one.wanted for one in wanted]), strict=True):
        taken.data = data
        await store().put(original_key(sha256(data).hexdigest()), data)
