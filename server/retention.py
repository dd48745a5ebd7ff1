"""What is forgotten after a time, as the settings say. Receipts and the chain over them never are."""

from collections import defaultdict
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from inspections import erasing as inspections
from lone_working import erasing as lone_working
from lone_working import session_erasing as sessions
from media import erasing as photos
from messages import commands as messages
from messages import received
from properties import hold_commands, hold_queries
from pwa import plain
from pwa.outbox import writing
from pwa.queries import undecided_naming
from pwa.tables import Conflict, Device, Held
from server.piccolo_conf import DB
from server.settings import Settings, settings
from tasks import erasing as tasks
from visits import erasing as visits
from visits import occupancy_erasing as occupancy


class _Log:
    """Whether the database's write-ahead log may hold what was erased. After a crash nobody knows, so: yes."""

    dirty = True


async def run_due(at: datetime) -> int:
    return await forget(at, settings)


async def forget(at: datetime, config: Settings) -> int:
    """How much was forgotten. Each part looks first, so that a quiet second writes nothing."""
    done = await _phones(at, config.retain_phones_days) + await _held(at, config.retain_held_days)
    done += await messages.erase_older(at - timedelta(days=config.retain_messages_days))
    done += await received.erase_older(at - timedelta(days=config.retain_messages_days))
    if years := config.retain_inspections_years:
        done += await inspections.erase_older(years_before(at, years), at)
    if years := config.retain_door_photos_years:
        done += await visits.erase_older(years_before(at, years), at)
    if years := config.retain_occupancy_years:
        done += await occupancy.erase_older(years_before(at, years), at)
    if years := config.retain_tasks_years:
        done += await tasks.erase_older(years_before(at, years), at)
    done += await lone_working.erase_older(at) + await sessions.forget(at)
    # Also when no setting asks for it any more: the records that named them are gone.
    named = (inspections.photos_named, visits.photos_named, sessions.photos_named, undecided_naming)
    done += await photos.erase_unnamed(at, *named)
    if done:
        _Log.dirty = True
    elif _Log.dirty:
        _Log.dirty = not await DB.clear_log()
    return done


def years_before(at: datetime, years: int) -> datetime:
    """The same moment that many years ago; for 29 February the 28th."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


async def _phones(at: datetime, days: int) -> int:
    """Never one that is lost: forgotten, it would be a phone like any other when somebody switches it on."""
    unseen = Device.last_seen < at - timedelta(days=days)
    phones = unseen & (Device.waiting_commands == 0) & (Device.waiting_photos == 0) & Device.lost_at.is_null()
    if not days or not await Device.exists().where(phones):
        return 0
    async with writing():
        return len(await Device.delete().where(phones).returning(Device.id))


_SENT: tuple[tuple[Any, tuple[Any, ...]], ...] = (
    (Held, (Held.receipt.path.as_alias("path"), Held.home)),
    (Conflict, (Conflict.path,)),
)


async def _held(at: datetime, days: int) -> int:
    """The row stays with who decided what and why; only what had been sent goes. Nothing of a home on hold."""
    done = 0
    for table, columns in _SENT if days else ():
        old = (table.decided_at < at - timedelta(days=days)) & (table.body != b"")
        for home, ids in (await _by_home(await table.select(table.id, *columns).where(old))).items():
            async with writing():
                if home is None or await hold_commands.may_erase(home):
                    these = table.id.is_in(ids)
                    done += len(await table.update({table.body: b""}).where(old & these).returning(table.id))
    return done


async def _by_home(rows: list[dict[str, Any]]) -> dict[UUID | None, list[UUID]]:
    """What was sent for a home or for something there, by the home, without those on hold; the rest under None."""
    found: dict[UUID | None, list[UUID]] = defaultdict(list)
    records = {row["id"]: plain.record_of(row["path"]) for row in rows}
    ids = {record: UUID(record.rsplit("/", 1)[1]) for record in records.values() if record}
    homes: dict[UUID, UUID] = {id: id for record, id in ids.items() if record.startswith("/properties/")}
    for package in (inspections, tasks, visits) if ids else ():
        homes |= await package.homes_of(set(ids.values()))
    given = {row["id"]: row["home"] for row in rows if row.get("home")}
    held = await hold_queries.homes_on_hold() if homes or given else []
    for id, record in records.items():
        home = given.get(id) or (homes.get(ids[record]) if record else None)
        if home not in held:
            found[home].append(id)
    return found
