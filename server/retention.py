"""What is forgotten after a time, as the settings say. Receipts and the chain over them never are."""

from datetime import datetime, timedelta

from inspections import erasing as inspections
from media import erasing as photos
from pwa.outbox import writing
from pwa.queries import undecided_naming
from pwa.tables import Conflict, Device, Held
from server.piccolo_conf import DB
from server.settings import Settings, settings
from visits import erasing as visits


class _Log:
    """Whether the database's write-ahead log may hold what was erased. After a crash nobody knows, so: yes."""

    dirty = True


async def run_due(at: datetime) -> int:
    return await forget(at, settings)


async def forget(at: datetime, config: Settings) -> int:
    """How much was forgotten. Each part looks first, so that a quiet second writes nothing."""
    done = await _phones(at, config.retain_phones_days) + await _held(at, config.retain_held_days)
    if years := config.retain_inspections_years:
        done += await inspections.erase_older(years_before(at, years), at)
    if years := config.retain_door_photos_years:
        done += await visits.erase_older(years_before(at, years), at)
    # Also when no setting asks for it any more: the records that named them are gone.
    done += await photos.erase_unnamed(at, inspections.photos_named, visits.photos_named, undecided_naming)
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
    unseen = Device.last_seen < at - timedelta(days=days)
    phones = unseen & (Device.waiting_commands == 0) & (Device.waiting_photos == 0)
    if not days or not await Device.exists().where(phones):
        return 0
    async with writing():
        return len(await Device.delete().where(phones).returning(Device.id))


async def _held(at: datetime, days: int) -> int:
    """The row stays with who decided what and why; only what had been sent goes."""
    done = 0
    for table in (Held, Conflict) if days else ():
        old = (table.decided_at < at - timedelta(days=days)) & (table.body != b"")
        if await table.exists().where(old):
            async with writing():
                done += len(await table.update({table.body: b""}).where(old).returning(table.id))
    return done
