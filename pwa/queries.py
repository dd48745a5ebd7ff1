"""What the office reads about phones and about what came too late. Each scoped to the person asking."""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from piccolo.columns.combination import Or, Where

from pwa import contact, plain
from pwa.answers import NotFound
from pwa.tables import Device, Held, Seal, Unsealed

MOST = 200
_NO_TEAM = UUID(int=0)
_SENDER = [
    Held.receipt.person_name.as_alias("person_name"),
    Held.receipt.method.as_alias("method"),
    Held.receipt.path.as_alias("path"),
    Held.receipt.captured_at.as_alias("captured_at"),
    Held.receipt.received_at.as_alias("received_at"),
    Held.receipt.clock_wrong.as_alias("clock_wrong"),
    Held.receipt.late.as_alias("late"),
]
_OWN = Held.all_columns(exclude=[Held.receipt, Held.body])


@dataclass(frozen=True)
class HeldItem:
    """One thing held for review, with `row` as stored and what it says in words."""

    row: dict[str, Any]
    what: str
    record: str
    fields: list[tuple[str, str]]
    size: int = 0


async def _nobody() -> list[UUID]:
    return []


_managed: list[Callable[[], Awaitable[list[UUID]]]] = [_nobody]


def use_managed(teams: Callable[[], Awaitable[list[UUID]]]) -> None:
    """Where to ask which teams have a manager: people are not known here. Said once at the start."""
    _managed[:] = [teams]


async def _reviews(person: Any) -> Where | Or:
    """A manager reviews their team's. What came from somebody with no team, or with one that has no manager
    just now, is an administrator's, or it would be nobody's."""
    if person.role == "administrator":
        managed = await _managed[0]()
        return Held.team.is_null() | Held.team.not_in(managed) if managed else Held.id.is_not_null()
    return Held.team == (person.team_id or _NO_TEAM)


async def undecided_records(under: str) -> list[UUID]:
    """Records at addresses like `/visits/<id>/…` for which the office has still to decide about something."""
    rows = await (
        Held.select(Held.receipt.path.as_alias("path"))
        .where(Held.decided_at.is_null())
        .where(Held.receipt.path.like(f"{under}%"))
    )
    return sorted({UUID(row["path"].removeprefix(under).split("/")[0]) for row in rows})


async def undecided_naming(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that something names which the office has still to decide about."""
    rows = await Held.select(Held.body).where(Held.decided_at.is_null())
    return {sha for sha in hashes if any(sha.encode() in bytes(row["body"]) for row in rows)}


@dataclass(frozen=True)
class News:
    """How much waits for the office: things to review, and phones with unsent work."""

    held: int
    phones: int


async def news_for(person: Any) -> News:
    """Counts for the links of somebody in the office."""
    held = await Held.count().where(Held.decided_at.is_null()).where(await _reviews(person))
    unsent = (Device.waiting_commands > 0) | (Device.waiting_photos > 0)
    phones = Device.count().where(unsent)
    if person.role != "administrator":
        phones = phones.where(Device.team == (person.team_id or _NO_TEAM))
    return News(held, await phones)


async def held_list(person: Any) -> tuple[list[HeldItem], list[HeldItem]]:
    """Open items the person reviews, oldest first, and the last ones decided."""
    mine = Held.select(*_OWN, *_SENDER).where(await _reviews(person))
    waiting = await mine.where(Held.decided_at.is_null()).order_by(Held.receipt.received_at).limit(MOST)
    again = Held.select(*_OWN, *_SENDER).where(await _reviews(person))
    decided = await again.where(Held.decided_at.is_not_null()).order_by(Held.decided_at, ascending=False).limit(20)
    return [_item(row, b"") for row in waiting], [_item(row, b"") for row in decided]


async def held_for(person: Any, held_id: UUID) -> HeldItem:
    """One item the person reviews. NotFound for another team's, as for none."""
    row = (
        await Held.select(*_OWN, Held.body, *_SENDER)
        .where(Held.id == held_id)
        .where(await _reviews(person))
        .first()
    )
    if row is None:
        raise NotFound
    return _item(row, bytes(row.pop("body")))


def _item(row: dict[str, Any], body: bytes) -> HeldItem:
    return HeldItem(
        row,
        plain.what_of(row["method"], row["path"]),
        plain.record_of(row["path"]),
        plain.fields_of(row["content_type"], body),
        len(body),
    )


@dataclass(frozen=True)
class Phone:
    person: str
    seen: str
    waits: str
    oldest: str
    clock_wrong: bool
    id: UUID
    person_id: UUID | None
    lost: datetime | None
    lost_by: str
    lost_reason: str


async def phones_for(person: Any) -> list[Phone]:
    """The phones last used by the person's team, or all for an administrator; those with unsent work first."""
    now = datetime.now(UTC)
    await contact.run_due(now)
    query = Device.select().order_by(Device.last_seen, ascending=False).limit(MOST)
    if person.role != "administrator":
        query = query.where(Device.team == (person.team_id or _NO_TEAM))
    rows = await query
    rows.sort(key=lambda row: (row["oldest_waiting"] is None, row["oldest_waiting"] or row["last_seen"]))
    return [_phone(row, now) for row in rows]


async def phone_for(person: Any, device: UUID) -> Phone:
    """One phone, for an administrator. NotFound for anybody else, as for none."""
    now = datetime.now(UTC)
    await contact.run_due(now)
    row = await Device.select().where(Device.id == device).first()
    if row is None or person.role != "administrator":
        raise NotFound
    return _phone(row, now)


def _phone(row: dict[str, Any], now: datetime) -> Phone:
    oldest = row["oldest_waiting"]
    return Phone(
        person=row["person_name"],
        seen=plain.ago(row["last_seen"], now),
        waits=plain.waiting(row["waiting_commands"], row["waiting_photos"]),
        oldest=plain.ago(oldest, now) if oldest else "",
        clock_wrong=abs(row["skew_seconds"]) > 300,
        id=row["id"],
        person_id=row["person"],
        lost=row["lost_at"],
        lost_by=row["lost_by_name"],
        lost_reason=row["lost_reason"],
    )


async def written_so_far() -> int | None:
    """The number of the newest seal: while it stays, nobody has written anything. None: something new waits."""
    if await Unsealed.exists():
        return None
    last = await Seal.select(Seal.number).order_by(Seal.number, ascending=False).first()
    return int(last["number"]) if last else 0
