"""How long a link in a message about an alarm is good. Pure: times in, times out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from people.rules import Limit

LASTS = timedelta(minutes=15)
# 128 bits: it is good for a quarter of an hour and once, and a text should stay one text.
TOKEN_BYTES = 16
LOOKS = Limit("alarm links looked at from an address", 300)
TOO_OFTEN = "That was a lot in a short time. Wait five minutes, or sign in."


def hash_of(secret: str) -> str:
    """All that is kept of it."""
    return sha256(secret.encode()).hexdigest()


def address(token: str) -> str:
    return f"/a/{token}"


@dataclass(frozen=True)
class Link:
    """One alarm, one person. `since`: when its message was handed over."""

    id: UUID
    alarm: UUID
    person: UUID
    since: datetime
    used_at: datetime | None
    used_with: UUID | None
    page_sha256: str

    def opens(self, at: datetime, press: UUID | None = None) -> bool:
        """Once, while it is fresh; and again for the press that used it, whose answer may have been lost."""
        mine = self.used_at is None or (press is not None and press == self.used_with)
        return mine and at < self.since + LASTS

    def shows(self, page: str, at: datetime) -> bool:
        """Whether this is the page that it opened, and not for too long."""
        fresh = self.used_at is not None and at < self.used_at + LASTS
        return fresh and bool(page) and hash_of(page) == self.page_sha256
