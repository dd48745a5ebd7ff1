"""The seam where a lone-working session begins and ends with a visit.

What is registered here runs in the transaction of the visit's own change, after its row was written: both happen
or neither. It may raise `Refused` at the beginning, and then nothing has begun; what ended has ended, so `end` may
not. It is not asked again for a command that came twice, nor for one that was held. See decision 0048.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from people.rules import SignedIn
from pwa.sent import Sent
from visits.seen import Seen

Step = Callable[[Sent, SignedIn, Seen], Awaitable[None]]
"""`Seen` is the visit as it stood just before; `sent.happened_at` is when, by the office's clock."""

Kept = Callable[[Sent, SignedIn], Awaitable[None]]


@dataclass(frozen=True)
class Followers:
    """`begin`: somebody has gone in, and again when they say later who is with them. `end`: they have left,
    whether they finished or handed the visit over, or nobody goes there now, because it was cancelled. `kept`:
    somebody has gone in, and their start was only kept for the office, because the visit had changed; asked after
    that, each time the same start comes."""

    begin: Step | None = None
    end: Step | None = None
    kept: Kept | None = None


_followers: dict[str, Followers] = {}


def follow_visits(**followers: Followers) -> None:
    """Said once at the start, by name: the same name again takes the first one's place."""
    _followers.update(followers)


def leave_visits(*names: str) -> None:
    for name in names:
        _followers.pop(name, None)


async def begin(sent: Sent, person: SignedIn, visit: Seen) -> None:
    for one in _followers.values():
        if one.begin:
            await one.begin(sent, person, visit)


async def end(sent: Sent, person: SignedIn, visit: Seen) -> None:
    for one in _followers.values():
        if one.end:
            await one.end(sent, person, visit)


async def kept(sent: Sent, person: SignedIn) -> None:
    for one in _followers.values():
        if one.kept:
            await one.kept(sent, person)
