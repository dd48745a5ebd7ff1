"""The card that is left at a door: who called, when, which number to ring, when somebody comes again. Pure.

A neighbour, a landlord or somebody the household fled may read it first. So it says neither what for, nor why
nobody got in, nor whose home it is; and at a confidential home none is left at all.
"""

from dataclasses import dataclass
from datetime import datetime

from documents.rules import moment
from pwa.clock import LONDON
from visits.rules import Window

BY_HAND = "______________________"


@dataclass(frozen=True)
class Card:
    """Empty fields are lines to fill in by hand."""

    council: str
    officer: str = ""
    at: datetime | None = None
    phone: str = ""
    again: datetime | None = None
    window: Window = Window.AT

    @property
    def called(self) -> str:
        return moment(self.at) if self.at else BY_HAND

    @property
    def next_time(self) -> str:
        """Tue 1 Dec 2026, 10:00; Tue 1 Dec 2026, in the morning."""
        if self.again is None:
            return ""
        local = self.again.astimezone(LONDON)
        day = f"{local:%a} {local.day} {local:%b %Y}"
        when = {Window.AT: f"{local:%H:%M}", Window.ANY: "during the day"}
        return f"{day}, {when.get(self.window, f'in the {self.window.value}')}"


TITLE = "We called and missed you"
RING = "Please ring us"
HELP = "Ring us too if you would like this read to you, in large print, or in another language."


def rows(card: Card) -> list[tuple[str, str]]:
    """What it says under the council's name and the title, as heading and value, in the order it stands."""
    again = card.next_time or (BY_HAND if card.at is None else "On a day that suits you. Ring us")
    return [
        ("Who called", card.officer or BY_HAND),
        ("When", card.called),
        (RING, card.phone or BY_HAND),
        ("We plan to come again", again),
    ]
