"""One clock for all who look: the database's, in UTC. On SQLite that is this machine's own: nothing is there to
hold it against but the time that has passed."""

import logging
import socket
import time
from datetime import UTC, datetime, timedelta
from uuid import NAMESPACE_OID, uuid5

from lone_working.tables import LoneSession
from lone_working.watch import administrators
from lone_working.watch.clock_rules import APART_TOLD, Now, Watch

log = logging.getLogger("doorstep.lone_working")
EVERY_SECONDS = 30.0
_MEASURED: dict[str, float] = {}


class _Here:
    """What this process has seen. A new one begins by believing what it reads."""

    watch = Watch()
    holding = False


async def read() -> datetime:
    """The database's time."""
    if LoneSession._meta.db.engine_type != "postgres":
        return datetime.now(UTC)
    rows = await LoneSession.raw("SELECT clock_timestamp() AS at")
    at: datetime = rows[0]["at"]
    return at.astimezone(UTC)


async def not_ahead(at: datetime) -> datetime:
    """The same, or the database's time where a machine's clock is ahead of it: what is due at once waits for no
    difference between two clocks."""
    return min(at, await read()) if LoneSession._meta.db.engine_type == "postgres" else at


async def apart() -> timedelta:
    """How far the database's clock is ahead of this machine's; negative when it is behind."""
    before = datetime.now(UTC)
    theirs = await read()
    after = datetime.now(UTC)
    return theirs - (before + (after - before) / 2)


async def now() -> Now:
    """The time to go by, held against the time that has passed in this process."""
    seen = _Here.watch.read(await read(), time.monotonic())
    if seen.holding and not _Here.holding:
        log.error(
            "the clock went forward by %.0f seconds: nobody becomes overdue for a minute", seen.by.total_seconds()
        )
    if seen.jumped:
        await _say_that_it_jumped(seen)
    _Here.holding = seen.holding
    return seen


async def _say_that_it_jumped(seen: Now) -> None:
    seconds = seen.by.total_seconds()
    log.error("the clock went by %.0f seconds; it is believed from now on", seconds)
    what = f"the server’s clock was put {'forward' if seconds > 0 else 'back'} by {abs(seconds):.0f} seconds."
    try:
        await administrators.tell(what, uuid5(NAMESPACE_OID, f"clock {seen.at.isoformat()}"), seen.at)
    except Exception as error:
        log.error("administrators could not be told of it", exc_info=error)


async def run_due(at: datetime) -> int:
    """Twice a minute in every process: is this machine's clock right? Administrators are told once a day."""
    if time.monotonic() - _MEASURED.get("at", -EVERY_SECONDS) < EVERY_SECONDS:
        return 0
    _MEASURED["at"] = time.monotonic()
    seconds = (await apart()).total_seconds()
    if abs(seconds) <= APART_TOLD.total_seconds():
        return 0
    machine = socket.gethostname()
    log.error("the clock of %s is %.1f seconds from the database's", machine, seconds)
    what = f"the clock of {machine} is {abs(seconds):.0f} seconds from the database’s."
    await administrators.tell(what, uuid5(NAMESPACE_OID, f"clock {machine} {at.date()}"), at)
    return 0
