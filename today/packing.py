"""What a phone takes along: today and tomorrow, every page an officer may need there, and the pictures on them.

The list is made by asking the program itself for each page (docs/decisions/0029-the-pack-of-a-day.md).
"""

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from html import unescape
from typing import Any
from uuid import UUID

from litestar import Request

from inspections import list_queries, walk_queries
from inspections import review_queries as review
from inspections.view import KINDS
from people.rules import SignedIn
from pwa import queries as office
from pwa.inside import Inside, ask
from pwa.pages import PACK, built
from tasks import queries as tasks
from today import queries
from today.day import Day
from visits.seen import Seen

DAYS = ("/today?whose=mine", "/today/tomorrow?whose=mine")
TASKS = 20
LAST = 3
"""Inspections of a home that go along: those under way, and the newest."""
PICTURE = re.compile(r'\ssrc="(/(?:inspections|visits)/[^"]+/photos/[^"]+)"')


@dataclass(frozen=True)
class Packed:
    """An address, and the SHA-256 and size of what it gives just now. No hash: it cannot be had just now."""

    url: str
    sha256: str
    bytes: int


@dataclass(frozen=True)
class Group:
    """What belongs to one visit, or to the days themselves, for which `visit` is empty."""

    label: str
    href: str
    visit: UUID | None
    urls: list[Packed]


@dataclass(frozen=True)
class Pack:
    made_at: datetime
    groups: list[Group]
    mark: str
    """While `mark_of` says the same, nothing has changed since this list was made."""
    left_out: int
    """Visits to households that are never packed."""


def open_visits(days: Iterable[Day]) -> list[Seen]:
    return [card.visit for day in days for card in day.cards if not card.visit.over]


async def mark_of(today: date) -> str:
    """What a list depends on: the day, the build, and what was written. Empty: something is being written now."""
    written = await office.written_so_far()
    return "" if written is None else f"{today} {built().get('build', '')} {written}"


async def pack_of(request: Request[Any, Any, Any], today: date, at: datetime) -> Pack:
    """The pack of whoever asks. Each address is in it once, with the first visit that needs it."""
    me: SignedIn = request.user
    mark = await mark_of(today)
    days = [await queries.my_day(me, today + timedelta(days=n), at) for n in range(2)]
    visits = open_visits(days)
    wanted = [visit for visit in visits if not visit.home.confidential]
    listed: set[str] = set()
    mine = [*DAYS, *await _to_do(me), *await _waiting(me)]
    groups = [Group("Your day", "/today", None, await _group(request, mine, listed))]
    for visit in wanted:
        urls = await _group(request, await _pages(me, visit), listed)
        groups.append(Group(visit.home.label, visit.href, visit.id, urls))
    return Pack(at, groups, mark, len(visits) - len(wanted))


async def _to_do(me: SignedIn) -> list[str]:
    """The person's own tasks, the soonest; of households that are never packed none."""
    own = [task.href for task in await tasks.tasks_of(me) if not task.home.confidential]
    return ["/tasks?whose=mine", *own[:TASKS]]


async def _waiting(me: SignedIn) -> list[str]:
    """Inspections that were sent back or handed to the person; of households that are never packed none."""
    back = [one.href for one in await review.sent_back_to(me) if not one.home.confidential]
    return back + [one.href for one in await walk_queries.handed_here(me) if not one.secret]


async def _pages(me: SignedIn, visit: Seen) -> list[str]:
    home = visit.home.href
    rows = await list_queries.inspections_of(me, property_id=visit.home.id)
    begun = [row for row in rows if row["completed_at"] is None]
    last = [row for row in rows if row["completed_at"] is not None][:1]
    return [
        visit.href,
        home,
        f"{home}/visits",
        f"{home}/tasks",
        f"/visits/new?property={visit.home.id}",
        f"{home}/inspections",
        *(f"/inspections/{row['id']}" for row in [*last, *begun][:LAST]),
        f"{home}/inspections/new",
        *([visit.inspect] if visit.inspect else []),
        *(f"{home}/inspections/blank/{kind}" for kind, _ in KINDS),
    ]


async def _group(request: Request[Any, Any, Any], pages: Iterable[str], listed: set[str]) -> list[Packed]:
    found: list[Packed] = []
    for url in pages:
        if url in listed:
            continue
        listed.add(url)
        answer = await ask(request, url, **{PACK: "1"})
        found.append(_packed(url, answer))
        for picture in dict.fromkeys(unescape(src) for src in PICTURE.findall(answer.body.decode())):
            if picture not in listed:
                listed.add(picture)
                found += await _picture(request, picture)
    return found


async def _picture(request: Request[Any, Any, Any], url: str) -> list[Packed]:
    """None: it is a picture that cannot be opened, here or there."""
    answer = await ask(request, url)
    return [] if answer.status == 404 else [_packed(url, answer)]


def _packed(url: str, answer: Inside) -> Packed:
    if answer.status != 200:
        return Packed(url, "", 0)
    return Packed(url, hashlib.sha256(answer.body).hexdigest(), len(answer.body))
