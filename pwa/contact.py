"""Which phones were heard of and what still waits on them.

Said by a phone with every command. Kept in memory and written a second later, so that no write waits
for it; what a crash forgets, the next command tells again.
"""

import asyncio
import contextlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from pwa.sent import Sent
from pwa.tables import Device

MOST = 1_000_000
AGAIN = timedelta(minutes=1)
MOST_TOLD = 10_000
_read: dict[UUID, tuple[Any, datetime]] = {}
_told: dict[UUID, tuple[UUID, datetime]] = {}


@dataclass(frozen=True)
class Contact:
    sent: Sent
    commands: int
    photos: int
    oldest: datetime | None


_heard: dict[UUID, Contact] = {}
_writing = asyncio.Lock()


def heard(sent: Sent, waiting: bytes | None, received: bool) -> None:
    """Remember what a phone said. What it counted as waiting included the command that just came."""
    if not (sent.device_id and sent.person_id) or sent.brought_by:
        return
    commands, photos, oldest = waiting_of(waiting or b"")
    if received:
        is_photo = sent.method == "PUT"
        commands, photos = max(commands - (not is_photo), 0), max(photos - is_photo, 0)
    _heard[sent.device_id] = Contact(sent, commands, photos, oldest if commands + photos else None)


def seen(device: UUID | None, person: Any, at: datetime) -> None:
    """A phone that opened pages without ever sending anything is a phone that may get lost, too."""
    if device is None:
        return
    whose, told = _told.get(device, (None, at))
    # At most once a minute for each person on it, so that reading pages writes almost nothing.
    if whose == person.id and at - told < AGAIN:
        return
    if len(_told) >= MOST_TOLD:
        _told.clear()
    _told[device] = person.id, at
    _read[device] = person, at


def waiting_of(header: bytes) -> tuple[int, int, datetime | None]:
    """`<commands> <photos> <oldest ISO or ->`. What cannot be read counts as nothing: it is only news."""
    commands = photos = 0
    oldest = None
    with contextlib.suppress(ValueError, OverflowError):
        first, second, third = header.decode("ascii").split(" ")
        commands, photos = min(int(first), MOST), min(int(second), MOST)
        moment = None if third == "-" else datetime.fromisoformat(third)
        oldest = moment.astimezone(UTC) if moment and moment.tzinfo else None
    return max(commands, 0), max(photos, 0), oldest


async def run_due(at: datetime) -> int:
    """Write what was heard since the last time."""
    # One at a time: the office's page asks for this too, and must not read before the engine has written.
    async with _writing:
        news = dict(_heard)
        _heard.clear()
        quiet = {device: who for device, who in _read.items() if device not in news}
        _read.clear()
        if quiet:
            rows = [
                Device(id=device, person=who.id, person_name=who.name, team=who.team_id, last_seen=moment)
                for device, (who, moment) in quiet.items()
            ]
            await Device.insert(*rows).on_conflict(target=Device.id, action="DO UPDATE", values=WRITTEN[:4])
        if news:
            rows = [_row(device, contact) for device, contact in news.items()]
            await Device.insert(*rows).on_conflict(target=Device.id, action="DO UPDATE", values=WRITTEN)
    return 0


WRITTEN = [
    Device.person,
    Device.person_name,
    Device.team,
    Device.last_seen,
    Device.waiting_commands,
    Device.waiting_photos,
    Device.oldest_waiting,
    Device.skew_seconds,
]


def _row(device: UUID, contact: Contact) -> Device:
    return Device(
        id=device,
        person=contact.sent.person_id,
        person_name=contact.sent.person_name,
        team=contact.sent.team_id,
        last_seen=contact.sent.received_at,
        waiting_commands=contact.commands,
        waiting_photos=contact.photos,
        oldest_waiting=contact.oldest,
        skew_seconds=contact.sent.skew_seconds,
    )
