"""Which phones the office has called lost. Such a phone is told so with any answer, and nobody is signed in on it.

Asked of the database once a second by every process and kept in memory, so that no request waits for it.
What it still holds unsent stays on it: nothing here touches that (docs/decisions/0029-the-pack-of-a-day.md).
"""

from collections.abc import Awaitable, Callable, Iterable
from datetime import datetime
from http.cookies import CookieError, SimpleCookie
from uuid import UUID

from pwa.sent import Sent
from pwa.tables import Device

COOKIE = "device"
HEADER = (b"doorstep-device", b"lost")
MOST_COOKIE = 4096

_lost: frozenset[UUID] = frozenset()
Follower = Callable[[Sent, UUID], Awaitable[None]]
_followers: dict[str, Follower] = {}


def follow_lost(**followers: Follower) -> None:
    """Said once at the start: what else a phone loses, in the transaction that calls it lost."""
    _followers.update(followers)


async def called_lost(sent: Sent, device: UUID) -> None:
    for follow in _followers.values():
        await follow(sent, device)


async def run_due(at: datetime) -> int:
    """Look which phones are lost now."""
    global _lost
    rows = await Device.select(Device.id).where(Device.lost_at.is_not_null())
    _lost = frozenset(row["id"] for row in rows)
    return 0


def device_of(headers: Iterable[tuple[bytes, bytes]]) -> UUID | None:
    """The phone's own number, as every page's cookie and every command's header say it. None: it did not say."""
    for name, value in headers:
        text = value.decode("latin-1")
        if name == b"cookie":
            text = _in_cookie(text[:MOST_COOKIE])
        elif name != b"command-device":
            continue
        try:
            return UUID(text)
        except ValueError:
            continue
    return None


def _in_cookie(text: str) -> str:
    try:
        found = SimpleCookie(text).get(COOKIE)
    except CookieError:
        return ""
    return found.value if found else ""


def is_lost(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    return bool(_lost) and device_of(headers) in _lost


def is_one(device: UUID | None) -> bool:
    return device in _lost
