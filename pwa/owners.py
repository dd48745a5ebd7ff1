"""What the packages that own records tell pwa about them, which may not look upwards. Said once at the start."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from pwa.sent import Sent

Given = list[tuple[str, str]]


@dataclass(frozen=True)
class Came:
    """A command that was held or came again differently, as it was sent. `record` is the id in its address."""

    action: str
    record: UUID | None
    person: UUID
    given: Given
    captured_at: datetime
    received_at: datetime
    skew_seconds: int
    home: UUID | None = None
    """Where it was seen, of what has no record to tell it."""

    def value(self, name: str) -> str:
        return dict(self.given).get(name, "")


@dataclass(frozen=True)
class Picture:
    sha256: str
    here: bool
    """Whether its bytes came, from whoever attached it, and can be opened."""


@dataclass(frozen=True)
class Said:
    """The same in words. `notable`: its record is there, so that a note can be put on it."""

    what: str
    facts: Given
    pictures: list[Picture] = field(default_factory=list)
    notable: bool = False


@dataclass(frozen=True)
class Owner:
    kinds: Mapping[str, str]
    """What a command is, by the part of its address after the record."""
    say: Callable[[Came], Awaitable[Said]]
    note: Callable[[Sent, Came, str], Awaitable[None]]
    """Put these words on the record as a note, with the photographs, inside the transaction of a decision."""
    stored: Callable[[Came], Awaitable[Given]]
    """What took effect of a command that was sent by this person at these moments, field by field."""


_owners: dict[str, Owner] = {}


def use_owners(**owners: Owner) -> None:
    """By the first part of the address of their records."""
    _owners.update(owners)


def owner_of(path: str) -> Owner | None:
    return _owners.get(path.strip("/").split("/")[0])


def action_of(path: str) -> str:
    """`/inspections/<id>/photos/change` as `photos/change`, and `/inspections` as nothing."""
    return "/".join(path.strip("/").split("/")[2:])
