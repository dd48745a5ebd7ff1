"""`doorstep restored`: this database was just put back to an earlier copy, whatever put it back.

Phones hold what they sent for 72 hours. Told so, each sends again what the copy is too old to hold.
"""

import hashlib
from datetime import UTC, datetime

from people.commands import end_everybodys_calendar_addresses, end_everybodys_sessions
from pwa.commands import note_restoration
from pwa.outbox import Sent, once
from pwa.restored import run_due, told
from pwa.sent import from_terminal
from server.starting import NotDone, migrate

DONE = (
    "Noted. Phones send again what they sent since {since} UTC, once their officers have signed in again.\n"
    "Ask everyone who worked since then to do that soon: a phone keeps what it sent for 72 hours."
)
NO_TIME = "{text} is not a time with its offset, like 2026-11-24T09:00:00+00:00."


async def note(made_at: str | None) -> int:
    """Once for each time a database is put back. Twice does no harm: phones send again, and nothing doubles."""
    from server.piccolo_conf import DB

    moment = moment_of(made_at) if made_at else None
    await migrate()
    await DB.open()
    try:
        sent = from_terminal("doorstep restored", hashlib.sha256((made_at or "").encode()).hexdigest())
        await once(sent, put_back, moment)
        await run_due(sent.received_at)
    finally:
        await DB.shut()
    since = datetime.fromisoformat(told().split(" ")[1])
    print(DONE.format(since=f"{since:%Y-%m-%d %H:%M}"))
    return 0


async def put_back(sent: Sent, made_at: datetime | None) -> None:
    await note_restoration(sent, made_at)
    await end_everybodys_sessions(sent.received_at)
    await end_everybodys_calendar_addresses(sent.received_at)


def moment_of(text: str) -> datetime:
    """NotDone without an offset: whose nine o'clock it is must not be guessed."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise NotDone(NO_TIME.format(text=text)) from error
    if moment.tzinfo is None:
        raise NotDone(NO_TIME.format(text=text))
    return moment.astimezone(UTC)
