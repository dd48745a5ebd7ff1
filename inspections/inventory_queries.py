"""Reads of inventories that were sent out: by the secret in a link, and for the officers of the inspection."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from inspections import inventory_rules
from inspections.inventory_rules import Answered, Ended, together
from inspections.inventory_rules import Standing as Stands
from inspections.inventory_tables import (
    InventoryComment,
    InventoryLink,
    InventoryLinkEnd,
    InventoryOpened,
    InventoryPhoto,
    InventoryReply,
)
from inspections.queries import Opened
from inspections.records import PhotoView
from media import queries as media
from messages import queries as messages
from messages.queries import Standing
from messages.rules import State
from properties import queries as properties
from pwa.answers import NotFound

HOUSEHOLD = "The household"


@dataclass(frozen=True)
class Link:
    """A link, how far its message is, and what came by it."""

    id: UUID
    inspection: UUID
    officer: str
    made_at: datetime
    message: Standing | None
    ended: Ended | None
    answered: Answered
    at: datetime
    """When it was looked at."""

    @property
    def handed_over(self) -> datetime | None:
        return self.message.sent_at if self.message else None

    @property
    def stands(self) -> Stands:
        failed = self.message is None or self.message.state is State.FAILED
        opened = self.answered.opened_at is not None
        return inventory_rules.standing(self.handed_over, failed, opened, self.ended, self.at)

    @property
    def is_open(self) -> bool:
        return inventory_rules.opens(self.stands, self.handed_over, self.at)

    @property
    def words(self) -> str:
        return inventory_rules.in_words(self.answered, self.stands, self.handed_over, self.at)

    @property
    def silent(self) -> bool:
        """Over, and nobody said anything."""
        return self.words.startswith("No reply")


@dataclass(frozen=True)
class Comment:
    id: UUID
    item: str
    text: str
    received_at: datetime


@dataclass
class Heard:
    """What the household said of one item, or of the whole."""

    comments: list[Comment] = field(default_factory=list)
    photos: list[PhotoView] = field(default_factory=list)

    def __bool__(self) -> bool:
        return bool(self.comments or self.photos)


async def link_by_token(token: str, at: datetime) -> Link:
    """NotFound for a secret that is none, a link that was taken back or is over, and a confidential home."""
    query = InventoryLink.select(InventoryLink.id, InventoryLink.inspection.property.as_alias("home")).where(
        InventoryLink.token_sha256 == inventory_rules.hash_of(token)
    )
    row = await query.first()
    (link,) = await _links(InventoryLink.id == row["id"], at) if row else [None]
    if row is None or link is None or not link.is_open or await properties.is_confidential(row["home"]):
        raise NotFound
    return link


async def link_still_open(link: Link, at: datetime) -> None:
    """Inside a transaction: NotFound once it is not."""
    (now,) = await _links(InventoryLink.id == link.id, at)
    if not now.is_open:
        raise NotFound


async def links_of(inspection: Opened, at: datetime) -> list[Link]:
    """Every link of an inspection that the caller has found the person may see, the newest first."""
    return await _links(InventoryLink.inspection == inspection.id, at)


async def words_of(inspections: list[UUID], at: datetime) -> dict[UUID, str]:
    """Of each that was sent to a household its last link in words. The caller has found that all may be seen."""
    links = await _links(InventoryLink.inspection.is_in(inspections), at) if inspections else []
    return {link.inspection: link.words for link in reversed(links)}


async def _links(which: Any, at: datetime) -> list[Link]:
    rows = await (
        InventoryLink.select(*InventoryLink.all_columns(), InventoryLink.person.name.as_alias("officer"))
        .where(which)
        .order_by(InventoryLink.received_at, ascending=False)
        .order_by(InventoryLink.id, ascending=False)
    )
    if not rows:
        return []
    ids = [row["id"] for row in rows]
    ends = await InventoryLinkEnd.select(InventoryLinkEnd.link, InventoryLinkEnd.why).where(
        InventoryLinkEnd.link.is_in(ids)
    )
    over = {row["link"]: Ended(row["why"]) for row in ends}
    outbox, answered = await messages.standings([row["message"] for row in rows]), await _answered(ids)
    so_far: dict[UUID, Answered] = {}
    for row in reversed(rows):
        before = so_far.get(row["inspection"], Answered())
        answered[row["id"]] = so_far[row["inspection"]] = together(before, answered[row["id"]])
    return [
        Link(
            id=row["id"],
            inspection=row["inspection"],
            officer=row["officer"],
            made_at=row["received_at"],
            message=outbox.get(row["message"]),
            ended=over.get(row["id"]),
            answered=answered[row["id"]],
            at=at,
        )
        for row in rows
    ]


async def _answered(links: list[UUID]) -> dict[UUID, Answered]:
    opened = await InventoryOpened.select(InventoryOpened.link, InventoryOpened.opened_at).where(
        InventoryOpened.link.is_in(links)
    )
    looked = {row["link"]: row["opened_at"] for row in opened}
    counted: dict[Any, dict[UUID, int]] = {}
    for table in (InventoryComment, InventoryPhoto, InventoryReply):
        counted[table] = defaultdict(int)
        for row in await table.select(table.link).where(table.link.is_in(links)):
            counted[table][row["link"]] += 1
    return {
        link: Answered(
            opened_at=looked.get(link),
            comments=counted[InventoryComment][link],
            photos=counted[InventoryPhoto][link],
            nothing_to_add=counted[InventoryReply][link] > 0,
        )
        for link in links
    }


async def heard_of(inspection: Opened) -> dict[str, Heard]:
    """All that a household said by any link of this inspection, by item, the oldest first."""
    return await _heard(inspection.id, InventoryLink.inspection == inspection.id)


async def heard_by(link: Link) -> dict[str, Heard]:
    """What whoever has this link may see of what was said: by it, and by the others that went to the same number
    or address. A link that went elsewhere was not theirs: somebody else may have answered there."""
    rows = await InventoryLink.select(InventoryLink.id, InventoryLink.message).where(
        InventoryLink.inspection == link.inspection
    )
    here = next(row["message"] for row in rows if row["id"] == link.id)
    same = await messages.sent_to_the_same(here, [row["message"] for row in rows])
    theirs = [row["id"] for row in rows if row["message"] in same or row["id"] == link.id]
    return await _heard(link.inspection, InventoryLink.id.is_in(theirs))


async def _heard(inspection: UUID, which: Any) -> dict[str, Heard]:
    links = [row["id"] for row in await InventoryLink.select(InventoryLink.id).where(which)]
    found: dict[str, Heard] = defaultdict(Heard)
    if not links:
        return found
    comments = InventoryComment.select().where(InventoryComment.link.is_in(links))
    for row in await comments.order_by(InventoryComment.received_at):
        one = Comment(row["id"], row["item"], row["text"], row["received_at"])
        found[row["item"]].comments.append(one)
    photos = InventoryPhoto.select().where(InventoryPhoto.link.is_in(links))
    rows = await photos.order_by(InventoryPhoto.received_at)
    states = await media.photos([row["sha256"] for row in rows], set(links)) if rows else {}
    for row in rows:
        if row["sha256"] in states:
            found[row["item"]].photos.append(_photo(row, inspection, states[row["sha256"]]))
    return found


def _photo(row: dict[str, Any], inspection: UUID, state: Any) -> PhotoView:
    return PhotoView(
        id=row["id"],
        sha256=row["sha256"],
        item=row["item"],
        finding=None,
        caption="",
        officer=HOUSEHOLD,
        person=row["link"],
        captured_at=row["received_at"],
        attached_at=row["received_at"],
        skew_seconds=0,
        state=state.state.value,
        received_at=state.received_at,
        problem=state.problem,
        inspection=inspection,
        addendum=None,
        also=frozenset(),
    )


async def photo_of_household(inspection: Opened, sha256: str) -> None:
    """NotFound unless a household sent this photograph by a link of this inspection."""
    rows = await InventoryPhoto.select(InventoryPhoto.link).where(
        (InventoryPhoto.sha256 == sha256) & (InventoryPhoto.link.inspection == inspection.id)
    )
    if not rows or not await media.photos([sha256], {row["link"] for row in rows}):
        raise NotFound


async def messages_of(inspection: UUID) -> list[UUID]:
    """What was sent out about it, to be erased with it."""
    rows = await InventoryLink.select(InventoryLink.message).where(InventoryLink.inspection == inspection)
    return [row["message"] for row in rows]


async def hashes_of(inspection: UUID) -> set[str]:
    """The photographs of the household."""
    rows = await InventoryPhoto.select(InventoryPhoto.sha256).where(InventoryPhoto.link.inspection == inspection)
    return {row["sha256"] for row in rows}
