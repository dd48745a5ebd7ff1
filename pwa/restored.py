"""Was this database put back to an earlier copy? Phones are told, and send again what that copy does not hold.

Asked of the database once a second by every process and kept in memory, so that no request waits for it.
"""

from datetime import datetime, timedelta

from pwa.answers import Turned
from pwa.tables import Restoration

# A photo's receipt is dated before its bytes are stored and committed after, and servers' clocks differ.
MARGIN = timedelta(minutes=15)
FIRST_AGAIN = "The office was put back to an earlier copy. What you sent since then goes first. Nothing is lost."

# The oldest of those told stands for all before it.
TELL = 4

_told = ""


def told() -> str:
    """`<mark> <ISO time>` of the last restorations, newest first: what phones sent since then may not be here.

    More than one, because a copy made between two restorations lacks what the first one lost, and a phone
    may have heard of neither. Empty when there never was one.
    """
    return _told


def in_order(mark: str | None) -> None:
    """A phone that has not heard yet must send the older things first. Raises Turned(425): it comes again.

    None: it cannot hear, because it is of an older build or no phone at all.
    """
    if mark is not None and _told and mark != _told.partition(" ")[0]:
        raise Turned(425, FIRST_AGAIN)


async def run_due(at: datetime) -> int:
    """Look for a newer restoration."""
    global _told
    rows = await Restoration.select(Restoration.mark, Restoration.holds_until).order_by(
        Restoration.number, ascending=False
    )
    _told = words_for([(str(row["mark"]), row["holds_until"] - MARGIN) for row in rows])
    return 0


def words_for(newest_first: list[tuple[str, datetime]]) -> str:
    told, older = newest_first[:TELL], newest_first[TELL:]
    if older:
        mark, since = told[-1]
        told[-1] = (mark, min([since, *(moment for _, moment in older)]))
    return " ".join(f"{mark} {since.isoformat()}" for mark, since in told)
