"""Due work about what is days away: gaps in the rota, and teams that nobody has tested for a month."""

from datetime import datetime, timedelta

from lone_working.ladders import drill_due
from lone_working.rota import due as rota_due

EVERY = timedelta(minutes=1)


class _Looked:
    """When this process last looked: it is days that are counted, so once a minute is enough."""

    at: datetime | None = None


async def run_due(at: datetime) -> int:
    if _Looked.at is not None and timedelta() <= at - _Looked.at < EVERY:
        return 0
    done = await rota_due.look(at) + await drill_due.remind(at)
    _Looked.at = at
    return done
