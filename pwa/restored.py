"""Was this database put back to an earlier copy? Phones are told, and send again what that copy does not hold.

Asked of the database once a second by every process and kept in memory, so that no request waits for it.
"""

from datetime import datetime, timedelta

from pwa.answers import Turned
from pwa.tables import Restoration

# A photo's receipt is dated before its bytes are stored and committed after, and servers' clocks differ.
MARGIN = timedelta(minutes=15)
FIRST_AGAIN = "The office was put back to an earlier copy. What you sent since then goes first. Nothing is lost."

_newest = ""


def newest() -> str:
    """`<mark> <ISO time>` of the newest restoration, as phones are told it: what they sent since then is not here.

    Empty when there never was one.
    """
    return _newest


def in_order(mark: str | None) -> None:
    """A phone that has not heard yet must send the older things first. Raises Turned(425): it comes again.

    None: it cannot hear, because it is of an older build or no phone at all.
    """
    if mark is not None and _newest and mark != _newest.partition(" ")[0]:
        raise Turned(425, FIRST_AGAIN)


async def run_due(at: datetime) -> int:
    """Look for a newer restoration."""
    global _newest
    row = (
        await Restoration.select(Restoration.mark, Restoration.holds_until)
        .order_by(Restoration.number, ascending=False)
        .first()
    )
    _newest = f"{row['mark']} {(row['holds_until'] - MARGIN).isoformat()}" if row else ""
    return 0
