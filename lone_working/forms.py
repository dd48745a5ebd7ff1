"""The forms of lone working, field by field. What is not named here cannot be sent."""

from uuid import UUID

import msgspec

from pwa.forms import Name, Text


class Nothing(msgspec.Struct):
    """A button: no fields."""


class ExtendForm(msgspec.Struct):
    """The PIN is asked for once the session is overdue, and taken out before this is read."""

    minutes: int
    pin: str = ""


class PinForm(msgspec.Struct):
    pin: str = ""


class BeginForm(msgspec.Struct):
    place: Name
    minutes: int
    buddy: UUID | None = None


class PinsForm(msgspec.Struct):
    """`again` because nobody sees what they type, and nobody can read a PIN back."""

    password: str = ""
    safe: str = ""
    safe_again: str = ""
    duress: str = ""
    duress_again: str = ""


class OutcomeForm(msgspec.Struct):
    words: Text
    spoken_to: bool = False
    close_session: bool = False
    said_word: bool = False
