"""A day as its page shows it."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID

from today import rules
from visits.rules import State
from visits.seen import Seen


@dataclass(frozen=True)
class Card:
    """One visit in its place in the day, as it stands at `at`."""

    visit: Seen
    at: datetime
    tries: int = 1

    @property
    def started(self) -> bool:
        return self.visit.state is State.STARTED

    @property
    def late(self) -> bool:
        return rules.is_late(self.visit.begins_by, self.started, self.visit.over, self.at)

    @property
    def movable(self) -> bool:
        return self.visit.state is State.PLANNED


@dataclass(frozen=True)
class Day:
    day: date
    cards: list[Card]
    left: list[Seen]
    ends: datetime | None
    by_hand: bool = False
    from_here: bool = False
    left_out: int = 0
    """Visits to households that no phone keeps, in a list for a phone to keep."""

    @property
    def names_secret(self) -> bool:
        """Whether it names a household that no phone keeps."""
        return any(visit.home.confidential for visit in [*(card.visit for card in self.cards), *self.left])

    @property
    def packable(self) -> "Day":
        """As a phone may take it along: without households that are never packed, and without the hour it ends,
        which goes with the clock."""
        cards = [card for card in self.cards if not card.visit.home.confidential]
        left = [visit for visit in self.left if not visit.home.confidential]
        out = len(self.cards) + len(self.left) - len(cards) - len(left)
        return replace(self, cards=cards, left=left, ends=None, left_out=out)

    @property
    def heading(self) -> str:
        return f"{self.day:%A} {self.day.day} {self.day:%B}"

    @property
    def done(self) -> int:
        return sum(card.visit.over for card in self.cards)

    @property
    def late(self) -> int:
        return sum(card.late for card in self.cards)

    @property
    def next(self) -> UUID | None:
        """The one thing to do: the visit that is under way, or else the first that is not over."""
        return next((card.visit.id for card in self.cards if not card.visit.over), None)

    @property
    def elsewhere(self) -> Seen | None:
        """A visit of an earlier day that is still under way: it is gone back to before another is begun."""
        begun = any(card.started for card in self.cards)
        return None if begun else next((visit for visit in self.left if visit.state is State.STARTED), None)

    @property
    def order(self) -> list[UUID]:
        """What can be moved by hand, in the order it has now."""
        return [card.visit.id for card in self.cards if card.movable]


@dataclass(frozen=True)
class Officer:
    id: UUID
    name: str
    day: Day
