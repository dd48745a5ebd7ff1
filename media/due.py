"""Due work: clean copies of what has been received, and the sweep for bytes that nobody claims.

Every call is short, because the engine runs the due work of all packages in turn.
"""

import asyncio
import logging
from datetime import UTC, datetime, timedelta
from typing import Any

from media import copies, rules
from media.imaging import CannotOpen, NotNow, Said
from media.store import StoreUnavailable
from media.sweep import Sweep
from media.tables import Photo
from pwa.clock import LONDON
from pwa.outbox import claim, writing

log = logging.getLogger("doorstep.media")
BATCH = 4
LEASE = timedelta(seconds=60)
STORE_PAUSE = timedelta(seconds=30)
MISSING_PAUSE = timedelta(minutes=10)
MAX_TRIES = 3
sweep = Sweep()


async def run_due(at: datetime) -> int:
    """Make copies of up to BATCH photographs and sweep a little; the number of photographs dealt with."""
    claimed = await _claim(at)
    await asyncio.gather(*(_prepare(row, at) for row in claimed))
    await sweep.turn(at)
    return len(claimed)


async def _claim(at: datetime) -> list[dict[str, Any]]:
    """Take photographs for ourselves; if we die, the lease runs out and they are due again."""
    due = (Photo.state == rules.State.received.value) & (Photo.try_after <= at)
    if not await Photo.exists().where(due):
        return []
    query = Photo.select(Photo.id, Photo.sha256, Photo.mime, Photo.tries).where(due)
    async with writing():
        rows: list[dict[str, Any]] = await claim(query.order_by(Photo.try_after).limit(BATCH))
        if rows:
            await Photo.update({Photo.try_after: at + LEASE}).where(Photo.id.is_in([row["id"] for row in rows]))
    return rows


async def _prepare(row: dict[str, Any], at: datetime) -> None:
    try:
        said = await copies.make(row["sha256"], rules.Kind(row["mime"]))
    except CannotOpen as wrong:
        await _mark(row, {Photo.state: rules.State.unreadable.value, Photo.problem: wrong.sentence})
    except NotNow:
        await _again(row, at)
    except StoreUnavailable:
        await _mark(row, {Photo.try_after: at + STORE_PAUSE})
    except copies.OriginalMissing:
        log.error("the store has lost photograph %s", row["sha256"])
        await _mark(row, {Photo.try_after: at + MISSING_PAUSE})
    else:
        await _mark(row, _facts(said))


async def _again(row: dict[str, Any], at: datetime) -> None:
    """The decoder was stopped: perhaps by this photograph, perhaps by a busy machine."""
    tries = row["tries"] + 1
    if tries >= MAX_TRIES:
        await _mark(row, {Photo.state: rules.State.unreadable.value, Photo.problem: rules.TOO_HEAVY})
    else:
        await _mark(row, {Photo.tries: tries, Photo.try_after: at + tries * STORE_PAUSE})


async def _mark(row: dict[str, Any], values: dict[Any, Any]) -> None:
    # Not over a state that somebody else has reached since our lease ran out.
    mine = (Photo.id == row["id"]) & (Photo.state == rules.State.received.value)
    await Photo.update(values).where(mine)


def _facts(said: Said) -> dict[Any, Any]:
    return {
        Photo.state: rules.State.ready.value,
        Photo.width: said.width,
        Photo.height: said.height,
        Photo.taken_at: _moment(said),
        Photo.taken_offset: said.offset or "",
        Photo.latitude: said.latitude,
        Photo.longitude: said.longitude,
        Photo.accuracy: said.accuracy,
        Photo.large_bytes: said.sizes[0],
        Photo.small_bytes: said.sizes[1],
    }


def _moment(said: Said) -> datetime | None:
    """Camera time in UTC; without an offset it was London time, as far as anybody knows."""
    try:
        taken = datetime.fromisoformat((said.taken_at or "") + (said.offset or ""))
        return (taken if taken.tzinfo else taken.replace(tzinfo=LONDON)).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
