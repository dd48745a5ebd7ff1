"""What the office reads about phones and about what came too late. Each scoped to the person asking."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from pwa import contact, held_queries, plain
from pwa.answers import NotFound
from pwa.tables import Conflict, Device, Held, Receipt, Seal, Unsealed

MOST = 200


async def undecided_records(under: str) -> list[UUID]:
    """Records at addresses like `/visits/<id>/…` for which the office has still to decide about something."""
    rows = [
        row
        for table, path in ((Held, Held.receipt.path), (Conflict, Conflict.path))
        for row in await table.select(path.as_alias("path"))
        .where(table.decided_at.is_null())
        .where(path.like(f"{under}%"))
    ]
    records = {plain.record_of(row["path"]) for row in rows} - {""}
    return sorted(UUID(record.rsplit("/", 1)[1]) for record in records)


async def undecided_naming(hashes: Collection[str]) -> set[str]:
    """Those of some photographs that something names which the office has still to decide about."""
    rows = [row for t in (Held, Conflict) for row in await t.select(t.body).where(t.decided_at.is_null())]
    return {sha for sha in hashes if any(sha.encode() in bytes(row["body"]) for row in rows)}


async def told_by(command: UUID) -> tuple[UUID | None, int | None]:
    """From which phone a command came that was taken, and where it stood in that phone's count."""
    row = await Receipt.select(Receipt.device, Receipt.sequence).where(Receipt.id == command).first()
    return (row["device"], row["sequence"]) if row else (None, None)


@dataclass(frozen=True)
class News:
    """How much waits for the office: things to review, and phones with unsent work."""

    held: int
    phones: int


async def news_for(person: Any) -> News:
    """Counts for the links of somebody in the office."""
    held = await held_queries.undecided(person)
    unsent = (Device.waiting_commands > 0) | (Device.waiting_photos > 0)
    phones = Device.count().where(unsent)
    if person.role != "administrator":
        phones = phones.where(Device.team == (person.team_id or held_queries.NO_TEAM))
    return News(held, await phones)


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
        query = query.where(Device.team == (person.team_id or held_queries.NO_TEAM))
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
